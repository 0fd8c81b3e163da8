//! People, their time and their consents.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{ids::PersonId, person};
use expert_pool::{
    foundation::{
        config::Config,
        error::{Error, Refusal, Result},
        platform::{ManualClock, Platform, SeededRandom},
        search::SearchQuery,
        store::Store,
    },
    people::{
        self, NewPerson,
        commitments::{self, Span},
        consents,
    },
};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::{
    app::shanghai,
    databases::{TestDatabase, databases},
};

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

async fn open(database: &TestDatabase) -> Store {
    let mut config = Config::load(None).unwrap().database;
    config.url = database.url().into();
    let clock = Arc::new(ManualClock::new(shanghai("2026-09-14 10:00")));
    let store = Store::open(
        &config,
        Platform::new(clock, Arc::new(SeededRandom::new(11))),
    )
    .await
    .unwrap();
    store.migrate().await.unwrap();
    store
}

fn named(name: &str, email: &str, mobile: &str) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        mobile: Some(mobile.to_owned()),
        sample: false,
    }
}

async fn add(store: &Store, new: NewPerson) -> PersonId {
    let tx = store.begin().await.unwrap();
    let id = people::add(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn at(local: &str) -> DateTime<Utc> {
    shanghai(local)
}

fn span(person: PersonId, from: &str, to: &str, source: u128) -> Span {
    Span {
        person,
        from: at(from),
        to: at(to),
        source_kind: "panel",
        source_id: Uuid::from_u128(source),
        label: format!("评审会 {source}"),
    }
}

async fn take(store: &Store, span: Span) -> Result<()> {
    let tx = store.begin().await?;
    commitments::take(&tx, ZONE, span).await?;
    tx.commit().await
}

fn conflict(result: Result<()>) -> Refusal {
    match result {
        Err(Error::Conflict(refusal)) => refusal,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

#[tokio::test]
async fn people_are_kept_in_one_form_and_found_as_their_names_are_typed() {
    for database in databases().await {
        let store = open(&database).await;
        let id = add(
            &store,
            named(" 单　晓重 ", "Shan@Example.ORG", "138 1234 5678"),
        )
        .await;
        let row = people::get(store.read(), id).await.unwrap();
        assert_eq!(row.name, "单 晓重");
        assert_eq!(row.email.as_deref(), Some("shan@example.org"));
        assert_eq!(row.mobile.as_deref(), Some("13812345678"));
        add(&store, named("100%_甲", "", "")).await;
        for (typed, expected) in [
            ("晓重", 1),
            ("sxz", 1),
            ("danxiao", 1),
            ("shang", 0),
            ("%", 1),
            ("_", 1),
        ] {
            let query = SearchQuery::of(typed).unwrap();
            let found = person::Entity::find()
                .filter(people::found_by(&query))
                .all(store.read())
                .await
                .unwrap();
            assert_eq!(found.len(), expected, "{typed} on {}", store.kind());
        }
        let tx = store.begin().await.unwrap();
        let refused = people::add(&tx, named(" ", "周@例子", "12345")).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        let codes: Vec<_> = errors
            .iter()
            .map(|(field, refusal)| (field, refusal.code))
            .collect();
        assert_eq!(
            codes,
            [
                ("name", "form.required"),
                ("email", "form.not_an_address"),
                ("mobile", "form.not_a_mobile"),
            ]
        );
    }
}

#[tokio::test]
async fn the_same_human_is_kept_once_and_nobody_is_merged_by_guess() {
    for database in databases().await {
        let store = open(&database).await;
        let known = add(&store, named("周叙白", "zhou@example.org", "13812345678")).await;
        let tx = store.begin().await.unwrap();
        let again = people::find_or_add(&tx, named("周叙白", "ZHOU@example.org", ""))
            .await
            .unwrap();
        assert_eq!(again.id, known);
        for (new, field, code) in [
            (
                named("欧阳锋", "zhou@example.org", ""),
                "email",
                "people.email_of_other",
            ),
            (
                named("周叙白", "other@example.org", "13812345678"),
                "mobile",
                "people.mobile_of_other",
            ),
        ] {
            match people::find_or_add(&tx, new).await {
                Err(Error::Invalid(errors)) => assert_eq!(errors.of(field).unwrap().code, code),
                other => panic!("{code}: {other:?}"),
            }
        }
        // The same name alone says nothing.
        let namesake = people::find_or_add(&tx, named("周叙白", "zhou2@example.org", ""))
            .await
            .unwrap();
        assert_ne!(namesake.id, known);
        let alike = people::duplicates(tx.db(), Some("zhou@example.org"), Some("13812345678"))
            .await
            .unwrap();
        assert_eq!(alike.len(), 1);
    }
}

#[tokio::test]
async fn corrected_data_is_found_by_its_new_name() {
    for database in databases().await {
        let store = open(&database).await;
        let id = add(&store, named("周叙白", "zhou@example.org", "")).await;
        let tx = store.begin().await.unwrap();
        let row = people::correct(&tx, id, "周叙北", None, Some("13912345678"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(row.email, None);
        assert_eq!(row.mobile.as_deref(), Some("13912345678"));
        assert_eq!(row.name_pinyin, "zhouxubei");
    }
}

#[tokio::test]
async fn nobody_is_in_two_places() {
    for database in databases().await {
        let store = open(&database).await;
        let person = add(&store, named("周叙白", "zhou@example.org", "")).await;
        let other = add(&store, named("金晓岚", "jin@example.org", "")).await;
        take(
            &store,
            span(person, "2026-09-18 09:00", "2026-09-18 12:00", 1),
        )
        .await
        .unwrap();
        // Touching spans, another person, and the same matter moved are no clash.
        take(
            &store,
            span(person, "2026-09-18 12:00", "2026-09-18 14:00", 2),
        )
        .await
        .unwrap();
        take(
            &store,
            span(other, "2026-09-18 09:00", "2026-09-18 12:00", 3),
        )
        .await
        .unwrap();
        take(
            &store,
            span(person, "2026-09-18 08:30", "2026-09-18 11:30", 1),
        )
        .await
        .unwrap();
        let refusal = conflict(
            take(
                &store,
                span(person, "2026-09-18 11:00", "2026-09-18 11:15", 4),
            )
            .await,
        );
        assert_eq!(refusal.code, "people.taken");
        assert!(refusal.facts.contains(&("label", "评审会 1".to_owned())));
        assert!(
            refusal
                .facts
                .contains(&("from", "9月18日 08:30".to_owned()))
        );
        let backwards = take(
            &store,
            span(person, "2026-09-19 11:00", "2026-09-19 11:00", 5),
        )
        .await;
        assert!(
            matches!(backwards, Err(Error::Refused(refusal)) if refusal.code == "people.no_span")
        );
        let tx = store.begin().await.unwrap();
        commitments::release(&tx, Uuid::from_u128(1)).await.unwrap();
        tx.commit().await.unwrap();
        take(
            &store,
            span(person, "2026-09-18 11:00", "2026-09-18 11:15", 4),
        )
        .await
        .unwrap();
        let day = commitments::clashing(
            store.read(),
            person,
            at("2026-09-18 00:00"),
            at("2026-09-19 00:00"),
        )
        .await
        .unwrap();
        let labels: Vec<_> = day.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["评审会 4", "评审会 2"], "in order of time");
    }
}

#[tokio::test]
async fn of_matters_that_want_the_same_hour_at_once_one_gets_it() {
    for database in databases().await {
        let store = open(&database).await;
        let person = add(&store, named("周叙白", "zhou@example.org", "")).await;
        let mut tasks = tokio::task::JoinSet::new();
        for source in 1..=20 {
            let store = store.clone();
            tasks.spawn(async move {
                take(
                    &store,
                    span(person, "2026-09-18 09:00", "2026-09-18 12:00", source),
                )
                .await
            });
        }
        let results = tasks.join_all().await;
        let taken = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(taken, 1, "on {}", store.kind());
        for result in results.into_iter().filter(Result::is_err) {
            assert_eq!(conflict(result).code, "people.taken");
        }
    }
}

#[tokio::test]
async fn consents_are_given_once_withdrawn_and_given_anew() {
    for database in databases().await {
        let store = open(&database).await;
        let person = add(&store, named("周叙白", "zhou@example.org", "")).await;
        let tx = store.begin().await.unwrap();
        let give = |version, matter| consents::give(&tx, person, "pool", version, matter, "link");
        let first = give("1", None).await.unwrap();
        assert_eq!(give("1", None).await.unwrap(), first);
        let newer = give("2", None).await.unwrap();
        let matter = give("1", Some(Uuid::from_u128(7))).await.unwrap();
        assert!(first != newer && first != matter);
        consents::withdraw(&tx, first).await.unwrap();
        consents::withdraw(&tx, first).await.unwrap();
        let anew = give("1", None).await.unwrap();
        assert_ne!(anew, first);
        let all = consents::of(tx.db(), person).await.unwrap();
        assert_eq!(all.len(), 4);
        let standing = all.iter().filter(|row| row.withdrawn_at.is_none()).count();
        assert_eq!(standing, 3);
    }
}
