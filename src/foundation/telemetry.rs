//! Logging: one line an event, with spans for requests and jobs. No secret, no token, no personal
//! datum is logged: ids and codes only.

use tracing_subscriber::EnvFilter;

use super::config::{LogConfig, LogFormat};

/// Starts logging to standard error. A second call changes nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(config: &LogConfig) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter = EnvFilter::try_new(filter_of(&config.filter))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
    Ok(())
}

/// What the configuration wants to see, without those who write whole addresses of requests, and with them
/// the tokens of links.
fn filter_of(configured: &str) -> String {
    [configured, "tower_http::csrf=off"]
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(",")
}
