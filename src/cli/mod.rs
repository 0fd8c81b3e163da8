//! The command line: one file a command, named by its verb.

mod backup;
mod bounce;
mod demo;
mod dkim;
mod doctor;
mod import;
mod import_calendar;
mod import_experts;
mod invite;
mod matching;
pub mod seed;
mod seed_certificates;
mod seed_committees;
mod seed_nominees;
mod seed_training;
mod seed_work;
mod serve;
mod verify_audit;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    foundation::{
        config::Config,
        error::{Error, Result},
        telemetry,
        texts::{Language, sentence},
    },
    units::import::Matter,
};

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
    /// Show the whole service with made-up data on SQLite; mails are read in the browser.
    Demo {
        /// Address and port; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Start over, after asking.
        #[arg(long)]
        reset: bool,
    },
    /// Bring the database to the newest version.
    Migrate,
    /// Copy the SQLite database while it is in use, and check the copy.
    Backup {
        /// A folder, for a copy named by the time, or a new file.
        to: PathBuf,
        /// Copies that stay in the folder, over the configuration.
        #[arg(long)]
        keep: Option<usize>,
    },
    /// Put a copy in the place of the SQLite database; the service must not run. Without a file: say of the
    /// database that it was just restored by other tools. Either way mails that were due are held.
    Restore {
        /// The copy.
        file: Option<PathBuf>,
    },
    /// Look at everything that the service needs, change nothing, and say what is wrong.
    Doctor,
    /// Bring in data from tables (CSV or XLSX).
    #[command(subcommand)]
    Import(ImportCommand),
    /// Give somebody a role of the secretariat, for example the first approver, and print the link
    /// that sets the password.
    Invite {
        /// Name.
        name: String,
        /// E-mail address to sign in with.
        email: String,
        /// The role.
        #[arg(long, value_enum)]
        role: invite::InvitedRole,
    },
    /// Check the audit trail and name the first entry that is not as it was sealed.
    VerifyAudit {
        /// An end of the trail noted earlier (`12:ab…`, from the log or from this command).
        #[arg(long)]
        noted: Option<String>,
    },
    /// Note a mail that came back: a delivery status report from the standard input, as a mail server
    /// pipes it, from a file, or from a Maildir. Exit status 75 asks the mail server to try again later.
    Bounce {
        /// A file with one message, instead of the standard input.
        file: Option<PathBuf>,
        /// Everything new in this Maildir.
        #[arg(long, conflicts_with = "file")]
        maildir: Option<PathBuf>,
    },
    /// Print the DNS record of the key that signs mails (mail.dkim_key_file).
    Dkim,
    /// Rank experts for requests by their texts.
    Rank(matching::RankArguments),
    /// Find the best assignment, with a certificate.
    Assign(matching::AssignArguments),
    /// Check an assignment and its certificate.
    Verify(matching::VerifyArguments),
    /// Draw again from the record of a draw, and show the order and everybody's chance.
    Replay(matching::ReplayArguments),
    /// Measure relevance on labelled requests.
    Evaluate(matching::EvaluateArguments),
    /// Work with the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Units, one a row.
    Units {
        /// The table.
        file: PathBuf,
        /// Check everything and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Contacts of units, one a row; each is invited by mail.
    Contacts {
        /// The table.
        file: PathBuf,
        /// Check everything and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Holidays and weekends worked in exchange: a table, or the text of the notice.
    Calendar {
        /// The table (CSV or XLSX), or a text file with the notice.
        file: PathBuf,
        /// Check everything and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
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
    let failure = match arguments.command {
        // EX_TEMPFAIL: a mail server keeps the message and comes again.
        Command::Bounce { .. } => ExitCode::from(75),
        _ => ExitCode::FAILURE,
    };
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(mut config) => {
            if matches!(arguments.command, Command::Demo { .. }) && arguments.config.is_none() {
                // Whoever tries the demonstration reads addresses and sign-ins here, not a log.
                config.log.filter = "warn".to_owned();
            }
            config
        }
        Err(error) => {
            eprintln!("configuration: {error}");
            return failure;
        }
    };
    if let Err(error) = telemetry::start(&config.log) {
        eprintln!("log.filter: {error}");
        return failure;
    }
    let file = arguments.config.as_deref();
    if let Some(file) = file
        && let Some(mode) = doctor::open_to_others(file)
    {
        tracing::warn!(file = %file.display(), "the configuration can be read by others (mode {mode:o}); chmod 600");
    }
    match run(arguments.command, config, file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", said(&error));
            failure
        }
    }
}

/// An error as the command line says it.
fn said(error: &Error) -> String {
    match error {
        Error::Refused(refusal) | Error::Conflict(refusal) => sentence(refusal, Language::English),
        Error::Invalid(errors) => errors
            .iter()
            .map(|(field, refusal)| format!("{field}: {}", sentence(refusal, Language::English)))
            .collect::<Vec<_>>()
            .join("\n"),
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

async fn run(command: Command, mut config: Config, file: Option<&Path>) -> Result<()> {
    match command {
        Command::Serve { listen } => {
            if let Some(listen) = listen {
                config.server.listen = listen;
            }
            serve::run(config).await
        }
        Command::Demo { listen, reset } => demo::run(config, listen, reset).await,
        Command::Rank(given) => matching::rank(&given),
        Command::Assign(given) => matching::assign(given),
        Command::Verify(given) => matching::verify(given),
        Command::Replay(given) => matching::replay(&given),
        Command::Evaluate(given) => matching::evaluate(&given),
        Command::Migrate => serve::migrate(config).await,
        Command::Backup { to, keep } => backup::run(config, &to, keep).await,
        Command::Restore { file } => backup::restore(config, file).await,
        Command::Bounce { file, maildir } => bounce::run(config, file, maildir).await,
        Command::Dkim => dkim::run(&config),
        Command::Doctor => doctor::run(config, file).await,
        Command::Import(ImportCommand::Units { file, dry_run }) => {
            import::run(config, Matter::Units, &file, dry_run).await
        }
        Command::Import(ImportCommand::Contacts { file, dry_run }) => {
            import::run(config, Matter::Contacts, &file, dry_run).await
        }
        Command::Invite { name, email, role } => invite::run(config, name, email, role).await,
        Command::VerifyAudit { noted } => verify_audit::run(config, noted.as_deref()).await,
        Command::Import(ImportCommand::Calendar { file, dry_run }) => {
            import_calendar::run(config, &file, dry_run).await
        }
        Command::Import(ImportCommand::Experts { file, dry_run }) => {
            import_experts::run(config, &file, dry_run).await
        }
        Command::Config(ConfigCommand::Check) => {
            println!("the configuration is sound");
            Ok(())
        }
    }
}
