//! A person in front of a real browser: opens pages, types, clicks, reads.

use std::time::Duration;

use thirtyfour::{
    By, WebElement,
    extensions::query::{ElementQueryable, ElementWaitable},
};

use super::{
    app::{PASSWORD, TestApp},
    browser::Browser,
};

/// A person in front of the browser.
pub struct Desk<'a> {
    pub app: &'a TestApp,
    pub browser: &'a Browser,
}

impl Desk<'_> {
    /// Opens a path or a whole address.
    pub async fn open(&self, path: &str) {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.app.url)
        };
        self.browser.goto(address).await.unwrap();
    }

    /// The first element of a selector, waited for.
    pub async fn at(&self, css: &str) -> WebElement {
        self.browser
            .query(By::Css(css))
            .wait(Duration::from_secs(20), Duration::from_millis(100))
            .first()
            .await
            .unwrap_or_else(|error| panic!("no {css}: {error}"))
    }

    /// Types into a field, instead of what stands there.
    pub async fn fill(&self, field: &str, text: &str) {
        let input = self.at(&format!("[name={field}]")).await;
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }

    /// Chooses an answer of several.
    pub async fn choose(&self, field: &str, value: &str) {
        self.at(&format!("input[name={field}][value='{value}']"))
            .await
            .click()
            .await
            .unwrap();
    }

    /// Clicks an element.
    pub async fn click(&self, css: &str) {
        self.at(css).await.click().await.unwrap();
    }

    /// Clicks the button or link that says `words`, and waits until its page has gone.
    pub async fn press(&self, words: &str) {
        let path = format!("//*[(self::button or self::a) and contains(., '{words}')]");
        let pressed = self
            .browser
            .query(By::XPath(path))
            .wait(Duration::from_secs(20), Duration::from_millis(100))
            .first()
            .await
            .unwrap_or_else(|error| panic!("nothing says {words}: {error}"));
        pressed.click().await.unwrap();
        pressed
            .wait_until()
            .wait(Duration::from_secs(20), Duration::from_millis(100))
            .stale()
            .await
            .unwrap_or_else(|error| panic!("{words} leads nowhere: {error}"));
    }

    /// Holds that the page says these words.
    pub async fn reads(&self, words: &str) {
        let path = format!("//main[contains(., '{words}')]");
        let found = self
            .browser
            .query(By::XPath(path))
            .wait(Duration::from_secs(20), Duration::from_millis(100))
            .exists()
            .await
            .unwrap();
        let text = self.at("main").await.text().await.unwrap();
        assert!(found, "{words} is not on the page: {text}");
    }

    /// Signs in as somebody else.
    pub async fn sign_in(&self, email: &str) {
        self.browser.delete_all_cookies().await.unwrap();
        self.open("/sign-in").await;
        self.fill("email", email).await;
        self.fill("password", PASSWORD).await;
        self.click("button.main").await;
        self.at("nav#menu").await;
    }
}

/// Links of one kind in all mails, each with its recipient, the newest mail of a person last.
pub async fn links(app: &TestApp, path: &str) -> Vec<(String, String)> {
    app.work().await;
    let mark = format!("{}{path}", app.url);
    app.all_mails()
        .into_iter()
        .filter_map(|mail| {
            let at = mail.text.find(&mark)?;
            let link = mail.text[at..].split_whitespace().next()?.to_owned();
            Some((mail.to, link))
        })
        .collect()
}
