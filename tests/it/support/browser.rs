//! Chromium without a window, driven through its own chromedriver.

use std::{
    env, fmt,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    ops::Deref,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Once,
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver,
    cdp::domains::{
        emulation::{MediaFeature, SetDeviceMetricsOverride, SetEmulatedMedia},
        page::AddScriptToEvaluateOnNewDocument,
    },
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// A desk's and a phone's width, at which every page is looked at.
pub const WIDTHS: [u32; 2] = [1280, 390];

/// Height of the window before a page has said how long it is.
const HEIGHT: u32 = 844;

/// Looks for what runs off or comes from elsewhere and, where that is asked, for what bars people from
/// using the page; the arguments are the width of the screen and whether it is asked.
const FAULTS: &str = r#"
const [width, bars, done] = arguments;
const faults = [];
const root = document.documentElement;
if (root.scrollWidth > width) {
  // The innermost elements that stick out say where to mend.
  const out = [...document.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.right + scrollX > width && !one.closest('.sr, .skip, .scroll');
  });
  const inner = out.filter(one => !out.some(other => other !== one && one.contains(other)));
  faults.push(`runs off sideways to ${root.scrollWidth}: `
    + inner.slice(0, 3).map(one => one.outerHTML.slice(0, 100)).join(' | '));
}
// Cells of a table with fixed columns hold what is in them.
const spilt = [...document.querySelectorAll('td, th')].find(one => one.clientWidth > 0
  && one.scrollWidth > one.clientWidth + 1 && !one.closest('.scroll'));
if (spilt) faults.push('runs out of its cell: ' + spilt.outerHTML.slice(0, 140));
for (const { name } of performance.getEntriesByType('resource')) {
  if (!name.startsWith(location.origin + '/')) faults.push('fetched from elsewhere: ' + name);
}
if (!bars) { done(faults); return; }
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run(document, { iframes: false, resultTypes: ['violations'], runOnly: { type: 'tag', values: tags } }).then(
  ({ violations }) => done(faults.concat(violations.map(({ id, help, nodes }) => `${id} (${help}): `
    + nodes.slice(0, 3).map(node => node.html.slice(0, 140)).join(' | ')))),
  error => done(['axe: ' + error]));
"#;

/// A way of looking at a page: how wide, and light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    width: u32,
    dark: bool,
}

impl Look {
    /// A desk by day.
    pub const WIDE: Self = Self {
        width: WIDTHS[0],
        dark: false,
    };
    /// A phone at night.
    pub const NARROW_DARK: Self = Self {
        width: WIDTHS[1],
        dark: true,
    };
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.dark { "dark" } else { "light" };
        write!(f, "at {} {scheme}", self.width)
    }
}

/// More browsers at once only wait for each other on a small machine.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A browser with an empty profile, which reads Chinese and sits in Shanghai. It is closed with this
/// value.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    _chromedriver: Chromedriver,
    _place: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts a browser, or gives `None` where none is set up (see [`super::missing`]).
    pub async fn start() -> Option<Self> {
        static SAID: Once = Once::new();
        if env::var_os("EXPERT_POOL_TEST_BROWSER").is_none() {
            super::missing("A browser", &SAID);
            return None;
        }
        let place = PLACES.acquire().await.expect("the places are never closed");
        let chromedriver = Chromedriver::start();
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            // Root, and many containers, have no sandbox to give; the pages are our own.
            "--no-sandbox",
            // /dev/shm is small in containers.
            "--disable-dev-shm-usage",
            // A click does not wait for a page that still scrolls.
            "--force-prefers-reduced-motion",
            "--accept-lang=zh-CN,zh",
            "--window-size=1280,844",
        ] {
            capabilities.add_arg(flag).expect("a flag is text");
        }
        capabilities
            .set_browser_log_level(LoggingPrefsLogLevel::Severe)
            .expect("a level is text");
        let driver = WebDriver::new(
            format!("http://127.0.0.1:{}", chromedriver.port),
            capabilities,
        )
        .await
        .expect("chromedriver starts Chromium");
        // Closing is the driver process's work, below: the session's own way waits for this test's
        // runtime, which waits for it.
        driver.clone().leak().expect("the session has only begun");
        Some(Self {
            driver,
            _chromedriver: chromedriver,
            _place: place,
        })
    }

    /// Takes pictures of the whole present page, one at each of [`WIDTHS`], and returns where they are:
    /// `screenshots/NAME-WIDTH.png` in cargo's target folder.
    pub async fn screenshots(&self, name: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        std::fs::create_dir_all(&folder).expect("the target folder can be written");
        let mut files = Vec::new();
        for width in WIDTHS {
            self.resize(width, HEIGHT).await;
            let length = self
                .driver
                .execute("return document.documentElement.scrollHeight", Vec::new())
                .await
                .and_then(|answer| answer.convert::<u32>())
                .expect("a page has a length");
            self.resize(width, length.max(HEIGHT)).await;
            let file = folder.join(format!("{name}-{width}.png"));
            self.driver
                .screenshot(&file)
                .await
                .expect("Chromium takes a picture");
            files.push(file);
        }
        self.resize(WIDTHS[0], HEIGHT).await;
        files
    }

    /// Brings axe-core into every page opened from now on.
    pub async fn bring_axe(&self) {
        let file =
            env::var_os("EXPERT_POOL_TEST_AXE").expect("scripts/test says where axe-core is");
        let source = std::fs::read_to_string(&file).expect("axe-core can be read");
        let script = AddScriptToEvaluateOnNewDocument {
            source,
            world_name: None,
            include_command_line_api: None,
        };
        let cdp = self.driver.cdp();
        cdp.send(script).await.expect("Chromium takes a script");
        self.driver
            .set_script_timeout(Duration::from_secs(60))
            .await
            .expect("a time limit");
    }

    /// Shows pages in this way from now on.
    pub async fn show(&self, look: Look) {
        let scheme = if look.dark { "dark" } else { "light" };
        let media = SetEmulatedMedia {
            media: None,
            features: Some(vec![MediaFeature {
                name: "prefers-color-scheme".to_owned(),
                value: scheme.to_owned(),
            }]),
        };
        let cdp = self.driver.cdp();
        cdp.send(media).await.expect("Chromium takes a scheme");
        self.resize(look.width, HEIGHT).await;
    }

    /// What is wrong with the present page as shown in this way; `bars` asks axe-core, too.
    pub async fn faults(&self, look: Look, bars: bool) -> Vec<String> {
        let arguments: Vec<Value> = vec![json!(look.width), json!(bars)];
        let faults: Vec<String> = self
            .driver
            .execute_async(FAULTS, arguments)
            .await
            .and_then(|answer| answer.convert())
            .expect("the page answers");
        let at = |fault: String| format!("{look}: {fault}");
        faults.into_iter().map(at).collect()
    }

    /// Errors that the console has shown since it was last asked for.
    pub async fn console(&self) -> Vec<String> {
        let entries = self.driver.get_log("browser").await.expect("the console");
        entries.into_iter().map(|entry| entry.message).collect()
    }

    /// Shows pages as a screen of this size would; a narrow one is a phone. A window itself cannot be
    /// made as narrow as that.
    async fn resize(&self, width: u32, height: u32) {
        self.driver
            .cdp()
            .send(SetDeviceMetricsOverride {
                width,
                height,
                device_scale_factor: 1.0,
                mobile: width < 600,
                scale: None,
                screen_orientation: None,
            })
            .await
            .expect("Chromium takes a size");
    }
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

/// The driver's process, stopped with this value, and Chromium with it.
#[derive(Debug)]
struct Chromedriver {
    port: u16,
    process: Child,
    /// Kept open, or the driver could not print any more.
    _output: BufReader<ChildStdout>,
    /// Profiles and whatever else Chromium writes.
    _folder: TempDir,
}

impl Chromedriver {
    /// Starts it on a port of its own choice, which it prints.
    fn start() -> Self {
        let program =
            env::var_os("EXPERT_POOL_TEST_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut process = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .env("TZ", "Asia/Shanghai")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be run");
        let mut output = BufReader::new(process.stdout.take().expect("the output is piped"));
        let port = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver prints its port");
        Self {
            port,
            process,
            _output: output,
            _folder: folder,
        }
    }

    /// Asks it to close Chromium and to end. Needs no runtime: the test's own may be at its end.
    fn shut_down(&self) -> io::Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        connection
            .write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        if answer.starts_with("HTTP/1.1 200") {
            Ok(())
        } else {
            Err(io::Error::other(answer))
        }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let shut_down = self.shut_down();
        if shut_down.is_err() {
            let _ = self.process.kill();
        }
        // It ends by itself once Chromium has.
        let _ = self.process.wait();
        if !thread::panicking() {
            shut_down.expect("chromedriver closes Chromium");
        }
    }
}

mod tests {
    use axum::{Form, Router, response::Html, routing::get};
    use thirtyfour::{By, extensions::query::ElementQueryable as _};

    use super::*;

    /// A page longer than the window, with a form.
    const FORM: &str =
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>
        <title>标准化专家库</title><p style='height: 2000px'>请选择</p>
        <form method=post><button name=answer value=接受>接受</button></form>";

    /// Serves it, and what was answered; returns the address.
    async fn serve() -> String {
        let router = Router::new().route(
            "/",
            get(async || Html(FORM)).post(async |Form(fields): Form<Vec<(String, String)>>| {
                Html(format!(
                    "<!doctype html><meta charset=utf-8><h1>{}</h1>",
                    fields[0].1
                ))
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/")
    }

    /// Width and height of a PNG file, from its header.
    fn size(file: &Path) -> (u32, u32) {
        let bytes = std::fs::read(file).unwrap();
        assert_eq!(&bytes[12..16], b"IHDR");
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[tokio::test]
    async fn a_page_is_read_answered_and_pictured() {
        let Some(browser) = Browser::start().await else {
            return;
        };
        browser.goto(serve().await).await.unwrap();
        assert_eq!(browser.title().await.unwrap(), "标准化专家库");

        for (file, width) in browser
            .screenshots("browser-self-test")
            .await
            .iter()
            .zip(WIDTHS)
        {
            let (wide, high) = size(file);
            assert_eq!(wide, width);
            assert!(high > 2000, "{high} is not the whole page");
        }

        browser
            .find(By::Css("button"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        assert_eq!(
            browser
                .query(By::Css("h1"))
                .first()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
            "接受"
        );
    }
}
