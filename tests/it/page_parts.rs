//! Parts of pages that a script improves, in a real browser.

use std::time::Duration;

use entity::role_grant::Role;
use thirtyfour::{
    By, Key, WebElement,
    cdp::domains::emulation::{MediaType, SetEmulatedMedia},
    extensions::query::ElementQueryable as _,
};

use crate::support::{
    app::{PASSWORD, TestApp},
    browser::Browser,
    databases::TestDatabase,
};

async fn at(browser: &Browser, css: &str) -> WebElement {
    browser
        .query(By::Css(css))
        .wait(Duration::from_secs(20), Duration::from_millis(50))
        .first()
        .await
        .unwrap_or_else(|error| panic!("no {css}: {error}"))
}

/// A contact before the form of a new request.
async fn filing(browser: &Browser) -> TestApp {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let unit = expert_pool::units::all(app.ctx.store.read()).await.unwrap()[0].id;
    app.add_account("周叙白", "zhou@example.org", Role::Contact, Some(unit))
        .await;
    browser
        .goto(format!("{}/sign-in?next=/consultations/new", app.url))
        .await
        .unwrap();
    at(browser, "[name=email]")
        .await
        .send_keys("zhou@example.org")
        .await
        .unwrap();
    at(browser, "[name=password]")
        .await
        .send_keys(PASSWORD + Key::Enter)
        .await
        .unwrap();
    at(browser, "#domains").await;
    app
}

#[tokio::test]
async fn a_code_is_found_by_initials_and_taken_by_keyboard() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let _app = filing(&browser).await;
    let input = at(&browser, "#domains").await;
    assert_eq!(
        input.attr("role").await.unwrap().as_deref(),
        Some("combobox")
    );
    input.send_keys("可靠性试验；jcdl").await.unwrap();
    at(&browser, "#domains-offers:not([hidden]) [role=option]").await;
    let expanded = input.attr("aria-expanded").await.unwrap();
    assert_eq!(expanded.as_deref(), Some("true"));
    input.send_keys(Key::Down + "").await.unwrap();
    let chosen = at(&browser, "#domains-offers [aria-selected=true]").await;
    assert!(chosen.text().await.unwrap().contains("集成电路"));
    assert_eq!(
        input.attr("aria-activedescendant").await.unwrap(),
        chosen.attr("id").await.unwrap(),
    );
    let code = chosen.attr("data-value").await.unwrap().unwrap();
    input.send_keys(Key::Enter + "").await.unwrap();
    let value = input.prop("value").await.unwrap().unwrap();
    assert_eq!(
        value,
        format!("可靠性试验；{code}；"),
        "what stood before is kept"
    );
    let path = browser.current_url().await.unwrap().path().to_owned();
    assert_eq!(
        path, "/consultations/new",
        "Enter took the offer and sent nothing"
    );

    // Escape closes; a click takes as well.
    input.send_keys("L56").await.unwrap();
    at(&browser, "#domains-offers:not([hidden]) [role=option]").await;
    input.send_keys(Key::Escape + "").await.unwrap();
    at(&browser, "#domains-offers[hidden]").await;
    input.send_keys(Key::Down + "").await.unwrap();
    at(&browser, "#domains-offers:not([hidden]) [role=option]")
        .await
        .click()
        .await
        .unwrap();
    let value = input.prop("value").await.unwrap().unwrap();
    assert!(value.ends_with("L56；"), "{value}");
}

#[tokio::test]
async fn folds_are_open_on_paper() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let app = filing(&browser).await;
    let page = "document.querySelector('main').insertAdjacentHTML('beforeend', \
        '<details class=\"fold\"><summary>依据</summary><p id=\"inside\">分数</p></details>')";
    browser.execute(page, Vec::new()).await.unwrap();
    let height = "return document.getElementById('inside').getBoundingClientRect().height";
    let tall = async || {
        let answer = browser.execute(height, Vec::new()).await.unwrap();
        answer.convert::<f64>().unwrap() > 0.0
    };
    assert!(!tall().await, "folded on the screen");
    let paper = SetEmulatedMedia {
        media: Some(MediaType::Print),
        features: None,
    };
    browser.cdp().send(paper).await.unwrap();
    assert!(tall().await, "open on paper");
    let events = "dispatchEvent(new Event('beforeprint'));
        const open = document.querySelector('details.fold').open;
        dispatchEvent(new Event('afterprint'));
        return [open, document.querySelector('details.fold').open]";
    let answer = browser.execute(events, Vec::new()).await.unwrap();
    assert_eq!(
        answer.convert::<[bool; 2]>().unwrap(),
        [true, false],
        "and as before afterwards"
    );
    drop(app);
}
