//! E-mail addresses and the people behind them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// A syntactically sound address (`local@domain`, RFC 5321 limits). Parsing is the only way to make one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct EmailAddress(String);

/// Why a text is no mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address: write it like name@example.com")]
pub struct BadEmailAddress;

impl EmailAddress {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Lower-cased, for comparing and for look-ups.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part before the last `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the last `@`, as written.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Folded, without a `+detail`: `Help+x@A.example` → `help@a.example`.
    pub fn base(&self) -> String {
        let local = self.local().split('+').next().unwrap_or_default();
        format!("{local}@{}", self.domain()).to_lowercase()
    }

    /// The detail after the first `+`, as written: `reply+abc@…` → `abc`.
    pub fn detail(&self) -> Option<&str> {
        self.local().split_once('+').map(|(_, detail)| detail)
    }
}

impl FromStr for EmailAddress {
    type Err = BadEmailAddress;

    fn from_str(text: &str) -> Result<Self, BadEmailAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(BadEmailAddress)?;
        let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && local.chars().all(|c| !c.is_control() && (quoted || !(c.is_whitespace() || "<>()[],;:\\\"@".contains(c))));
        let domain_ok = !domain.is_empty()
            && domain.len() <= 253
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with('-')
            && !domain.contains("..")
            && domain.chars().all(|c| c.is_alphanumeric() || ".-[]:_".contains(c));
        if local_ok && domain_ok { Ok(Self(text.to_owned())) } else { Err(BadEmailAddress) }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A display name and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// Address.
    pub address: EmailAddress,
}

impl Mailbox {
    /// The name, or the address where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or(self.address.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken_and_others_refused() {
        for good in ["a@b", "help+x@harugoods.example", "손님@예시.한국", "\"odd local\"@example.com", "a_b@ex_ample.com"] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\nBcc: x@y", "a@b..c", "<a@b>", "a\u{0}@b"] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_plus_address_matches_its_base() {
        let address: EmailAddress = "Reply+AbC@Example.com".parse().unwrap();
        assert_eq!(address.base(), "reply@example.com");
        assert_eq!(address.detail(), Some("AbC"));
    }
}
