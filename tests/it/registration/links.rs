//! The own link of a participant: sent anew, and after the address was corrected.

use expert_pool::registration::not_reached::tell_not_reached;
use reqwest::StatusCode;

use crate::support::{
    databases::databases,
    outbox::{link, mails},
    seats::{CONTACT, GROUP, Hall, facts},
};

const KIND: &str = "registration.new_link";

#[tokio::test]
async fn a_new_link_ends_the_former_one_and_a_corrected_address_gets_it() {
    for database in databases().await {
        let hall = Hall::open(database, 2).await;
        hall.enrol(1..=2).await;
        let app = &hall.app;
        let group = app.signed_in(GROUP).await;
        let path = format!("/registrations/{}/people/{}", hall.id, hall.of(1).await.id);
        let first = link(app, "registration.enrolled", "trainee1@example.org").await;
        let queued = mails(app, "registration.enrolled", "trainee1@example.org").await;
        assert_eq!(queued[0].facts["link"]["generation"], 1);
        group.submit(&path, &[("do", "link"), ("email", "")]).await;

        let ended = app.visitor().get(&first).await.status();
        assert_eq!(ended, StatusCode::NOT_FOUND);
        let second = link(app, KIND, "trainee1@example.org").await;
        assert!(app.visitor().read(&second).await.contains("名额已确定"));
        // What had not left carries the living link.
        let waiting = mails(app, "registration.enrolled", "trainee1@example.org").await;
        assert_eq!(waiting[0].facts["link"]["generation"], 2);

        for (email, said) in [("nobody@", "邮箱"), ("trainee2@example.org", "学员")] {
            let fields = [("do", "link"), ("email", email)];
            let answer = group.post(&path, &fields).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{email}");
            let page = answer.text().await.unwrap();
            assert!(page.contains(said), "{email}: {page}");
        }
        assert_eq!(hall.of(1).await.generation, 2, "nothing has changed");
        let contact = app.signed_in(CONTACT).await;
        let corrected = [("do", "link"), ("email", "right@example.org")];
        contact.submit(&path, &corrected).await;
        assert_eq!(
            app.visitor().get(&second).await.status(),
            StatusCode::NOT_FOUND
        );
        let third = link(app, KIND, "right@example.org").await;
        assert!(app.visitor().read(&third).await.contains("学员一"));
        assert!(
            mails(app, "registration.enrolled", "trainee1@example.org")
                .await
                .is_empty(),
            "what had not left goes to the right address"
        );

        // An address to sign in with is its owner's.
        let path = format!("/registrations/{}/people/{}", hall.id, hall.of(2).await.id);
        let row = hall.of(2).await;
        let tx = hall.ctx().store.begin().await.unwrap();
        expert_pool::accounts::grants::open(&tx, row.person_id, "trainee2@example.org")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let answer = group.post(&path, &corrected).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.unwrap().contains("有自己登记的邮箱"));
    }
}

#[tokio::test]
async fn who_still_waits_at_the_begin_is_told_once() {
    for database in databases().await {
        let hall = Hall::open(database, 1).await;
        hall.enrol(1..=3).await;
        hall.leave(hall.of(3).await.id).await.unwrap();
        hall.app.set_time("2026-10-20 08:59");
        assert_eq!(tell_not_reached(hall.ctx()).await.unwrap(), 0);
        hall.app.set_time("2026-10-20 09:00");
        assert_eq!(tell_not_reached(hall.ctx()).await.unwrap(), 1);
        assert_eq!(tell_not_reached(hall.ctx()).await.unwrap(), 0, "once");
        let kind = "registration.not_reached";
        assert_eq!(
            mails(&hall.app, kind, "trainee2@example.org").await.len(),
            1
        );
        hall.app.work().await;
        let read = hall.app.mails_to("trainee2@example.org");
        assert!(
            read.iter().any(|mail| mail.text.contains("没有空出名额")),
            "{read:?}"
        );
        let own = link(&hall.app, kind, "trainee2@example.org").await;
        assert!(hall.app.visitor().read(&own).await.contains("候补到此结束"));
    }
    for database in databases().await {
        // Days later nobody has to hear of it any more.
        let hall = Hall::open_with(database, &facts(1), |_| {}).await;
        hall.enrol(1..=2).await;
        hall.app.set_time("2026-10-22 09:00");
        assert_eq!(tell_not_reached(hall.ctx()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn spans_are_as_configured() {
    for database in databases().await {
        let hall = Hall::open_with(database, &facts(1), |config| {
            config.registration.offer_working_days = 2;
            config.registration.late_offer_office_hours = 3;
            config.registration.check_in_minutes = 60;
            config.registration.code_seconds = 20;
        })
        .await;
        hall.enrol(1..=3).await;
        hall.leave(hall.of(1).await.id).await.unwrap();
        let until = hall.offers().await[0].until;
        assert_eq!(until, crate::support::app::shanghai("2026-09-16 10:00"));
        let group = hall.app.signed_in(GROUP).await;
        let page = group.read(&format!("/registrations/{}", hall.id)).await;
        assert!(page.contains("保留 2 个工作日"), "{page}");
        hall.answer(hall.of(2).await.id, true).await.unwrap();
        hall.app.set_time("2026-10-20 08:05");
        let group = hall.app.signed_in(GROUP).await;
        let sittings = expert_pool::registration::sittings(hall.ctx().store.read(), hall.id)
            .await
            .unwrap();
        let wall = group
            .read(&format!("/sittings/{}/wall", sittings[0].id))
            .await;
        assert!(wall.contains("每 20 秒更换一次"), "{wall}");
    }
}
