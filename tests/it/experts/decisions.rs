//! Who decides, in which order, and who sees what.

use super::*;

#[tokio::test]
async fn the_secretariats_own_unit_needs_two_people_or_a_recorded_exception() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = units::secretariat(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        let by = contact(&app, &unit, "zhou@example.org").await;
        let one = somebody(&app, "彭望舒", "peng@example.org", Role::Approver, None).await;
        let two = somebody(&app, "郝培林", "hao@example.org", Role::Approver, None).await;
        let none = Fields::default();

        let id = recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        decide::approve(&app.ctx, &one, id, &none).await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Recommended);
        assert_eq!(
            code(decide::approve(&app.ctx, &one, id, &none).await),
            "experts.same_approver"
        );
        decide::approve(&app.ctx, &two, id, &none).await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Approved);

        let id = recommended(&app, &by, unit.id, "林岚", "lin@example.org").await;
        let exception = Fields::default().with("exception", "另一位审批人休假");
        decide::approve(&app.ctx, &one, id, &exception)
            .await
            .unwrap();
        assert_eq!(row(&app, id).await.exception_note, "另一位审批人休假");
        let peng = app.signed_in("peng@example.org").await;
        assert!(
            peng.read(&format!("/experts/{id}"))
                .await
                .contains("另一位审批人休假")
        );

        // Who recommends and also approves does not approve the own recommendation.
        let both = Actor {
            grants: vec![
                Grant {
                    role: Role::Approver,
                    unit: None,
                    committee: None,
                },
                Grant {
                    role: Role::Contact,
                    unit: Some(council_unit(&app, 10).await.id),
                    committee: None,
                },
            ],
            ..by.clone()
        };
        let other = council_unit(&app, 10).await;
        let id = recommended(&app, &both, other.id, "高远图", "gao@example.org").await;
        assert_eq!(
            code(decide::approve(&app.ctx, &both, id, &exception).await),
            "experts.own_recommendation"
        );
        assert_eq!(
            code(decide::approve(&app.ctx, &by, id, &none).await),
            "not found"
        );
    }
}

#[tokio::test]
async fn steps_that_do_not_follow_are_refused_and_leave_no_trace() {
    for database in databases().await {
        let duties = Duties::default();
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 11).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let approver = approver(&app, "彭望舒").await;
        let reason = Fields::default().with("reason", "原因");
        let id = draft(&app, &by, unit.id, &form("沈知行", "shen@example.org")).await;
        let wrong = "experts.wrong_state";
        assert_eq!(
            code(decide::approve(&app.ctx, &approver, id, &reason).await),
            wrong
        );
        assert_eq!(
            code(decide::return_to_unit(&app.ctx, &approver, id, &reason).await),
            wrong
        );
        for step in [Step::Suspend, Step::Resume, Step::End] {
            assert_eq!(
                code(end::decide(&app.ctx, &duties, &approver, id, step, &reason).await),
                wrong,
                "{step:?}"
            );
        }
        assert_eq!(state(&app, id).await, ExpertState::Draft);
        let id = engaged(
            &app,
            &council_unit(&app, 12).await,
            "林岚",
            "lin@example.org",
        )
        .await;
        assert_eq!(
            code(end::decide(&app.ctx, &duties, &approver, id, Step::Resume, &reason).await),
            wrong
        );
        assert_eq!(
            code(
                end::decide(
                    &app.ctx,
                    &duties,
                    &approver,
                    id,
                    Step::End,
                    &Fields::default()
                )
                .await
            ),
            "reason:form.required"
        );
        end::decide(&app.ctx, &duties, &approver, id, Step::Suspend, &reason)
            .await
            .unwrap();
        end::decide(&app.ctx, &duties, &approver, id, Step::Resume, &reason)
            .await
            .unwrap();
        end::decide(&app.ctx, &duties, &approver, id, Step::End, &reason)
            .await
            .unwrap();
        assert_eq!(
            code(end::decide(&app.ctx, &duties, &approver, id, Step::Suspend, &reason).await),
            wrong
        );
        let own_unit = council_unit(&app, 12).await;
        let actor = contact(&app, &own_unit, "second@example.org").await;
        assert_eq!(
            code(recommend::withdraw(&app.ctx, &actor, own_unit.id, id, &reason).await),
            wrong
        );
    }
}

#[tokio::test]
async fn everybody_sees_only_their_own() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (a, b) = (council_unit(&app, 13).await, council_unit(&app, 14).await);
        let by = contact(&app, &a, "a@example.org").await;
        contact(&app, &b, "b@example.org").await;
        let id = recommended(&app, &by, a.id, "沈知行", "shen@example.org").await;
        let stranger = app.signed_in("b@example.org").await;
        for path in [
            format!("/nominations/{id}"),
            format!("/experts/{id}"),
            format!("/experts/{id}/papers/nomination"),
            "/experts".to_owned(),
            "/experts/export".to_owned(),
            "/recommendations".to_owned(),
            "/experts/guest".to_owned(),
            "/my".to_owned(),
        ] {
            assert_eq!(
                stranger.get(&path).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let reason = [("reason", "试试")];
        let answer = stranger
            .post(&format!("/nominations/{id}/withdraw"), &reason)
            .await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(state(&app, id).await, ExpertState::Recommended);
        let own = app.signed_in("a@example.org").await;
        assert!(
            own.read(&format!("/experts/{id}/papers/nomination"))
                .await
                .contains("单位意见")
        );
        let codes = own.read("/codes?q=29.24").await;
        assert!(codes.contains("\"value\":\"29.240\""), "{codes}");
    }
}
