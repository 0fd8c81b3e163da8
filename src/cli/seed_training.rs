//! The demonstration's training: needs in clusters, two bases, four courses, runs in several states.
//! They come in the way real ones do; only the run that was held is moved into the past afterwards.

use chrono::{Days, Duration, NaiveTime};
use entity::{
    course::CourseState,
    course_run,
    ids::{BaseId, CourseId, CourseRunId, PersonId, RoomId, UnitId},
    lesson, registration as registration_row,
    role_grant::Role,
    room_booking::{self, BookingState},
    sitting, training_need, unit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{
    seed::{Row, cell, list, rows},
    seed_certificates,
};
use crate::{
    accounts::{Actor, Grant, roles},
    foundation::{
        calendar::local_to_utc,
        context::Context,
        error::{Error, Result},
    },
    registration::{self, Owners, enrol},
    training::{
        self, CallOff, CourseRuns, Named, NewBase, NewRoom, NewRun, Part, Regular, RunChange,
        Syllabus, rules,
    },
    units,
};

const NEEDS: &str = include_str!("sample/training_needs.csv");
const COURSES: &str = include_str!("sample/courses.csv");

/// The held run is so many days old.
const HELD_DAYS_AGO: u64 = 30;

/// Names of trainees; they belong to nobody.
const TRAINEES: [&str; 30] = [
    "白望川",
    "季晚晴",
    "石敬之",
    "段希声",
    "江映雪",
    "安澜之",
    "欧阳若木",
    "简行知",
    "裴听松",
    "祝南乔",
    "葛朝晖",
    "薛语冰",
    "邹既明",
    "方砚秋",
    "汤若虚",
    "尹疏影",
    "夏时雨",
    "龚远舟",
    "程霁月",
    "苗青禾",
    "管仲平",
    "蓝知微",
    "卓一帆",
    "庄静姝",
    "骆文澜",
    "孟听雨",
    "柏舟行",
    "车立言",
    "甘棠树",
    "黎初尧",
];

struct Group {
    person: PersonId,
    owners: Owners,
}

/// Fills the training base.
pub(super) async fn seed(ctx: &Context) -> Result<()> {
    let person = roles::people_with(ctx.store.read(), Role::Training)
        .await?
        .first()
        .map(|person| person.id)
        .ok_or_else(|| Error::internal("the sample has no training group"))?;
    let owner: std::sync::Arc<dyn registration::RegistrationOwner> =
        std::sync::Arc::new(CourseRuns);
    let group = Group {
        person,
        owners: [owner].into_iter().collect(),
    };
    add_needs(ctx).await?;
    let rooms = add_bases(ctx, &group).await?;
    let courses = add_courses(ctx, &group, rooms[0]).await?;
    held(ctx, &group, courses[0]).await?;
    open_run(ctx, &group, courses[0], 30, 26).await?;
    draft(ctx, &group, courses[0], 120).await?;
    online(ctx, &group, courses[1]).await?;
    called_off(ctx, &group, courses[2]).await
}

async fn unit_of(ctx: &Context, name: &str) -> Result<unit::Model> {
    units::by_name(ctx.store.read(), name)
        .await?
        .ok_or_else(|| Error::internal(format!("no unit {name}")))
}

async fn contact(ctx: &Context, unit: UnitId) -> Result<PersonId> {
    let contacts = units::contacts(ctx.store.read(), unit).await?;
    contacts
        .first()
        .map(|contact| contact.person.id)
        .ok_or_else(|| Error::internal(format!("the sample's unit {unit} has no contact")))
}

async fn add_needs(ctx: &Context) -> Result<()> {
    for row in rows(NEEDS)? {
        let unit = unit_of(ctx, cell(&row, "unit")).await?.id;
        let by = contact(ctx, unit).await?;
        let months: u32 = cell(&row, "months").parse().map_err(Error::internal)?;
        let need = training::Need {
            topic: cell(&row, "topic").to_owned(),
            details: cell(&row, "details").to_owned(),
            domains: list(&row, "domains"),
            keywords: list(&row, "keywords"),
            audience: cell(&row, "audience").to_owned(),
            headcount: cell(&row, "headcount").parse().map_err(Error::internal)?,
            wished_by: month_end(ctx, months),
        };
        let mut voices = Vec::new();
        for voice in list(&row, "joined") {
            let (name, people) = voice.split_once(':').unwrap_or((&voice, "1"));
            let unit = unit_of(ctx, name).await?.id;
            let people: i32 = people.parse().map_err(Error::internal)?;
            voices.push((unit, contact(ctx, unit).await?, people));
        }
        let tx = ctx.store.begin().await?;
        let id = training::state(&tx, unit, by, &need).await?;
        for (unit, by, people) in voices {
            training::join(&tx, id, unit, by, people, "").await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The last day of the month so many months ahead.
fn month_end(ctx: &Context, months: u32) -> Option<chrono::NaiveDate> {
    use chrono::{Datelike, Months};
    ctx.today()
        .with_day(1)?
        .checked_add_months(Months::new(months + 1))?
        .checked_sub_days(Days::new(1))
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

async fn add_bases(ctx: &Context, group: &Group) -> Result<Vec<RoomId>> {
    let mut rooms = Vec::new();
    for (name, host, address, seats) in [
        (
            "中关村标准化培训基地（示例）",
            "中关村标准化协会",
            "北京市海淀区示例路 8 号，地铁 10 号线示例站 B 口步行 5 分钟",
            [("201 教室", 56), ("报告厅", 180)],
        ),
        (
            "工程机械检测培训基地（示例）",
            "中国工程机械工业协会",
            "天津市示例开发区创新大道 66 号",
            [("一号教室", 40), ("实训室", 24)],
        ),
    ] {
        let host = unit_of(ctx, host).await?.id;
        let tx = ctx.store.begin().await?;
        let base: BaseId = training::add_base(
            &tx,
            group.person,
            &NewBase {
                name: name.to_owned(),
                host,
                address: address.to_owned(),
                zone: ctx.zone(),
                plaque_on: ctx.today().checked_sub_days(Days::new(500)),
                valid_until: ctx.today().checked_add_days(Days::new(600)),
                contact_name: String::new(),
                contact_phone: String::new(),
            },
        )
        .await?;
        for (name, seats) in seats {
            let room = NewRoom {
                name: name.to_owned(),
                seats,
                opens: clock(8, 30),
                closes: clock(18, 0),
                equipment: "投影、无线话筒".to_owned(),
            };
            rooms.push(training::add_room(&tx, base, group.person, &room).await?);
        }
        tx.commit().await?;
    }
    Ok(rooms)
}

async fn add_courses(ctx: &Context, group: &Group, room: RoomId) -> Result<Vec<CourseId>> {
    let mut courses = Vec::new();
    for row in rows(COURSES)? {
        let syllabus = syllabus(&row, room)?;
        let needs: Vec<_> = match cell(&row, "answers") {
            "" => Vec::new(),
            word => training_need::Entity::find()
                .order_by_asc(training_need::Column::Id)
                .all(ctx.store.read())
                .await?
                .into_iter()
                .filter(|need| need.keywords.to_string().contains(word))
                .map(|need| need.id)
                .collect(),
        };
        let tx = ctx.store.begin().await?;
        let id = training::plan(ctx, &tx, group.person, &syllabus).await?;
        training::answer(&tx, id, &needs).await?;
        let rule = cell(&row, "rule");
        if !rule.is_empty() {
            let regular = Regular {
                rule: Some(rule.to_owned()),
                lead_days: 60,
            };
            training::set_regular(&tx, id, group.person, &regular).await?;
        }
        training::set_state(&tx, id, group.person, CourseState::Offered).await?;
        tx.commit().await?;
        courses.push(id);
    }
    Ok(courses)
}

fn syllabus(row: &Row, room: RoomId) -> Result<Syllabus> {
    let number = |name: &str| cell(row, name).parse::<i32>().map_err(Error::internal);
    let parts = list(row, "parts")
        .iter()
        .map(|part| {
            let (title, hours) = part.split_once('|').unwrap_or((part, "4"));
            Ok(Part {
                title: title.to_owned(),
                content: String::new(),
                hours: hours.parse().map_err(Error::internal)?,
                lecturer: None,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Syllabus {
        title: cell(row, "title").to_owned(),
        aim: cell(row, "aim").to_owned(),
        audience: cell(row, "audience").to_owned(),
        prerequisites: cell(row, "prerequisites").to_owned(),
        domains: list(row, "domains"),
        keywords: list(row, "keywords"),
        parts,
        attendance_percent: 80,
        min_mark: number("mark").ok(),
        capacity: number("capacity")?,
        least: number("least")?,
        per_unit: number("per_unit").ok(),
        fee_fen: rules::read_fee(cell(row, "fee"))?,
        fee_free: cell(row, "free").to_owned(),
        base: None,
        room: Some(room),
    })
}

/// The next run as a draft that begins on the working day so many days ahead.
async fn draft(ctx: &Context, group: &Group, course: CourseId, days: u64) -> Result<CourseRunId> {
    let day = ctx
        .today()
        .checked_add_days(Days::new(days))
        .unwrap_or(ctx.today());
    let day = ctx.calendar().add_working_days(day, 0).value;
    let new = NewRun {
        course,
        start: day.and_time(clock(9, 0)),
        due_start: None,
        by: Some(group.person),
    };
    let tx = ctx.store.begin().await?;
    let run = training::make(ctx, &tx, new).await?;
    tx.commit().await?;
    Ok(run)
}

/// A run that is announced, with so many people who want to come.
async fn open_run(
    ctx: &Context,
    group: &Group,
    course: CourseId,
    days: u64,
    people: usize,
) -> Result<CourseRunId> {
    let run = draft(ctx, group, course, days).await?;
    let tx = ctx.store.begin().await?;
    course_run::Entity::update(course_run::ActiveModel {
        id: Set(run),
        // Whatever the hour at which the demonstration begins.
        opens_at: Set(Some(tx.now())),
        lodging: Set("食宿自理，基地附近有协议酒店，可请联系人代订。".to_owned()),
        invoice_note: Set("由中国标准化协会开具，请准备抬头和纳税人识别号".to_owned()),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    room_booking::Entity::update_many()
        .col_expr(
            room_booking::Column::State,
            Expr::value(BookingState::Confirmed),
        )
        .filter(room_booking::Column::RunId.eq(run))
        .exec(tx.db())
        .await?;
    training::publish_in(ctx, &tx, run, group.person).await?;
    tx.commit().await?;
    enrol_people(ctx, group, run, people).await?;
    Ok(run)
}

/// Enrols people of units one after the other.
async fn enrol_people(ctx: &Context, group: &Group, run: CourseRunId, people: usize) -> Result<()> {
    let db = ctx.store.read();
    let registration = course_run::Entity::find_by_id(run)
        .one(db)
        .await?
        .and_then(|run| run.registration_id)
        .ok_or(Error::NotFound)?;
    // Units that have joined later have no contact yet.
    let mut contacts = Vec::new();
    for unit in units::all(db).await? {
        let first = units::contacts(db, unit.id).await?.into_iter().next();
        contacts.extend(first.map(|contact| (unit.id, contact.person.id)));
    }
    for (place, name) in TRAINEES.into_iter().take(people).enumerate() {
        let (unit, person) = contacts[(place * 7 + 3) % contacts.len()];
        let actor = Actor {
            person,
            account: None,
            session: ctx.platform().id(),
            name: String::new(),
            sample: true,
            grants: vec![Grant {
                role: Role::Contact,
                unit: Some(unit),
                committee: None,
            }],
        };
        let row = enrol::Row {
            line: 1,
            name: name.to_owned(),
            position: "标准化专员".to_owned(),
            phone: format!("1990000{:04}", 2000 + place),
            email: format!("trainee{place:02}@example.org"),
            ..enrol::Row::default()
        };
        enrol::enrol(
            ctx,
            &group.owners,
            &actor,
            registration,
            unit,
            &[row],
            false,
        )
        .await?;
    }
    Ok(())
}

/// A run that was held a month ago.
async fn held(ctx: &Context, group: &Group, course: CourseId) -> Result<()> {
    let run = open_run(ctx, group, course, 60, 18).await?;
    let tx = ctx.store.begin().await?;
    let row = course_run::Entity::find_by_id(run)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let start = row.starts_at.ok_or(Error::NotFound)?;
    let back = (start - tx.now()).num_days() + i64::try_from(HELD_DAYS_AGO).unwrap_or(30);
    let back = Duration::days(back);
    for lesson in lesson::Entity::find()
        .filter(lesson::Column::RunId.eq(run))
        .all(tx.db())
        .await?
    {
        let on = lesson.on_date - back;
        lesson::Entity::update(lesson::ActiveModel {
            id: Set(lesson.id),
            on_date: Set(on),
            from_at: Set(local_to_utc(on.and_time(lesson.from_time), ctx.zone())),
            to_at: Set(local_to_utc(on.and_time(lesson.to_time), ctx.zone())),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
        room_booking::Entity::update_many()
            .col_expr(
                room_booking::Column::FromAt,
                Expr::value(lesson.from_at - back),
            )
            .col_expr(room_booking::Column::ToAt, Expr::value(lesson.to_at - back))
            .filter(room_booking::Column::LessonId.eq(lesson.id))
            .exec(tx.db())
            .await?;
        sitting::Entity::update_many()
            .col_expr(sitting::Column::FromAt, Expr::value(lesson.from_at - back))
            .col_expr(sitting::Column::ToAt, Expr::value(lesson.to_at - back))
            .filter(sitting::Column::OwnerRef.eq(lesson.id.0))
            .exec(tx.db())
            .await?;
    }
    let registration = row.registration_id.ok_or(Error::NotFound)?;
    let (end, opens, closes) = (
        row.ends_at.unwrap_or(start),
        start - back - Duration::days(40),
        start - back - Duration::days(7),
    );
    course_run::Entity::update(course_run::ActiveModel {
        starts_at: Set(Some(start - back)),
        ends_at: Set(Some(end - back)),
        opens_at: Set(Some(opens)),
        closes_at: Set(Some(closes)),
        published_at: Set(Some(opens)),
        decide_on: Set(row.decide_on.map(|day| day - back)),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    registration_row::Entity::update(registration_row::ActiveModel {
        id: Set(registration),
        opens_at: Set(opens),
        closes_at: Set(closes),
        starts_at: Set(start - back),
        ends_at: Set(end - back),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    tx.commit().await?;
    seed_certificates::note_attendance(ctx, registration).await?;
    training::hold(ctx, run, Some(group.person)).await?;
    seed_certificates::certify(ctx, group.person, run, registration).await?;
    seed_certificates::rate(ctx, run, registration).await
}

/// A run online with too few people so far.
async fn online(ctx: &Context, group: &Group, course: CourseId) -> Result<()> {
    let run = draft(ctx, group, course, 21).await?;
    let tx = ctx.store.begin().await?;
    let row = course_run::Entity::find_by_id(run)
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let lessons = lesson::Entity::find()
        .filter(lesson::Column::RunId.eq(run))
        .order_by_asc(lesson::Column::FromAt)
        .all(tx.db())
        .await?;
    tx.commit().await?;
    let mut facts = training::facts_of(&row, &lessons)?;
    // Whatever the hour at which the demonstration begins.
    facts.opens_at = ctx.now();
    facts.venue = training::Venue::Online("腾讯会议 000 000 000（示例）".to_owned());
    facts.open_form = true;
    if let Some(first) = facts.lessons.first_mut() {
        first.lecturer = Some(Named {
            expert: None,
            name: "方之涵（示例）".to_owned(),
            unit: "中国标准化协会".to_owned(),
            reason: "主持编写联盟专利处置指南".to_owned(),
        });
    }
    let change = RunChange {
        facts,
        version: row.version,
        reason: String::new(),
    };
    training::save(ctx, run, group.person, &change).await?;
    training::publish(ctx, run, group.person).await?;
    enrol_people(ctx, group, run, 5).await
}

/// A run that was called off.
async fn called_off(ctx: &Context, group: &Group, course: CourseId) -> Result<()> {
    let run = open_run(ctx, group, course, 45, 0).await?;
    let off = CallOff {
        reason: "讲师临时有其他安排，改在下半年举办".to_owned(),
        merge_into: None,
    };
    training::call_off(ctx, &group.owners, run, group.person, &off).await
}
