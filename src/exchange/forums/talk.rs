//! A speaker is a place to be filled by the match, a panel for each part that wants one.

use chrono::NaiveTime;
use entity::{
    forum, forum_item,
    panel::{self, Half, MeetingForm, PanelState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{programme::span, seats::at};
use crate::{
    foundation::{context::Context, error::Result, store::WriteTx},
    panels::{self, Meeting, NewPanel, PanelChange, PanelFacts, texts},
};

/// The `owner_kind` of the panels of talks.
pub(super) const TALK: &str = "talk";

fn facts(ctx: &Context, forum: &forum::Model, item: &forum_item::Model) -> PanelFacts {
    PanelFacts {
        purpose: "论坛报告".to_owned(),
        title: format!("{}：{}", forum.title, item.title),
        text: format!("{}\n{}", item.title, forum.summary),
        domains: texts(&forum.domains),
        keywords: texts(&forum.keywords),
        demand: 1,
        max_per_unit: 1,
        min_technical: 0,
        min_standardization: 0,
        priority: 0,
        asking_unit: None,
        asking_name: "交流工作组".to_owned(),
        confidential: false,
        form: if forum.online {
            MeetingForm::Online
        } else {
            MeetingForm::OnSite
        },
        meeting: Some(Meeting {
            date: forum.on_date,
            half: half(item.from_time, item.to_time),
            from: at(ctx, forum.on_date, item.from_time),
            to: at(ctx, forum.on_date, item.to_time),
        }),
        place: forum.place.clone(),
        wanted_by: None,
        standard_name: String::new(),
        standard_number: String::new(),
        drafting_text: String::new(),
        duties: format!(
            "作报告“{}”，{}",
            item.title,
            span(item.from_time, item.to_time)
        ),
        fee_text: "费用由交流工作组与您商定".to_owned(),
        contact_name: forum.contact_name.clone(),
        contact_phone: forum.contact_phone.clone(),
        urgent: false,
    }
}

/// Which part of the day a talk takes.
fn half(from: NaiveTime, to: NaiveTime) -> Half {
    let noon = NaiveTime::from_hms_opt(12, 30, 0).unwrap_or_default();
    if to <= noon {
        Half::Morning
    } else if from >= noon {
        Half::Afternoon
    } else {
        Half::FullDay
    }
}

/// Lets the match look for a speaker of a part that wants one and has none yet.
pub(super) async fn ask(
    ctx: &Context,
    tx: &WriteTx,
    forum: &forum::Model,
    item: forum_item::Model,
) -> Result<()> {
    if !item.wants_speaker || item.panel_id.is_some() {
        return Ok(());
    }
    let new = NewPanel {
        owner_kind: TALK,
        owner_id: item.id.0,
        number: forum.number.clone(),
        facts: facts(ctx, forum, &item),
        recusals: Vec::new(),
        wishes: Vec::new(),
    };
    let panel = panels::open(tx, &new).await?;
    let mut next: forum_item::ActiveModel = item.into();
    next.panel_id = Set(Some(panel));
    next.update(tx.db()).await?;
    Ok(())
}

/// A part has changed: its panel follows, and tells those who were asked.
pub(super) async fn changed(
    ctx: &Context,
    tx: &WriteTx,
    forum: &forum::Model,
    item: &forum_item::Model,
) -> Result<()> {
    let Some(panel) = item.panel_id else {
        return Ok(());
    };
    let known = panels::get(tx.db(), panel).await?;
    let change = PanelChange {
        facts: facts(ctx, forum, item),
        recusals: Vec::new(),
        reason: "论坛日程调整".to_owned(),
    };
    if ended(&known) || PanelFacts::of(&known) == change.facts {
        return Ok(());
    }
    let moved = known.meeting_from != change.facts.meeting.map(|meeting| meeting.from)
        || known.meeting_to != change.facts.meeting.map(|meeting| meeting.to);
    panels::change(tx, ctx, panel, &change).await?;
    if moved {
        // Whoever had said yes is asked about the new time.
        set_speaker(tx, item.clone(), String::new()).await?;
    }
    Ok(())
}

/// A part is given up: whoever was asked is told.
pub(super) async fn withdraw(
    ctx: &Context,
    tx: &WriteTx,
    item: &forum_item::Model,
    reason: &str,
) -> Result<()> {
    match item.panel_id {
        Some(panel) if !ended(&panels::get(tx.db(), panel).await?) => {
            panels::withdraw(tx, ctx, panel, reason).await
        }
        _ => Ok(()),
    }
}

/// A part is over: whoever spoke has served.
pub(super) async fn close(tx: &WriteTx, item: &forum_item::Model) -> Result<()> {
    match item.panel_id {
        Some(panel) if !ended(&panels::get(tx.db(), panel).await?) => {
            panels::close(tx, panel).await
        }
        _ => Ok(()),
    }
}

fn ended(panel: &panel::Model) -> bool {
    matches!(panel.state, PanelState::Closed | PanelState::Withdrawn)
}

/// Writes down who speaks; nobody with an empty name.
pub(super) async fn set_speaker(tx: &WriteTx, item: forum_item::Model, name: String) -> Result<()> {
    let mut next: forum_item::ActiveModel = item.into();
    next.speaker = Set(name);
    next.update(tx.db()).await?;
    Ok(())
}
