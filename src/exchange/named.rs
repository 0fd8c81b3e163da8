//! People as a contact types them, a line each: `姓名，职务，手机或邮箱`.

use entity::{ids::PersonId, person};
use sea_orm::ConnectionTrait;

use crate::{
    foundation::{
        error::{Error, FieldErrors, Refusal, Result},
        search::normalise,
        store::WriteTx,
        ui::Fields,
    },
    people::{self, NewPerson, contact_data},
};

/// Most people of one group.
const MOST: usize = 30;

/// A line as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    pub position: String,
    pub email: String,
    pub mobile: String,
}

impl Named {
    /// A line that shows a person who is known.
    pub fn of(person: &person::Model, position: &str) -> Self {
        Self {
            name: person.name.clone(),
            position: position.to_owned(),
            email: person.email.clone().unwrap_or_default(),
            mobile: person.mobile.clone().unwrap_or_default(),
        }
    }

    /// The line as it is typed.
    pub fn line(&self) -> String {
        [&self.name, &self.position, &self.mobile, &self.email]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join("，")
    }

    fn read(line: &str) -> Self {
        let mut named = Self::default();
        for (number, part) in line.split(['，', ',', '\t', '；', ';']).enumerate() {
            let part = part.trim();
            let digits = part.chars().filter(char::is_ascii_digit).count();
            if number == 0 {
                part.clone_into(&mut named.name);
            } else if part.contains(['@', '＠']) {
                part.clone_into(&mut named.email);
            } else if digits >= 7 {
                part.clone_into(&mut named.mobile);
            } else if named.position.is_empty() {
                part.clone_into(&mut named.position);
            }
        }
        named
    }

    /// What is wrong with the line, if something is.
    fn fault(&self) -> Option<Refusal> {
        contact_data::name(&self.name)
            .err()
            .or_else(|| contact_data::email(&self.email).err())
            .or_else(|| contact_data::mobile(&self.mobile).err())
            .or_else(|| {
                let reachable = !self.email.is_empty() || !self.mobile.is_empty();
                (!reachable).then(|| Refusal::new("exchange.unreachable").with("name", &self.name))
            })
    }
}

/// Reads the people typed into `field`; what is wrong with a line is noted there.
pub(super) fn read(fields: &Fields, field: &str, errors: &mut FieldErrors) -> Vec<Named> {
    let people: Vec<_> = fields
        .lines(field)
        .iter()
        .map(|line| Named::read(line))
        .collect();
    if people.is_empty() {
        errors.add(field, Refusal::new("exchange.nobody"));
    } else if people.len() > MOST {
        errors.add(field, Refusal::new("exchange.too_many").with("max", MOST));
    }
    for (number, person) in people.iter().enumerate() {
        if let Some(refusal) = person.fault() {
            errors.add(field, refusal);
        } else if people[..number].contains(person) {
            let refusal = Refusal::new("exchange.named_twice").with("name", &person.name);
            errors.add(field, refusal);
        }
    }
    people
}

/// The person behind a line: somebody known of this name and address or number, or somebody new.
///
/// # Errors
/// `exchange.contact_of_other`, at `field`, when address or number belong to somebody of another name.
pub(super) async fn person(tx: &WriteTx, field: &str, named: &Named) -> Result<PersonId> {
    match known(tx.db(), named).await? {
        Known::Same(id) => Ok(id),
        Known::Other => {
            let refusal = Refusal::new("exchange.contact_of_other").with("name", &named.name);
            Err(Error::Invalid(FieldErrors::at(field, refusal)))
        }
        Known::Nobody => {
            let new = NewPerson {
                name: named.name.clone(),
                email: Some(named.email.clone()),
                mobile: Some(named.mobile.clone()),
                sample: false,
            };
            people::add(tx, new).await
        }
    }
}

enum Known {
    Same(PersonId),
    Other,
    Nobody,
}

async fn known<C: ConnectionTrait>(db: &C, named: &Named) -> Result<Known> {
    let email = contact_data::email(&named.email)?;
    let mobile = contact_data::mobile(&named.mobile)?;
    let alike = people::duplicates(db, email.as_deref(), mobile.as_deref()).await?;
    let name = normalise(&named.name);
    Ok(match alike.iter().find(|row| row.name_normal == name) {
        Some(same) => Known::Same(same.id),
        None if alike.is_empty() => Known::Nobody,
        None => Known::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_in_any_order_and_comes_back_as_typed() {
        let named = Named::read("顾清和，标准化工程师，139 0000 0001");
        assert_eq!(named.position, "标准化工程师");
        assert_eq!(named.line(), "顾清和，标准化工程师，139 0000 0001");
        assert_eq!(named.fault(), None);
        let named = Named::read("顾清和,gqh@example.org");
        assert_eq!(
            (named.email.as_str(), named.position.as_str()),
            ("gqh@example.org", "")
        );
    }

    #[test]
    fn lines_without_a_way_to_reach_somebody_and_doubled_ones_are_named() {
        let fields =
            Fields::default().with("people", "甲某，主任\n乙某，13900000001\n乙某，13900000001");
        let mut errors = FieldErrors::default();
        read(&fields, "people", &mut errors);
        let codes: Vec<_> = errors.iter().map(|(_, refusal)| refusal.code).collect();
        assert_eq!(codes, ["exchange.unreachable", "exchange.named_twice"]);
        let mut errors = FieldErrors::default();
        read(&Fields::default(), "people", &mut errors);
        assert_eq!(errors.of("people").unwrap().code, "exchange.nobody");
    }
}
