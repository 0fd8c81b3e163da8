//! Passwords: argon2id, hashed on a bounded number of threads so that a flood of sign-ins cannot
//! stop the service.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::foundation::{
    config::AccountsConfig,
    error::{Error, Refusal, Result},
    platform::Platform,
};

/// A hash that no password has, checked when the account is unknown so that both answers take the
/// same time.
const NOBODY: &[u8] = b"there is no such account";

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    dummy: Arc<str>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// With the cost that `config` asks for.
    ///
    /// # Errors
    /// When the cost is out of the range of argon2.
    pub fn new(config: &AccountsConfig, platform: &Platform) -> Result<Self> {
        let params = Params::new(config.hash_memory_kib, config.hash_passes, 1, None)
            .map_err(|error| Error::internal(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash(&argon2, NOBODY, &platform.bytes::<16>())?;
        Ok(Self {
            argon2,
            places: Arc::new(Semaphore::new(config.hash_parallel)),
            dummy: dummy.into(),
        })
    }

    /// The PHC text of `password` with a fresh salt.
    ///
    /// # Errors
    /// The refusal `accounts.busy` when all places are taken.
    pub async fn hash(&self, password: &str, platform: &Platform) -> Result<String> {
        let salt = platform.bytes::<16>();
        let password = password.as_bytes().to_vec();
        let argon2 = self.argon2.clone();
        self.run(move || hash(&argon2, &password, &salt)).await?
    }

    /// Whether `password` is the one behind `stored`. Takes the same time when there is none.
    ///
    /// # Errors
    /// The refusal `accounts.busy` when all places are taken.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let known = stored.is_some();
        let phc = stored.unwrap_or(&self.dummy).to_owned();
        let password = password.as_bytes().to_vec();
        let argon2 = self.argon2.clone();
        let fits = self
            .run(move || {
                PasswordHash::new(&phc)
                    .is_ok_and(|parsed| argon2.verify_password(&password, &parsed).is_ok())
            })
            .await?;
        Ok(known && fits)
    }

    /// Whether `stored` was made with another cost than the present one.
    pub fn is_outdated(&self, stored: &str) -> bool {
        cost(stored) != cost(&self.dummy)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| Refusal::new("accounts.busy"))?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(place);
            result
        })
        .await
        .map_err(Error::internal)
    }
}

/// Algorithm, version and parameters of a PHC text: all before salt and digest.
fn cost(phc: &str) -> Option<&str> {
    phc.rsplitn(3, '$').nth(2)
}

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String> {
    argon2
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::foundation::{
        config::Config,
        platform::{ManualClock, SeededRandom},
    };

    #[tokio::test]
    async fn an_unknown_account_costs_as_much_as_a_known_one() {
        let mut config = Config::load(None).unwrap().accounts;
        config.hash_memory_kib = 64;
        config.hash_passes = 3;
        let clock = Arc::new(ManualClock::new(chrono::DateTime::UNIX_EPOCH));
        let platform = Platform::new(clock, Arc::new(SeededRandom::new(7)));
        let passwords = Passwords::new(&config, &platform).unwrap();
        let known = passwords.hash("电池 staple", &platform).await.unwrap();
        assert!(cost(&known).is_some_and(|cost| cost.contains("m=64,t=3,p=1")));
        assert_eq!(
            cost(&passwords.dummy),
            cost(&known),
            "the same work, and so the same time"
        );
        assert!(passwords.verify("电池 staple", Some(&known)).await.unwrap());
        assert!(!passwords.verify("电池 staple", None).await.unwrap());
        let nobody = String::from_utf8_lossy(NOBODY).into_owned();
        assert!(
            !passwords.verify(&nobody, None).await.unwrap(),
            "what the stand-in was made of opens nothing"
        );
    }
}
