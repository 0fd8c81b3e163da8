//! A lecturer is a place to be filled by the match, in the same run as everything else; or somebody
//! whom the group names with a reason.

use chrono::NaiveTime;
use entity::{
    course, course_run,
    ids::{CourseRunId, LessonId},
    lesson,
    panel::{self, Half, MeetingForm, PanelState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::{events, notice::Notice, rules, seats, store};
use crate::{
    foundation::{
        context::{Boxed, Context},
        error::{Error, Result},
        store::WriteTx,
    },
    panels::{
        self, Briefing, Meeting, NewPanel, PanelChange, PanelEvent, PanelFacts, PanelOwner, texts,
    },
};

/// The `owner_kind` of the panels of lessons.
pub(super) const LECTURE: &str = "lecture";

/// What the panel of a lesson knows.
async fn facts(
    tx: &WriteTx,
    run: &course_run::Model,
    course: &course::Model,
    lesson: &lesson::Model,
) -> Result<PanelFacts> {
    Ok(PanelFacts {
        purpose: "培训授课".to_owned(),
        title: format!("{}：{}", run.title, lesson.title),
        text: format!("{}\n{}\n{}", lesson.title, lesson.content, course.aim),
        domains: texts(&course.domains),
        keywords: texts(&course.keywords),
        demand: 1,
        max_per_unit: 1,
        min_technical: 0,
        min_standardization: 0,
        priority: 0,
        asking_unit: None,
        asking_name: "培训工作组".to_owned(),
        confidential: false,
        form: if run.online {
            MeetingForm::Online
        } else {
            MeetingForm::OnSite
        },
        meeting: Some(Meeting {
            date: lesson.on_date,
            half: half(lesson.from_time, lesson.to_time),
            from: lesson.from_at,
            to: lesson.to_at,
        }),
        place: seats::place_of(tx.db(), run).await?,
        wanted_by: None,
        standard_name: String::new(),
        standard_number: String::new(),
        drafting_text: String::new(),
        duties: format!(
            "讲授“{}”，{} 学时，课前提供讲义",
            lesson.title, lesson.hours
        ),
        fee_text: "课酬和差旅由培训工作组与您商定".to_owned(),
        contact_name: run.contact_name.clone(),
        contact_phone: run.contact_phone.clone(),
        urgent: false,
    })
}

/// Which part of the day a lesson takes.
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

/// Asks the match for lecturers of all lessons that have none. Returns for how many.
///
/// # Errors
/// `training.not_now` once the run is over or called off.
pub async fn ask(ctx: &Context, tx: &WriteTx, id: CourseRunId) -> Result<usize> {
    let run = store::lock_run(tx, id).await?;
    rules::may_change(run.state)?;
    let course = store::course(tx.db(), run.course_id).await?;
    let mut asked = 0;
    for row in store::lessons(tx.db(), id).await? {
        let past = row.from_at <= ctx.now();
        if row.panel_id.is_some() || !row.lecturer_name.is_empty() || past {
            continue;
        }
        let panel = panels::open(
            tx,
            &NewPanel {
                owner_kind: LECTURE,
                owner_id: row.id.0,
                number: run.number.clone(),
                facts: facts(tx, &run, &course, &row).await?,
                recusals: Vec::new(),
                wishes: Vec::new(),
            },
        )
        .await?;
        lesson::Entity::update(lesson::ActiveModel {
            panel_id: Set(Some(panel)),
            ..row.into()
        })
        .exec(tx.db())
        .await?;
        asked += 1;
    }
    Ok(asked)
}

/// A lesson has changed: its panel follows, and tells those who were asked. Where the group named
/// somebody instead, nobody is needed from the pool any more.
pub(super) async fn changed(
    tx: &WriteTx,
    ctx: &Context,
    run: &course_run::Model,
    before: &lesson::Model,
    now: &lesson::Model,
    reason: &str,
) -> Result<()> {
    let Some(panel) = now.panel_id else {
        return Ok(());
    };
    if !now.lecturer_reason.is_empty() {
        withdraw(tx, ctx, before, reason).await?;
        lesson::Entity::update(lesson::ActiveModel {
            id: Set(now.id),
            panel_id: Set(None),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
        return Ok(());
    }
    let course = store::course(tx.db(), run.course_id).await?;
    let change = PanelChange {
        facts: facts(tx, run, &course, now).await?,
        recusals: Vec::new(),
        reason: reason.to_owned(),
    };
    let known = panels::get(tx.db(), panel).await?;
    if PanelFacts::of(&known) == change.facts || ended(&known) {
        return Ok(());
    }
    panels::change(tx, ctx, panel, &change).await?;
    if before.from_at != now.from_at || before.to_at != now.to_at {
        // Everybody is asked anew about the new time.
        set_lecturer(tx, now.id, None).await?;
    }
    Ok(())
}

fn ended(panel: &panel::Model) -> bool {
    matches!(panel.state, PanelState::Closed | PanelState::Withdrawn)
}

/// A lesson is not held: whoever was asked is told.
pub(super) async fn withdraw(
    tx: &WriteTx,
    ctx: &Context,
    row: &lesson::Model,
    reason: &str,
) -> Result<()> {
    let Some(panel) = row.panel_id else {
        return Ok(());
    };
    if ended(&panels::get(tx.db(), panel).await?) {
        return Ok(());
    }
    panels::withdraw(tx, ctx, panel, reason).await
}

/// A lesson was held: whoever taught it has served.
pub(super) async fn close(tx: &WriteTx, row: &lesson::Model) -> Result<()> {
    let Some(panel) = row.panel_id else {
        return Ok(());
    };
    if ended(&panels::get(tx.db(), panel).await?) {
        return Ok(());
    }
    panels::close(tx, panel).await
}

/// Writes down who teaches a lesson by the match; none while nobody is known.
async fn set_lecturer(tx: &WriteTx, id: LessonId, member: Option<&panels::Member>) -> Result<()> {
    let expert = member.map(|member| &member.expert);
    lesson::Entity::update(lesson::ActiveModel {
        id: Set(id),
        lecturer_expert: Set(expert.map(|expert| expert.id)),
        lecturer_name: Set(expert
            .map(|one| one.person.name.clone())
            .unwrap_or_default()),
        lecturer_unit: Set(expert.map(|one| one.unit_name.clone()).unwrap_or_default()),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    Ok(())
}

/// What a lecturer is to know: what is taught to whom, the other lessons, the notice.
async fn brief(ctx: &Context, id: LessonId) -> Result<Briefing> {
    let db = ctx.store.read();
    let row = match store::lesson(db, id).await {
        Err(Error::NotFound) => return Ok(Briefing::default()),
        found => found?,
    };
    let run = store::run(db, row.run_id).await?;
    let course = store::course(db, run.course_id).await?;
    let people = seats::enrolled(&seats::participants(ctx, &run).await?);
    let facts = [
        ("授课内容", row.content),
        ("学员", course.audience),
        ("已报名", format!("{people} 人，名额 {} 人", run.capacity)),
    ];
    let programme = store::lessons(db, run.id).await?;
    let papers = match run.published_at {
        Some(_) => vec![
            ("培训班通知和日程", format!("/training/{}", run.id)),
            ("通知（打印）", format!("/training/{}/notice", run.id)),
            ("通知（Word）", format!("/training/{}/notice.docx", run.id)),
        ],
        None => Vec::new(),
    };
    Ok(Briefing {
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        programme: programme
            .iter()
            .map(|lesson| format!("{} {}", Notice::time(lesson), lesson.title))
            .collect(),
        papers,
    })
}

/// Lessons as owners of panels.
#[derive(Debug)]
pub struct Lectures;

impl PanelOwner for Lectures {
    fn kind(&self) -> &'static str {
        LECTURE
    }

    fn on<'a>(
        &'a self,
        tx: &'a WriteTx,
        _: &'a Context,
        panel: &'a panel::Model,
        event: PanelEvent,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            let row = match store::lesson(tx.db(), LessonId(panel.owner_id)).await {
                // The lesson was given up together with its panel.
                Err(Error::NotFound) => return Ok(()),
                found => found?,
            };
            let run = store::lock_run(tx, row.run_id).await?;
            match event {
                PanelEvent::Standing => {
                    let members = panels::members(tx.db(), panel.id).await?;
                    let name = members.first().map(|one| one.expert.person.name.clone());
                    set_lecturer(tx, row.id, members.first()).await?;
                    let said = format!("{}：{}", row.title, name.unwrap_or_default());
                    events::note(tx, &run, None, events::LECTURER, &said).await?;
                }
                PanelEvent::Changed if panel.state != PanelState::Standing => {
                    set_lecturer(tx, row.id, None).await?;
                    events::note(tx, &run, None, events::LECTURER_MISSING, &row.title).await?;
                }
                PanelEvent::Short => {
                    events::note(tx, &run, None, events::LECTURER_MISSING, &row.title).await?;
                }
                // A single lecturer is not led by anybody.
                PanelEvent::Changed | PanelEvent::HeadAccepted(_) => {}
            }
            Ok(())
        })
    }

    fn href(&self, owner_id: Uuid) -> String {
        format!("/lessons/{owner_id}")
    }

    fn brief<'a>(&'a self, ctx: &'a Context, owner_id: Uuid) -> Boxed<'a, Result<Briefing>> {
        Box::pin(brief(ctx, LessonId(owner_id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_take_a_part_of_the_day() {
        let of = |from: &str, to: &str| half(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(of("09:00:00", "12:00:00"), Half::Morning);
        assert_eq!(of("14:00:00", "17:00:00"), Half::Afternoon);
        assert_eq!(of("09:00:00", "16:00:00"), Half::FullDay);
    }
}
