//! The `expert-pool` command.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    expert_pool::cli::main().await
}
