//! A mail server for tests: it speaks SMTP over a socket, keeps what it took, and misbehaves by a script.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// Where in the conversation the script is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// A client has connected.
    Connect,
    /// It signs in.
    Auth,
    /// It names the sender.
    Mail,
    /// It names the recipient.
    Rcpt,
    /// It asks to send the content.
    Data,
    /// The content has come.
    Content,
}

/// What the server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// What is expected of it.
    Well,
    /// Answers with this line instead; content is not kept.
    Reply(&'static str),
    /// Cuts the connection; content is not kept.
    Cut,
    /// Keeps the content and cuts the connection without a word.
    KeepAndCut,
    /// Keeps the content, says so, and cuts the connection.
    SayAndCut,
    /// Keeps the content and says nothing until the client goes away.
    KeepSilent,
}

/// A mail that the server kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Envelope recipient.
    pub to: String,
    /// Message-ID header.
    pub id: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether the client was told.
    pub told: bool,
    /// Whether it came through TLS.
    pub secure: bool,
}

/// How the server speaks TLS.
#[derive(Clone)]
pub enum Tls {
    /// Not at all.
    Without,
    /// From the first byte.
    Implicit(Arc<ServerConfig>),
    /// When the client asks for it.
    Starttls(Arc<ServerConfig>),
    /// It offers STARTTLS and goes on in the clear, as somebody in between would.
    OnlyOffered,
    /// The same as [`Tls::Starttls`], but somebody in between adds words of a server to its leave to begin.
    SlippedIn(Arc<ServerConfig>),
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Where, which recipient (empty before it is known), and the how-manieth time for this recipient there.
type Script = dyn Fn(At, &str, usize) -> Act + Send + Sync;

/// The server; it stops with this value.
pub struct Sink {
    /// Its port on 127.0.0.1.
    pub port: u16,
    kept: watch::Sender<Vec<Kept>>,
    asked: Arc<Mutex<HashMap<(At, String), usize>>>,
    senders: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Sink {
    /// A server that takes everything.
    pub async fn good() -> Self {
        Self::start(|_, _, _| Act::Well).await
    }

    /// A server by a script.
    pub async fn start(script: impl Fn(At, &str, usize) -> Act + Send + Sync + 'static) -> Self {
        Self::start_with(Tls::Without, script).await
    }

    /// The same with TLS.
    pub async fn start_with(
        tls: Tls,
        script: impl Fn(At, &str, usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let script: Arc<Script> = Arc::new(script);
        let (kept, _) = watch::channel(Vec::new());
        let asked = Arc::<Mutex<HashMap<(At, String), usize>>>::default();
        let senders = Arc::<Mutex<Vec<String>>>::default();
        let (kept_here, asked_here) = (kept.clone(), asked.clone());
        let senders_here = senders.clone();
        let server = tokio::spawn(async move {
            // The connections end with the server.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let mut talk = Talk {
                    socket: BufReader::new(Box::new(socket)),
                    tls: tls.clone(),
                    secure: false,
                    script: script.clone(),
                    kept: kept_here.clone(),
                    asked: asked_here.clone(),
                    senders: senders_here.clone(),
                };
                connections.spawn(async move {
                    if let Tls::Implicit(config) = talk.tls.clone() {
                        talk = talk.secured(config).await?;
                    }
                    // A client that goes away in between is no failure of the server.
                    talk.run().await
                });
            }
        });
        Self {
            port,
            kept,
            asked,
            senders,
            server,
        }
    }

    /// What it kept so far.
    pub fn kept(&self) -> Vec<Kept> {
        self.kept.borrow().clone()
    }

    /// Waits until it has kept so many.
    pub async fn kept_at_least(&self, count: usize) -> Vec<Kept> {
        let mut kept = self.kept.subscribe();
        let kept = kept.wait_for(|kept| kept.len() >= count).await;
        kept.expect("the server lives").clone()
    }

    /// Envelope senders in the order in which they were named.
    pub fn senders(&self) -> Vec<String> {
        self.senders.lock().expect("no thread panicked").clone()
    }

    /// How often the script was asked there, for all recipients together.
    pub fn asked(&self, at: At) -> usize {
        let asked = self.asked.lock().expect("no thread panicked");
        asked
            .iter()
            .filter(|((place, _), _)| *place == at)
            .map(|(_, times)| times)
            .sum()
    }
}

struct Talk {
    socket: BufReader<Box<dyn Stream>>,
    tls: Tls,
    secure: bool,
    script: Arc<Script>,
    kept: watch::Sender<Vec<Kept>>,
    asked: Arc<Mutex<HashMap<(At, String), usize>>>,
    senders: Arc<Mutex<Vec<String>>>,
}

/// The conversation is over, by the script or by the client.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Talk {
    async fn run(mut self) -> Result<(), Over> {
        let mut to = String::new();
        self.answer(At::Connect, "", "220 sink.test ESMTP").await?;
        loop {
            let line = self.line().await?;
            let upper = line.to_uppercase();
            if upper.starts_with("EHLO") {
                let offered = !matches!(self.tls, Tls::Without | Tls::Implicit(_));
                let starttls = if offered && !self.secure {
                    "250-STARTTLS\r\n"
                } else {
                    ""
                };
                let features = format!("250-sink.test\r\n{starttls}250-AUTH PLAIN\r\n250 8BITMIME");
                self.say(&features).await?;
            } else if upper == "STARTTLS" {
                let slipped_in = match self.tls {
                    Tls::SlippedIn(_) => "\r\n250-sink.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                    _ => "",
                };
                self.say(&format!("220 2.0.0 ready{slipped_in}")).await?;
                if let Tls::Starttls(config) | Tls::SlippedIn(config) = self.tls.clone() {
                    self = self.secured(config).await?;
                }
            } else if upper.starts_with("AUTH") {
                self.answer(At::Auth, "", "235 2.7.0 welcome").await?;
            } else if upper.starts_with("MAIL FROM") {
                let sender = line.split(['<', '>']).nth(1).unwrap_or_default();
                self.note_sender(sender);
                self.answer(At::Mail, "", "250 2.1.0 ok").await?;
            } else if upper.starts_with("RCPT TO") {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                self.answer(At::Rcpt, &to, "250 2.1.5 ok").await?;
            } else if upper == "DATA" {
                if self.answer(At::Data, &to, "354 go on").await? {
                    let bytes = self.content().await?;
                    self.keep(&to, bytes).await?;
                }
            } else if upper == "QUIT" {
                self.say("221 2.0.0 bye").await?;
                return Ok(());
            } else {
                self.say("250 2.0.0 ok").await?;
            }
        }
    }

    /// The same conversation through TLS.
    async fn secured(self, config: Arc<ServerConfig>) -> Result<Self, Over> {
        let plain = self.socket.into_inner();
        let secured = TlsAcceptor::from(config).accept(plain).await?;
        Ok(Self {
            socket: BufReader::new(Box::new(secured)),
            secure: true,
            ..self
        })
    }

    fn note_sender(&self, sender: &str) {
        let mut senders = self.senders.lock().expect("no thread panicked");
        senders.push(sender.to_owned());
    }

    fn act(&self, at: At, to: &str) -> Act {
        let mut asked = self.asked.lock().expect("no thread panicked");
        let times = asked.entry((at, to.to_owned())).or_default();
        *times += 1;
        (self.script)(at, to, *times)
    }

    /// Says `good` unless the script has it otherwise; whether it did.
    async fn answer(&mut self, at: At, to: &str, good: &str) -> Result<bool, Over> {
        match self.act(at, to) {
            Act::Well => self.say(good).await.map(|()| true),
            Act::Reply(line) => {
                self.say(line).await?;
                if line.starts_with("421") {
                    Err(Over)
                } else {
                    Ok(false)
                }
            }
            _ => Err(Over),
        }
    }

    async fn keep(&mut self, to: &str, bytes: Vec<u8>) -> Result<(), Over> {
        let act = self.act(At::Content, to);
        if let Act::Reply(line) = act {
            return self.say(line).await;
        }
        if act == Act::Cut {
            return Err(Over);
        }
        let told = matches!(act, Act::Well | Act::SayAndCut);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let id = text
            .lines()
            .find_map(|line| line.strip_prefix("Message-ID: "))
            .unwrap_or_default()
            .to_owned();
        let mail = Kept {
            to: to.to_owned(),
            id,
            bytes,
            told,
            secure: self.secure,
        };
        self.kept.send_modify(|kept| kept.push(mail));
        match act {
            Act::Well => self.say("250 2.0.0 queued").await,
            Act::SayAndCut => {
                self.say("250 2.0.0 queued").await?;
                Err(Over)
            }
            Act::KeepSilent => {
                while self.line().await.is_ok() {}
                Err(Over)
            }
            _ => Err(Over),
        }
    }

    /// Lines up to the single dot.
    async fn content(&mut self) -> Result<Vec<u8>, Over> {
        let mut bytes = Vec::new();
        loop {
            let begin = bytes.len();
            if self.socket.read_until(b'\n', &mut bytes).await? == 0 {
                return Err(Over);
            }
            if &bytes[begin..] == b".\r\n" {
                bytes.truncate(begin);
                return Ok(bytes);
            }
            if bytes[begin..].starts_with(b".") {
                bytes.remove(begin);
            }
        }
    }

    async fn line(&mut self) -> Result<String, Over> {
        let mut line = String::new();
        if self.socket.read_line(&mut line).await? == 0 {
            return Err(Over);
        }
        Ok(line.trim_end().to_owned())
    }

    async fn say(&mut self, text: &str) -> Result<(), Over> {
        let socket = self.socket.get_mut();
        socket.write_all(format!("{text}\r\n").as_bytes()).await?;
        socket.flush().await?;
        Ok(())
    }
}
