//! The command line: one file a command, named by its verb.

mod import_experts;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::foundation::{config::Config, error::Result, telemetry};

#[derive(Parser)]
#[command(
    name = "expert-pool",
    version,
    about = "Expert pool, matching and training service of the 团体标准化发展联盟"
)]
struct Arguments {
    /// A configuration file over the built-in defaults (see config/default.toml).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service.
    Serve {
        /// Address and port, over the configuration.
        #[arg(long)]
        listen: Option<String>,
    },
    /// Bring the database to the newest version.
    Migrate,
    /// Bring in data from tables (CSV or XLSX).
    #[command(subcommand)]
    Import(ImportCommand),
    /// Work with the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Experts who are engaged already, one a row with the number and days of the engagement.
    Experts {
        /// The table.
        file: PathBuf,
        /// Check everything and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Read the configuration and say what is wrong with it.
    Check,
}

/// Reads the arguments and runs the command. Exit status 0 when it did what it says, 1 when not.
pub async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("configuration: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = telemetry::start(&config.log) {
        eprintln!("log.filter: {error}");
        return ExitCode::FAILURE;
    }
    match run(arguments.command, config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, mut config: Config) -> Result<()> {
    match command {
        Command::Serve { listen } => {
            if let Some(listen) = listen {
                config.server.listen = listen;
            }
            serve::run(config).await
        }
        Command::Migrate => serve::migrate(config).await,
        Command::Import(ImportCommand::Experts { file, dry_run }) => {
            import_experts::run(config, &file, dry_run).await
        }
        Command::Config(ConfigCommand::Check) => {
            println!("the configuration is sound");
            Ok(())
        }
    }
}
