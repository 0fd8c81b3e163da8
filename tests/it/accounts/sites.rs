//! Submissions from other sites are refused; pages carry their headers.

use crate::support::{app::TestApp, databases::TestDatabase};
use reqwest::StatusCode;

#[tokio::test]
async fn only_own_pages_may_submit() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let own = app.url.clone();
    let other = "https://evil.example".to_owned();
    let null = "null".to_owned();
    // (Sec-Fetch-Site, Origin, taken)
    let cases: Vec<(Option<&str>, Option<&String>, bool)> = vec![
        (Some("same-origin"), Some(&own), true),
        (Some("same-origin"), None, true),
        (Some("none"), None, true),
        (None, Some(&own), true),
        (None, None, true),
        (Some("cross-site"), Some(&own), true),
        (Some("cross-site"), Some(&other), false),
        (Some("cross-site"), None, false),
        (Some("cross-site"), Some(&null), false),
        (Some("same-site"), Some(&other), false),
        (Some("same-site"), None, false),
        (None, Some(&other), false),
        (None, Some(&null), false),
    ];
    let visitor = app.visitor();
    for (site, origin, taken) in cases {
        let mut request = visitor
            .client()
            .post(visitor.address("/forgotten"))
            .form(&[("email", "nobody@example.org")]);
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = request.send().await.unwrap();
        let expected = if taken {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!(answer.status(), expected, "{site:?} {origin:?}");
        if !taken {
            assert!(answer.text().await.unwrap().contains("提交来自别的网站"));
        }
    }
}

#[tokio::test]
async fn public_pages_name_the_handler_of_data_and_show_no_error() {
    let app = TestApp::start_with(TestDatabase::sqlite(), |config| {
        config.office.privacy_handler = "某某标准化协会".to_owned();
    })
    .await;
    let visitor = app.visitor();
    assert!(visitor.read("/").await.contains("推荐专家进库"));
    let privacy = visitor.read("/privacy").await;
    assert!(privacy.contains("个人信息由某某标准化协会负责处理"));
    assert!(!privacy.contains('{'));
    let missing = visitor.get("/no-such-page").await;
    for answer in [visitor.get("/privacy").await, missing] {
        let headers = answer.headers();
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("default-src 'none'")
        );
    }
}
