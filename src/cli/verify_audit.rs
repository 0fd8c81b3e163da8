//! `verify-audit`: is the audit trail as it was sealed?

use crate::{
    App,
    accounts::audit::{Head, Verdict, seal, verify},
    foundation::{
        config::Config,
        error::{Error, Refusal, Result},
        platform::Platform,
    },
};

/// Seals what is waiting, checks the whole trail, and prints its end, to be kept elsewhere; an
/// error that names the first broken entry otherwise.
pub(super) async fn run(config: Config, noted: Option<&str>) -> Result<()> {
    let noted = noted
        .map(|text| {
            Head::parse(text).ok_or_else(|| Refusal::new("audit.noted").with("value", text))
        })
        .transpose()?;
    let ctx = App::build(config, Platform::system()).await?.ctx;
    // What was written before is checked first: sealing must not hide anything.
    let verdict = verify(&ctx, noted.as_ref()).await?;
    if let Verdict::Broken { sequence, fault } = verdict {
        return Err(Error::Refused(
            Refusal::new("audit.broken")
                .with("sequence", sequence)
                .with("fault", fault),
        ));
    }
    seal(&ctx).await?;
    if let Verdict::Sound(head) = verify(&ctx, noted.as_ref()).await? {
        println!("the audit trail is sound up to {head}");
    }
    Ok(())
}
