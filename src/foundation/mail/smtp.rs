//! Delivery to an SMTP server, command by command: what a failure means depends on how far the
//! conversation had come, and lettre's own transport does not say.

use std::{
    error::Error as _,
    fmt::{self, Write as _},
    time::Duration,
};

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use tokio::{net::TcpStream, sync::Mutex, time::timeout};

use super::{
    line_by_line::LineByLine,
    transport::{Outgoing, Transport},
    verdict::{Cause, Failure, Stage},
};
use crate::foundation::{
    config::{MailConfig, MailTls, Secret},
    context::Boxed,
    error::{Error as ServiceError, Result},
};

/// Longest time from connecting to the server's leave to send the content.
pub const BEFORE_CONTENT: Duration = Duration::from_secs(120);
/// Longest wait for the last answer (RFC 5321 4.5.3.2.6).
pub const LAST_ANSWER: Duration = Duration::from_secs(600);
/// Mails over one connection; some servers refuse more (450 MI:DMC).
const PER_CONNECTION: u32 = 50;

/// One connection to the configured server, kept between mails.
pub struct Smtp {
    host: String,
    port: u16,
    tls: MailTls,
    username: String,
    password: Secret,
    ca_file: String,
    hello: ClientId,
    last_answer: Duration,
    connection: Mutex<Option<Open>>,
}

struct Open {
    connection: AsyncSmtpConnection,
    mails: u32,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({}:{})", self.host, self.port)
    }
}

impl Smtp {
    /// The server of the configuration; nothing is connected yet. `public_url` names this host in
    /// the greeting.
    pub fn new(config: &MailConfig, public_url: &str) -> Self {
        let host = public_url
            .split("//")
            .nth(1)
            .and_then(|rest| rest.split([':', '/']).next())
            .filter(|host| host.contains('.') && host.chars().any(char::is_alphabetic));
        Self {
            host: config.host.clone(),
            port: config.port,
            tls: config.tls,
            username: config.username.clone(),
            password: config.password.clone(),
            ca_file: config.ca_file.clone(),
            hello: host.map_or_else(ClientId::default, |host| ClientId::Domain(host.to_owned())),
            last_answer: LAST_ANSWER,
            connection: Mutex::new(None),
        }
    }

    /// Waits less for the last answer than the standard asks; for tests of that wait.
    #[must_use]
    pub fn with_last_answer(mut self, wait: Duration) -> Self {
        self.last_answer = wait;
        self
    }

    /// Connects and signs in, sends nothing, and takes leave.
    ///
    /// # Errors
    /// What the server said, or what broke.
    pub async fn greet(&self) -> Result<()> {
        let mut stage = Stage::Connect;
        let opened = timeout(BEFORE_CONTENT, self.open(&mut stage)).await;
        match opened {
            Ok(Ok(mut open)) => {
                open.connection.abort().await;
                Ok(())
            }
            Ok(Err(failure)) => Err(ServiceError::internal(failure.line())),
            Err(_) => Err(ServiceError::internal("the mail server does not answer")),
        }
    }

    async fn open(&self, stage: &mut Stage) -> Result<Open, Failure> {
        *stage = Stage::Connect;
        let mut connection = self.connect().await?;
        if !self.username.is_empty() {
            *stage = Stage::SignIn;
            let credentials =
                Credentials::new(self.username.clone(), self.password.reveal().to_owned());
            connection
                .auth(DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(|error| failed(Stage::SignIn, &error))?;
        }
        Ok(Open {
            connection,
            mails: 0,
        })
    }

    /// A connection that is as secure as the configuration wants it, greeted.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let server = (self.host.as_str(), self.port);
        let refused = |error: Error| failed(Stage::Connect, &error);
        let tls = match self.tls {
            MailTls::Required => Some(self.tls_parameters().await?),
            MailTls::None => None,
            MailTls::Starttls => {
                let tls = self.tls_parameters().await?;
                let socket = TcpStream::connect(server).await.map_err(|error| Failure {
                    stage: Stage::Connect,
                    cause: Cause::Broken(error.to_string()),
                })?;
                let lines = Box::new(LineByLine::new(socket));
                let mut connection =
                    AsyncSmtpConnection::connect_with_transport(lines, &self.hello)
                        .await
                        .map_err(refused)?;
                let secured = connection.starttls(tls, &self.hello).await;
                return secured.map(|()| connection).map_err(refused);
            }
        };
        AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, tls, None)
            .await
            .map_err(refused)
    }

    /// TLS 1.2 or newer, with a certificate that is for this host and leads to the public roots or, where
    /// `mail.ca_file` is given, to those only.
    async fn tls_parameters(&self) -> Result<TlsParameters, Failure> {
        let broken = |what: String| Failure {
            stage: Stage::Connect,
            cause: Cause::Broken(what),
        };
        let tls = TlsParameters::builder(self.host.clone());
        let tls = if self.ca_file.is_empty() {
            tls.certificate_store(CertificateStore::WebpkiRoots)
        } else {
            let said = |what: String| broken(format!("mail.ca_file {}: {what}", self.ca_file));
            let pem = tokio::fs::read(&self.ca_file)
                .await
                .map_err(|error| said(error.to_string()))?;
            let own = Certificate::from_pem(&pem).map_err(|error| said(error.to_string()))?;
            tls.certificate_store(CertificateStore::None)
                .add_root_certificate(own)
        };
        tls.build_rustls()
            .map_err(|error| broken(error.to_string()))
    }

    /// Everything before the content. A kept connection that the server has left in the meantime is
    /// replaced once, since that says nothing about the mail.
    async fn prepare(&self, mail: &Outgoing, kept: Option<Open>) -> Result<Open, Failure> {
        let mut stage = Stage::Connect;
        let prepared = timeout(BEFORE_CONTENT, async {
            if let Some(mut open) = kept
                && open.mails < PER_CONNECTION
                && open.connection.test_connected().await
            {
                return introduce(open, mail, &mut stage).await;
            }
            let open = self.open(&mut stage).await?;
            introduce(open, mail, &mut stage).await
        })
        .await;
        prepared.unwrap_or(Err(Failure {
            stage,
            cause: Cause::Broken("timeout".to_owned()),
        }))
    }
}

impl Transport for Smtp {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            let mut place = self.connection.lock().await;
            // Taken out while in use: a try that is dropped half-way leaves no half-used connection.
            let mut open = self.prepare(mail, place.take()).await?;
            let content = Content(&mail.bytes);
            let answer = timeout(self.last_answer, open.connection.command(content)).await;
            match answer {
                Ok(Ok(response)) => {
                    open.mails += 1;
                    *place = Some(open);
                    let text: Vec<_> = response.message().collect();
                    Ok(format!("{} {}", response.code(), text.join(" ")))
                }
                Ok(Err(error)) => Err(failed(Stage::Content, &error)),
                Err(_) => Err(Failure {
                    stage: Stage::Content,
                    cause: Cause::Broken("timeout".to_owned()),
                }),
            }
        })
    }
}

/// Sender, recipient, and the wish to send. After a refusal the connection is closed with due
/// courtesy.
async fn introduce(mut open: Open, mail: &Outgoing, stage: &mut Stage) -> Result<Open, Failure> {
    let said = speak(&mut open.connection, mail, stage).await;
    match said {
        Ok(()) => Ok(open),
        Err(failure) => {
            open.connection.abort().await;
            Err(failure)
        }
    }
}

async fn speak(
    connection: &mut AsyncSmtpConnection,
    mail: &Outgoing,
    stage: &mut Stage,
) -> Result<(), Failure> {
    let mut options = Vec::new();
    let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !plain(&mail.to) || !plain(&mail.from) {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            return Err(Failure {
                stage: Stage::Recipient,
                cause: Cause::Impossible("the server has no SMTPUTF8".to_owned()),
            });
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    *stage = Stage::Sender;
    connection
        .command(Mail::new(Some(mail.from.clone()), options))
        .await
        .map_err(|error| failed(Stage::Sender, &error))?;
    *stage = Stage::Recipient;
    connection
        .command(Rcpt::new(mail.to.clone(), Vec::new()))
        .await
        .map_err(|error| failed(Stage::Recipient, &error))?;
    *stage = Stage::Data;
    connection
        .command(Data)
        .await
        .map_err(|error| failed(Stage::Data, &error))?;
    Ok(())
}

/// The content with its end mark, as one thing to write: in two writes, as lettre does it, the second
/// waits for the other side's delayed acknowledgment (56 ms a mail instead of 9, measured on loopback).
struct Content<'a>(&'a [u8]);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Frozen mails are ASCII. A line that begins with a dot gets a second one (RFC 5321 4.5.2).
        for line in String::from_utf8_lossy(self.0).split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_char('.')?;
            }
            f.write_str(line)?;
        }
        let ended = self.0.ends_with(b"\r\n");
        f.write_str(if ended { ".\r\n" } else { "\r\n.\r\n" })
    }
}

fn failed(stage: Stage, error: &Error) -> Failure {
    let source = error.source().map(ToString::to_string);
    let cause = match error.status() {
        Some(code) => Cause::Reply {
            code: u16::from(code),
            text: source.unwrap_or_default(),
        },
        None => Cause::Broken(source.unwrap_or_else(|| error.to_string())),
    };
    Failure { stage, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_content_ends_it() {
        let content = |bytes: &[u8]| Content(bytes).to_string();
        assert_eq!(content(b"a\r\n.\r\n..b\r\n"), "a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(content(b".a"), "..a\r\n.\r\n");
        assert_eq!(content(b"a.b\r\n"), "a.b\r\n.\r\n");
    }
}
