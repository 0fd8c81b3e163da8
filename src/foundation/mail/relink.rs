//! A personal link has another generation: mails that have not left carry it instead of the dead one.

use entity::{
    ids::PersonId,
    mail::{self, MailState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use crate::foundation::{error::Result, store::WriteTx};

/// States of mails that may leave yet: by themselves, or once somebody releases or retries them.
pub(super) const MAY_LEAVE: [MailState; 6] = [
    MailState::Held,
    MailState::Ready,
    MailState::Deferred,
    MailState::Failed,
    MailState::Suppressed,
    MailState::Unknown,
];

/// A personal link as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// What it opens.
    pub subject: Uuid,
    /// Whose it is.
    pub person: PersonId,
    /// Older generations are dead.
    pub generation: i32,
}

/// Brings a link up to date in every mail to one of `to` that has not left. A link is kept in the facts
/// of a mail as an object with `subject`, `person` and `generation`.
///
/// # Errors
/// When the database fails.
pub async fn relink(tx: &WriteTx, to: &[PersonId], link: Renewed) -> Result<()> {
    let waiting = mail::Entity::find()
        .filter(mail::Column::PersonId.is_in(to.iter().copied()))
        .filter(mail::Column::State.is_in(MAY_LEAVE))
        .all(tx.db())
        .await?;
    let of = [link.subject.to_string(), link.person.to_string()];
    for mut row in waiting {
        if !raise(&mut row.facts, &of, link.generation) {
            continue;
        }
        mail::Entity::update(mail::ActiveModel {
            id: Set(row.id),
            facts: Set(row.facts),
            // The frozen bytes carry the dead link.
            bytes: Set(None),
            updated_at: Set(tx.now()),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(())
}

/// Raises the generation of every older link to `subject` of `person`, however deep; whether any was.
fn raise(facts: &mut Value, link: &[String; 2], generation: i32) -> bool {
    let [subject, person] = link;
    match facts {
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |any, item| raise(item, link, generation) | any),
        Value::Object(fields) => {
            let is = |name: &str, text: &String| {
                fields.get(name).and_then(Value::as_str) == Some(text.as_str())
            };
            let older = is("subject", subject)
                && is("person", person)
                && fields
                    .get("generation")
                    .and_then(Value::as_i64)
                    .is_some_and(|old| old < i64::from(generation));
            if older {
                fields.insert("generation".to_owned(), generation.into());
            }
            fields
                .values_mut()
                .fold(older, |any, item| raise(item, link, generation) | any)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_older_links_of_the_person_to_the_subject_are_raised() {
        let link = |subject: &str, person: &str, generation: i32| json!({ "subject": subject, "person": person, "generation": generation, "name": "甲" });
        let of = ["s".to_owned(), "p".to_owned()];
        let mut facts = json!({
            "title": "事项",
            "links": [link("s", "p", 1), link("s", "q", 1), link("t", "p", 1), link("s", "p", 5)],
        });
        assert!(raise(&mut facts, &of, 3));
        assert_eq!(
            facts["links"],
            json!([
                link("s", "p", 3),
                link("s", "q", 1),
                link("t", "p", 1),
                link("s", "p", 5)
            ])
        );
        assert!(!raise(&mut facts, &of, 3), "nothing is left to raise");
        assert!(!raise(&mut json!("s"), &of, 3));
    }
}
