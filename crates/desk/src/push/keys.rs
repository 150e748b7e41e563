//! The key pair by which push services know this installation: made once, kept sealed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::Secret;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use store::Error;

use crate::{Desk, random_bytes};

/// The fact that holds the private key.
const FACT: &str = "push_key";

/// A P-256 key pair. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct VapidKeys {
    /// The private key: PKCS#8 in base64.
    pub private: Secret,
    /// The public key as browsers want it: the uncompressed point in base64url.
    pub public: String,
}

/// The installation's keys. The first who asks makes them; of two at once, one wins and both use it.
///
/// # Errors
/// Those of the store; [`Error::Corrupt`] when the stored key does not open.
pub async fn vapid_keys(desk: &Desk) -> Result<VapidKeys, Error> {
    let known = store::upkeep::fact(&mut desk.store.read().await?, FACT).await?;
    let sealed = if let Some(sealed) = known {
        sealed
    } else {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(broken)?;
        let private = Secret::new(STANDARD.encode(made.as_ref()));
        let sealed = STANDARD.encode(desk.keys.seal(&private, random_bytes()));
        let mut tx = desk.begin().await?;
        let sealed = store::upkeep::claim(&mut tx, FACT, &sealed).await?;
        tx.commit().await?;
        sealed
    };
    let sealed = STANDARD.decode(sealed).map_err(broken)?;
    let private = desk.keys.open(&sealed).map_err(broken)?;
    let bytes = STANDARD.decode(private.expose()).map_err(broken)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes, &SystemRandom::new()).map_err(broken)?;
    Ok(VapidKeys { public: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()), private })
}

fn broken(_: impl std::fmt::Debug) -> Error {
    Error::Corrupt("the key for push services".into())
}
