//! TLS on the way to the mail server: what is checked, and that nothing leaves where it does not hold.

use entity::mail::MailState;

use crate::support::{
    authority::Authority,
    smtp::{Act, At, Sink, Tls},
};

use super::*;

/// What became of a mail to a server with `tls`, trusting `ca`; its last reply, and the server.
async fn sent(tls: Tls, mode: MailTls, ca: Option<&Authority>) -> (MailState, String, Sink) {
    let sink = Sink::start_with(tls, |_, _, _| Act::Well).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    if let Some(ca) = ca {
        std::fs::write(&file, &ca.pem).unwrap();
    }
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.tls = mode;
        config.mail.username = "office".into();
        config.mail.password = "hush".to_owned().into();
        if ca.is_some() {
            config.mail.ca_file = file.display().to_string();
        }
    })
    .await;
    let id = queued(&app.ctx, "a@example.org", 1).await;
    let tried = step(&app.ctx, &smtp(&app)).await;
    let row = row(&app.ctx, id).await;
    assert_eq!(tried, Step::Tried(id, row.state));
    (row.state, row.last_reply.unwrap_or_default(), sink)
}

#[tokio::test]
async fn mails_leave_through_tls_to_a_server_that_proves_its_name() {
    let ca = Authority::new();
    for (tls, mode) in [
        (Tls::Implicit(ca.server("127.0.0.1")), MailTls::Required),
        (Tls::Starttls(ca.server("127.0.0.1")), MailTls::Starttls),
    ] {
        let (state, reply, sink) = sent(tls, mode, Some(&ca)).await;
        assert_eq!(state, MailState::Sent, "{reply}");
        assert_eq!(sink.asked(At::Auth), 1);
        assert!(sink.kept().iter().all(|mail| mail.secure));
    }
}

#[tokio::test]
async fn nothing_leaves_to_a_server_that_does_not() {
    let (ca, other) = (Authority::new(), Authority::new());
    let right = || ca.server("127.0.0.1");
    for (case, tls, mode, trusted) in [
        (
            "unknown authority",
            Tls::Implicit(right()),
            MailTls::Required,
            None,
        ),
        (
            "unknown authority",
            Tls::Starttls(right()),
            MailTls::Starttls,
            None,
        ),
        (
            "another authority",
            Tls::Implicit(right()),
            MailTls::Required,
            Some(&other),
        ),
        (
            "another name",
            Tls::Implicit(ca.server("mail.example.org")),
            MailTls::Required,
            Some(&ca),
        ),
        (
            "another name",
            Tls::Starttls(ca.server("mail.example.org")),
            MailTls::Starttls,
            Some(&ca),
        ),
        (
            "run out",
            Tls::Implicit(ca.outdated("127.0.0.1")),
            MailTls::Required,
            Some(&ca),
        ),
        ("no TLS at all", Tls::Without, MailTls::Required, Some(&ca)),
        (
            "STARTTLS not offered",
            Tls::Without,
            MailTls::Starttls,
            Some(&ca),
        ),
        (
            "words slipped in",
            Tls::SlippedIn(right()),
            MailTls::Starttls,
            Some(&ca),
        ),
        (
            "only offered",
            Tls::OnlyOffered,
            MailTls::Starttls,
            Some(&ca),
        ),
    ] {
        let (state, reply, sink) = sent(tls, mode, trusted).await;
        assert_eq!(state, MailState::Ready, "{case}: the mail waits, {reply}");
        assert!(reply.starts_with("no_answer"), "{case}: {reply}");
        assert_eq!(
            (
                sink.asked(At::Auth),
                sink.asked(At::Mail),
                sink.kept().len()
            ),
            (0, 0, 0),
            "{case}: no password and no mail"
        );
    }
}

#[tokio::test]
async fn a_certificate_file_that_is_none_is_named() {
    let sink = Sink::good().await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.tls = MailTls::Required;
        config.mail.ca_file = "/nowhere/ca.pem".into();
    })
    .await;
    let error = smtp(&app).greet().await.unwrap_err().to_string();
    assert!(error.contains("mail.ca_file /nowhere/ca.pem"), "{error}");
}
