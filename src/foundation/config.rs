//! Configuration: the built-in `config/default.toml`, then a file, then the environment. Unknown
//! keys are refused, so that a misspelt one is not silently without effect.

use std::{fmt, path::Path, str::FromStr};

use chrono::NaiveTime;
use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::{Deserialize, Deserializer};

/// Every key with its default and meaning.
pub const DEFAULT: &str = include_str!("../../config/default.toml");

/// A value that is not printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "(empty)"
        } else {
            "(hidden)"
        })
    }
}

/// All of it. The meaning of each key is in `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml documents every key")]
pub struct Config {
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub backup: BackupConfig,
    pub mail: MailConfig,
    pub office: OfficeConfig,
    pub pool: PoolConfig,
    pub panels: PanelsConfig,
    pub matching: MatchingConfig,
    pub exchange: ExchangeConfig,
    pub registration: RegistrationConfig,
    pub accounts: AccountsConfig,
    pub files: FilesConfig,
    pub log: LogConfig,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($key:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "config/default.toml documents every key")]
        pub struct $name { $(pub $key: $kind,)* }
    )*};
}

sections! {
    /// `[server]`
    ServerConfig {
        listen: String,
        public_url: String,
        trusted_proxies: Vec<std::net::IpAddr>,
        body_limit_mb: usize,
        request_seconds: u64,
        secret_file: String,
    }
    /// `[database]`
    DatabaseConfig { url: Secret, connections: u32, acquire_seconds: u64, }
    /// `[backup]`
    BackupConfig { folder: String, keep: usize, }
    /// `[mail]`
    MailConfig {
        transport: MailTransport,
        mailbox: String,
        from_name: String,
        from_address: String,
        reply_to: String,
        host: String,
        port: u16,
        tls: MailTls,
        username: String,
        password: Secret,
        ca_file: String,
        bounce_address: String,
        bounce_maildir: String,
        dkim_key_file: String,
        dkim_selector: String,
        dkim_domain: String,
        per_minute: u32,
        per_day: u32,
        per_domain_minute: u32,
        lease_seconds: i64,
        keep_bytes_days: i64,
    }
    /// `[office]`
    OfficeConfig {
        name: String,
        issuer: String,
        agent: String,
        seal_line: String,
        phone: String,
        address: String,
        privacy_handler: String,
        time_zone: Zone,
        day_start: Clock,
        day_end: Clock,
        quiet_from: Clock,
        quiet_until: Clock,
    }
    /// `[pool]`
    PoolConfig {
        seats_per_council_unit: u32,
        stamped_form_required: bool,
        max_open_assignments: i32,
        max_assignments_a_year: i32,
        min_keywords: usize,
        council_term_years: i32,
        term_reminders_days: Vec<i64>,
    }
    /// `[panels]`
    PanelsConfig {
        answer_working_days: u32,
        max_per_unit: u32,
        min_relevance: f64,
        reserves: usize,
        draw_candidates: usize,
        approve_replacements: bool,
        urgent_office_hours: u32,
        review_share: f64,
        opinion_working_days: u32,
        confirm_reminders: Vec<u32>,
        allow_single_approval: bool,
    }
    /// `[matching]`
    MatchingConfig { text: f64, codes: f64, keywords: f64, unit: f64, }
    /// `[exchange]`
    ExchangeConfig {
        travel_links: bool,
        report_working_days: u32,
        approval_working_days: u32,
        balance_years: i32,
        balance_price: f64,
        min_relevance: f64,
    }
    /// `[registration]`
    RegistrationConfig {
        check_in_minutes: i64,
        code_seconds: i64,
        offer_working_days: i32,
        late_offer_office_hours: i64,
    }
    /// `[accounts]`
    AccountsConfig {
        session_idle_minutes: i64,
        session_hours: i64,
        sign_in_tries: i32,
        sign_in_wait_minutes: i64,
        invite_days: i64,
        reset_minutes: i64,
        expert_idle_minutes: i64,
        min_password: usize,
        hash_memory_kib: u32,
        hash_passes: u32,
        hash_parallel: usize,
    }
    /// `[files]`
    FilesConfig { max_mb: usize, max_files: usize, }
    /// `[log]`
    LogConfig { format: LogFormat, filter: String, }
}

/// Where mails go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// Files in a local folder, with a page to read them.
    Mailbox,
    /// An SMTP server.
    Smtp,
    /// Nowhere: mails stay in the outbox.
    None,
}

/// How the connection to the SMTP server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// TLS from the first byte.
    Required,
    /// STARTTLS, refused when the server does not offer it.
    Starttls,
    /// In the clear: loopback only.
    None,
}

/// Shape of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// An IANA time zone by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        chrono_tz::Tz::from_str(&name)
            .map(Self)
            .map_err(|_| serde::de::Error::custom(format!("{name} is not an IANA time zone")))
    }
}

/// A time of day, written `08:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(pub NaiveTime);

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(Self)
            .map_err(|_| serde::de::Error::custom(format!("{text} is not a time like 08:30")))
    }
}

impl Config {
    /// Reads the defaults, then `file`, then the environment.
    ///
    /// # Errors
    /// Names the key that is unknown, missing or of the wrong kind, and the rule that is broken.
    pub fn load(file: Option<&Path>) -> Result<Self, Box<figment::Error>> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment
            .merge(Env::prefixed("EXPERT_POOL__").split("__"))
            .extract()
            .map_err(Box::new)?;
        config
            .check()
            .map_err(|problem| Box::new(figment::Error::from(problem)))?;
        Ok(config)
    }

    /// Rules between keys.
    fn check(&self) -> Result<(), String> {
        let loopback = matches!(self.mail.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.mail.transport == MailTransport::Smtp {
            if self.mail.host.is_empty() {
                return Err("mail.host is needed when mail.transport is \"smtp\"".into());
            }
            if self.mail.tls == MailTls::None && !loopback {
                return Err("mail.tls = \"none\" is for a server on this machine only".into());
            }
        }
        let bounce = &self.mail.bounce_address;
        if !bounce.is_empty()
            && bounce
                .split_once('@')
                .is_none_or(|(_, domain)| domain.is_empty() || domain.contains(['{', '@']))
        {
            return Err("mail.bounce_address is an address, with {id} only before the @".into());
        }
        if !self.mail.dkim_key_file.is_empty() && self.mail.dkim_selector.is_empty() {
            return Err("mail.dkim_selector is needed when mail.dkim_key_file is given".into());
        }
        if self.mail.lease_seconds <= 720 {
            return Err("mail.lease_seconds is more than 720, or a mail could be taken over while it is being sent".into());
        }
        if [
            self.mail.per_minute,
            self.mail.per_day,
            self.mail.per_domain_minute,
        ]
        .contains(&0)
        {
            return Err("mail.per_minute, per_day and per_domain_minute are at least 1".into());
        }
        let url = &self.server.public_url;
        if !(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/') {
            return Err(
                "server.public_url starts with http:// or https:// and has no slash at the end"
                    .into(),
            );
        }
        if !(0.0..=1.0).contains(&self.panels.review_share) {
            return Err("panels.review_share lies between 0 and 1".into());
        }
        if !(0.0..=1.0).contains(&self.exchange.balance_price) || self.exchange.balance_years < 0 {
            return Err(
                "exchange.balance_price lies between 0 and 1, balance_years is not negative".into(),
            );
        }
        let seats = &self.registration;
        if seats.offer_working_days < 1 || seats.late_offer_office_hours < 1 {
            return Err(
                "registration.offer_working_days and late_offer_office_hours are at least 1".into(),
            );
        }
        if seats.code_seconds < 10 || seats.check_in_minutes < 0 {
            return Err(
                "registration.code_seconds is at least 10, check_in_minutes is not negative".into(),
            );
        }
        if self.office.day_start >= self.office.day_end {
            return Err("office.day_start lies before office.day_end".into());
        }
        Ok(())
    }

    /// Whether people reach the service by https, so that cookies may be marked secure.
    pub fn is_https(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        Figment::from(Toml::string(DEFAULT))
            .merge(Toml::string(text))
            .extract::<Config>()
            .map_err(|error| error.to_string())
            .and_then(|config| config.check().map(|()| config))
    }

    #[test]
    fn the_reference_is_complete_and_sound() {
        let config = load("").unwrap();
        assert_eq!(config.office.time_zone.0, chrono_tz::Asia::Shanghai);
    }

    #[test]
    fn unknown_keys_and_broken_rules_are_named() {
        assert!(load("[mail]\nhots = 'x'").unwrap_err().contains("hots"));
        assert!(
            load("[mail]\ntransport = 'smtp'")
                .unwrap_err()
                .contains("mail.host")
        );
        assert!(
            load("[office]\ntime_zone = 'Asia/Peking'")
                .unwrap_err()
                .contains("IANA")
        );
        assert!(
            load("[mail]\nlease_seconds = 60")
                .unwrap_err()
                .contains("lease")
        );
        assert!(load("[mail]\nper_day = 0").unwrap_err().contains("per_day"));
        for (text, named) in [
            ("code_second = 45", "code_second"),
            ("code_seconds = 0", "code_seconds"),
            ("check_in_minutes = -1", "check_in_minutes"),
            ("offer_working_days = 0", "offer_working_days"),
            ("late_offer_office_hours = 0", "late_offer_office_hours"),
        ] {
            let refused = load(&format!("[registration]\n{text}")).unwrap_err();
            assert!(refused.contains(named), "{refused}");
        }
        for (text, named) in [
            ("bounce_address = 'bounce'", "bounce_address"),
            (
                "bounce_address = 'bounce@{id}.example.org'",
                "bounce_address",
            ),
            ("dkim_key_file = 'dkim.pem'", "dkim_selector"),
        ] {
            assert!(
                load(&format!("[mail]\n{text}"))
                    .unwrap_err()
                    .contains(named)
            );
        }
        let plain = load("[mail]\ntransport = 'smtp'\nhost = 'mx.example.org'\ntls = 'none'");
        assert!(plain.unwrap_err().contains("this machine"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = load("[mail]\npassword = 'xyzzy'").unwrap();
        assert!(!format!("{config:?}").contains("xyzzy"));
    }
}
