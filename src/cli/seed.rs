//! The demonstration's data: sign-ins for the secretariat and every founding unit, engaged experts,
//! open requests. Everybody in it is made up and marked 示例; it comes in the way real data does.

mod visits;

use std::collections::HashMap;

use chrono::Datelike;
use entity::{
    account,
    consultation::Purpose,
    ids::{ConsultationId, PersonId, UnitId},
    panel::{Half, MeetingForm},
    person,
    role_grant::Role,
    unit::{self, Tier},
    unit_contact::{self, ContactState},
};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr,
};

use super::{seed_nominees, seed_training};
use crate::{
    accounts::{Actor, Grant, Passwords, grants, roles},
    consultations::{self, Filing, NewDraft, TakingIn, Wish},
    experts,
    foundation::{
        context::Context,
        error::{Error, Result},
        sheets::Table,
    },
    panels::Owners,
    people, units,
};

/// Password of everybody in the demonstration.
pub const PASSWORD: &str = "demo-tuanbiaolian";

const UNITS: &str = include_str!("sample/units.csv");
const PEOPLE: &str = include_str!("sample/people.csv");
const EXPERTS: &str = include_str!("sample/experts.csv");
const PROFILES: &str = include_str!("../../matching/data/sample_experts.csv");
const CONSULTATIONS: &str = include_str!("sample/consultations.csv");

/// Requests that are left for the visitor to take in; the others wait for the match, or went on.
const LEFT_TO_TAKE_IN: [&str; 3] = [
    "加氢站用储氢容器定期检验标准审查",
    "既有住宅加装电梯质量保险风险检查规范立项评审",
    "适老化家电使用说明编写导则函审",
];

/// A row of a sample table by the names of its columns.
pub(super) type Row = HashMap<String, String>;

pub(super) fn rows(table: &str) -> Result<Vec<Row>> {
    csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(Error::internal)
}

pub(super) fn cell<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

pub(super) fn list(row: &Row, name: &str) -> Vec<String> {
    cell(row, name)
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether the demonstration's data is in the database already.
pub(super) async fn is_there(ctx: &Context) -> Result<bool> {
    Ok(account::Entity::find()
        .one(ctx.store.read())
        .await?
        .is_some())
}

/// Fills an empty database.
///
/// # Errors
/// When the service itself fails.
pub async fn seed(ctx: &Context, owners: &Owners) -> Result<()> {
    // One hash for all: the password is printed anyway.
    let hash = Passwords::new(&ctx.config.accounts, ctx.platform())?
        .hash(PASSWORD, ctx.platform())
        .await?;
    let handler = add_people(ctx, &hash).await?;
    add_units(ctx, &handler).await?;
    let experts = sample_experts()?;
    add_experts(ctx, &experts).await?;
    seed_nominees::add(ctx, &experts).await?;
    let group = roles::people_with(ctx.store.read(), Role::Exchange).await?;
    visits::add(
        ctx,
        group.first().map_or(handler.person, |person| person.id),
    )
    .await?;
    seed_training::seed(ctx).await?;
    mark_samples(ctx).await?;
    add_consultations(ctx, &handler).await?;
    super::seed_work::add(ctx, owners, &handler).await
}

async fn add_people(ctx: &Context, hash: &str) -> Result<Actor> {
    let known: HashMap<_, _> = units::all(ctx.store.read())
        .await?
        .into_iter()
        .map(|unit| (unit.name, unit.id))
        .collect();
    let tx = ctx.store.begin().await?;
    let mut handler = None;
    for row in rows(PEOPLE)? {
        let person = people::add(
            &tx,
            people::NewPerson {
                name: cell(&row, "name").to_owned(),
                email: Some(cell(&row, "email").to_owned()),
                mobile: Some(cell(&row, "mobile").to_owned()),
                sample: true,
            },
        )
        .await?;
        let account = grants::open(&tx, person, cell(&row, "email")).await?.id;
        account::Entity::update(account::ActiveModel {
            id: Set(account),
            password_hash: Set(Some(hash.to_owned())),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
        let role: Role = Role::try_from_value(&cell(&row, "role").to_owned())?;
        let unit = known
            .get(cell(&row, "unit"))
            .copied()
            .filter(|_| role == Role::Contact);
        grants::grant(&tx, account, role, unit).await?;
        if let Some(unit_id) = unit {
            unit_contact::Entity::insert(unit_contact::ActiveModel {
                id: Set(tx.id()),
                unit_id: Set(unit_id),
                person_id: Set(person),
                position: Set(cell(&row, "position").to_owned()),
                state: Set(ContactState::Active),
                created_at: Set(tx.now()),
                closed_at: Set(None),
                successor_id: Set(None),
            })
            .exec_without_returning(tx.db())
            .await?;
        }
        if role == Role::Handler && handler.is_none() {
            handler = Some(Actor {
                person,
                account: Some(account),
                session: tx.id(),
                name: cell(&row, "name").to_owned(),
                sample: true,
                grants: vec![Grant {
                    role,
                    unit: None,
                    committee: None,
                }],
            });
        }
    }
    tx.commit().await?;
    handler.ok_or_else(|| Error::internal("the sample has no handler"))
}

/// Standing council units and ordinary members beside the founding ones.
async fn add_units(ctx: &Context, handler: &Actor) -> Result<()> {
    for row in rows(UNITS)? {
        let tier = Tier::try_from_value(&cell(&row, "tier").to_owned())?;
        let name = cell(&row, "name");
        match units::by_name(ctx.store.read(), name).await? {
            None => {
                let new = units::NewUnit {
                    name: name.to_owned(),
                    short_name: cell(&row, "short_name").to_owned(),
                    scope: cell(&row, "scope").to_owned(),
                    ..units::NewUnit::default()
                };
                units::add(ctx, handler, &new, tier).await?;
            }
            Some(known) if known.tier != tier => {
                let tx = ctx.store.begin().await?;
                unit::Entity::update(unit::ActiveModel {
                    tier: Set(tier),
                    ..known.into()
                })
                .exec(tx.db())
                .await?;
                tx.commit().await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The sample's experts: person and profile.
fn sample_experts() -> Result<Vec<(Row, Row)>> {
    let mut profiles: HashMap<_, _> = rows(PROFILES)?
        .into_iter()
        .map(|row| (cell(&row, "id").to_owned(), row))
        .collect();
    rows(EXPERTS)?
        .into_iter()
        .map(|row| {
            let profile = profiles
                .remove(cell(&row, "id"))
                .ok_or_else(|| Error::internal("a sample expert has no profile"))?;
            Ok::<_, Error>((row, profile))
        })
        .collect()
}

/// All experts but the nominees, by the import that offices use.
async fn add_experts(ctx: &Context, experts: &[(Row, Row)]) -> Result<()> {
    let term = units::current_term(ctx.store.read(), ctx.today()).await?;
    let year = ctx.today().year();
    let mut table = Table {
        name: "experts".to_owned(),
        headers: [
            "name",
            "unit",
            "kind",
            "position",
            "title",
            "mobile",
            "email",
            "domains",
            "keywords",
            "works",
            "bio",
            "languages",
            "number",
            "from",
            "to",
            "state",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: Vec::new(),
    };
    let engaged = experts
        .iter()
        .filter(|(row, _)| !seed_nominees::is_nominee(row));
    for (number, (row, profile)) in (1..).zip(engaged) {
        let mut cells: Vec<String> = vec![
            cell(row, "name").to_owned(),
            cell(profile, "unit").to_owned(),
        ];
        cells.push(
            if cell(profile, "kind") == "technical" {
                "技术"
            } else {
                "标准化"
            }
            .to_owned(),
        );
        cells.extend(
            ["position", "title", "mobile", "email"].map(|name| cell(row, name).to_owned()),
        );
        cells.extend(
            ["domains", "keywords", "works", "bio"].map(|name| cell(profile, name).to_owned()),
        );
        cells.push(cell(row, "languages").to_owned());
        cells.push(format!("团标联聘〔{year}〕{number:03}号"));
        cells.push(term.from_date.to_string());
        cells.push(term.to_date.to_string());
        cells.push("已聘任".to_owned());
        table.rows.push(cells);
    }
    let bytes = table
        .to_csv()
        .map_err(|error| Error::internal(format!("{error:?}")))?;
    let report = experts::import::import(ctx, &bytes, false).await?;
    match report.refused.first() {
        None => Ok(()),
        Some(refused) => Err(Error::internal(format!(
            "sample experts were refused: {refused:?}"
        ))),
    }
}

async fn mark_samples(ctx: &Context) -> Result<()> {
    let tx = ctx.store.begin().await?;
    person::Entity::update_many()
        .col_expr(person::Column::Sample, Expr::value(true))
        .filter(person::Column::Sample.eq(false))
        .exec(tx.db())
        .await?;
    tx.commit().await
}

async fn add_consultations(ctx: &Context, handler: &Actor) -> Result<()> {
    let mut submitted = Vec::new();
    for row in rows(CONSULTATIONS)? {
        let unit = units::by_name(ctx.store.read(), cell(&row, "unit"))
            .await?
            .ok_or_else(|| Error::internal(format!("no unit {}", cell(&row, "unit"))))?;
        let by = contact(ctx, unit.id).await?.unwrap_or(handler.person);
        let filing = filing(ctx, &row)?;
        let tx = ctx.store.begin().await?;
        let id = consultations::file_draft(
            &tx,
            &NewDraft {
                unit: unit.id,
                by,
                filing: filing.clone(),
            },
        )
        .await?;
        if cell(&row, "state") == "submitted" {
            consultations::submit(ctx, &tx, id, by).await?;
            submitted.push((id, filing));
        }
        tx.commit().await?;
    }
    for (id, filing) in submitted {
        if LEFT_TO_TAKE_IN.contains(&filing.title.as_str()) {
            continue;
        }
        take_in(ctx, handler, id, filing).await?;
    }
    Ok(())
}

async fn take_in(ctx: &Context, handler: &Actor, id: ConsultationId, filing: Filing) -> Result<()> {
    let taking_in = TakingIn {
        domains: filing.domains,
        keywords: filing.keywords,
        urgent: false,
    };
    consultations::accept(ctx, id, handler.person, &taking_in).await
}

pub(super) async fn contact(ctx: &Context, unit: UnitId) -> Result<Option<PersonId>> {
    let contacts = units::contacts(ctx.store.read(), unit).await?;
    Ok(contacts.first().map(|contact| contact.person.id))
}

fn filing(ctx: &Context, row: &Row) -> Result<Filing> {
    let calendar = ctx.calendar();
    let day = |name: &str| {
        cell(row, name)
            .parse::<i32>()
            .ok()
            .map(|days| calendar.add_working_days(ctx.today(), days).value)
    };
    Ok(Filing {
        purpose: Purpose::try_from_value(&cell(row, "purpose").to_owned())?,
        title: cell(row, "title").to_owned(),
        description: cell(row, "description").to_owned(),
        standard_name: cell(row, "standard_name").to_owned(),
        standard_number: cell(row, "standard_number").to_owned(),
        drafting_units: list(row, "drafting_units"),
        drafters: list(row, "drafters"),
        recusals: list(row, "other_recusals"),
        domains: list(row, "domains"),
        keywords: list(row, "keywords"),
        demand: cell(row, "demand").parse().map_err(Error::internal)?,
        form: MeetingForm::try_from_value(&cell(row, "form").to_owned())?,
        meeting_date: day("meeting_in_working_days"),
        meeting_half: Half::try_from_value(&cell(row, "half").to_owned()).ok(),
        place: cell(row, "place").to_owned(),
        wanted_by: day("wanted_in_working_days"),
        wishes: list(row, "wishes")
            .iter()
            .filter_map(|wish| wish.split_once('：'))
            .map(|(name, reason)| Wish {
                name: name.to_owned(),
                reason: reason.to_owned(),
            })
            .collect(),
        confidential: cell(row, "confidential") == "true",
        undecided: Vec::new(),
    })
}
