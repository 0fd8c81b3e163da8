//! Adding a person and correcting what is known of one.

use entity::{ids::PersonId, person};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{contact_data, mask, read};
use crate::foundation::{
    error::{Error, FieldErrors, Refusal, Result},
    search::{SearchKey, normalise},
    store::WriteTx,
};

/// A person as given: read and brought into one form by [`add`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// E-mail address; blank counts as none.
    pub email: Option<String>,
    /// Mobile number; blank counts as none.
    pub mobile: Option<String>,
    /// Whether the person is made up for a demonstration.
    pub sample: bool,
}

/// Adds a person. Somebody of the same name may be somebody else, so nobody is merged here: see
/// [`super::duplicates`].
///
/// # Errors
/// Refusals of the fields `name`, `email` and `mobile`.
pub async fn add(tx: &WriteTx, new: NewPerson) -> Result<PersonId> {
    let sound = Sound::read(&new.name, new.email.as_deref(), new.mobile.as_deref())?;
    let id: PersonId = tx.id();
    person::Entity::insert(person::ActiveModel {
        id: Set(id),
        sample: Set(new.sample),
        erased_at: Set(None),
        created_at: Set(tx.now()),
        ..sound.row(tx)
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(id)
}

/// The person of this name and address, or a new one. An address that is kept under another name,
/// or a mobile number kept with another address, is refused: a person has to look.
///
/// # Errors
/// As [`add`]; refusals of the fields `email` and `mobile`.
pub async fn find_or_add(tx: &WriteTx, new: NewPerson) -> Result<person::Model> {
    let sound = Sound::read(&new.name, new.email.as_deref(), new.mobile.as_deref())?;
    let alike = read::duplicates(tx.db(), sound.email.as_deref(), sound.mobile.as_deref()).await?;
    let name = normalise(&sound.name);
    let (same_address, same_mobile): (Vec<_>, Vec<_>) = alike
        .into_iter()
        .partition(|row| row.email.is_some() && row.email == sound.email);
    if let Some(known) = same_address.iter().find(|row| row.name_normal == name) {
        return read::lock(tx, known.id).await;
    }
    let refused = |field: &str, refusal: Refusal| Error::Invalid(FieldErrors::at(field, refusal));
    if let Some(other) = same_address.first() {
        let masked = mask::name(&other.name);
        return Err(refused(
            "email",
            Refusal::new("people.email_of_other").with("name", masked),
        ));
    }
    if !same_mobile.is_empty() {
        return Err(refused("mobile", Refusal::new("people.mobile_of_other")));
    }
    let id = add(tx, new).await?;
    read::get(tx.db(), id).await
}

/// Corrects name and contact data. Bodies that mail to the person look at the address of the
/// returned row and of their own record.
///
/// # Errors
/// As [`add`]; [`crate::foundation::error::Error::NotFound`] for an erased person.
pub async fn correct(
    tx: &WriteTx,
    id: PersonId,
    name: &str,
    email: Option<&str>,
    mobile: Option<&str>,
) -> Result<person::Model> {
    let sound = Sound::read(name, email, mobile)?;
    read::lock(tx, id).await?;
    Ok(person::Entity::update(person::ActiveModel {
        id: Set(id),
        ..sound.row(tx)
    })
    .exec(tx.db())
    .await?)
}

/// Name and contact data that were read without refusal.
struct Sound {
    name: String,
    email: Option<String>,
    mobile: Option<String>,
}

impl Sound {
    fn read(name: &str, email: Option<&str>, mobile: Option<&str>) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut noted = |field: &str, refusal| errors.add(field, refusal);
        let name = contact_data::name(name)
            .map_err(|refusal| noted("name", refusal))
            .unwrap_or_default();
        let email = contact_data::email(email.unwrap_or_default())
            .map_err(|refusal| noted("email", refusal))
            .unwrap_or_default();
        let mobile = contact_data::mobile(mobile.unwrap_or_default())
            .map_err(|refusal| noted("mobile", refusal))
            .unwrap_or_default();
        errors.into_result(Self {
            name,
            email,
            mobile,
        })
    }

    fn row(self, tx: &WriteTx) -> person::ActiveModel {
        let key = SearchKey::of(&self.name);
        person::ActiveModel {
            name: Set(self.name),
            name_normal: Set(key.normal),
            name_pinyin: Set(key.pinyin),
            name_initials: Set(key.initials),
            email: Set(self.email),
            mobile: Set(self.mobile),
            updated_at: Set(tx.now()),
            ..Default::default()
        }
    }
}

/// Takes away the row of a person who wears no hat, because another row is the same human. The
/// database refuses it while anything refers to the row.
///
/// # Errors
/// When something does.
pub async fn remove(tx: &WriteTx, id: PersonId) -> Result<()> {
    person::Entity::delete_by_id(id).exec(tx.db()).await?;
    Ok(())
}
