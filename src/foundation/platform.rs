//! The clock and the source of randomness: the only file that touches the real ones. Everything
//! else is given a [`Platform`], so that a test moves time by hand and repeats every secret.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Where instants come from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// Where unpredictable bytes come from.
pub trait Random: Send + Sync {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// Clock and randomness of one instance of the service. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    real: bool,
    last_id: Arc<Mutex<IdPlace>>,
}

/// The millisecond of the last identifier, and its place in it.
#[derive(Clone, Copy, Debug, Default)]
struct IdPlace {
    millis: u64,
    place: u16,
}

/// Identifiers that fit in a millisecond: the 12 bits behind the time.
const IDS_A_MILLISECOND: u16 = 1 << 12;

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform")
    }
}

impl Platform {
    /// The machine's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            real: true,
            last_id: Arc::default(),
        }
    }

    /// A platform of given parts, for tests and for replaying.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            clock,
            random,
            real: false,
            last_id: Arc::default(),
        }
    }

    /// Whether the clock is the machine's, and not moved by hand.
    pub fn is_real(&self) -> bool {
        self.real
    }

    /// The present instant in UTC, truncated to microseconds: what both databases keep.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// A new UUIDv7. Of this instance's identifiers each is greater than the one before, within a
    /// millisecond and when the clock is set back too, so rows of one moment keep their order.
    pub fn id<I: From<Uuid>>(&self) -> I {
        let mut random = [0_u8; 10];
        self.random.fill(&mut random);
        let now = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if now > last.millis {
            IdPlace {
                millis: now,
                place: 0,
            }
        } else if last.place + 1 < IDS_A_MILLISECOND {
            IdPlace {
                place: last.place + 1,
                ..*last
            }
        } else {
            IdPlace {
                millis: last.millis + 1,
                place: 0,
            }
        };
        [random[0], random[1]] = last.place.to_be_bytes();
        I::from(uuid::Builder::from_unix_timestamp_millis(last.millis, &random).into_uuid())
    }

    /// 256 bits as 43 URL-safe characters.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// `N` unpredictable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

/// A monotonic stopwatch for logs and metrics; never for decisions.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to count.
    #[expect(clippy::disallowed_methods, reason = "the one place of the real clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place of the real clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place of real randomness; a system without it cannot keep any promise"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock standing at `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock to `instant`, forward or back.
    pub fn set(&self, instant: DateTime<Utc>) {
        *self.guard() = instant;
    }

    /// Moves the clock on by `span`.
    pub fn advance(&self, span: chrono::Duration) {
        *self.guard() += span;
    }

    fn guard(&self) -> MutexGuard<'_, DateTime<Utc>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.guard()
    }
}

/// Bytes that follow from a seed (SplitMix64): repeatable, and worth nothing as secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    /// A source that gives the same bytes for the same `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_clock_and_never_repeat() {
        let clock = Arc::new(ManualClock::new(
            DateTime::UNIX_EPOCH + chrono::Duration::days(20_000),
        ));
        let platform = Platform::new(clock.clone(), Arc::new(SeededRandom::new(7)));
        let first: Uuid = platform.id();
        let twin: Uuid = platform.id();
        clock.advance(chrono::Duration::milliseconds(1));
        let later: Uuid = platform.id();
        assert!(first < twin && twin < later);
        clock.advance(chrono::Duration::seconds(-5));
        let many: Vec<Uuid> = (0..10_000).map(|_| platform.id()).collect();
        assert!(later < many[0] && many.is_sorted_by(|one, next| one < next));
        assert_eq!(first.get_version_num(), 7);
    }
}
