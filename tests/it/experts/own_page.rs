//! The expert's own page.

use super::*;

#[tokio::test]
async fn an_expert_keeps_the_own_page() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 21).await;
        let id = engaged(&app, &unit, "沈知行", "shen@example.org").await;
        let person = row(&app, id).await.person_id;
        let own = expert_browser(&app, person).await;
        let (status, text) = own.get("/my").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("shen@example.org") && text.contains("保密承诺书"));

        let (status, text) = own
            .post(
                "/my/absences",
                &[("from", "2026-10-02"), ("to", "2026-10-01")],
            )
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("最后一天不能早于第一天") && text.contains("value=\"2026-10-02\""));
        own.post(
            "/my/absences",
            &[
                ("from", "2026-10-01"),
                ("to", "2026-10-08"),
                ("note", "出国"),
            ],
        )
        .await;
        own.post("/my/limits", &[("max_open", "1"), ("max_year", "3")])
            .await;
        let (_, text) = own.get("/my").await;
        assert!(text.contains("只列出您的单位"), "{text}");
        for (choice, said) in [("show", "列出您的姓名和单位"), ("hide", "只列出您的单位")]
        {
            own.post("/my/shown", &[("do", choice)]).await;
            let (_, text) = own.get("/my").await;
            assert!(text.contains(said), "{choice}: {text}");
        }
        let (status, _) = own.post("/my/shown", &[]).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "there is no default"
        );
        let other = council_unit(&app, 22).await;
        let interest = [
            ("organisation", other.short_name.as_str()),
            ("interest", "adviser"),
            ("until", "2027-01-01"),
        ];
        own.post("/my/interests", &interest).await;
        let known = expert_pool::experts::get(app.ctx.store.read(), id)
            .await
            .unwrap();
        assert_eq!(known.absences.len(), 1);
        assert_eq!((known.max_open, known.max_year), (1, 3));
        assert_eq!(
            known.interests[0].unit_id,
            Some(other.id),
            "the short name finds the unit"
        );

        // Nobody takes away what is another's.
        let second = engaged(
            &app,
            &council_unit(&app, 23).await,
            "林岚",
            "lin@example.org",
        )
        .await;
        let stranger = expert_browser(&app, row(&app, second).await.person_id).await;
        let remove = format!("/my/interests/{}/remove", known.interests[0].id);
        assert_eq!(stranger.post(&remove, &[]).await.0, StatusCode::NOT_FOUND);
        assert_eq!(
            stranger.get(&format!("/experts/{id}")).await.0,
            StatusCode::NOT_FOUND
        );
        assert_eq!(own.post(&remove, &[]).await.0, StatusCode::SEE_OTHER);

        // A corrected address takes the older link with it; another's is refused.
        let before = link(&app, id).await;
        let mut typed: Vec<(String, String)> = form("沈知行", "new@example.org")
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let as_form = |typed: &[(String, String)]| -> Vec<(String, String)> { typed.to_vec() };
        let send = async |typed: &[(String, String)]| {
            let pairs = as_form(typed);
            let pairs: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            own.post("/my/profile", &pairs).await
        };
        assert_eq!(send(&typed).await.0, StatusCode::SEE_OTHER);
        assert_eq!(
            app.visitor().get(&before).await.status(),
            StatusCode::NOT_FOUND
        );
        for (name, value) in &mut typed {
            match name.as_str() {
                "email" => *value = "lin@example.org".into(),
                "name" => *value = "别人".into(),
                _ => {}
            }
        }
        let (status, text) = send(&typed).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("林岚已由"));
        let kept = person::Entity::find_by_id(person)
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.email.as_deref()),
            ("沈知行", Some("new@example.org"))
        );

        // Taking a consent back needs the tick, and ends the engagement.
        let consents = expert_pool::people::consents::of(app.ctx.store.read(), person)
            .await
            .unwrap();
        let pool = consents
            .iter()
            .find(|consent| consent.purpose == "pool")
            .unwrap();
        let withdraw = format!("/my/consents/{}/withdraw", pool.id);
        assert_eq!(
            own.post(&withdraw, &[]).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            stranger.post(&withdraw, &[("leave", "1")]).await.0,
            StatusCode::NOT_FOUND
        );
        assert_eq!(state(&app, id).await, ExpertState::Engaged);
        assert_eq!(
            own.post(&withdraw, &[("leave", "1")]).await.0,
            StatusCode::SEE_OTHER
        );
        let ended = row(&app, id).await;
        assert_eq!(
            (ended.state, ended.end_reason.as_str()),
            (ExpertState::Ended, "本人撤回个人信息处理同意书")
        );
        assert!(own.get("/my").await.1.contains("聘任已结束"));
        assert_eq!(
            keep::own(app.ctx.store.read(), person).await.unwrap().id,
            id
        );
        assert_eq!(
            own.post("/my/limits", &[("max_open", "1"), ("max_year", "3")])
                .await
                .0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}
