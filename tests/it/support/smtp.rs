//! A mail server for tests: it speaks SMTP over a socket, keeps what it took, and misbehaves by a script.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

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
    /// Keeps the content and says nothing for a long time.
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
}

/// Where, which recipient (empty before it is known), and the how-manieth time for this recipient there.
type Script = dyn Fn(At, &str, usize) -> Act + Send + Sync;

/// The server; it stops with this value.
pub struct Sink {
    /// Its port on 127.0.0.1.
    pub port: u16,
    kept: Arc<Mutex<Vec<Kept>>>,
    asked: Arc<Mutex<HashMap<(At, String), usize>>>,
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
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let script: Arc<Script> = Arc::new(script);
        let kept = Arc::<Mutex<Vec<Kept>>>::default();
        let asked = Arc::<Mutex<HashMap<(At, String), usize>>>::default();
        let (kept_here, asked_here) = (kept.clone(), asked.clone());
        let server = tokio::spawn(async move {
            // The connections end with the server.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let talk = Talk {
                    socket: BufReader::new(socket),
                    script: script.clone(),
                    kept: kept_here.clone(),
                    asked: asked_here.clone(),
                };
                connections.spawn(async move {
                    // A client that goes away in between is no failure of the server.
                    let _ = talk.run().await;
                });
            }
        });
        Self {
            port,
            kept,
            asked,
            server,
        }
    }

    /// What it kept so far.
    pub fn kept(&self) -> Vec<Kept> {
        self.kept.lock().expect("no thread panicked").clone()
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
    socket: BufReader<TcpStream>,
    script: Arc<Script>,
    kept: Arc<Mutex<Vec<Kept>>>,
    asked: Arc<Mutex<HashMap<(At, String), usize>>>,
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
                self.say("250-sink.test\r\n250-AUTH PLAIN\r\n250 8BITMIME")
                    .await?;
            } else if upper.starts_with("AUTH") {
                self.answer(At::Auth, "", "235 2.7.0 welcome").await?;
            } else if upper.starts_with("MAIL FROM") {
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
        self.kept.lock().expect("no thread panicked").push(Kept {
            to: to.to_owned(),
            id,
            bytes,
            told,
        });
        match act {
            Act::Well => self.say("250 2.0.0 queued").await,
            Act::SayAndCut => {
                self.say("250 2.0.0 queued").await?;
                Err(Over)
            }
            Act::KeepSilent => {
                tokio::time::sleep(std::time::Duration::from_secs(60)).await;
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
        self.socket
            .get_mut()
            .write_all(format!("{text}\r\n").as_bytes())
            .await?;
        Ok(())
    }
}
