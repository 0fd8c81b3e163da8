//! The pages of operations, and the service's start and end.

use std::{sync::Arc, time::Duration as Wait};

use chrono::Duration;
use entity::{
    ids::MailId,
    mail::{self, MailState},
    role_grant::Role,
};
use expert_pool::{
    App,
    accounts::mails::RoleGiven,
    foundation::{
        config::{Config, MailTransport},
        context::{Boxed, Context},
        mail::{
            About, Cause, Failure, Letter, LetterDesk, Options, Outgoing, Queued, Recipient,
            Registry, Stage, Step, Template, Transport, outbox, try_execute,
        },
        platform::Platform,
    },
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    databases::{TestDatabase, databases},
};

const TOKEN: &str = "AZkLmNoPqRsTuVwXyZ0123456789abcdefghijklmnopq";

#[derive(Serialize, Deserialize)]
struct Invitation {
    title: String,
    url: String,
}

impl Template for Invitation {
    const KIND: &'static str = "test.invitation";
    const LABEL: &'static str = "测试邀请";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("邀请：{}", self.title),
            format!("{}老师：您好！", desk.recipient),
        )
        .text("<b>请答复</b>")
        .action("答复邀请", self.url.as_str())
    }
}

#[derive(Serialize, Deserialize)]
struct Key;

impl Template for Key {
    const KIND: &'static str = "test.key";
    const LABEL: &'static str = "重设密码";
    const SECRET: bool = true;

    fn letter(&self, _: &LetterDesk<'_>) -> Letter {
        Letter::new("重设密码", "您好！")
    }
}

fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.register::<Invitation>();
    registry.register::<Key>();
    registry
}

/// A server that answers the same to everything.
struct Says(Result<&'static str, (Stage, u16, &'static str)>);

impl Transport for Says {
    fn send<'a>(&'a self, _: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            self.0
                .map(str::to_owned)
                .map_err(|(stage, code, text)| Failure {
                    stage,
                    cause: Cause::Reply {
                        code,
                        text: text.to_owned(),
                    },
                })
        })
    }
}

/// A transport that tells to whom it has sent.
struct Telling {
    inner: Arc<dyn Transport>,
    tell: mpsc::UnboundedSender<String>,
}

impl Transport for Telling {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            let answer = self.inner.send(mail).await;
            self.tell
                .send(mail.to.to_string())
                .expect("somebody listens");
            answer
        })
    }

    fn reaches_people(&self) -> bool {
        self.inner.reaches_people()
    }
}

async fn queue<T: Template>(ctx: &Context, name: &str, address: Option<&str>, mail: &T) -> MailId {
    let tx = ctx.store.begin().await.unwrap();
    let to = Recipient {
        person: None,
        name: name.into(),
        address: address.map(str::to_owned),
    };
    let about = About {
        subject: tx.id(),
        generation: 0,
        cause: "批准匹配 PP-2026-036".into(),
    };
    let queued = outbox::enqueue(&tx, &to, &about, Options::default(), mail)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    match queued {
        Queued::New(id) => id,
        Queued::Already => panic!("a new matter"),
    }
}

fn invitation(app: &TestApp) -> Invitation {
    Invitation {
        title: "车规级芯片审查".into(),
        url: format!("{}/i/{TOKEN}", app.url),
    }
}

async fn state(app: &TestApp, id: MailId) -> MailState {
    let row = mail::Entity::find_by_id(id)
        .one(app.ctx.store.read())
        .await
        .unwrap();
    row.unwrap().state
}

/// Delivers everything that is due through `says`.
async fn deliver(app: &TestApp, says: Says) {
    while let Step::Tried(..) = try_execute(&app.ctx, &registry(), &says).await.unwrap() {}
}

#[tokio::test]
async fn the_list_says_what_happened_and_hides_what_opens_something() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let browser = app.signed_in("he@example.org").await;
        queue(
            &app.ctx,
            "钟离山",
            Some("zhong@example.org"),
            &invitation(&app),
        )
        .await;
        let gone = Says(Err((
            Stage::Recipient,
            550,
            "5.1.1 <zhong@example.org> unknown",
        )));
        deliver(&app, gone).await;
        let sent = queue(
            &app.ctx,
            "沈知行",
            Some("shen@example.cn"),
            &invitation(&app),
        )
        .await;
        deliver(&app, Says(Ok("250 2.0.0 queued"))).await;
        queue(&app.ctx, "叶知秋", None, &invitation(&app)).await;
        let secret = queue(&app.ctx, "林岚", Some("lin@example.cn"), &Key).await;

        let list = browser.read("/mails").await;
        for said in [
            "今天 3 封，已发出 1 封",
            "地址不存在，550",
            "没有邮箱地址",
            "批准匹配 PP-2026-036",
            "s***@example.cn",
            "邀请：车规级芯片审查",
        ] {
            assert!(list.contains(said), "{said}");
        }
        for hidden in ["shen@example.cn", "林岚", "重设密码</a>", TOKEN] {
            assert!(!list.contains(hidden), "{hidden}");
        }
        let open = browser.read("/mails?show=open").await;
        assert!(open.contains("钟离山") && open.contains("叶知秋") && !open.contains("沈知行"));
        assert!(!browser.read("/mails?q=100%25").await.contains("钟离山"));
        assert!(browser.read("/mails?q=%E6%B2%88").await.contains("沈知行"));
        assert!(
            browser
                .read("/mails?day=2026-09-13")
                .await
                .contains("这里没有邮件")
        );

        let page = browser.read(&format!("/mails/{sent}")).await;
        assert!(page.contains("/i/…") && !page.contains(TOKEN));
        assert!(page.contains("&#60;b&#62;请答复") && page.contains("250 2.0.0 queued"));
        assert_eq!(
            browser.get(&format!("/mails/{secret}")).await.status(),
            StatusCode::NOT_FOUND
        );

        app.add_account("周联络", "zhou@example.org", Role::Contact, None)
            .await;
        let other = app.signed_in("zhou@example.org").await;
        assert_eq!(other.get("/mails").await.status(), StatusCode::NOT_FOUND);
        let post = other.post("/mails/hold-all", &[]).await;
        assert_eq!(post.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_office_holds_releases_and_retries() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        app.add_account("顾批", "gu@example.org", Role::Approver, None)
            .await;
        let browser = app.signed_in("he@example.org").await;
        let id = queue(
            &app.ctx,
            "沈知行",
            Some("shen@example.cn"),
            &invitation(&app),
        )
        .await;
        let other = queue(
            &app.ctx,
            "高远图",
            Some("gao@example.net"),
            &invitation(&app),
        )
        .await;
        let at = |word: &str| format!("/mails/{id}/{word}");

        let back = [("back", "/mails?show=ready"), ("reason", "等盖章")];
        assert_eq!(
            browser.submit(&at("hold"), &back).await,
            "/mails?show=ready&done=held"
        );
        assert!(
            browser
                .read("/mails?show=held")
                .await
                .contains("何静宜：等盖章")
        );
        deliver(&app, Says(Ok("250 ok"))).await;
        assert_eq!(
            (state(&app, id).await, state(&app, other).await),
            (MailState::Held, MailState::Sent)
        );
        let given = RoleGiven {
            capacity: "经办".into(),
        };
        let waiting = queue(&app.ctx, "周叙白", Some("zhou@example.cn"), &given).await;
        let page = browser.read(&format!("/mails/{waiting}")).await;
        assert!(page.contains("还没有发出") && page.contains("您已登记为经办"));

        browser.submit(&at("release"), &[]).await;
        assert_eq!(
            browser.post(&at("release"), &[]).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        deliver(&app, Says(Err((Stage::Recipient, 450, "4.2.1 busy")))).await;
        assert!(
            browser
                .read("/mails?show=deferred")
                .await
                .contains("对方暂不能收，450，9月14日 10:0")
        );
        browser.submit(&at("send-now"), &[]).await;
        deliver(&app, Says(Err((Stage::Recipient, 550, "5.1.1 unknown")))).await;
        assert_eq!(state(&app, id).await, MailState::Failed);
        browser.submit(&at("retry"), &[]).await;
        deliver(&app, Says(Ok("250 ok"))).await;
        assert_eq!(
            state(&app, id).await,
            MailState::Sent,
            "the address is trusted again"
        );

        let third = queue(
            &app.ctx,
            "方之涵",
            Some("fang@example.cn"),
            &invitation(&app),
        )
        .await;
        let secret = queue(&app.ctx, "林岚", Some("lin@example.cn"), &Key).await;
        browser.submit("/mails/hold-all", &[]).await;
        assert_eq!(
            (state(&app, third).await, state(&app, secret).await),
            (MailState::Held, MailState::Ready)
        );
        assert!(browser.read("/mails").await.contains("放行全部暂缓"));
        let approver = app.signed_in("gu@example.org").await;
        assert!(!approver.read("/mails").await.contains("放行全部暂缓"));
        assert_eq!(
            approver.post("/mails/release-all", &[]).await.status(),
            StatusCode::NOT_FOUND
        );
        browser.submit("/mails/release-all", &[]).await;
        assert_eq!(state(&app, third).await, MailState::Ready);

        let trail = browser.read("/audit").await;
        for act in [
            "暂缓邮件",
            "放行邮件",
            "重试邮件",
            "立即发出邮件",
            "暂缓全部待发邮件",
        ] {
            assert!(trail.contains(act), "{act}");
        }
    }
}

#[tokio::test]
async fn a_closed_way_is_said_on_the_list() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    queue(
        &app.ctx,
        "沈知行",
        Some("shen@example.cn"),
        &invitation(&app),
    )
    .await;
    deliver(&app, Says(Err((Stage::SignIn, 535, "5.7.8 no")))).await;
    let list = app.signed_in("he@example.org").await.read("/mails").await;
    assert!(list.contains("邮件服务器暂时不能用") && list.contains("不认我方账号，535"));
}

#[tokio::test]
async fn the_schedule_page_shows_what_ran_and_what_comes() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let browser = app.signed_in("he@example.org").await;
        let before = browser.read("/schedule").await;
        assert!(before.contains("清除到期的邮件正文") && before.contains("9月15日 03:30"));
        app.set_time("2026-09-15 03:30");
        app.work().await;
        app.set_time("2026-09-15 10:00");
        let browser = app.signed_in("he@example.org").await;
        let after = browser.read("/schedule?show=all").await;
        assert!(after.contains("完成") && after.contains("9月16日 03:30"));
        let slots = entity::schedule_slot::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        let slot = slots
            .iter()
            .find(|slot| slot.rule == "mail.housekeeping")
            .unwrap();
        let again = format!("/schedule/{}/again", slot.id);
        assert_eq!(browser.submit(&again, &[]).await, "/schedule?done=retried");
        assert_eq!(
            browser.post(&again, &[]).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn the_demo_mailbox_is_read_like_a_mailbox_and_only_in_a_demo() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let id = queue(
            &app.ctx,
            "沈知行",
            Some("shen@example.cn"),
            &invitation(&app),
        )
        .await;
        let transport = app.workers.transport.clone().unwrap();
        try_execute(&app.ctx, &registry(), &*transport)
            .await
            .unwrap();
        assert_eq!(app.mails_to("shen@example.cn").len(), 1);
        let visitor = app.visitor();
        assert!(
            visitor
                .read("/dev/mailbox")
                .await
                .contains("邀请：车规级芯片审查")
        );
        let page = visitor.read(&format!("/dev/mailbox/{id}")).await;
        assert!(
            page.contains(&format!("href=\"/i/{TOKEN}\"")),
            "links can be followed"
        );
        let html = visitor.get(&format!("/dev/mailbox/{id}/html")).await;
        let policy = html.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("sandbox") && !policy.contains("script"));
        assert!(html.text().await.unwrap().contains("&#60;b&#62;请答复"));
        let other = Uuid::from_u128(1);
        assert_eq!(
            visitor.get(&format!("/dev/mailbox/{other}")).await.status(),
            StatusCode::NOT_FOUND
        );
    }
    let app = TestApp::start_with(TestDatabase::sqlite(), |config| {
        config.mail.transport = MailTransport::None;
    })
    .await;
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    let browser = app.signed_in("he@example.org").await;
    for path in [
        "/dev/mailbox",
        "/dev/mailbox/00000000-0000-0000-0000-000000000001",
    ] {
        assert_eq!(browser.get(path).await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_instance_with_other_keys_does_not_start() {
    for database in databases().await {
        let folder = tempfile::tempdir().unwrap();
        let config = |secret: &str| {
            let mut config = Config::load(None).unwrap();
            config.database.url = database.url().into();
            config.server.secret_file = folder.path().join(secret).display().to_string();
            config.mail.mailbox = folder.path().join("mailbox").display().to_string();
            config
        };
        let start = |secret: &'static str| App::build(config(secret), Platform::system());
        start("one.key").await.unwrap();
        let refused = start("two.key").await.unwrap_err().to_string();
        assert!(refused.contains("secret file"), "{refused}");
        // A new key beside the old one, then without it.
        let (one, two) = (folder.path().join("one.key"), folder.path().join("two.key"));
        let new = std::fs::read_to_string(&two).unwrap().replacen('a', "b", 1);
        let old = std::fs::read_to_string(&one).unwrap();
        std::fs::write(&one, format!("{new}{old}")).unwrap();
        start("one.key").await.unwrap();
        std::fs::write(&one, &new).unwrap();
        start("one.key").await.unwrap();
        std::fs::write(&one, &old).unwrap();
        assert!(
            start("one.key").await.is_err(),
            "the old key alone is not enough any more"
        );
    }
}

#[tokio::test]
async fn workers_send_and_stop_when_told() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let (stop, stopped) = watch::channel(false);
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut workers = app.workers.clone();
    workers.transport = Some(Arc::new(Telling {
        inner: workers.transport.take().unwrap(),
        tell,
    }));
    let workers = tokio::spawn(workers.run(stopped));
    let tx = app.ctx.store.begin().await.unwrap();
    let to = Recipient {
        person: None,
        name: "沈知行".into(),
        address: Some("shen@example.cn".into()),
    };
    let about = About {
        subject: tx.id(),
        generation: 0,
        cause: "测试".into(),
    };
    let given = RoleGiven {
        capacity: "经办".into(),
    };
    outbox::enqueue(&tx, &to, &about, Options::default(), &given)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let sent = tokio::time::timeout(Wait::from_secs(60), told.recv()).await;
    assert_eq!(
        sent.expect("something is sent"),
        Some("shen@example.cn".to_owned())
    );
    assert_eq!(app.mails_to("shen@example.cn").len(), 1);
    app.advance(Duration::seconds(1));
    stop.send_replace(true);
    tokio::time::timeout(Wait::from_secs(5), workers)
        .await
        .expect("they stop")
        .unwrap();
}
