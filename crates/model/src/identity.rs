//! Who a site says that its visitor is: a JSON Web Token (RFC 7519) that the site signed with the inbox's secret.
//!
//! Read by hand because so little of the standard is wanted here: three parts, HS256 and nothing else. A library would bring a
//! second stack of signatures (RSA, elliptic curves) for algorithms that must all be refused.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::Sha256;

use crate::stay::Facts;
use crate::{EmailAddress, Secret};

/// Longest token.
const MOST_BYTES: usize = 4_096;
/// A token may be good for so long, and some more for clocks that differ.
const LONGEST_SECONDS: i64 = 24 * 3_600;
/// How much clocks may differ.
const SKEW_SECONDS: i64 = 60;

/// Who somebody is.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The site's own id of the person.
    pub subject: String,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub email: Option<EmailAddress>,
    /// The site has proven the address.
    pub email_verified: bool,
    /// What else it says of the person.
    pub attributes: Facts,
}

/// The token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token proves nothing")]
pub struct Unproven;

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    sub: serde_json::Value,
    exp: serde_json::Number,
    #[serde(default)]
    nbf: Option<serde_json::Number>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<bool>,
    #[serde(default)]
    attributes: Facts,
}

fn seconds(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| number.as_f64().filter(|f| f.is_finite() && f.abs() < 1e15).map(|f| f as i64))
}

/// Reads a token that must be signed with `secret` by HS256, and not have run out by `now`.
///
/// # Errors
/// [`Unproven`], whatever is wrong: whoever forges one learns nothing.
pub fn read(token: &str, secret: &Secret, now: Timestamp) -> Result<Identity, Unproven> {
    read_or_none(token, secret, now).ok_or(Unproven)
}

fn read_or_none(token: &str, secret: &Secret, now: Timestamp) -> Option<Identity> {
    if token.len() > MOST_BYTES {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    // The encoding knows no dot, so a fourth part fails here.
    let decode = |part: &str| data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != "HS256" || header.crit.is_some() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    mac.verify_slice(&decode(signature)?).ok()?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
    let (now, exp) = (now.as_second(), seconds(&claims.exp)?);
    if exp <= now || exp > now + LONGEST_SECONDS + SKEW_SECONDS {
        return None;
    }
    if let Some(nbf) = &claims.nbf
        && seconds(nbf)? > now + SKEW_SECONDS
    {
        return None;
    }
    let subject = match claims.sub {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    if subject.trim().is_empty() || subject.chars().count() > 255 || subject.chars().any(char::is_control) {
        return None;
    }
    let name = claims.name.map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>());
    let email = match claims.email.as_deref().map(str::trim).filter(|e| !e.is_empty()) {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    crate::stay::check(&claims.attributes).ok()?;
    let email_verified = email.is_some() && claims.email_verified == Some(true);
    Some(Identity { subject, name: name.filter(|n| !n.is_empty()), email, email_verified, attributes: claims.attributes })
}

/// Makes a token, for tests and examples.
pub fn sign(claims: &serde_json::Value, alg: &str, secret: &Secret) -> String {
    let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let signed = format!("{}.{}", encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#).as_bytes()), encode(claims.to_string().as_bytes()));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return String::new() };
    mac.update(signed.as_bytes());
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn secret() -> Secret {
        Secret::new("a secret of the inbox")
    }

    fn token(change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut claims =
            json!({"sub": "user-7", "exp": now().as_second() + 3_600, "email": "mina@shop.example", "name": " Mina  Park ", "email_verified": true});
        change(&mut claims);
        sign(&claims, "HS256", &secret())
    }

    #[test]
    fn a_signed_token_says_who_somebody_is() {
        let identity = read(&token(|_| {}), &secret(), now()).unwrap();
        assert_eq!((identity.subject.as_str(), identity.name.as_deref(), identity.email_verified), ("user-7", Some("Mina Park"), true));
    }

    #[test]
    fn row_43_what_is_forged_expired_too_long_or_of_another_algorithm_proves_nothing() {
        let bad = [
            sign(&json!({"sub": "user-7", "exp": now().as_second() + 60}), "none", &secret()),
            sign(&json!({"sub": "user-7", "exp": now().as_second() + 60}), "hs256", &secret()),
            sign(&json!({"sub": "user-7", "exp": now().as_second() + 60}), "HS512", &secret()),
            sign(&json!({"sub": "user-7", "exp": now().as_second() + 60}), "HS256", &Secret::new("another")),
            token(|c| c["exp"] = json!(now().as_second())),
            token(|c| c["exp"] = json!(now().as_second() + 2 * 86_400)),
            token(|c| drop(c.as_object_mut().unwrap().remove("exp"))),
            token(|c| c["exp"] = json!("tomorrow")),
            token(|c| drop(c.as_object_mut().unwrap().remove("sub"))),
            token(|c| c["sub"] = json!("")),
            token(|c| c["sub"] = json!(["user-7"])),
            token(|c| c["sub"] = json!("x".repeat(300))),
            token(|c| c["nbf"] = json!(now().as_second() + 600)),
            token(|c| c["email"] = json!("not an address")),
            token(|c| c["name"] = json!("x".repeat(5_000))),
            format!("{}.", token(|_| {}).rsplit_once('.').unwrap().0),
            format!("{}.x", token(|_| {})),
            token(|_| {}).replacen('.', "", 1),
            String::new(),
            "..".into(),
        ];
        for token in bad {
            assert_eq!(read(&token, &secret(), now()), Err(Unproven), "{token}");
        }
    }

    #[test]
    fn an_address_is_only_verified_when_the_site_says_so_with_a_boolean() {
        let of = |v: serde_json::Value| read(&token(|c| c["email_verified"] = v), &secret(), now()).map(|i| i.email_verified);
        assert_eq!((of(json!(true)), of(json!(false)), of(json!(null))), (Ok(true), Ok(false), Ok(false)));
        assert_eq!(of(json!("true")), Err(Unproven));
    }

    proptest! {
        #[test]
        fn no_text_panics_or_proves_anything(text in ".*") {
            prop_assert!(read(&text, &secret(), now()).is_err());
        }

        #[test]
        fn a_changed_letter_spoils_it(at in 0usize..200, letter in "[A-Za-z0-9_-]") {
            let token = token(|_| {});
            let at = at % token.len();
            let mut other = token.clone();
            other.replace_range(at..=at, &letter);
            prop_assume!(other != token);
            prop_assert!(read(&other, &secret(), now()).is_err());
        }
    }
}
