//! The name of a field for filters and programs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const PREFIX: &str = "field.";
/// Longest key, in characters.
const LONGEST: usize = 40;

/// A key: a lower-case letter, then up to 39 of `a-z`, `0-9` and `_`. Small enough to be copied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// With the prefix, so that the name in filters is at hand.
    bytes: [u8; PREFIX.len() + LONGEST],
    len: u8,
}

/// The key does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key begins with a letter and has at most 40 of a-z, 0-9 and _")]
pub struct BadKey;

impl Key {
    /// As in filters: `field.order_number`.
    pub fn filter_name(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.filter_name()[PREFIX.len()..]
    }
}

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let fits = (1..=LONGEST).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            return Err(BadKey);
        }
        let mut bytes = [0; PREFIX.len() + LONGEST];
        let len = PREFIX.len() + text.len();
        bytes[..PREFIX.len()].copy_from_slice(PREFIX.as_bytes());
        bytes[PREFIX.len()..len].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, len: u8::try_from(len).map_err(|_| BadKey)? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_short_plain_word() {
        let key: Key = "order_2".parse().unwrap();
        assert_eq!((key.as_str(), key.filter_name()), ("order_2", "field.order_2"));
        for bad in ["", "2nd", "_a", "Order", "order number", "주문", "a.b", &"x".repeat(41)] {
            assert!(bad.parse::<Key>().is_err(), "{bad:?}");
        }
        assert!("x".repeat(40).parse::<Key>().is_ok());
    }
}
