//! `import experts`: engaged experts from a table.

use std::path::Path;

use crate::{
    App,
    experts::import::import,
    foundation::{
        config::Config,
        error::{Error, Result},
        platform::Platform,
        texts::{Language, sentence},
    },
};

/// Imports `file` and says line by line what became of it; fails when a line was refused, so that a
/// script notices.
pub(super) async fn run(config: Config, file: &Path, dry_run: bool) -> Result<()> {
    let bytes = tokio::fs::read(file)
        .await
        .map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    let app = App::build(config, Platform::system()).await?;
    let report = import(&app.ctx, &bytes, dry_run).await?;
    for (line, name) in &report.added {
        println!("{line}\t{name}");
    }
    for (line, refusals) in &report.refused {
        let said: Vec<_> = refusals
            .iter()
            .map(|refusal| sentence(refusal, Language::Chinese))
            .collect();
        println!("{line}\t未导入：{}", said.join(" "));
    }
    if !report.unused.is_empty() {
        println!("没有用到的列：{}", report.unused.join("、"));
    }
    let verb = if dry_run { "可以导入" } else { "已导入" };
    println!(
        "{verb} {} 行，未导入 {} 行",
        report.added.len(),
        report.refused.len()
    );
    if report.refused.is_empty() {
        Ok(())
    } else {
        Err(Error::internal(format!(
            "{} lines were not imported",
            report.refused.len()
        )))
    }
}
