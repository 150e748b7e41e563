//! Phone numbers: kept as people write them, found by their digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// Fewest digits that a search takes for a part of a number.
const FEWEST_ASKED: usize = 4;
/// Calling codes of one and of two digits; all others have three.
const ONE: [&str; 2] = ["1", "7"];
const TWO: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56",
    "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// A phone number as it was written: `+82 10-1234-5678`, `010 1234 5678`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Phone(String);

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a phone number like +82 10-1234-5678")]
pub struct BadPhone;

impl Phone {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its digits without the country and the zero that stands for it: `1012345678`. Two ways to write a number give the same.
    pub fn national(&self) -> String {
        national(&self.0)
    }

    /// The digits of [`Self::national`] from behind, to be found by its last ones.
    pub fn reversed(&self) -> String {
        self.national().chars().rev().collect()
    }
}

impl FromStr for Phone {
    type Err = BadPhone;

    fn from_str(text: &str) -> Result<Self, BadPhone> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let digits = digits(&text).len();
        let fits = is_written_so(&text) && (5..=17).contains(&digits) && text.len() <= 40 && !national(&text).is_empty();
        if fits { Ok(Self(text)) } else { Err(BadPhone) }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Digits that a number may begin with (as [`Phone::national`] gives it) or end with (as [`Phone::reversed`] does).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// It begins with one of these.
    pub beginnings: Vec<String>,
    /// Or, from behind, with this.
    pub ending: String,
}

/// What a search asks of phone numbers; none when the text is not a part of one.
pub fn asked(text: &str) -> Option<Asked> {
    let text = text.trim();
    let all = digits(text);
    if !is_written_so(text) || all.len() < FEWEST_ASKED || all.len() > 17 {
        return None;
    }
    let mut beginnings = vec![national(text)];
    // A country without its plus: 82 10 1234 5678.
    if !text.starts_with(['+', '0']) && all.len() > 9 {
        beginnings.push(without_country(&all).trim_start_matches('0').to_owned());
    }
    beginnings.retain(|b| b.len() >= FEWEST_ASKED - 1);
    beginnings.dedup();
    Some(Asked { beginnings, ending: all.chars().rev().collect() })
}

/// The texts of digits that begin so: from this one up to, but not with, the other; no end for nines only.
pub fn range(beginning: &str) -> (String, Option<String>) {
    let rest = beginning.trim_end_matches('9');
    let end =
        rest.chars().last().and_then(|last| char::from_digit(last.to_digit(10)? + 1, 10)).map(|next| format!("{}{next}", &rest[..rest.len() - 1]));
    (beginning.to_owned(), end)
}

fn is_written_so(text: &str) -> bool {
    !text.is_empty() && text.char_indices().all(|(at, c)| c.is_ascii_digit() || " -.()/".contains(c) || (c == '+' && at == 0))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn national(text: &str) -> String {
    let all = digits(text);
    let rest = match (text.trim_start().starts_with('+'), all.strip_prefix("00")) {
        (true, _) => without_country(&all),
        (false, Some(abroad)) => without_country(abroad),
        (false, None) => &all,
    };
    rest.trim_start_matches('0').to_owned()
}

fn without_country(digits: &str) -> &str {
    let long = if ONE.iter().any(|c| digits.starts_with(c)) {
        1
    } else if TWO.iter().any(|c| digits.starts_with(c)) {
        2
    } else {
        3
    };
    digits.get(long..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_number_has_the_same_digits_however_it_is_written() {
        for text in ["+82 10-1234-5678", "010 1234 5678", "01012345678", "0082 10 1234 5678", "+82 (0)10.1234.5678", "(010) 1234-5678"] {
            assert_eq!(text.parse::<Phone>().unwrap().national(), "1012345678", "{text}");
        }
        assert_eq!("+1 (212) 555-0100".parse::<Phone>().unwrap().national(), "2125550100");
        assert_eq!("+351 210 000 000".parse::<Phone>().unwrap().national(), "210000000");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in ["", "call me", "1234", "010-1234-567a", "12+34567", &"1".repeat(18), "000000"] {
            assert!(bad.parse::<Phone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_search_knows_a_beginning_and_an_end() {
        let whole = asked("82 10 1234 5678").unwrap();
        assert!(whole.beginnings.contains(&"1012345678".to_owned()));
        assert_eq!(asked("010-1234").unwrap().beginnings, ["101234"]);
        assert_eq!(asked("5678").unwrap().ending, "8765");
        for words in ["refund", "123", "#1042", "+", "2026년"] {
            assert_eq!(asked(words), None, "{words}");
        }
    }

    #[test]
    fn a_range_ends_at_the_next_digits() {
        assert_eq!(range("1012"), ("1012".into(), Some("1013".into())));
        assert_eq!(range("1099"), ("1099".into(), Some("11".into())));
        assert_eq!(range("99"), ("99".into(), None));
    }
}
