//! `/exchange/pairing`: what the engine proposes, why, and what is left; the exchange group sends
//! proposals to the units.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::{VisitOfferId, VisitWishId};
use uuid::Uuid;

use crate::{
    accounts::{Action, Desk, Owner, policy},
    exchange::visits::{
        facts::{self, Facts},
        pair::{self, Pairing},
        propose::{self, ProposedPair},
        reasons,
    },
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        ui::{
            Fields, Form, Shell, Submission, dates, form::Choice, form::choices, page_with_status,
        },
    },
};

/// A proposal as it is shown.
struct Proposed {
    value: String,
    chosen: bool,
    wish: String,
    wish_href: String,
    sending: String,
    offer: String,
    offer_href: String,
    host: String,
    days: String,
    reasons: Vec<String>,
}

/// A wish that is left.
struct Left {
    title: String,
    href: String,
    unit: String,
    why: String,
}

/// What a unit has given and received.
struct Account {
    unit: String,
    received: i64,
    given: i64,
    after: String,
}

#[derive(Template)]
#[template(path = "exchange/templates/pairing.html")]
struct PairingPage {
    shell: Shell,
    form: Form,
    manages: bool,
    offers: usize,
    wishes: usize,
    years: i32,
    proposals: Vec<Proposed>,
    left: Vec<Left>,
    accounts: Vec<Account>,
    offer_choices: Vec<Choice>,
    wish_choices: Vec<Choice>,
}

/// `GET /exchange/pairing`
///
/// # Errors
/// When the service itself fails.
pub async fn show_pairing(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor.require(Action::ReadExchange, &Owner::ALLIANCE)?;
    render(&ctx, desk, None, StatusCode::OK).await
}

/// `POST /exchange/pairing`: sends the ticked proposals, or a pair named by hand, to the units.
///
/// # Errors
/// As [`show_pairing`].
pub async fn post_pairing(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExchange, &Owner::ALLIANCE)?;
    let (facts, pairing) = paired(&ctx).await?;
    let done = match chosen(&ctx, &fields, &facts, &pairing) {
        Ok(pairs) => propose::propose(&ctx, desk.actor.person, &pairs).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/exchange?done=sent").into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The pairs that the form names. Those that the engine proposes now bring their reasons along.
fn chosen(
    ctx: &Context,
    fields: &Fields,
    facts: &Facts,
    pairing: &Pairing,
) -> Result<Vec<ProposedPair>, Refusal> {
    if fields.text("do") == "hand" {
        let (Some(offer), Some(wish)) = (
            fields.id::<VisitOfferId>("offer"),
            fields.id::<VisitWishId>("wish"),
        ) else {
            return Err(Refusal::new("exchange.hand_needs_both"));
        };
        return Ok(vec![ProposedPair {
            offer,
            wish,
            reasons: vec!["由交流工作组指定".to_owned()],
        }]);
    }
    let mut pairs = Vec::new();
    for value in fields.all("pair") {
        let stale = || Refusal::new("exchange.pairing_stale");
        let (wish, offer) = value.split_once(':').ok_or_else(stale)?;
        let id = |text: &str| Uuid::parse_str(text).map_err(|_| stale());
        let (wish, offer) = (VisitWishId(id(wish)?), VisitOfferId(id(offer)?));
        let reasons = pairing
            .proposals
            .iter()
            .find(|one| {
                facts.wishes[one.wish].row.id == wish && facts.offers[one.offer].row.id == offer
            })
            .map(|one| reasons::of(facts, one, ctx.config.exchange.balance_years))
            .ok_or_else(stale)?;
        pairs.push(ProposedPair {
            offer,
            wish,
            reasons,
        });
    }
    if pairs.is_empty() {
        return Err(Refusal::new("exchange.nothing_chosen"));
    }
    Ok(pairs)
}

/// The facts of this moment and what they pair to. The work is done beside the other requests.
async fn paired(ctx: &Context) -> Result<(Facts, Pairing)> {
    let facts = facts::facts(ctx).await?;
    let (today, calendar, config) = (ctx.today(), ctx.calendar(), ctx.config.clone());
    tokio::task::spawn_blocking(move || {
        let pairing = pair::pair(&facts, today, &calendar, &config.exchange, &config.matching)?;
        Ok((facts, pairing))
    })
    .await
    .map_err(Error::internal)?
}

async fn render(
    ctx: &Context,
    desk: Desk,
    form: Option<Form>,
    status: StatusCode,
) -> Result<Response> {
    let (facts, pairing) = paired(ctx).await?;
    let years = ctx.config.exchange.balance_years;
    let refused = form.is_some();
    let form = form.unwrap_or_default();
    let ticked = form.fields.all("pair");
    let proposals = pairing
        .proposals
        .iter()
        .map(|one| {
            let (wish, offer) = (&facts.wishes[one.wish].row, &facts.offers[one.offer].row);
            let value = format!("{}:{}", wish.id, offer.id);
            Proposed {
                chosen: !refused || ticked.contains(&value.as_str()),
                value,
                wish: wish.title.clone(),
                wish_href: format!("/exchange/wishes/{}", wish.id),
                sending: facts.unit_name(wish.unit_id).to_owned(),
                offer: offer.title.clone(),
                offer_href: format!("/exchange/offers/{}", offer.id),
                host: facts.unit_name(offer.unit_id).to_owned(),
                days: dates::days(one.days.0, one.days.1),
                reasons: reasons::of(&facts, one, years),
            }
        })
        .collect();
    let left = pairing
        .unmet
        .iter()
        .map(|(wish, why)| {
            let row = &facts.wishes[*wish].row;
            Left {
                title: row.title.clone(),
                href: format!("/exchange/wishes/{}", row.id),
                unit: facts.unit_name(row.unit_id).to_owned(),
                why: reasons::unmet(why),
            }
        })
        .collect();
    let shown = PairingPage {
        manages: policy::allows(&desk.actor, Action::ManageExchange, &Owner::ALLIANCE),
        offers: facts.offers.len(),
        wishes: facts.wishes.len(),
        years,
        proposals,
        left,
        accounts: accounts(&facts, &pairing),
        offer_choices: with_blank(facts.offers.iter().map(|one| {
            let unit = facts.unit_name(one.row.unit_id);
            (
                one.row.id.to_string(),
                format!("{} {unit}：{}", one.row.number, one.row.title),
            )
        })),
        wish_choices: with_blank(facts.wishes.iter().map(|one| {
            let unit = facts.unit_name(one.row.unit_id);
            (
                one.row.id.to_string(),
                format!("{} {unit}：{}", one.row.number, one.row.title),
            )
        })),
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

fn with_blank(pairs: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    let blank = (String::new(), "请选择".to_owned());
    choices(std::iter::once(blank).chain(pairs))
}

/// Units that have given or received, or would by what is proposed.
fn accounts(facts: &Facts, pairing: &Pairing) -> Vec<Account> {
    let mut more: std::collections::HashMap<_, (i64, i64)> = std::collections::HashMap::new();
    for one in &pairing.proposals {
        more.entry(facts.wishes[one.wish].row.unit_id)
            .or_default()
            .0 += 1;
        more.entry(facts.offers[one.offer].row.unit_id)
            .or_default()
            .1 += 1;
    }
    let mut rows: Vec<_> = facts
        .units
        .values()
        .filter_map(|unit| {
            let now = facts.balances.get(&unit.id).copied().unwrap_or_default();
            let (received, given) = more.get(&unit.id).copied().unwrap_or_default();
            let any = now.received + now.given + received + given > 0;
            let after = format!("{} / {}", now.received + received, now.given + given);
            any.then(|| Account {
                unit: unit.name.clone(),
                received: now.received,
                given: now.given,
                after,
            })
        })
        .collect();
    rows.sort_by(|one, other| {
        let uneven = |row: &Account| (row.received - row.given).abs();
        uneven(other)
            .cmp(&uneven(one))
            .then_with(|| one.unit.cmp(&other.unit))
    });
    rows
}
