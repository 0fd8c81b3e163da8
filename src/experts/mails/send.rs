//! Queueing the mails of this body.

use entity::{council_term, expert, ids::ExpertId, person, unit_contact::ContactState};

use super::{Confirm, LinkFacts, News, TermEnding, TermEndingUnit, ToExpert, ToUnit};
use crate::{
    experts::store::{self, Taken},
    foundation::{
        error::Result,
        mail::{About, Options, Recipient, Template, outbox},
        store::WriteTx,
    },
    people, units,
};

fn recipient(person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

fn about(id: ExpertId, generation: i32, what: &str, name: &str) -> About {
    About {
        subject: id.0,
        generation,
        cause: format!("{what} {name}"),
    }
}

/// Asks the approved person.
pub(in super::super) async fn ask_to_confirm(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
) -> Result<()> {
    let unit = match row.unit_id {
        Some(id) if !row.guest => Some(units::get(tx.db(), id).await?.name),
        _ => None,
    };
    let template = Confirm {
        link: LinkFacts::of(row),
        unit,
        term: term.number,
        until: term.to_date,
    };
    outbox::enqueue(
        tx,
        &recipient(person),
        &about(row.id, row.link_generation, "批准推荐", &person.name),
        Options::default(),
        &template,
    )
    .await?;
    Ok(())
}

/// Takes back the question when it is settled.
pub(in super::super) async fn cancel_confirm(tx: &WriteTx, id: ExpertId) -> Result<()> {
    outbox::cancel(tx, Confirm::KIND, id.0).await?;
    Ok(())
}

/// Tells the contacts of the unit; nobody for a guest.
pub(in super::super) async fn tell_unit(
    tx: &WriteTx,
    taken: &Taken,
    person: &person::Model,
    news: News,
    reason: &str,
) -> Result<()> {
    let row = &taken.row;
    let template = ToUnit {
        expert: row.id,
        name: person.name.clone(),
        news,
        reason: reason.to_owned(),
        number: row.engagement_number.clone(),
        until: row.engaged_to,
    };
    let about = about(row.id, taken.ordinal, "专家推荐", &person.name);
    to_contacts(tx, row, &about, &template).await
}

async fn to_contacts<T: Template>(
    tx: &WriteTx,
    row: &expert::Model,
    about: &About,
    template: &T,
) -> Result<()> {
    let Some(unit) = row.unit_id.filter(|_| !row.guest) else {
        return Ok(());
    };
    for contact in units::contacts(tx.db(), unit).await? {
        if contact.contact.state == ContactState::Active {
            outbox::enqueue(
                tx,
                &recipient(&contact.person),
                about,
                Options::default(),
                template,
            )
            .await?;
        }
    }
    Ok(())
}

/// Tells the expert.
pub(in super::super) async fn tell_expert(
    tx: &WriteTx,
    taken: &Taken,
    person: &person::Model,
    news: News,
    reason: &str,
) -> Result<()> {
    let row = &taken.row;
    let template = ToExpert {
        link: LinkFacts::of(row),
        news,
        reason: reason.to_owned(),
        number: row.engagement_number.clone(),
        from: row.engaged_from,
        until: row.engaged_to,
    };
    let about = about(row.id, taken.ordinal, "专家聘任", &person.name);
    outbox::enqueue(
        tx,
        &recipient(person),
        &about,
        Options::default(),
        &template,
    )
    .await?;
    Ok(())
}

/// Tells expert and unit that the term ends; `days` names the reminder, so that each goes once.
pub(in super::super) async fn remind_of_term(tx: &WriteTx, id: ExpertId, days: i32) -> Result<()> {
    let row = store::find(tx.db(), id).await?;
    let Some(until) = row.engaged_to else {
        return Ok(());
    };
    let person = people::get(tx.db(), row.person_id).await?;
    let about = about(id, days, "聘期将满", &person.name);
    outbox::enqueue(
        tx,
        &recipient(&person),
        &about,
        Options::default(),
        &TermEnding {
            link: LinkFacts::of(&row),
            until,
        },
    )
    .await?;
    let to_unit = TermEndingUnit {
        expert: id,
        name: person.name.clone(),
        until,
    };
    to_contacts(tx, &row, &about, &to_unit).await
}
