//! What a failed try means: the reply of a mail server, and the stage at which it came, decide whether
//! the mail is sent later, never again, or whether the way to the server itself is closed.

use chrono::Duration;

/// How far a try had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Connecting, TLS, greeting, EHLO.
    Connect,
    /// Signing in at the server.
    SignIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Asking to send the content: nothing of it has left.
    Data,
    /// The content: the server may have taken it.
    Content,
}

/// What ended a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The server said no.
    Reply {
        /// Three digits.
        code: u16,
        /// The rest of the reply.
        text: String,
    },
    /// The server said nothing that could be understood: refused, cut, silent for too long.
    Broken(String),
    /// The recipient's address can never be sent to through this server.
    Impossible(String),
}

/// A try that did not end with the server taking the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How far it had come.
    pub stage: Stage,
    /// What ended it.
    pub cause: Cause,
}

impl Failure {
    /// In a line, as it is kept with the mail: the server's own words, or what broke.
    pub fn line(&self) -> String {
        let line = match &self.cause {
            Cause::Reply { code, text } => format!("{code} {text}"),
            Cause::Broken(what) => format!("{NO_ANSWER} {what}"),
            Cause::Impossible(what) => format!("{BAD_ADDRESS} {what}"),
        };
        line.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(300)
            .collect()
    }
}

/// First word of a kept line: there is no address.
pub const NO_ADDRESS: &str = "no_address";
/// First word of a kept line: the address is none.
pub const BAD_ADDRESS: &str = "bad_address";
/// First word of a kept line: the mail was of no use any more.
pub const EXPIRED: &str = "expired";
/// First word of a kept line, before the server's own words: it was taken, and came back later.
pub const BOUNCED: &str = "bounced";
/// First word of a kept line: the letter could not be made.
pub const UNRENDERED: &str = "unrendered";
/// First word of a kept line: no answer came.
pub const NO_ANSWER: &str = "no_answer";

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Again, after this wait at least.
    Later(Duration),
    /// Perhaps delivered: the same bytes again, after this wait at least.
    Ambiguous(Duration),
    /// Never again by itself.
    Never {
        /// The address does not exist: nothing else is sent there either.
        dead_address: bool,
    },
    /// The way to the server is closed for all mails, at first for this long. No try of this mail.
    Closed(Duration),
}

/// The wait after a missing answer: a server that is slow to answer has ten minutes (RFC 5321
/// 4.5.3.2.6).
const AFTER_SILENCE: Duration = Duration::minutes(10);

/// Reads a failure.
pub fn judge(failure: &Failure) -> Verdict {
    match &failure.cause {
        Cause::Impossible(_) => Verdict::Never {
            dead_address: false,
        },
        Cause::Broken(_) => match failure.stage {
            Stage::Content => Verdict::Ambiguous(AFTER_SILENCE),
            // The server listened until it heard of this mail: that may lie in the mail, and must not
            // keep the others.
            Stage::Recipient | Stage::Data => Verdict::Later(Duration::minutes(1)),
            Stage::Connect | Stage::SignIn | Stage::Sender => Verdict::Closed(Duration::seconds(5)),
        },
        Cause::Reply { code, text } => judge_reply(failure.stage, *code, &text.to_lowercase()),
    }
}

fn judge_reply(stage: Stage, code: u16, text: &str) -> Verdict {
    let refused_us = stage <= Stage::SignIn || matches!(code, 530 | 534 | 535 | 538);
    if refused_us && code >= 500 {
        // A wrong password tried again and again locks the mailbox.
        return Verdict::Closed(Duration::minutes(5));
    }
    if stage <= Stage::SignIn || (stage == Stage::Sender && code == 421) {
        return Verdict::Closed(Duration::seconds(5));
    }
    if throttles(text) {
        return Verdict::Later(Duration::minutes(15));
    }
    if stage == Stage::Sender && code >= 500 {
        return Verdict::Closed(Duration::minutes(5));
    }
    match code {
        451 => Verdict::Later(Duration::minutes(2)),
        400..500 => Verdict::Later(Duration::minutes(1)),
        _ => Verdict::Never {
            dead_address: code == 550 && text.trim_start().starts_with("5.1."),
        },
    }
}

/// Whether the server, in lower case, only wants fewer mails. QQ says so with a 550, NetEase with codes of its own.
pub fn throttles(text: &str) -> bool {
    [
        "frequency limited",
        "too frequent",
        "too many",
        "rate limit",
        "hl:icc",
        "hl:ifc",
        "mi:dmc",
        "mi:sfq",
        "rp:drc",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Tries before a mail is given up: with the waits below, about 72 hours.
pub const MAX_ATTEMPTS: i32 = 24;

/// The wait after try number `attempt` (1 for the first), before it is spread.
pub fn backoff(attempt: i32) -> Duration {
    Duration::minutes(match attempt {
        ..=1 => 1,
        2 => 2,
        3 => 5,
        4 => 10,
        5 => 30,
        6 => 60,
        7 => 120,
        _ => 240,
    })
}

/// `wait` made up to a fifth shorter or longer by `chance`, so that mails refused together do not
/// come back together.
pub fn spread(wait: Duration, chance: u8) -> Duration {
    wait * (80 + i32::from(chance) * 40 / 255) / 100
}

/// How long the way to the server stays closed after so many failures in a row, beginning with
/// `first`: doubled each time, 15 minutes at most.
pub fn closed_for(failures: u32, first: Duration) -> Duration {
    let doubled = first * 2_i32.pow(failures.saturating_sub(1).min(10));
    doubled.min(Duration::minutes(15))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(stage: Stage, line: &str) -> Verdict {
        let (code, text) = line.split_once(' ').unwrap();
        judge(&Failure {
            stage,
            cause: Cause::Reply {
                code: code.parse().unwrap(),
                text: text.into(),
            },
        })
    }

    fn later(minutes: i64) -> Verdict {
        Verdict::Later(Duration::minutes(minutes))
    }

    #[test]
    fn replies_are_read_as_servers_mean_them() {
        use Stage::*;
        let never = |dead_address| Verdict::Never { dead_address };
        let closed = |seconds| Verdict::Closed(Duration::seconds(seconds));
        for (stage, line, meaning) in [
            (Connect, "421 4.3.2 too many connections HL:ICC", closed(5)),
            (Connect, "554 5.7.1 blocked", closed(300)),
            (SignIn, "535 5.7.8 authentication failed", closed(300)),
            (SignIn, "454 4.7.0 temporary failure", closed(5)),
            (Sender, "421 4.3.2 closing", closed(5)),
            (Sender, "530 5.7.0 sign in first", closed(300)),
            (Sender, "553 5.1.8 sender refused", closed(300)),
            (Sender, "452 4.3.1 no space", later(1)),
            (Recipient, "450 4.2.1 mailbox busy", later(1)),
            (Recipient, "451 4.7.1 greylisted", later(2)),
            (Recipient, "550 5.1.1 no such user", never(true)),
            (Recipient, "550 5.1.10 no such user", never(true)),
            (Recipient, "550 5.7.1 spam", never(false)),
            (Recipient, "552 5.2.2 mailbox full", never(false)),
            (Content, "554 5.7.1 content", never(false)),
            (Content, "421 4.3.2 shutting down", later(1)),
            (Data, "550 Connection frequency limited", later(15)),
            (Recipient, "450 MI:DMC,1.2.3.4", later(15)),
            (Content, "451 MI:SFQ,1.2.3.4", later(15)),
        ] {
            assert_eq!(reply(stage, line), meaning, "{stage:?} {line}");
        }
    }

    #[test]
    fn silence_is_ambiguous_only_after_the_content() {
        for stage in [Stage::Connect, Stage::SignIn, Stage::Sender] {
            let cause = Cause::Broken("cut".into());
            assert!(matches!(
                judge(&Failure { stage, cause }),
                Verdict::Closed(_)
            ));
        }
        for stage in [Stage::Recipient, Stage::Data] {
            let cause = Cause::Broken("cut".into());
            assert_eq!(judge(&Failure { stage, cause }), later(1));
        }
        let failure = Failure {
            stage: Stage::Content,
            cause: Cause::Broken("cut\r\n".into()),
        };
        assert_eq!(judge(&failure), Verdict::Ambiguous(Duration::minutes(10)));
        assert_eq!(failure.line(), "no_answer cut  ");
    }

    #[test]
    fn waits_grow_and_end_after_about_three_days() {
        let total: Duration = (1..MAX_ATTEMPTS).map(backoff).sum();
        assert!(
            total > Duration::hours(66) && total < Duration::hours(78),
            "{total}"
        );
        for attempt in 1..MAX_ATTEMPTS {
            assert!(backoff(attempt) <= backoff(attempt + 1));
        }
        let hour = Duration::hours(1);
        assert_eq!(spread(hour, 0), Duration::minutes(48));
        assert_eq!(spread(hour, 255), Duration::minutes(72));
        let first = Duration::seconds(5);
        assert_eq!(closed_for(1, first), first);
        assert_eq!(closed_for(3, first), Duration::seconds(20));
        assert_eq!(closed_for(400, first), Duration::minutes(15));
    }
}
