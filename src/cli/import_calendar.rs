//! `import calendar`: the days of another year; bad lines are named, good ones are kept.

use std::path::Path;

use crate::{
    App,
    foundation::{
        config::Config,
        error::{Refusal, Result},
        platform::Platform,
        texts::{Language, sentence},
    },
    operations::calendar::{import, read},
};

/// Imports `file` and says what became of it; an error when lines were refused.
pub(super) async fn run(config: Config, file: &Path, dry_run: bool) -> Result<()> {
    let reading = read(&std::fs::read(file)?)?;
    let app = App::build(config, Platform::system()).await?;
    for (line, refusal) in &reading.refused {
        println!("line {line}: {}", sentence(refusal, Language::English));
    }
    let outcome = import(&app.ctx, None, &reading.days, dry_run).await?;
    let taken = if dry_run { "would be taken" } else { "taken" };
    println!(
        "{} days {taken}, {} lines refused; {} cut-offs are fixed, {} of them later than told",
        outcome.days,
        reading.refused.len(),
        outcome.cutoffs.fixed,
        outcome.cutoffs.moved
    );
    if !dry_run {
        println!("known until {}", app.ctx.calendar().coverage_until());
    }
    if reading.refused.is_empty() {
        Ok(())
    } else {
        Err(Refusal::new("import.refused")
            .with("count", reading.refused.len())
            .into())
    }
}
