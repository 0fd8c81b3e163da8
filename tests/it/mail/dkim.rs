//! The signature of a mail as a receiver checks it, with a verifier that shares nothing with the signer.

use std::{borrow::Borrow, collections::HashMap, hash::Hash, sync::Mutex, time::Instant};

use chrono::Duration;
use entity::mail::MailState;
use expert_pool::foundation::mail::Signer;
use mail_auth::{
    AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt,
    common::{parse::TxtRecordParser, verify::DomainKey},
};

use crate::support::smtp::{Act, At, Sink};

use super::*;

/// The DNS as far as it is needed: one text record.
struct Records(Mutex<HashMap<Box<str>, Txt>>);

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn remove<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.lock().unwrap().remove(name)
    }

    fn insert(&self, name: Box<str>, value: Txt, _: Instant) {
        self.0.lock().unwrap().insert(name, value);
    }
}

/// What a receiver says of the mail's signature, knowing `record` from the DNS.
async fn verified(mail: &[u8], (name, text): &(String, String)) -> Vec<DkimResult> {
    let key = DomainKey::parse(text.as_bytes()).expect("a record of the standard");
    let records = HashMap::from([(format!("{name}.").into_boxed_str(), key.into())]);
    let zone = Records(Mutex::new(records));
    let message = AuthenticatedMessage::parse(mail).expect("a mail");
    let receiver = MessageAuthenticator::new_cloudflare().expect("a resolver that is not asked");
    receiver
        .verify_dkim(Parameters::new(&message).with_txt_cache(&zone))
        .await
        .iter()
        .map(|output| output.result().clone())
        .collect()
}

/// A key as `openssl genrsa` makes one; worth nothing outside of this test.
const KEY: &str = include_str!("testdata/dkim.pem");

#[tokio::test]
async fn a_mail_is_signed_once_and_no_change_on_its_way_passes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dkim.pem");
    std::fs::write(&file, KEY).unwrap();
    let sink = Sink::start(|at, _, times| match (at, times) {
        (At::Content, 1) => Act::Reply("451 4.3.0 later"),
        _ => Act::Well,
    })
    .await;
    let app = service(TestDatabase::sqlite(), sink.port, |config| {
        config.mail.dkim_key_file = file.display().to_string();
        config.mail.dkim_selector = "pool2026".into();
        config.mail.reply_to = "office@example.org".into();
    })
    .await;
    let signer = || Signer::read(&app.ctx.config.mail).unwrap();
    let record = signer().unwrap().record();
    assert_eq!(record.0, "pool2026._domainkey.example.org");
    let mut registry = registry();
    registry.sign_with(signer());
    let smtp = smtp(&app);

    let id = queued(&app.ctx, "a@example.org", 1).await;
    let tried = try_execute(&app.ctx, &registry, &smtp).await.unwrap();
    assert_eq!(tried, Step::Tried(id, MailState::Deferred));
    let frozen = row(&app.ctx, id).await.bytes.unwrap();
    app.advance(Duration::minutes(3));
    let tried = try_execute(&app.ctx, &registry, &smtp).await.unwrap();
    assert_eq!(tried, Step::Tried(id, MailState::Sent));
    let arrived = sink.kept().remove(0).bytes;
    assert_eq!(arrived, frozen, "the signature is frozen with the mail");
    assert_eq!(verified(&arrived, &record).await, [DkimResult::Pass]);

    let text = String::from_utf8(arrived).unwrap();
    assert!(
        text.lines()
            .all(|line| line.len() <= 78 || !line.starts_with("DKIM"))
    );
    // Servers fold and space anew; that may not matter.
    let refolded = text
        .replacen("To: ", "To:   ", 1)
        .replacen("Date: ", "date:\r\n ", 1);
    assert_eq!(
        verified(refolded.as_bytes(), &record).await,
        [DkimResult::Pass]
    );
    for (from, to) in [
        ("From: ", "From: x@evil.example\r\nFrom: "),
        ("Reply-To: office@", "Reply-To: evil@"),
        ("Auto-Submitted: auto-generated", "Auto-Submitted: no"),
        ("Date: Mon", "Date: Tue"),
        ("multipart/alternative", "multipart/mixed"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let said = verified(changed.as_bytes(), &record).await;
        assert!(
            said.iter().all(|result| *result != DkimResult::Pass),
            "{from}: {said:?}"
        );
    }
    let longer = format!("{text}x\r\n");
    assert_ne!(
        verified(longer.as_bytes(), &record).await,
        [DkimResult::Pass]
    );
    let other = (record.0.clone(), record.1.replacen("MIIB", "MIIC", 1));
    assert!(
        DomainKey::parse(other.1.as_bytes()).is_err()
            || verified(text.as_bytes(), &other).await != [DkimResult::Pass]
    );
}

#[test]
fn a_key_file_that_does_not_serve_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::load(None).unwrap().mail;
    assert!(
        Signer::read(&config).unwrap().is_none(),
        "no key, no signature"
    );
    let file = folder.path().join("key.pem");
    config.dkim_key_file = file.display().to_string();
    config.dkim_selector = "s".into();
    for content in [
        None,
        Some("no key"),
        Some("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
    ] {
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let error = Signer::read(&config).unwrap_err().to_string();
        assert!(
            error.contains("mail.dkim_key_file") && error.contains("key.pem"),
            "{error}"
        );
    }
}
