//! How fast the signed-in list of consultations is, against a bare page of axum and sea-orm that shows
//! the same rows from the same file in the same run. A measurement that is run by `scripts/bench-pages`,
//! not a test of time.

use std::{io::Write as _, net::SocketAddr, time::Duration};

use axum::{Router, extract::State, response::Html, routing::get};
use entity::{
    consultation::{self, Purpose},
    panel::MeetingForm,
    role_grant::Role,
};
use expert_pool::{
    consultations::{self, Filing, NewDraft, TakingIn},
    foundation::{platform::Stopwatch, ui::form::escape},
    units,
};
use reqwest::header;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder,
    QuerySelect,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{interval, timeout},
};

use crate::support::{
    app::{PASSWORD, TestApp},
    databases::TestDatabase,
};

const REQUESTS: i32 = 500;
const ROWS: u64 = 50;
const CONNECTIONS: u32 = 8;
const SPAN: Duration = Duration::from_secs(8);

/// 500 requests of all units, taken in, so that each has a panel with its places.
async fn fill(app: &TestApp) {
    let (handler, _) = app
        .add_account("何静宜", "handler@example.org", Role::Handler, None)
        .await;
    let units = units::all(app.ctx.store.read()).await.expect("units");
    for number in 0..REQUESTS {
        let unit = &units[usize::try_from(number).expect("a place") % units.len()];
        let tx = app.ctx.store.begin().await.expect("a write begins");
        let draft = NewDraft {
            unit: unit.id,
            by: handler,
            filing: filing(number),
        };
        let id = consultations::file_draft(&tx, &draft)
            .await
            .expect("a draft");
        consultations::submit(&app.ctx, &tx, id, handler)
            .await
            .expect("handed in");
        tx.commit().await.expect("the write is kept");
        let taking_in = TakingIn {
            domains: vec!["ics:31.200".to_owned()],
            keywords: Vec::new(),
            urgent: false,
        };
        consultations::accept(&app.ctx, id, handler, &taking_in)
            .await
            .expect("taken in");
    }
}

fn filing(number: i32) -> Filing {
    Filing {
        purpose: Purpose::Advice,
        title: format!("第 {number} 件：车规级集成电路可靠性试验方法的选择咨询"),
        description: "对试验剖面有两种意见，请给出结论。".to_owned(),
        standard_name: "车规级集成电路可靠性试验方法".to_owned(),
        standard_number: format!("T/CIE {}-2026", 9000 + number),
        drafting_units: Vec::new(),
        drafters: Vec::new(),
        recusals: Vec::new(),
        domains: vec!["ics:31.200".to_owned()],
        keywords: vec!["可靠性试验".to_owned()],
        demand: 2,
        form: MeetingForm::None,
        meeting_date: None,
        meeting_half: None,
        place: String::new(),
        wanted_by: "2026-10-30".parse().ok(),
        wishes: Vec::new(),
        confidential: false,
        undecided: Vec::new(),
    }
}

/// The bare page: the rows and their number, and nothing of what makes a page useful.
async fn bare(State(db): State<DatabaseConnection>) -> Html<String> {
    let all = consultation::Entity::find();
    let total = all.clone().count(&db).await.expect("a count");
    let rows = all
        .order_by_desc(consultation::Column::UpdatedAt)
        .order_by_desc(consultation::Column::Id)
        .limit(ROWS)
        .all(&db)
        .await
        .expect("rows");
    let mut page = format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{total}</title><table>"
    );
    for row in rows {
        page.push_str("<tr>");
        for cell in [
            row.number.as_deref().unwrap_or_default(),
            &row.title,
            &row.standard_number,
            &row.standard_name,
            &row.description,
            &row.place,
            &row.updated_at.to_rfc3339(),
        ] {
            page.push_str("<td>");
            page.push_str(&escape(cell));
            page.push_str("</td>");
        }
        page.push_str("</tr>");
    }
    page.push_str("</table>");
    Html(page)
}

async fn serve_bare(url: &str) -> SocketAddr {
    let mut options = ConnectOptions::new(url);
    options.max_connections(4).sqlx_logging(false);
    let db = Database::connect(options).await.expect("the same file");
    let router = Router::new().route("/", get(bare)).with_state(db);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// One connection that is kept: sends the request and reads the whole answer.
struct Line {
    stream: TcpStream,
    request: String,
    buffer: Vec<u8>,
}

impl Line {
    async fn open(address: SocketAddr, request: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            request: request.to_owned(),
            buffer: Vec::with_capacity(1 << 17),
        }
    }

    /// Bytes of the answer's body.
    async fn ask(&mut self) -> usize {
        self.stream
            .write_all(self.request.as_bytes())
            .await
            .expect("sent");
        self.buffer.clear();
        loop {
            self.stream
                .read_buf(&mut self.buffer)
                .await
                .expect("an answer");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.buffer[..end]).expect("a head");
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            let length: usize = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                })
                .expect("a length")
                .parse()
                .expect("a number");
            while self.buffer.len() < end + 4 + length {
                self.stream
                    .read_buf(&mut self.buffer)
                    .await
                    .expect("an answer");
            }
            return length;
        }
    }
}

/// What a run of requests gave.
struct Measured {
    rate: f64,
    bytes: usize,
    /// Milliseconds, sorted.
    times: Vec<f64>,
}

impl Measured {
    fn quantile(&self, part: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list"
        )]
        let place = ((self.times.len() - 1) as f64 * part) as usize;
        self.times[place]
    }
}

/// Asks over all connections: as fast as answers come, or `rate` times a second in all, each time counted
/// from when it was due. In a thread of its own, so that it does not wait for the service's.
async fn load(address: SocketAddr, request: String, rate: Option<f64>) -> Measured {
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let watch = Stopwatch::start();
            let mut lines = Vec::new();
            for _ in 0..CONNECTIONS {
                let request = request.clone();
                lines.push(tokio::task::spawn(async move {
                    let mut line = Line::open(address, &request).await;
                    let (mut times, mut bytes) = (Vec::new(), 0);
                    let mut clock = rate.map(|rate| {
                        interval(Duration::from_secs_f64(f64::from(CONNECTIONS) / rate))
                    });
                    let _ = timeout(SPAN, async {
                        loop {
                            let due = match &mut clock {
                                Some(clock) => Some(clock.tick().await),
                                None => None,
                            };
                            let one = Stopwatch::start();
                            bytes = line.ask().await;
                            let waited = due.map_or_else(|| one.elapsed(), |due| due.elapsed());
                            times.push(waited.as_secs_f64() * 1_000.0);
                        }
                    })
                    .await;
                    (times, bytes)
                }));
            }
            let (mut times, mut bytes) = (Vec::new(), 0);
            for line in lines {
                let (mine, length) = line.await.expect("a line ends");
                times.extend(mine);
                bytes = length;
            }
            times.sort_by(f64::total_cmp);
            #[expect(clippy::cast_precision_loss, reason = "a rate in words")]
            let rate = times.len() as f64 / watch.elapsed().as_secs_f64();
            Measured { rate, bytes, times }
        })
    })
    .await
    .expect("the thread ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: scripts/bench-pages"]
async fn the_list_against_a_bare_page() {
    let database = TestDatabase::sqlite();
    let url = database.url().to_owned();
    let app = TestApp::start(database).await;
    fill(&app).await;
    let visitor = app.visitor();
    let fields = [("email", "handler@example.org"), ("password", PASSWORD)];
    let signed_in = visitor.post("/sign-in", &fields).await;
    let cookie = signed_in.headers()[header::SET_COOKIE]
        .to_str()
        .expect("a cookie");
    let cookie = cookie.split(';').next().expect("a value");
    let address: SocketAddr = app
        .url
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let list = format!(
        "GET /consultations?tab=all HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n"
    );
    let plain = serve_bare(&url).await;
    let simple = format!("GET / HTTP/1.1\r\nHost: {plain}\r\n\r\n");

    // Warm, then in turns, so that a busy moment of the machine does not decide.
    load(plain, simple.clone(), None).await;
    let (mut bare_rate, mut list_rate) = (0.0_f64, 0.0_f64);
    let (mut bare_bytes, mut list_bytes) = (0, 0);
    for _ in 0..2 {
        let bare = load(plain, simple.clone(), None).await;
        let own = load(address, list.clone(), None).await;
        bare_rate = bare_rate.max(bare.rate);
        list_rate = list_rate.max(own.rate);
        (bare_bytes, list_bytes) = (bare.bytes, own.bytes);
    }
    let half = load(address, list, Some(list_rate / 2.0)).await;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "bare page      {bare_rate:8.0} a second  {bare_bytes} bytes\n\
         list           {list_rate:8.0} a second  {list_bytes} bytes  ratio {:.2}\n\
         at half load   {:8.0} a second  p50 {:.1} ms  p99 {:.1} ms",
        list_rate / bare_rate,
        half.rate,
        half.quantile(0.5),
        half.quantile(0.99),
    )
    .expect("a line");
}
