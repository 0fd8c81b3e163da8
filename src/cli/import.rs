//! `import units`, `import contacts`: good rows are kept, bad ones are named.

use std::path::Path;

use crate::{
    App,
    foundation::{
        config::Config,
        error::{Refusal, Result},
        platform::Platform,
        sheets::{self, Limits},
        texts::{Language, sentence},
    },
    units::import::{Matter, Report, import},
};

/// Imports `file` and prints what became of its rows; an error when some were refused.
pub(super) async fn run(config: Config, matter: Matter, file: &Path, dry_run: bool) -> Result<()> {
    let bytes = std::fs::read(file)?;
    let sheet = sheets::read(&bytes, &Limits::default()).map_err(|error| error.refusal())?;
    let app = App::build(config, Platform::system()).await?;
    let report = import(&app.ctx, matter, sheet, dry_run).await?;
    print(&report, dry_run);
    if report.refused.is_empty() {
        Ok(())
    } else {
        Err(Refusal::new("import.refused")
            .with("count", report.refused.len())
            .into())
    }
}

fn print(report: &Report, dry_run: bool) {
    for head in &report.unused {
        println!("column not used: {head}");
    }
    for (line, errors) in &report.refused {
        for (field, refusal) in errors.iter() {
            println!(
                "line {line}, {field}: {}",
                sentence(refusal, Language::English)
            );
        }
    }
    let taken = if dry_run { "would be taken" } else { "taken" };
    println!(
        "{} rows {taken}, {} known already, {} refused",
        report.taken,
        report.known,
        report.refused.len()
    );
}
