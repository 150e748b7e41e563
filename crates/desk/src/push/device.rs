//! Switching notifications on and off on a device.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::scope::Forbidden;
use model::{AgentId, Permission, PushId, Scope, Secret, SessionId};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::push::Device;

use crate::keys::CannotOpen;
use crate::{Keys, Refusal, random_bytes};

/// Longest address of a push service that is kept.
const LONGEST: usize = 1_000;

/// Where a device is reached, and the keys to write to it, as the browser tells them. `Debug` shows none of it: whoever knows
/// the address can reach the device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The push service's address for this device.
    pub endpoint: String,
    /// The device's public key: an uncompressed P-256 point in base64url.
    pub p256dh: String,
    /// The device's secret, 16 bytes in base64url.
    pub auth: String,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(•••)")
    }
}

impl Subscription {
    /// The device's public key; none when it is no point.
    pub fn public_key(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.p256dh.trim_end_matches('=')).ok().filter(|key| key.len() == 65 && key[0] == 4)
    }

    /// The device's secret.
    pub fn secret(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.auth.trim_end_matches('=')).ok().filter(|secret| secret.len() == 16)
    }

    /// Opens what [`subscribe`] stored.
    pub(super) fn open(keys: &Keys, sealed: &str) -> Result<Self, CannotOpen> {
        let bytes = STANDARD.decode(sealed).map_err(|_| CannotOpen)?;
        serde_json::from_str(keys.open(&bytes)?.expose()).map_err(|_| CannotOpen)
    }

    fn seal(&self, keys: &Keys) -> String {
        // Plain texts always serialise; should they not, the subscription does not open and is dropped.
        let json = Secret::new(serde_json::to_string(self).unwrap_or_default());
        STANDARD.encode(keys.seal(&json, random_bytes()))
    }

    fn check(&self) -> Result<(), Refusal> {
        let host = self.endpoint.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        let plain = self.endpoint.len() <= LONGEST && self.endpoint.bytes().all(|b| b.is_ascii_graphic());
        if host.is_empty() || host.contains('@') || !plain {
            return Err(Refusal::invalid("endpoint", "invalid", "This is no https address of a push service."));
        }
        if self.public_key().is_none() {
            return Err(Refusal::invalid("p256dh", "invalid", "This is no P-256 key."));
        }
        if self.secret().is_none() {
            return Err(Refusal::invalid("auth", "invalid", "This is no secret of 16 bytes."));
        }
        Ok(())
    }
}

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationRead)?;
    Ok(scope.actor.agent().ok_or(Forbidden(Permission::ConversationRead))?)
}

/// Has the actor's notifications pushed to a device for as long as a session lasts. The same device again is the same one.
///
/// # Errors
/// [`Refusal::Invalid`] when the browser's words are none.
pub async fn subscribe(tx: &mut Tx, keys: &Keys, scope: &Scope, session: SessionId, user_agent: &str, to: &Subscription) -> Result<PushId, Refusal> {
    let agent = me(scope)?;
    to.check()?;
    let device = Device {
        id: tx.new_id(),
        agent,
        session,
        sealed: to.seal(keys),
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(300).collect(),
        created_at: tx.now(),
        pushed_at: None,
    };
    Ok(store::push::put(tx, scope.workspace, &device, &model::token::hash(&to.endpoint)).await?)
}

/// Pushes to one of the actor's devices no longer.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs.
pub async fn remove(tx: &mut Tx, scope: &Scope, id: PushId) -> Result<(), Refusal> {
    let agent = me(scope)?;
    if store::push::remove(tx, scope.workspace, agent, id).await? { Ok(()) } else { Err(Refusal::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Subscription {
        let mut point = [7; 65];
        point[0] = 4;
        Subscription {
            endpoint: "https://push.example/send/abc".into(),
            p256dh: URL_SAFE_NO_PAD.encode(point),
            auth: URL_SAFE_NO_PAD.encode([1; 16]),
        }
    }

    #[test]
    fn only_https_addresses_and_real_keys_are_kept() {
        assert!(good().check().is_ok());
        let long = format!("https://push.example/{}", "a".repeat(1_000));
        for bad in ["http://push.example/x", "https://", "https:///x", "ftp://push.example", "https://user@push.example/", "https://a b/", &long, ""]
        {
            assert!(Subscription { endpoint: bad.into(), ..good() }.check().is_err(), "{bad}");
        }
        assert!(Subscription { p256dh: good().auth, ..good() }.check().is_err());
        assert!(Subscription { auth: good().p256dh, ..good() }.check().is_err());
    }

    #[test]
    fn what_is_stored_tells_nothing_without_the_key() {
        let sealed = good().seal(&Keys::new([1; 32]));
        assert!(!sealed.contains("push.example"));
        assert_eq!(format!("{:?}", good()), "Subscription(•••)");
        assert_eq!(Subscription::open(&Keys::new([1; 32]), &sealed), Ok(good()));
        assert_eq!(Subscription::open(&Keys::new([2; 32]), &sealed), Err(CannotOpen));
    }
}
