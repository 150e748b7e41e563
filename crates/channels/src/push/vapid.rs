//! RFC 8292: telling a push service who sends.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use desk::push::VapidKeys;
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;

/// Tokens hold this long; a day is the most.
const HOLDS: SignedDuration = SignedDuration::from_hours(12);

/// The installation's key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key for push services cannot be used")]
pub struct CannotSign;

/// The `Authorization` header for a push service. `audience` is its origin, `contact` an address of ours.
///
/// # Errors
/// [`CannotSign`].
pub fn authorization(keys: &VapidKeys, audience: &str, contact: &str, now: Timestamp) -> Result<String, CannotSign> {
    let random = SystemRandom::new();
    let private = STANDARD.decode(keys.private.expose()).map_err(|_| CannotSign)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private, &random).map_err(|_| CannotSign)?;
    // Push services want an https address or a mail address; an installation that is tried out on one machine has neither.
    let subject = if contact.starts_with("https://") { contact } else { "mailto:postmaster@localhost" };
    let claims = json!({ "aud": audience, "exp": (now + HOLDS).as_second(), "sub": subject });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
    let signature = pair.sign(&random, signed.as_bytes()).map_err(|_| CannotSign)?;
    Ok(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), keys.public))
}
