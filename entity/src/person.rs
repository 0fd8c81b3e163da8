//! A human being, once, however many hats: expert, account, contact, trainee, visitor.

use sea_orm::entity::prelude::*;

use crate::ids::PersonId;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// Name, Chinese first.
    pub name: String,
    /// The name normalised, for searching.
    pub name_normal: String,
    /// Its pinyin in all readings, separated by spaces.
    pub name_pinyin: String,
    /// Its initials in all readings, separated by spaces.
    pub name_initials: String,
    /// E-mail address, lower case, or none.
    pub email: Option<String>,
    /// Mobile number, digits only, or none.
    pub mobile: Option<String>,
    /// Whether the person is made up for a demonstration.
    pub sample: bool,
    /// When the personal data was erased; the row stays as a tombstone.
    pub erased_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
