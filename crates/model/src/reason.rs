//! Why something did not work, for readers of every language.

use std::fmt;

/// In English, and a stable code by which screens know their own words for it; none when they have none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Reason {
    pub code: Option<String>,
    pub detail: String,
}

impl Reason {
    /// A reason that screens have words for. The code is of small letters and `_`.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: Some(code.to_owned()), detail: detail.into() }
    }

    /// As one text: `code: detail`.
    pub fn stored(&self) -> String {
        match &self.code {
            Some(code) => format!("{code}: {}", self.detail),
            None => self.detail.clone(),
        }
    }

    /// From what [`Self::stored`] made, or from a text that never had a code.
    pub fn from_stored(text: &str) -> Self {
        match text.split_once(": ") {
            Some((code, detail)) if !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => Self::new(code, detail),
            _ => Self::from(text),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl From<&str> for Reason {
    fn from(detail: &str) -> Self {
        Self { code: None, detail: detail.to_owned() }
    }
}

impl From<String> for Reason {
    fn from(detail: String) -> Self {
        Self { code: None, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_comes_back_as_it_was_stored() {
        for reason in [Reason::new("took_too_long", "it took: too long"), Reason::from("Neither: this"), Reason::from("451 4.7.1: later")] {
            assert_eq!(Reason::from_stored(&reason.stored()), reason);
        }
    }
}
