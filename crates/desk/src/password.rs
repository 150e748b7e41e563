//! Passwords: argon2id, off the runtime's threads, a few at a time.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use model::Secret;
use tokio::sync::Semaphore;

/// Shortest password, in characters.
pub const MIN: usize = 8;
/// Longest password, in bytes.
pub const MAX: usize = 256;

/// Each takes 19 MiB and a core for some tens of milliseconds.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What is checked when there is no such account: the work is the same, the answer is no.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody", &[7; 16]).unwrap_or_default());

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too short.
    #[error("use at least {MIN} characters")]
    TooShort,
    /// Too long.
    #[error("use at most {MAX} bytes")]
    TooLong,
    /// The address itself.
    #[error("do not use your address as the password")]
    SameAsEmail,
}

/// Hashing failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Checks a new password's shape.
pub fn check(password: &Secret, email: &str) -> Result<(), Weak> {
    let word = password.expose();
    if word.chars().count() < MIN {
        Err(Weak::TooShort)
    } else if word.len() > MAX {
        Err(Weak::TooLong)
    } else if word.eq_ignore_ascii_case(email) {
        Err(Weak::SameAsEmail)
    } else {
        Ok(())
    }
}

fn argon() -> Argon2<'static> {
    // OWASP's second choice: 19 MiB, 2 passes, 1 lane.
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, HashError> {
    let salt = SaltString::encode_b64(salt).map_err(|_| HashError)?;
    argon().hash_password(password.as_bytes(), &salt).map(|h| h.to_string()).map_err(|_| HashError)
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// What to store of a password. Never call it inside a transaction: it is slow on purpose.
pub async fn hash(password: &Secret, salt: [u8; 16]) -> Result<String, HashError> {
    let password = password.clone();
    let _turn = AT_ONCE.acquire().await.map_err(|_| HashError)?;
    tokio::task::spawn_blocking(move || hash_now(password.expose(), &salt)).await.map_err(|_| HashError)?
}

/// Whether a password is the right one. Takes as long when there is nothing to compare with.
pub async fn verify(password: &Secret, hash: Option<String>) -> bool {
    let password = password.clone();
    let Ok(_turn) = AT_ONCE.acquire().await else { return false };
    let check = move || {
        // A huge "password" is work for us and never right.
        let given = if password.expose().len() > MAX { "" } else { password.expose() };
        let known = hash.is_some();
        matches(given, hash.as_deref().unwrap_or(&NOBODY)) && known
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let hash = hash(&Secret::new("correct horse"), [1; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify(&Secret::new("correct horse"), Some(hash.clone())).await);
        assert!(!verify(&Secret::new("wrong horse"), Some(hash)).await);
        assert!(!verify(&Secret::new("nobody"), None).await);
        assert!(!verify(&Secret::new("x"), Some("garbage".into())).await);
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(check(&Secret::new("short"), "a@b"), Err(Weak::TooShort));
        assert_eq!(check(&Secret::new("x".repeat(257)), "a@b"), Err(Weak::TooLong));
        assert_eq!(check(&Secret::new("MINA@haru.example"), "mina@haru.example"), Err(Weak::SameAsEmail));
        assert_eq!(check(&Secret::new("비밀번호여덟자임"), "a@b"), Ok(()));
    }
}
