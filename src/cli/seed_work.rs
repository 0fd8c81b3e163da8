//! The demonstration's work under way: two runs of the match, one of them approved, answers of experts,
//! one conclusion that waits for its requester and one that was confirmed. Everything goes through the
//! use cases that pages use.

use entity::{
    account, consultation,
    ids::PanelId,
    invitation::{self, Answer, DeclineReason},
    matching_run::RunMode,
    person,
    role_grant::{self, Role},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    accounts::{Actor, Grant},
    consultations::{self, NewOpinion},
    foundation::{
        context::Context,
        error::{Error, Result},
        links::{Links, Token},
    },
    panels::{
        self, Member, Owners,
        answer::{Given, How},
        matching::{approve, hand_in, run_match},
        work_target,
    },
};

/// Requests by title: one is closed, one concluded, one half answered, one stands and waits for its
/// meeting; a further one waits for the approval of its experts. All others are left to be matched by the visitor.
const CLOSED: &str = "印制板离子污染度限值的依据咨询";
const CONCLUDED: &str = "电连接器镀金层厚度测量方法的选择咨询";
const ASKED: &str = "中药饮片集中煎煮服务规范函审";
const STANDING: &str = "车规级集成电路可靠性试验方法审查";
const PROPOSED: &str = "小型冷库使用丙烷制冷剂的充注限值咨询";

/// Brings the requests above forward.
pub(super) async fn add(ctx: &Context, owners: &Owners, handler: &Actor) -> Result<()> {
    let approver = actor(ctx, Role::Approver).await?;
    let closed = taken_in(ctx, CLOSED).await?;
    let concluded = taken_in(ctx, CONCLUDED).await?;
    let asked = taken_in(ctx, ASKED).await?;
    let standing = taken_in(ctx, STANDING).await?;
    let proposed = taken_in(ctx, PROPOSED).await?;

    let panels = [closed.1, concluded.1, asked.1, standing.1];
    let run = run_match(ctx, handler, &panels, RunMode::Best).await?;
    hand_in(ctx, handler, run, "人选均衡，请审批。").await?;
    approve(ctx, &approver, run, "同意", "").await?;
    for panel in [closed.1, concluded.1, standing.1] {
        for question in questions(ctx, panel).await? {
            answer(ctx, owners, &question, yes()).await?;
        }
    }
    for (question, given) in questions(ctx, asked.1)
        .await?
        .iter()
        .zip([yes(), no(), yes()])
    {
        answer(ctx, owners, question, given).await?;
    }
    lead(ctx, owners, standing.1).await?;

    conclude(
        ctx,
        owners,
        concluded.1,
        &[
            "0.4 微米以下，X 射线荧光法受基体和校准片影响大，建议与金相法比对后再用；0.4 微米以上两种方法一致性好。",
            "标准中应写明仲裁方法。测量点取接触区中心和两端，每件不少于三点，报告最小值。",
        ],
        "建议：0.4 微米及以上采用 X 射线荧光法，以下采用金相法；金相法为仲裁方法；每件测三点，以最小值判定。",
    )
    .await?;
    conclude(
        ctx,
        owners,
        closed.1,
        &["现行限值来自卤素类助焊剂加溶剂清洗的工艺。免清洗产品应按等级另定限值，并以表面绝缘电阻试验作为补充。"],
        "建议按产品等级分别规定限值，免清洗产品以表面绝缘电阻合格为前提放宽；先做三种助焊剂的比对试验。",
    )
    .await?;
    let note = "答复具体，可以直接写进修订稿。";
    consultations::confirm(ctx, closed.0.id, closed.0.filed_by, 5, note).await?;

    let run = run_match(ctx, handler, &[proposed.1], RunMode::Best).await?;
    hand_in(ctx, handler, run, "会期较近，请优先审批。").await
}

/// Somebody with a role of the secretariat.
pub(super) async fn actor(ctx: &Context, role: Role) -> Result<Actor> {
    let db = ctx.store.read();
    let missing = || Error::internal("the sample lacks a role");
    let grant = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(role))
        .order_by_asc(role_grant::Column::Id)
        .one(db)
        .await?
        .ok_or_else(missing)?;
    let account = account::Entity::find_by_id(grant.account_id)
        .one(db)
        .await?
        .ok_or_else(missing)?;
    let person = person::Entity::find_by_id(account.person_id)
        .one(db)
        .await?
        .ok_or_else(missing)?;
    Ok(Actor {
        person: person.id,
        account: Some(account.id),
        session: ctx.platform().id(),
        name: person.name,
        sample: person.sample,
        grants: vec![Grant {
            role,
            unit: None,
            committee: None,
        }],
    })
}

/// A request that was taken in, by its title, with its panel.
async fn taken_in(ctx: &Context, title: &str) -> Result<(consultation::Model, PanelId)> {
    consultation::Entity::find()
        .filter(consultation::Column::Title.eq(title))
        .one(ctx.store.read())
        .await?
        .and_then(|row| Some((row.clone(), row.panel_id?)))
        .ok_or_else(|| Error::internal(format!("{title} was not taken in")))
}

async fn questions(ctx: &Context, panel: PanelId) -> Result<Vec<invitation::Model>> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::PanelId.eq(panel))
        .order_by_asc(invitation::Column::Id)
        .all(ctx.store.read())
        .await?)
}

fn yes() -> Given {
    Given {
        answer: Answer::Accept,
        clear: true,
        pledged: false,
        reason: None,
        note: String::new(),
        suggestion: String::new(),
    }
}

fn no() -> Given {
    Given {
        answer: Answer::Decline,
        clear: false,
        pledged: false,
        reason: Some(DeclineReason::Time),
        note: "本月在外地验收，看不了全文。".to_owned(),
        suggestion: "我所药剂室负责人熟悉这项工作，可以联系。".to_owned(),
    }
}

async fn answer(
    ctx: &Context,
    owners: &Owners,
    question: &invitation::Model,
    given: Given,
) -> Result<()> {
    let how = How::Link {
        generation: question.generation,
    };
    panels::answer::answer(ctx, owners, question.id, &given, &how).await?;
    Ok(())
}

/// The members of a standing panel; the first of several becomes 组长.
async fn lead(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<Vec<Member>> {
    let members = panels::members(ctx.store.read(), panel).await?;
    if let [first, _, ..] = &members[..] {
        let tx = ctx.store.begin().await?;
        panels::ask_head(&tx, ctx, first.assignment.id).await?;
        tx.commit().await?;
        let assignment = &first.assignment;
        panels::answer_head(ctx, owners, assignment.id, assignment.work_generation, true).await?;
    }
    Ok(members)
}

/// The members of a standing panel file their opinions, and the first of them, as 组长, the conclusion.
async fn conclude(
    ctx: &Context,
    owners: &Owners,
    panel: PanelId,
    opinions: &[&str],
    conclusion: &str,
) -> Result<()> {
    let members = lead(ctx, owners, panel).await?;
    for (member, text) in members.iter().zip(opinions) {
        let new = NewOpinion {
            verdict: None,
            text: (*text).to_owned(),
        };
        consultations::file_opinion(ctx, &work_link(ctx, member)?, &new).await?;
    }
    let head = members
        .first()
        .ok_or_else(|| Error::internal("a panel without members"))?;
    consultations::conclude(ctx, &work_link(ctx, head)?, None, conclusion).await
}

/// The work link of a member, as it stands in the mail.
fn work_link(ctx: &Context, member: &Member) -> Result<Token> {
    let target = work_target(&member.assignment);
    let path = ctx.links.path(&target);
    Links::read(path.trim_start_matches(target.purpose.path))
        .ok_or_else(|| Error::internal("a work link does not read back"))
}
