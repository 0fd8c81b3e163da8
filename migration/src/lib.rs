//! Versioned migrations, in order. Each is undone by its `down`, and runs as a whole or not at all
//! on both databases.

mod columns;
mod m0001_foundation;
mod m0002_people;
mod m0003_mail;
mod m0004_units;
mod m0005_experts;
mod m0006_panels;
mod m0007_consultations;
mod m0008_audit_guard;
mod m0009_draft_choices;
mod m0010_registration;
mod m0011_committees;
mod m0011_training;
mod m0012_studies;
mod m0013_council;
mod m0014_exchange;
mod m0015_panel_draw;
mod m0016_certificates;
mod m0017_feedback;
mod m0018_digest_stop;

use sea_orm_migration::async_trait;
pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

/// All migrations of the service.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_mail::Migration),
            Box::new(m0004_units::Migration),
            Box::new(m0005_experts::Migration),
            Box::new(m0006_panels::Migration),
            Box::new(m0007_consultations::Migration),
            Box::new(m0008_audit_guard::Migration),
            Box::new(m0009_draft_choices::Migration),
            Box::new(m0010_registration::Migration),
            Box::new(m0011_committees::Migration),
            Box::new(m0011_training::Migration),
            Box::new(m0012_studies::Migration),
            Box::new(m0013_council::Migration),
            Box::new(m0014_exchange::Migration),
            Box::new(m0015_panel_draw::Migration),
            Box::new(m0016_certificates::Migration),
            Box::new(m0017_feedback::Migration),
            Box::new(m0018_digest_stop::Migration),
        ]
    }
}
