//! Committees, studies and meetings of the demonstration: some complete, some that still miss
//! something, so that every page has something to show.

use chrono::{Days, NaiveTime};
use entity::{
    account,
    committee::CommitteeKind,
    committee_person::Office,
    committee_unit::UnitPart,
    consultation::{self, ConsultationState},
    ids::{CommitteeId, PanelId, UnitId},
    meeting::MeetingKind,
    role_grant::Role,
    study,
    study_milestone::MilestoneKind,
    unit::{self, Tier},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    accounts::{Actor, Grant},
    committees::{
        self, NewCommittee, NewOfficer,
        council::{self, NewMeeting},
        studies::{self, NewStudy, rules::Composition},
    },
    consultations,
    foundation::{
        context::Context,
        error::{Error, Result},
        files::Upload,
        links::Token,
    },
    units,
};

/// Address of whoever acts for a committee in the demonstration.
const OFFICER: &str = "gujianing@example.org";

/// Fills in what the founding text leaves open.
pub(super) async fn add(ctx: &Context, handler: &Actor, hash: &str) -> Result<()> {
    let all = units::all(ctx.store.read()).await?;
    let of = |tier| {
        let named = all.iter().filter(move |unit| unit.tier == tier);
        named.cloned().collect::<Vec<_>>()
    };
    let (standing, council) = (of(Tier::StandingCouncil), of(Tier::Council));
    let lead = |place: usize| pick(&standing, place);
    let organiser = |place: usize| pick(&council, place);

    let international = named(ctx, "国际标准化委员会").await?;
    run_by(
        ctx,
        handler,
        international,
        lead(0)?,
        &[organiser(0)?, organiser(1)?],
    )
    .await?;
    establish(ctx, handler, international).await?;
    appoint(ctx, handler, international, lead(0)?, hash).await?;
    let application = named(ctx, "标准应用委员会").await?;
    run_by(
        ctx,
        handler,
        application,
        lead(1)?,
        &[organiser(2)?, organiser(3)?],
    )
    .await?;
    establish(ctx, handler, application).await?;
    // One that is still being put together: its lead has no seat in the standing council yet.
    let property = named(ctx, "知识产权研究委员会").await?;
    run_by(ctx, handler, property, organiser(4)?, &[organiser(5)?]).await?;
    ask_to_join(ctx, international, organiser(6)?).await?;
    group(ctx, handler, application, lead(1)?, organiser(2)?).await?;
    plan_studies(ctx, handler, international).await?;
    plan_meetings(ctx, handler).await
}

fn pick(units: &[unit::Model], place: usize) -> Result<UnitId> {
    let unit = units.get(place);
    unit.map(|unit| unit.id)
        .ok_or_else(|| Error::internal("the sample has too few units of the council"))
}

async fn named(ctx: &Context, name: &str) -> Result<CommitteeId> {
    let all = committees::all(ctx.store.read()).await?;
    all.into_iter()
        .find(|row| row.name == name)
        .map(|row| row.id)
        .ok_or_else(|| Error::internal(format!("no committee {name}")))
}

async fn run_by(
    ctx: &Context,
    handler: &Actor,
    id: CommitteeId,
    lead: UnitId,
    organisers: &[UnitId],
) -> Result<()> {
    committees::name_unit(ctx, handler, id, lead, UnitPart::Lead).await?;
    for unit in organisers {
        committees::name_unit(ctx, handler, id, *unit, UnitPart::Organiser).await?;
    }
    Ok(())
}

async fn establish(ctx: &Context, handler: &Actor, id: CommitteeId) -> Result<()> {
    let basis = "经第一届理事会第一次会议表决通过";
    committees::establish(ctx, handler, id, ctx.today(), basis).await
}

/// Somebody acts for a committee, with a sign-in of the demonstration.
async fn appoint(
    ctx: &Context,
    handler: &Actor,
    id: CommitteeId,
    unit: UnitId,
    hash: &str,
) -> Result<()> {
    let term = units::current_term(ctx.store.read(), ctx.today()).await?;
    for (name, email, office) in [
        ("顾嘉宁", OFFICER, Office::Chair),
        ("叶清和", "yeqinghe@example.org", Office::Secretary),
        ("罗以宁", "luoyining@example.org", Office::Member),
    ] {
        let new = NewOfficer {
            name: name.to_owned(),
            email: email.to_owned(),
            mobile: String::new(),
            position: "标准化部主任".to_owned(),
            unit,
            office,
            from: ctx.today(),
            to: term.to_date,
        };
        committees::appoint(ctx, handler, id, &new).await?;
    }
    let tx = ctx.store.begin().await?;
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(Some(hash)))
        .filter(account::Column::Email.eq(OFFICER))
        .exec(tx.db())
        .await?;
    tx.commit().await
}

async fn ask_to_join(ctx: &Context, id: CommitteeId, unit: UnitId) -> Result<()> {
    let contacts = units::contacts(ctx.store.read(), unit).await?;
    let Some(contact) = contacts.first() else {
        return Ok(());
    };
    let actor = Actor {
        person: contact.person.id,
        account: None,
        session: ctx.platform().id(),
        name: contact.person.name.clone(),
        sample: true,
        grants: vec![Grant {
            role: Role::Contact,
            unit: Some(unit),
            committee: None,
        }],
    };
    let reason = "正在把两项团体标准提交国际标准提案，愿意分享经验。";
    committees::apply(ctx, &actor, id, unit, reason).await
}

/// A dated group under a committee.
async fn group(
    ctx: &Context,
    handler: &Actor,
    parent: CommitteeId,
    lead: UnitId,
    organiser: UnitId,
) -> Result<()> {
    let new = NewCommittee {
        kind: CommitteeKind::WorkingGroup,
        name: "团体标准评价试点工作组".to_owned(),
        task: "选十项团体标准试评价，提出评价办法草案".to_owned(),
        parent: Some(parent),
        until: Some(ctx.today() + Days::new(25)),
    };
    let id = committees::create(ctx, handler, &new).await?;
    run_by(ctx, handler, id, lead, &[organiser]).await?;
    establish(ctx, handler, id).await
}

async fn plan_studies(ctx: &Context, handler: &Actor, id: CommitteeId) -> Result<()> {
    let calendar = ctx.calendar();
    let day = |days| calendar.add_working_days(ctx.today(), days).value;
    for (title, question, domains, keywords, asked) in [
        (
            "团体标准转化为国际标准提案的路径研究",
            "哪些领域的团体标准具备提交国际标准提案的条件？流程、文本和版权上要做哪些准备？",
            vec!["ics:01.120"],
            vec!["国际标准", "团体标准", "标准化管理", "版权"],
            false,
        ),
        (
            "储能系统安全团体标准与国际标准比对",
            "储能系统安全方面的团体标准与国际标准相比，指标差异在哪里，是否有依据？",
            vec!["ics:29.220", "ics:27.180"],
            vec!["储能系统安全", "电化学储能电站", "锂离子电池"],
            true,
        ),
    ] {
        let new = NewStudy {
            title: title.to_owned(),
            question: question.to_owned(),
            domains: domains.into_iter().map(str::to_owned).collect(),
            keywords: keywords.into_iter().map(str::to_owned).collect(),
            composition: Composition {
                demand: 3,
                min_technical: 1,
                min_standardization: 1,
                max_per_unit: 1,
            },
            days: vec![
                (MilestoneKind::Plan, day(15)),
                (MilestoneKind::Interim, day(60)),
                (MilestoneKind::Report, day(110)),
            ],
        };
        let study = studies::plan(ctx, handler, id, &new).await?;
        if asked {
            studies::ask_panel(ctx, handler, study, &new.composition).await?;
        }
    }
    Ok(())
}

/// The panel of the study that is being staffed.
pub(super) async fn study(ctx: &Context) -> Result<PanelId> {
    study::Entity::find()
        .filter(study::Column::PanelId.is_not_null())
        .one(ctx.store.read())
        .await?
        .and_then(|row| row.panel_id)
        .ok_or_else(|| Error::internal("the sample has no study with a panel"))
}

/// An expert files the plan of the study, with a file.
pub(super) async fn file_plan(ctx: &Context, token: &Token) -> Result<()> {
    let upload = Upload {
        name: "指标比对表.csv".to_owned(),
        bytes: "指标,团体标准,国际标准\n热失控告警,有,有\n"
            .as_bytes()
            .to_vec(),
    };
    studies::keep_file(ctx, token, &upload).await?;
    let text = "分三步：收集十二项团体标准和对应的国际标准，逐项比对指标，对差异大的三项请两家单位做验证试验。";
    studies::file_report(ctx, token, text).await?;
    Ok(())
}

/// One of the requests that wait to be taken in is referred to a committee.
pub(super) async fn refer(ctx: &Context, handler: &Actor) -> Result<()> {
    let id = named(ctx, "国际标准化委员会").await?;
    let waiting = consultation::Entity::find()
        .filter(consultation::Column::State.eq(ConsultationState::Submitted))
        .filter(consultation::Column::Confidential.eq(false))
        .one(ctx.store.read())
        .await?;
    match waiting {
        Some(row) => consultations::refer(ctx, row.id, handler.person, id).await,
        None => Ok(()),
    }
}

async fn plan_meetings(ctx: &Context, handler: &Actor) -> Result<()> {
    let calendar = ctx.calendar();
    let day = |days| calendar.add_working_days(ctx.today(), days).value;
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    for (kind, title, agenda, days, called) in [
        (
            MeetingKind::Council,
            "第一届理事会第二次会议",
            "审议半年工作报告\n表决常务理事单位\n审议专门委员会设置",
            20,
            true,
        ),
        (
            MeetingKind::Assembly,
            "第一次全体成员大会",
            "听取理事会工作报告\n审议章程修改\n讨论明年工作",
            60,
            false,
        ),
    ] {
        let new = NewMeeting {
            kind,
            title: title.to_owned(),
            date: day(days),
            from: at(9),
            to: at(12),
            place: "北京市海淀区，中国标准化协会会议室".to_owned(),
            agenda: agenda.to_owned(),
            reply_by: day(days - 5),
        };
        let id = council::plan(ctx, handler, &new).await?;
        if called {
            council::call(ctx, handler, id).await?;
        }
    }
    Ok(())
}
