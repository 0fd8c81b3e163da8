//! How long a match over 200 panels and 86 experts takes from the click to the page. A measurement
//! that is run by `scripts/bench-match`, not a test of time.

use std::{collections::BTreeMap, io::Write as _};

use entity::{expert, panel::Half, role_grant::Role};
use expert_pool::foundation::platform::Stopwatch;
use sea_orm::{EntityTrait, sea_query::Expr};

use crate::support::{
    app::TestApp,
    databases::databases,
    pool::{engage_samples, facts, meeting, open},
};

const REQUESTS: &str = include_str!("../../matching/data/requests_zh.csv");
const DOMAINS: &str = include_str!("../../matching/data/requests_zh_domains.csv");
const PANELS: usize = 200;
const CLICKS: usize = 3;

fn rows(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .records()
        .map(|row| row.expect("sound data"))
        .collect()
}

#[tokio::test]
#[ignore = "a measurement: scripts/bench-match"]
async fn from_click_to_page() {
    let requests = rows(REQUESTS);
    let domains: BTreeMap<String, Vec<String>> = rows(DOMAINS)
        .iter()
        .map(|row| {
            (
                row[0].to_owned(),
                row[1].split(';').map(str::to_owned).collect(),
            )
        })
        .collect();
    for database in databases().await {
        let app = TestApp::start(database).await;
        let ctx = &app.ctx;
        app.add_account("何静宜", "handler@example.org", Role::Handler, None)
            .await;
        engage_samples(ctx).await;
        let tx = ctx.store.begin().await.expect("a write begins");
        expert::Entity::update_many()
            .col_expr(expert::Column::MaxOpen, Expr::value(8))
            .col_expr(expert::Column::MaxYear, Expr::value(20))
            .exec(tx.db())
            .await
            .expect("room for 200 panels");
        tx.commit().await.expect("the write is kept");
        for number in 0..PANELS {
            let request = &requests[number % requests.len()];
            let mut facts = facts(&request[1], &request[2], 3);
            facts.domains = domains.get(&request[0]).cloned().unwrap_or_default();
            let half = if number % 2 == 0 {
                Half::Morning
            } else {
                Half::Afternoon
            };
            facts.meeting = meeting(10, 9 + (number / 2 % 20) as u32, half);
            open(ctx, facts, Vec::new()).await;
        }
        let desk = app.signed_in("handler@example.org").await;
        for mode in ["best", "fair"] {
            let mut times = Vec::new();
            let mut size = 0;
            for _ in 0..CLICKS {
                let watch = Stopwatch::start();
                let to = desk
                    .submit("/runs", &[("scope", "all"), ("mode", mode)])
                    .await;
                let matched = watch.elapsed();
                let page = desk.read(&to).await;
                size = page.len();
                times.push((watch.elapsed(), matched));
            }
            times.sort();
            let (all, matched) = times[CLICKS / 2];
            let said = writeln!(
                std::io::stderr(),
                "{}, {mode}: {PANELS} panels, 86 experts: click to page {} ms (match and write {} ms), slowest {} ms, page {} kB",
                ctx.store.kind(),
                all.as_millis(),
                matched.as_millis(),
                times[CLICKS - 1].0.as_millis(),
                size / 1024,
            );
            drop(said);
        }
    }
}
