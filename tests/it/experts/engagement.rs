//! From the recommendation to the letter, and the personal link.

use super::*;

#[tokio::test]
async fn a_recommendation_goes_through_the_pages_to_the_letter() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 8).await;
        contact(&app, &unit, "zhou@example.org").await;
        approver(&app, "彭望舒").await;
        somebody(&app, "郝培林", "hao@example.org", Role::Approver, None).await;
        somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let zhou = app.signed_in("zhou@example.org").await;
        assert!(zhou.read("/nominations").await.contains("已用 0 个"));

        // What is missing is told at the fields, and what was typed is kept as a draft.
        let mut typed: Vec<(String, String)> = form("沈知行", "shen@example.org")
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        typed.push(("step".into(), "send".into()));
        let fields: Vec<(&str, &str)> = typed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let thin: Vec<_> = fields
            .iter()
            .copied()
            .filter(|(name, _)| *name != "keywords")
            .collect();
        let answer = zhou.post("/nominations/new", &thin).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("关键词至少 5 个") && text.contains("value=\"沈知行\""),
            "{text}"
        );
        let id = expert::Entity::find()
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap()
            .id;
        let page = format!("/nominations/{id}");
        assert!(
            text.contains(&format!("action=\"{page}\"")),
            "the next try goes to the same draft"
        );
        assert_eq!(zhou.submit(&page, &fields).await, "/nominations?done=sent");
        assert!(zhou.read("/nominations").await.contains("已用 1 个"));

        // Without the stamped form nothing is approved; it is returned and sent again with it.
        let hao = app.signed_in("hao@example.org").await;
        assert!(
            hao.read("/recommendations")
                .await
                .contains("缺盖章的推荐表扫描件")
        );
        let steps = format!("/experts/{id}/steps");
        let answer = hao.post(&steps, &[("step", "approve")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let back = hao
            .submit(&steps, &[("step", "return"), ("reason", "请补盖章页")])
            .await;
        assert_eq!(back, format!("/experts/{id}?done=returned"));
        assert!(zhou.read(&page).await.contains("请补盖章页"));
        let file = reqwest::multipart::Part::bytes(scan().bytes).file_name("推荐表.pdf");
        let mut multipart = reqwest::multipart::Form::new().part("scan", file);
        for (name, value) in &typed {
            multipart = multipart.text(name.clone(), value.clone());
        }
        let answer = zhou
            .client()
            .post(zhou.address(&page))
            .header("sec-fetch-site", "same-origin")
            .multipart(multipart)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        hao.submit(&steps, &[("step", "approve")]).await;
        assert_eq!(state(&app, id).await, ExpertState::Approved);
        assert_eq!(mails(&app, "experts.confirm").await.len(), 1);

        // Contact data is masked; a look is recorded.
        let he = app.signed_in("he@example.org").await;
        let masked = he.read(&format!("/experts/{id}")).await;
        assert!(masked.contains("s***@example.org") && !masked.contains("shen@example.org"));
        let shown = he
            .post(&format!("/experts/{id}/reveal"), &[])
            .await
            .text()
            .await
            .unwrap();
        assert!(shown.contains("shen@example.org"));
        let looks = entity::audit_entry::Entity::find()
            .filter(entity::audit_entry::Column::Action.eq("experts.reveal"))
            .count(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(looks, 1);
        assert_eq!(
            hao.post(&format!("/experts/{id}/reveal"), &[])
                .await
                .status(),
            StatusCode::NOT_FOUND
        );

        // The person: reading changes nothing, an answer is explicit.
        let link = link(&app, id).await;
        let visitor = app.visitor();
        for _ in 0..2 {
            assert!(visitor.read(&link).await.contains("您同意受聘吗"));
        }
        let silent = visitor.post(&link, &[("pool", "1")]).await;
        assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(state(&app, id).await, ExpertState::Approved);

        // A browser without cookies is asked once more, with its choice kept, and then counts.
        let yes = [
            ("answer", "yes"),
            ("pool", "1"),
            ("secrecy", "1"),
            ("integrity", "1"),
        ];
        let bare = app.visitor();
        let again = bare.post(&link, &yes).await.text().await.unwrap();
        assert_eq!(state(&app, id).await, ExpertState::Approved);
        assert!(again.contains("id=\"yes\" value=\"yes\" checked"));
        let proof = between(&again, "name=\"again\" value=\"", "\"");
        let other = app.visitor();
        let mut declined = vec![("answer", "no"), ("again", proof)];
        other.post(&link, &declined).await;
        assert_eq!(
            state(&app, id).await,
            ExpertState::Approved,
            "a confirmation is of one choice"
        );
        declined.clear();
        let mut confirmed = yes.to_vec();
        confirmed.push(("again", proof));
        assert_eq!(other.submit(&link, &confirmed).await, link);
        assert_eq!(state(&app, id).await, ExpertState::Engaged);

        // Twice is once; the link stays and shows the letter.
        other.submit(&link, &confirmed).await;
        let status = visitor.read(&link).await;
        assert!(status.contains("您已受聘") && status.contains("团标联聘〔2026〕001号"));
        assert!(
            visitor
                .read(&format!("{link}/engagement"))
                .await
                .contains("兹聘请您担任")
        );
        let file = visitor.get(&format!("{link}/engagement.docx")).await;
        assert_eq!(file.status(), StatusCode::OK);
        assert!(file.bytes().await.unwrap().starts_with(b"PK"));
        assert_eq!(
            visitor.get(&format!("{link}/nomination")).await.status(),
            StatusCode::NOT_FOUND
        );
        let row = row(&app, id).await;
        let term = units::current_term(app.ctx.store.read(), app.ctx.today())
            .await
            .unwrap();
        assert_eq!(
            (row.engaged_from, row.engaged_to),
            (Some(app.ctx.today()), Some(term.to_date))
        );
        let consents = consent::Entity::find()
            .filter(consent::Column::PersonId.eq(row.person_id))
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(consents.len(), ConsentText::ALL.len());
        assert!(
            consents
                .iter()
                .all(|consent| consent.version == "2026-1" && consent.channel == "link")
        );
        let told: Vec<_> = mails(&app, "experts.to_expert")
            .await
            .into_iter()
            .map(|mail| mail.address)
            .collect();
        assert_eq!(told, [Some("shen@example.org".to_owned())]);
        assert!(
            zhou.read(&format!("/experts/{id}/papers/engagement"))
                .await
                .contains("沈知行")
        );
        assert!(he.read("/experts?q=szx").await.contains("沈知行"));
        assert!(he.read("/experts?q=29").await.contains("沈知行"));
        assert!(
            he.read("/experts?q=95")
                .await
                .contains("没有符合条件的专家")
        );
        let export = he.get("/experts/export").await.bytes().await.unwrap();
        assert!(export.starts_with(b"PK"));
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = &text[text
        .find(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"))
        + from.len()..];
    &rest[..rest.find(to).unwrap()]
}

#[tokio::test]
async fn a_link_that_does_not_hold_opens_nothing_and_a_closed_one_says_so() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 9).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let approver = approver(&app, "彭望舒").await;
        let handler = somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let id = recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        decide::approve(&app.ctx, &approver, id, &Fields::default())
            .await
            .unwrap();
        let old = link(&app, id).await;
        decide::ask_again(&app.ctx, &handler, id).await.unwrap();
        let new = link(&app, id).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get(&old).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            visitor.get("/e/short").await.status(),
            StatusCode::NOT_FOUND
        );
        assert!(visitor.read(&new).await.contains("您同意受聘吗"));
        let reason = Fields::default().with("reason", "本人调离");
        recommend::withdraw(&app.ctx, &by, unit.id, id, &reason)
            .await
            .unwrap();
        assert!(visitor.read(&new).await.contains("这次聘任已撤回"));
        engage::answer(&app.ctx, token(&new), &engage::Answer::Accept)
            .await
            .unwrap();
        assert_eq!(
            state(&app, id).await,
            ExpertState::Withdrawn,
            "a late answer changes nothing"
        );
        let waiting = mails(&app, "experts.confirm").await;
        assert!(
            waiting
                .iter()
                .all(|mail| mail.state == mail::MailState::Cancelled),
            "{waiting:?}"
        );
    }
}
