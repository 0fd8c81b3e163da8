//! Seats of a unit, and who is recommended by whom.

use super::*;

#[tokio::test]
async fn two_at_once_for_the_last_seat_give_one() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 5).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        let one = draft(&app, &by, unit.id, &form("林岚", "lin@example.org")).await;
        let two = draft(&app, &by, unit.id, &form("高远图", "gao@example.org")).await;
        let (first, second) = tokio::join!(
            recommend::send(&app.ctx, &by, unit.id, one),
            recommend::send(&app.ctx, &by, unit.id, two)
        );
        let codes = [code(first), code(second)];
        assert!(codes.contains(&"Ok(())".to_owned()), "{codes:?}");
        assert!(
            codes.contains(&"experts.quota_full".to_owned()),
            "{codes:?}"
        );
        let states = [state(&app, one).await, state(&app, two).await];
        assert!(states.contains(&ExpertState::Draft) && states.contains(&ExpertState::Recommended));

        // The refusal names the two; a seat that is given back can be taken.
        let (waiting, sent) = if states[0] == ExpertState::Draft {
            (one, two)
        } else {
            (two, one)
        };
        match recommend::send(&app.ctx, &by, unit.id, waiting).await {
            Err(Error::Refused(refusal)) => {
                let names = &refusal
                    .facts
                    .iter()
                    .find(|(name, _)| *name == "names")
                    .unwrap()
                    .1;
                assert!(names.contains("沈知行") && names.contains('、'), "{names}");
            }
            other => panic!("{other:?}"),
        }
        let reason = Fields::default().with("reason", "本人调离");
        recommend::withdraw(&app.ctx, &by, unit.id, sent, &reason)
            .await
            .unwrap();
        recommend::send(&app.ctx, &by, unit.id, waiting)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn two_units_at_once_never_get_the_same_person() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (a, b) = (council_unit(&app, 3).await, council_unit(&app, 4).await);
        let by_a = contact(&app, &a, "a@example.org").await;
        let by_b = contact(&app, &b, "b@example.org").await;
        let one = draft(&app, &by_a, a.id, &form("沈知行", "shen@example.org")).await;
        let two = draft(&app, &by_b, b.id, &form("沈知行", "Shen@Example.org")).await;
        let (first, second) = tokio::join!(
            recommend::send(&app.ctx, &by_a, a.id, one),
            recommend::send(&app.ctx, &by_b, b.id, two)
        );
        let mut codes = [code(first), code(second)];
        codes.sort();
        assert_eq!(codes, ["Ok(())", "experts.duplicate"]);
    }
}

#[tokio::test]
async fn only_a_complete_form_of_a_council_unit_is_sent() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 6).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let thin = Fields::default()
            .with("name", "沈知行")
            .with("kind", "technical");
        let id = draft(&app, &by, unit.id, &thin).await;
        assert_eq!(
            code(recommend::send(&app.ctx, &by, unit.id, id).await),
            "position:form.required title:form.required mobile:experts.unreachable domains:experts.no_domain keywords:experts.few_keywords bio:form.required"
        );
        let other = council_unit(&app, 7).await;
        assert_eq!(
            code(recommend::send(&app.ctx, &by, other.id, id).await),
            "not found"
        );

        let tx = app.ctx.store.begin().await.unwrap();
        unit::Entity::update(unit::ActiveModel {
            id: Set(unit.id),
            tier: Set(unit::Tier::Member),
            ..Default::default()
        })
        .exec(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let full = form("沈知行", "shen@example.org");
        let saved = recommend::save(&app.ctx, &by, unit.id, Some(id), &full, None).await;
        assert_eq!(code(saved), "experts.not_council");
    }
}
