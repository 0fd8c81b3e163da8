//! Who teaches: an expert asked like for any panel, or somebody whom the group names.

use entity::{
    ids::{CourseRunId, LessonId},
    lesson,
    panel::PanelState,
    role_grant::Role,
    room_booking,
};
use expert_pool::{experts::keep, panels, units};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    app::{Browser, acting},
    databases::{TestDatabase, databases},
    panels::{Stage, yes},
    training::{add_room, base_at, course_in, draft_of},
};

/// Experts, and an announced run whose first lesson has no lecturer yet.
async fn announced(database: TestDatabase) -> (Stage, Browser, CourseRunId) {
    let stage = Stage::set(database, 2).await;
    let app = &stage.app;
    app.add_account("罗以宁", "luo@example.org", Role::Training, None)
        .await;
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    let group = app.signed_in("luo@example.org").await;
    let host = units::all(app.ctx.store.read()).await.unwrap()[9].clone();
    let base = base_at(&group, &host.name, &[]).await;
    let room = add_room(app, &group, base, "201 教室", "40").await;
    let course = course_in(&group, room, &[]).await;
    let run = draft_of(&group, course, "2026-10-20").await;
    let booking = room_booking::Entity::find()
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .unwrap();
    let called = [("answer", "yes"), ("host_note", "电话确认")];
    group
        .submit(&format!("/bookings/{}/answer", booking.id), &called)
        .await;
    group
        .submit(&format!("/trainings/{run}/publish"), &[])
        .await;
    (stage, group, run)
}

async fn first_lesson(stage: &Stage, run: CourseRunId) -> lesson::Model {
    lesson::Entity::find()
        .filter(lesson::Column::RunId.eq(run))
        .order_by_asc(lesson::Column::FromAt)
        .one(stage.ctx().store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn lesson_of(stage: &Stage, id: LessonId) -> lesson::Model {
    lesson::Entity::find_by_id(id)
        .one(stage.ctx().store.read())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_lesson_without_a_lecturer_goes_into_the_match_and_takes_whoever_accepts() {
    for database in databases().await {
        let (stage, group, run) = announced(database).await;
        let app = &stage.app;
        let lesson = first_lesson(&stage, run).await;
        let panel = lesson.panel_id.unwrap();
        let row = stage.panel(panel).await;
        assert_eq!(
            (row.owner_kind.as_str(), row.owner_id),
            ("lecture", lesson.id.0)
        );
        assert_eq!(row.meeting_from, Some(lesson.from_at));
        assert_eq!(row.meeting_to, Some(lesson.to_at));
        let desk = app.signed_in("he@example.org").await;
        assert!(desk.read("/panels").await.contains("标准结构与编写规则"));
        let to = desk.get(&format!("/lessons/{}", lesson.id)).await;
        assert_eq!(to.headers()["location"], format!("/trainings/{run}"));

        stage.ask(panel, &[0], false).await;
        stage.answer(0, yes()).await.unwrap();
        let taught = lesson_of(&stage, lesson.id).await;
        assert_eq!(taught.lecturer_name, "专家A");
        assert_eq!(taught.lecturer_expert, Some(stage.experts[0].id));
        // Anybody reads the name only of somebody who agrees to it.
        let path = format!("/training/{run}");
        let paper = format!("{path}/notice");
        for page in [&path, &paper] {
            let public = app.visitor().read(page).await;
            assert!(!public.contains("专家A"), "{public}");
            assert!(
                public.contains(&format!("{}专家", taught.lecturer_unit)),
                "{public}"
            );
        }
        let expert = acting(stage.experts[0].person, Role::Expert, None);
        keep::set_shown(&app.ctx, &expert, true).await.unwrap();
        for page in [&path, &paper] {
            let public = app.visitor().read(page).await;
            assert!(public.contains("专家A"), "{public}");
        }
        keep::set_shown(&app.ctx, &expert, false).await.unwrap();
        assert!(!app.visitor().read(&path).await.contains("专家A"));
        // The lecturer's own page says what, when, where, to whom, whom to call, and leads to the papers.
        let place = stage.asked(0).await.assignment;
        let work = app.ctx.links.path(&panels::work_target(&place));
        let text = app.visitor().read(&work).await;
        for said in [
            "标准结构与编写规则",
            "标准化专员、标准起草人",
            "名额 20 人",
            "审查要点与常见问题",
            &format!("href=\"{paper}\""),
            "联系人",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let page = group.read(&format!("/trainings/{run}")).await;
        assert!(
            page.contains("已接受") && page.contains("讲师确定"),
            "{page}"
        );
        // Nobody is in two places: the lesson is a promise of the expert's time.
        let taken = expert_pool::people::commitments::between(
            app.ctx.store.read(),
            &[stage.experts[0].person],
            lesson.from_at,
            lesson.to_at,
        )
        .await
        .unwrap();
        assert_eq!(taken.len(), 1);
    }
}

#[tokio::test]
async fn whoever_the_group_names_instead_ends_the_question_to_the_pool() {
    for database in databases().await {
        let (stage, group, run) = announced(database).await;
        let lesson = first_lesson(&stage, run).await;
        let panel = lesson.panel_id.unwrap();
        stage.ask(panel, &[0], false).await;
        let page = group.read(&format!("/trainings/{run}/edit")).await;
        let mut fields = crate::support::training::shown(&page);
        fields.push(("lecturer_0".to_owned(), "林岚".to_owned()));
        fields.retain(|(name, value)| name != "lecturer_0" || !value.is_empty());
        let send = |fields: &[(String, String)]| {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let group = &group;
            async move {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                group.post(&format!("/trainings/{run}/edit"), &fields).await
            }
        };
        let refused = send(&fields).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .text()
                .await
                .unwrap()
                .contains("请写明指定“林岚”授课的理由")
        );
        fields.retain(|(name, _)| name != "lecturer_reason_0");
        fields.push((
            "lecturer_reason_0".to_owned(),
            "牵头起草同类标准".to_owned(),
        ));
        let kept = send(&fields).await;
        assert_eq!(
            kept.status(),
            StatusCode::SEE_OTHER,
            "{}",
            kept.text().await.unwrap()
        );
        let lesson = lesson_of(&stage, lesson.id).await;
        assert_eq!(
            (lesson.lecturer_name.as_str(), lesson.panel_id),
            ("林岚", None)
        );
        let gone = panels::get(stage.ctx().store.read(), panel).await.unwrap();
        assert_eq!(gone.state, PanelState::Withdrawn);
    }
}
