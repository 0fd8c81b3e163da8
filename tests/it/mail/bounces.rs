//! Mails that come back after the server had taken them.

use entity::{audit_entry, mail::MailState, role_grant::Role};
use expert_pool::{
    foundation::mail::{
        bounce::{Noted, envelope_sender},
        suppression,
    },
    operations::bounces,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use crate::support::{databases::databases, smtp::Sink};

use super::*;

/// A report by the recipient's server that `mail` could not be delivered to `address`.
fn report(mail: MailId, address: &str, action: &str, status: &str, said: &str) -> Vec<u8> {
    format!(
        "From: postmaster@example.cn\r\nTo: secretariat@example.org\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.cn\r\n\r\n\
         Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <mail-{mail}@example.org>\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_returned_mail_stands_as_failed_and_a_missing_address_is_given_up_until_trusted_again() {
    for database in databases().await {
        let sink = Sink::good().await;
        let app = service(database, sink.port, |_| {}).await;
        let smtp = smtp(&app);
        let ctx = &app.ctx;
        let id = queued(ctx, "Shen@example.cn", 1).await;
        let not_yet = report(
            id,
            "shen@example.cn",
            "failed",
            "5.1.1",
            "550 5.1.1 unknown",
        );
        assert_eq!(
            bounces::take(ctx, &not_yet).await.unwrap(),
            Noted::Nothing,
            "it never left"
        );
        assert_eq!(step(ctx, &smtp).await, Step::Tried(id, MailState::Sent));

        for harmless in [
            report(
                id,
                "shen@example.cn",
                "delayed",
                "4.4.1",
                "connection timed out",
            ),
            report(
                MailId(Uuid::from_u128(9)),
                "shen@example.cn",
                "failed",
                "5.1.1",
                "550 unknown",
            ),
            b"Subject: Re: 550 5.1.1\r\n\r\nI am on holiday.".to_vec(),
        ] {
            assert_eq!(bounces::take(ctx, &harmless).await.unwrap(), Noted::Nothing);
        }
        assert_eq!(row(ctx, id).await.state, MailState::Sent);

        let waiting = queued(ctx, "shen@example.cn", 2).await;
        let gone = report(
            id,
            "shen@example.cn",
            "failed",
            "5.1.1",
            "550 5.1.1 unknown",
        );
        let noted = Noted::Failed {
            mail: id,
            suppressed: true,
        };
        assert_eq!(bounces::take(ctx, &gone).await.unwrap(), noted);
        let failed = row(ctx, id).await;
        assert_eq!(
            failed.last_reply.as_deref(),
            Some("bounced 550 5.1.1 unknown")
        );
        assert_eq!(
            (failed.state, row(ctx, waiting).await.state),
            (MailState::Failed, MailState::Suppressed)
        );
        assert_eq!(
            bounces::take(ctx, &gone).await.unwrap(),
            Noted::Nothing,
            "once is enough"
        );
        let told = audit_entry::Entity::find()
            .filter(audit_entry::Column::Action.eq("mail.bounced"))
            .count(ctx.store.read())
            .await
            .unwrap();
        assert_eq!(told, 1);

        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let office = app.signed_in("he@example.org").await;
        let list = office.read("/mails?show=open").await;
        assert!(list.contains("被退回：地址不存在，550") && list.contains("停发地址 1 个"));
        let addresses = office.read("/mails/addresses").await;
        assert!(addresses.contains("s***@example.cn") && addresses.contains("沈知行"));
        assert!(!addresses.contains("shen@example.cn"));
        let key = addresses
            .split("name=\"key\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        app.add_account("周联络", "zhou@example.org", Role::Contact, None)
            .await;
        let contact = app.signed_in("zhou@example.org").await;
        let refused = contact.post("/mails/addresses/lift", &[("key", key)]).await;
        assert_eq!(refused.status(), reqwest::StatusCode::NOT_FOUND);
        for _ in 0..2 {
            office
                .submit("/mails/addresses/lift", &[("key", key)])
                .await;
        }
        assert_eq!(suppression::count(ctx.store.read()).await.unwrap(), 0);
        assert!(
            office
                .read("/mails/addresses")
                .await
                .contains("没有停发的地址")
        );
        assert!(office.read("/audit").await.contains("恢复向停发地址发信"));
        let next = queued(ctx, "shen@example.cn", 3).await;
        assert_eq!(step(ctx, &smtp).await, Step::Tried(next, MailState::Sent));
        assert_eq!(sink.kept().len(), 2, "nobody was answered");
    }
}

#[tokio::test]
async fn a_full_box_and_a_forwarded_address_leave_ours_in_use() {
    let sink = Sink::good().await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.bounce_address = "bounce+{id}@example.org".into();
    })
    .await;
    for (subject, about, status) in [(1, "a@example.cn", "5.2.2"), (2, "b@elsewhere.cn", "5.1.1")] {
        let id = queued(&app.ctx, "a@example.cn", subject).await;
        assert_eq!(
            step(&app.ctx, &smtp(&app)).await,
            Step::Tried(id, MailState::Sent)
        );
        let returned = report(id, about, "failed", status, "550 no");
        let noted = Noted::Failed {
            mail: id,
            suppressed: false,
        };
        assert_eq!(bounces::take(&app.ctx, &returned).await.unwrap(), noted);
        let own = envelope_sender(&app.ctx.config.mail, id);
        assert_eq!(own, format!("bounce+{}@example.org", id.0.simple()));
    }
    assert_eq!(suppression::count(app.ctx.store.read()).await.unwrap(), 0);
    let senders = sink.senders();
    assert!(senders.len() == 2 && senders.iter().all(|sender| sender.starts_with("bounce+")));
}

#[tokio::test]
async fn a_folder_of_returned_mails_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::good().await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.bounce_maildir = folder.path().display().to_string();
    })
    .await;
    let id = queued(&app.ctx, "a@example.cn", 1).await;
    step(&app.ctx, &smtp(&app)).await;
    let new = folder.path().join("new");
    std::fs::create_dir(&new).unwrap();
    std::fs::write(
        new.join("1.holiday"),
        "Subject: away\r\n\r\nI am on holiday.",
    )
    .unwrap();
    let gone = report(id, "a@example.cn", "failed", "5.1.1", "550 5.1.1 unknown");
    std::fs::write(new.join("2.report"), gone).unwrap();
    for expected in [1, 0] {
        assert_eq!(
            bounces::take_from(&app.ctx, folder.path()).await.unwrap(),
            expected
        );
    }
    let seen = std::fs::read_dir(folder.path().join("cur"))
        .unwrap()
        .count();
    assert_eq!((seen, std::fs::read_dir(&new).unwrap().count()), (2, 0));
    assert_eq!(row(&app.ctx, id).await.state, MailState::Failed);
    let known: Vec<_> = app.workers.schedule.rules().map(|rule| rule.name).collect();
    assert!(known.contains(&"operations.bounces"));
}
