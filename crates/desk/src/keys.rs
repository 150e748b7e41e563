//! The installation's keys: signing of our ids and links, sealing of stored secrets.

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use model::Secret;
use model::token::SigningKey;

/// All keys, derived from one secret of 32 bytes.
#[derive(Clone)]
pub struct Keys {
    /// For Message-IDs, markers and links.
    pub signing: SigningKey,
    sealing: XChaCha20Poly1305,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// A sealed secret does not open: another key, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret cannot be opened: was secret.key replaced?")]
pub struct CannotOpen;

impl Keys {
    /// From the installation's secret.
    pub fn new(secret: [u8; 32]) -> Self {
        let signing = SigningKey::new(secret);
        let sealing = XChaCha20Poly1305::new(&signing.derive("seal").into());
        Self { signing, sealing }
    }

    /// Seals a secret for storage. `nonce` is 24 random bytes.
    pub fn seal(&self, secret: &Secret, nonce: [u8; 24]) -> Vec<u8> {
        let mut out = nonce.to_vec();
        // Encrypting a short text in memory cannot fail; should it, the empty box will not open.
        out.extend(self.sealing.encrypt(XNonce::from_slice(&nonce), secret.expose().as_bytes()).unwrap_or_default());
        out
    }

    /// Opens what [`Self::seal`] made.
    pub fn open(&self, sealed: &[u8]) -> Result<Secret, CannotOpen> {
        let (nonce, boxed) = sealed.split_at_checked(24).ok_or(CannotOpen)?;
        let plain = self.sealing.decrypt(XNonce::from_slice(nonce), boxed).map_err(|_| CannotOpen)?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| CannotOpen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key() {
        let sealed = Keys::new([1; 32]).seal(&Secret::new("hunter2"), [9; 24]);
        assert_eq!(Keys::new([1; 32]).open(&sealed).unwrap().expose(), "hunter2");
        assert_eq!(Keys::new([2; 32]).open(&sealed), Err(CannotOpen));
        assert_eq!(Keys::new([1; 32]).open(b"short"), Err(CannotOpen));
    }
}
