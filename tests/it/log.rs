//! The log of the real program, from its start to its end: a line for each request, and nothing in it that
//! opens a door or names a person.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::{Client, StatusCode, redirect::Policy};
use tokio::sync::mpsc;

/// Planted; none of them may be logged.
const PASSWORD: &str = "planted password 电池 7391";
const WRONG: &str = "planted wrong password 2846";
const SMTP_PASSWORD: &str = "planted-smtp-5170";
const EMAIL: &str = "planted.he@example.org";
const CONTACT: &str = "planted.contact@example.org";
const MOBILE: &str = "13912345678";
const NAME: &str = "何静宜种";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_expert-pool"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("EXPERT_POOL__DATABASE__URL", "sqlite:pool.sqlite")
        .env("EXPERT_POOL__SERVER__SECRET_FILE", "secret.key")
        .env("EXPERT_POOL__MAIL__PASSWORD", SMTP_PASSWORD)
        .env("EXPERT_POOL__ACCOUNTS__HASH_MEMORY_KIB", "64")
        .env("EXPERT_POOL__ACCOUNTS__HASH_PASSES", "1")
        .env("EXPERT_POOL__LOG__FILTER", "trace")
        .stdin(Stdio::null());
    command
}

/// The program while it serves; it ends with this value.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines of its log as they come.
fn lines(child: &mut Child) -> mpsc::UnboundedReceiver<String> {
    let log = BufReader::new(child.stderr.take().unwrap());
    let (tell, told) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in log.lines().map_while(Result::ok) {
            if tell.send(line + "\n").is_err() {
                return;
            }
        }
    });
    told
}

/// Reads the log until the program says where it serves: the lines so far, and the address.
async fn serving(lines: &mut mpsc::UnboundedReceiver<String>) -> (String, String) {
    let mut log = String::new();
    while let Some(line) = lines.recv().await {
        log.push_str(&line);
        if let Some((_, rest)) = line.split_once("127.0.0.1:")
            && line.contains("serving")
        {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return (log, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("it ended: {log}");
}

#[tokio::test]
async fn a_whole_run_leaves_no_secret_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let invited = program(folder.path(), &["invite", NAME, EMAIL, "--role", "handler"])
        .output()
        .unwrap();
    assert!(invited.status.success());
    let printed = String::from_utf8(invited.stdout).unwrap();
    let token = printed.trim().rsplit('/').next().unwrap().to_owned();
    assert!(token.len() >= 43, "{printed}");

    let child = program(folder.path(), &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut child = Serving(child);
    let mut lines = lines(&mut child.0);
    let (mut log, url) = serving(&mut lines).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let post = async |path: &str, cookie: &str, fields: &[(&str, &str)]| {
        let mut request = client
            .post(format!("{url}{path}"))
            .header("sec-fetch-site", "same-origin");
        if !cookie.is_empty() {
            request = request.header("cookie", cookie);
        }
        request.form(fields).send().await.unwrap()
    };
    let set = post(
        &format!("/invitation/{token}"),
        "",
        &[("password", PASSWORD), ("again", PASSWORD)],
    )
    .await;
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    let wrong = post("/sign-in", "", &[("email", EMAIL), ("password", WRONG)]).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let right = post("/sign-in", "", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(right.status(), StatusCode::SEE_OTHER);
    let cookie = right.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let session = cookie.split_once('=').unwrap().1.to_owned();
    let units = client
        .get(format!("{url}/units"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let unit = units
        .split("href=\"/units/")
        .nth(1)
        .map(|rest| rest.split('"').next().unwrap());
    let unit = unit.filter(|unit| *unit != "new").or_else(|| {
        units
            .split("href=\"/units/")
            .nth(2)
            .map(|rest| rest.split('"').next().unwrap())
    });
    let added = post(
        &format!("/units/{}/contacts/new", unit.unwrap()),
        &cookie,
        &[("name", NAME), ("email", CONTACT), ("mobile", MOBILE)],
    )
    .await;
    assert_eq!(added.status(), StatusCode::SEE_OTHER);
    post("/forgotten", "", &[("email", EMAIL)]).await;
    post("/expert/link", "", &[("contact", MOBILE)]).await;
    let forged = "a".repeat(45);
    for path in [
        format!("/i/{forged}"),
        format!("/reset/{token}"),
        format!("/nowhere?email={EMAIL}&token={token}"),
        format!("/mails?q={MOBILE}"),
    ] {
        client
            .get(format!("{url}{path}"))
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap();
    }
    let key = std::fs::read_to_string(folder.path().join("secret.key")).unwrap();

    let id = child.0.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    while let Some(line) = lines.recv().await {
        log.push_str(&line);
    }
    assert!(child.0.wait().unwrap().success());

    let invitation = String::from_utf8_lossy(&invited.stderr).into_owned();
    let whole = format!("{invitation}{log}");
    for (what, secret) in [
        ("password", PASSWORD),
        ("a mistyped password", WRONG),
        ("the mail server's password", SMTP_PASSWORD),
        ("the token of an invitation", &token),
        ("the token of a link", &forged),
        ("a session", &session),
        ("the secret file", key.trim()),
        ("an address", EMAIL),
        ("a contact's address", CONTACT),
        ("a mobile number", MOBILE),
        ("a name", NAME),
    ] {
        assert!(!whole.contains(secret), "{what} was logged");
    }
    for line in [
        "path=\"/sign-in\"",
        "/invitation/…",
        "status=422",
        "stopping",
    ] {
        let plain = whole
            .replace("\u{1b}[3m", "")
            .replace("\u{1b}[0m", "")
            .replace("\u{1b}[2m", "");
        assert!(plain.contains(line), "{line} is missing: {plain}");
    }
}
