//! What stands around every request: limits, headers of every answer, and a log without secrets.

use std::net::SocketAddr;

use axum::{Router, routing::get};
use expert_pool::router::layered;
use reqwest::{Method, Response, StatusCode, header::HeaderMap};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::{app::TestApp, databases::TestDatabase};

/// Headers that no answer may lack, whatever it is.
fn assert_guarded(headers: &HeaderMap, of: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(headers[name], value, "{name} of {of}");
    }
    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors",
    ] {
        assert!(policy.contains(part), "{of}: {policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"),
        "{of}"
    );
    assert!(headers.contains_key("cache-control"), "{of}");
}

#[tokio::test]
async fn every_answer_carries_the_headers_whatever_went_wrong() {
    let app = TestApp::start_with(TestDatabase::sqlite(), |config| {
        config.server.body_limit_mb = 1;
        config.server.public_url = "https://pool.example.org".into();
    })
    .await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let at = |path: &str| format!("{}{path}", app.url);
    let large = vec![b'a'; 2 << 20];
    let answers: [(&str, StatusCode, Response); 8] = [
        (
            "a page",
            StatusCode::OK,
            client.get(at("/sign-in")).send().await.unwrap(),
        ),
        (
            "an asset",
            StatusCode::OK,
            client.get(at("/health")).send().await.unwrap(),
        ),
        (
            "nothing there",
            StatusCode::NOT_FOUND,
            client.get(at("/nowhere")).send().await.unwrap(),
        ),
        (
            "not signed in",
            StatusCode::SEE_OTHER,
            client.get(at("/home")).send().await.unwrap(),
        ),
        (
            "a wrong method",
            StatusCode::METHOD_NOT_ALLOWED,
            client.delete(at("/sign-in")).send().await.unwrap(),
        ),
        (
            "TRACE",
            StatusCode::METHOD_NOT_ALLOWED,
            client
                .request(Method::TRACE, at("/sign-in"))
                .send()
                .await
                .unwrap(),
        ),
        (
            "another site",
            StatusCode::FORBIDDEN,
            client
                .post(at("/sign-in"))
                .header("sec-fetch-site", "cross-site")
                .send()
                .await
                .unwrap(),
        ),
        (
            "too large",
            StatusCode::PAYLOAD_TOO_LARGE,
            client
                .post(at("/sign-in"))
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(large)
                .send()
                .await
                .unwrap(),
        ),
    ];
    for (of, status, answer) in answers {
        assert_eq!(answer.status(), status, "{of}");
        assert_guarded(answer.headers(), of);
        assert_eq!(
            answer.headers()["strict-transport-security"],
            "max-age=31536000",
            "{of}"
        );
        let text = answer.text().await.unwrap();
        assert!(
            !text.contains("cookie:") && !text.contains("TRACE"),
            "{of} echoes nothing"
        );
    }
}

/// The layers of the service around routes of this test.
async fn serve(app: &TestApp, router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let service = layered(router, &app.ctx)
        .unwrap()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    url
}

#[tokio::test]
async fn a_handler_that_panics_or_never_ends_leaves_the_service_standing() {
    let app = TestApp::start_with(TestDatabase::sqlite(), |config| {
        config.server.request_seconds = 0;
    })
    .await;
    let router = Router::new()
        .route(
            "/panic",
            get(async || -> &'static str { panic!("planted: s3cret") }),
        )
        .route(
            "/never",
            get(async || -> &'static str { std::future::pending().await }),
        )
        .route("/well", get(async || "well"));
    let url = serve(&app, router).await;
    for (path, status, said) in [
        ("/panic", StatusCode::INTERNAL_SERVER_ERROR, "编号"),
        ("/never", StatusCode::GATEWAY_TIMEOUT, "请"),
        ("/panic", StatusCode::INTERNAL_SERVER_ERROR, "编号"),
        ("/well", StatusCode::OK, "well"),
    ] {
        let answer = reqwest::get(format!("{url}{path}")).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_guarded(answer.headers(), path);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains(said) && !text.contains("s3cret"),
            "{path}: {text}"
        );
    }
}

/// Sends raw bytes and reads the first line of the answer.
async fn raw(app: &TestApp, bytes: &[u8]) -> String {
    let address = app.url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has taken everything.
    let _ = socket.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn addresses_and_headers_without_end_are_refused() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let long = "a".repeat(70_000);
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    for (of, request, status) in [
        (
            "a long address",
            format!("GET /{long} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
            "414",
        ),
        (
            "many headers",
            format!("GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{many}\r\n"),
            "431",
        ),
        ("no request", "\u{1}\u{2}\r\n\r\n".to_owned(), "400"),
        (
            "a sound one",
            "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
            "200",
        ),
    ] {
        let answer = raw(&app, request.as_bytes()).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{of}: {answer}"
        );
    }
}

#[tokio::test]
async fn clients_that_never_finish_keep_nobody_waiting() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let address = app.url.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for n in 0..300 {
        let mut socket = TcpStream::connect(&address).await.unwrap();
        let begun: &[u8] = match n % 2 {
            0 => b"GET /sign-in HTTP/1.1\r\nhost: x\r\nx-slow: ",
            _ => b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\ne",
        };
        socket.write_all(begun).await.unwrap();
        slow.push(socket);
    }
    let visitor = app.visitor();
    for _ in 0..20 {
        assert_eq!(visitor.get("/sign-in").await.status(), StatusCode::OK);
    }
    drop(slow);
}

#[tokio::test]
async fn monitors_are_told_how_far_mail_and_jobs_are_behind() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let visitor = app.visitor();
    assert_eq!(visitor.read("/health").await, "ok\n");
    let idle: serde_json::Value = visitor.get("/ready").await.json().await.unwrap();
    insta::assert_json_snapshot!("ready_idle", idle);
    crate::support::outbox::queue_one(&app, "shen@example.cn").await;
    app.advance(chrono::Duration::minutes(3));
    let behind: serde_json::Value = visitor.get("/ready").await.json().await.unwrap();
    assert_eq!(behind["mail"]["oldest_due_seconds"], 180);
    app.work().await;
    let done: serde_json::Value = visitor.get("/ready").await.json().await.unwrap();
    insta::assert_json_snapshot!("ready_after_work", done);
}
