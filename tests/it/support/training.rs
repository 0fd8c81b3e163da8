//! A training group, a unit that asks, a host with a base, and courses held there.

use entity::{
    course_run,
    ids::{BaseId, CourseId, CourseRunId, NeedId, RoomId, UnitId},
    lesson,
    role_grant::Role,
    room, room_booking,
};
use expert_pool::{
    accounts::{Actor, Grant},
    registration::enrol::{self, Outcome, Row},
    training::{self, Need},
    units,
};
use reqwest::{Response, StatusCode};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    app::{Browser, TestApp},
    requests::add_contact,
};

/// Address of the member of the training group.
pub const GROUP: &str = "luo@example.org";
/// Address of the contact of the unit that asks.
pub const ASKING: &str = "zhou@example.org";
/// Address of the contact of another unit.
pub const OTHER: &str = "shi@example.org";
/// Address of the contact of the host.
pub const HOST: &str = "wang@example.org";

/// What a course says, as typed.
pub const COURSE: [(&str, &str); 17] = [
    ("title", "团体标准编写与审查实务"),
    ("aim", "能按 GB/T 1.1 起草团体标准，知道审查要点"),
    ("audience", "标准化专员、标准起草人"),
    ("domains", "01.120；标准编写"),
    ("attendance", "80"),
    ("min_mark", "60"),
    ("capacity", "20"),
    ("least", "3"),
    ("fee", "1200"),
    ("fee_free", "讲师所在单位免缴"),
    ("part_0", "标准结构与编写规则"),
    ("hours_0", "4"),
    ("part_1", "审查要点与常见问题"),
    ("hours_1", "4"),
    ("lecturer_1", "方之涵"),
    ("lecturer_reason_1", "牵头编写联盟审查指南"),
    ("lecturer_unit_1", "中国标准化协会"),
];

/// What a need says, as typed.
pub const NEED: [(&str, &str); 6] = [
    ("topic", "团体标准编写规则"),
    (
        "details",
        "按 GB/T 1.1 起草团体标准，结构和条款表述常出问题",
    ),
    ("domains", "01.120；标准编写"),
    ("audience", "标准化专员"),
    ("headcount", "3"),
    ("wished", "2026-11"),
];

/// `base` with some values changed or added.
pub fn with<'a>(
    base: &[(&'a str, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = base
        .iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| name != other))
        .copied()
        .collect();
    all.extend_from_slice(more);
    all
}

/// A service with all of them. It is Monday 2026-09-14, 10:00.
pub struct School {
    pub app: TestApp,
    pub asking: UnitId,
    pub other: UnitId,
    pub host: UnitId,
    pub room: RoomId,
    contact: Actor,
}

impl School {
    pub async fn open(app: TestApp) -> Self {
        let all = units::all(app.ctx.store.read()).await.unwrap();
        let (host, asking, other) = (all[1].clone(), all[2].id, all[3].id);
        app.add_account("罗以宁", GROUP, Role::Training, None).await;
        let mut contact = None;
        for (unit, name, email) in [
            (asking, "周叙白", ASKING),
            (other, "石敬之", OTHER),
            (host.id, "王行远", HOST),
        ] {
            let (person, _) = app
                .add_account(name, email, Role::Contact, Some(unit))
                .await;
            add_contact(&app, unit, person).await;
            contact.get_or_insert(Actor {
                person,
                account: None,
                session: Uuid::nil().into(),
                name: name.to_owned(),
                sample: false,
                grants: vec![Grant {
                    role: Role::Contact,
                    unit: Some(unit),
                    committee: None,
                }],
            });
        }
        let group = app.signed_in(GROUP).await;
        let base = base_at(&group, &host.name, &[]).await;
        let room = add_room(&app, &group, base, "201 教室", "40").await;
        Self {
            asking,
            other,
            host: host.id,
            room,
            contact: contact.expect("a contact"),
            app,
        }
    }

    /// Somebody's browser, signed in at the present time of the clock.
    pub async fn browser(&self, email: &str) -> Browser {
        self.app.signed_in(email).await
    }

    /// An offered course; `more` changes what it says.
    pub async fn course(&self, more: &[(&str, &str)]) -> CourseId {
        course_in(&self.browser(GROUP).await, self.room, more).await
    }

    /// The next run of a course, as a draft that begins at nine.
    pub async fn draft(&self, course: CourseId, day: &str) -> CourseRunId {
        draft_of(&self.browser(GROUP).await, course, day).await
    }

    /// The host says that the room can be had.
    pub async fn confirm_room(&self, run: CourseRunId) {
        let booking = &self.bookings(run).await[0];
        let path = format!("/bookings/{}/answer", booking.id);
        self.browser(HOST)
            .await
            .submit(&path, &[("answer", "yes")])
            .await;
    }

    /// A run that is announced.
    pub async fn published(&self, course: CourseId, day: &str) -> CourseRunId {
        let run = self.draft(course, day).await;
        self.confirm_room(run).await;
        let path = format!("/trainings/{run}/publish");
        self.browser(GROUP).await.submit(&path, &[]).await;
        run
    }

    /// Enrols people of the asking unit by their numbers.
    pub async fn enrol(
        &self,
        run: CourseRunId,
        numbers: std::ops::RangeInclusive<usize>,
    ) -> Vec<Outcome> {
        let rows: Vec<_> = numbers
            .map(|number| Row {
                line: number,
                name: format!(
                    "学员{}",
                    ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"][number]
                ),
                position: "工程师".to_owned(),
                phone: format!("1390000{number:04}"),
                email: format!("trainee{number}@example.org"),
                ..Row::default()
            })
            .collect();
        let registration = self
            .run(run)
            .await
            .registration_id
            .expect("it is announced");
        enrol::enrol(
            &self.app.ctx,
            &self.app.seat_owners,
            &self.contact,
            registration,
            self.asking,
            &rows,
            false,
        )
        .await
        .unwrap()
    }

    pub async fn run(&self, id: CourseRunId) -> course_run::Model {
        course_run::Entity::find_by_id(id)
            .one(self.app.ctx.store.read())
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn lessons(&self, run: CourseRunId) -> Vec<lesson::Model> {
        lesson::Entity::find()
            .filter(lesson::Column::RunId.eq(run))
            .order_by_asc(lesson::Column::FromAt)
            .all(self.app.ctx.store.read())
            .await
            .unwrap()
    }

    pub async fn bookings(&self, run: CourseRunId) -> Vec<room_booking::Model> {
        room_booking::Entity::find()
            .filter(room_booking::Column::RunId.eq(run))
            .order_by_asc(room_booking::Column::AskedAt)
            .order_by_asc(room_booking::Column::Id)
            .all(self.app.ctx.store.read())
            .await
            .unwrap()
    }

    /// The form of a run as its page shows it.
    pub async fn form(&self, run: CourseRunId) -> Vec<(String, String)> {
        let text = self
            .browser(GROUP)
            .await
            .read(&format!("/trainings/{run}/edit"))
            .await;
        shown(&text)
    }

    /// Sends the form of a run with some values changed.
    pub async fn change(&self, run: CourseRunId, more: &[(&str, &str)]) -> Response {
        let mut fields = self.form(run).await;
        fields.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.browser(GROUP)
            .await
            .post(&format!("/trainings/{run}/edit"), &fields)
            .await
    }
}

/// An offered course that is held in a room; `more` changes what it says.
pub async fn course_in(group: &Browser, room: RoomId, more: &[(&str, &str)]) -> CourseId {
    let room = room.to_string();
    let fields = with(&COURSE, &[("room", &room)]);
    let id = id_in(&group.submit("/courses", &with(&fields, more)).await);
    group
        .submit(&format!("/courses/{id}/state"), &[("to", "offered")])
        .await;
    CourseId(id)
}

/// The next run of a course, as a draft that begins at nine.
pub async fn draft_of(group: &Browser, course: CourseId, day: &str) -> CourseRunId {
    let fields = [("start_day", day), ("start_time", "09:00")];
    let path = format!("/courses/{course}/runs");
    CourseRunId(id_in(&group.submit(&path, &fields).await))
}

/// A need that a unit stated.
pub async fn need_of(app: &TestApp, unit: UnitId) -> NeedId {
    let by = units::contacts(app.ctx.store.read(), unit).await.unwrap()[0]
        .person
        .id;
    let need = Need {
        topic: "标准编写".to_owned(),
        audience: "标准化专员".to_owned(),
        headcount: 2,
        ..Need::default()
    };
    let tx = app.ctx.store.begin().await.unwrap();
    let id = training::state(&tx, unit, by, &need).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A base at a unit; `more` changes what it says.
pub async fn base_at(group: &Browser, host: &str, more: &[(&str, &str)]) -> BaseId {
    let fields = [
        ("name", "中关村培训基地"),
        ("host", host),
        ("address", "北京市海淀区示例路 8 号"),
        ("zone", "Asia/Shanghai"),
        ("plaque_on", "2025-03-01"),
        ("valid_until", "2027-02-28"),
    ];
    BaseId(id_in(&group.submit("/bases", &with(&fields, more)).await))
}

/// A room that is open from 08:30 to 18:00.
pub async fn add_room(
    app: &TestApp,
    group: &Browser,
    base: BaseId,
    name: &str,
    seats: &str,
) -> RoomId {
    let fields = [
        ("room_name", name),
        ("seats", seats),
        ("opens", "08:30"),
        ("closes", "18:00"),
    ];
    group.submit(&format!("/bases/{base}/rooms"), &fields).await;
    room::Entity::find()
        .filter(room::Column::BaseId.eq(base))
        .filter(room::Column::Name.eq(name))
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .unwrap()
        .id
}

/// The page that a refused post shows.
pub async fn refused(answer: Response) -> String {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    text
}

/// The first identifier in an address.
pub fn id_in(path: &str) -> Uuid {
    path.split(['/', '?'])
        .find_map(|part| Uuid::parse_str(part).ok())
        .unwrap_or_else(|| panic!("no id in {path}"))
}

/// Names and values of the fields that the main form of a page would send.
pub fn shown(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form class=\"form\"").nth(1).expect("a form");
    let form = form.split("</form>").next().unwrap_or_default();
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let name = attribute(tag, "name");
        if tag.starts_with("input") {
            let box_ = tag.contains("type=\"checkbox\"");
            if let (Some(name), true) = (name, !box_ || tag.contains(" checked")) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea") {
            let text = tag.split_once(">\n").map_or("", |(_, text)| text);
            fields.push((name.unwrap_or_default(), unescape(text)));
        } else if tag.starts_with("select") {
            fields.push((name.unwrap_or_default(), String::new()));
        } else if tag.starts_with("option")
            && tag.contains(" selected")
            && let Some(last) = fields.last_mut()
        {
            last.1 = attribute(tag, "value").unwrap_or_default();
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
