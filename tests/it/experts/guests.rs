//! Guests, and people with several hats.

use super::*;

#[tokio::test]
async fn a_guest_takes_no_seat_and_is_approved_by_another() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let handler = somebody(&app, "何静宜", "he@example.org", Role::Handler, None).await;
        let approver = approver(&app, "彭望舒").await;
        let unit = council_unit(&app, 15).await;
        let fields = form("顾北辰", "gu@example.org").with("affiliation", &unit.name);
        assert_eq!(
            code(guest::propose(&app.ctx, &handler, &fields).await),
            "guest_reason:form.required"
        );
        let fields = fields.with("guest_reason", "库内没有储能专家");
        let id = guest::propose(&app.ctx, &handler, &fields).await.unwrap();
        let guest_row = row(&app, id).await;
        assert_eq!(
            guest_row.unit_id,
            Some(unit.id),
            "recusal has to know the unit"
        );
        decide::approve(&app.ctx, &approver, id, &Fields::default())
            .await
            .unwrap();
        engage::answer(
            &app.ctx,
            token(&link(&app, id).await),
            &engage::Answer::Accept,
        )
        .await
        .unwrap();
        let by = contact(&app, &unit, "zhou@example.org").await;
        recommended(&app, &by, unit.id, "沈知行", "shen@example.org").await;
        recommended(&app, &by, unit.id, "林岚", "lin@example.org").await;
        assert_eq!(
            mails(&app, "experts.to_unit").await.len(),
            0,
            "the unit has no part in it"
        );
        let zhou = app.signed_in("zhou@example.org").await;
        assert_eq!(
            zhou.get(&format!("/experts/{id}")).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_contact_who_is_recommended_stays_one_person() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let unit = council_unit(&app, 16).await;
        let by = contact(&app, &unit, "zhou@example.org").await;
        let id = recommended(&app, &by, unit.id, "周叙白", "zhou@example.org").await;
        let draft_person = row(&app, id).await.person_id;
        assert_ne!(
            draft_person, by.person,
            "a draft never touches the row of somebody else"
        );
        decide::approve(
            &app.ctx,
            &approver(&app, "彭望舒").await,
            id,
            &Fields::default(),
        )
        .await
        .unwrap();
        assert_eq!(row(&app, id).await.person_id, by.person);
        let gone = person::Entity::find_by_id(draft_person)
            .one(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(gone, None);
    }
}
