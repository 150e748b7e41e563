//! Values of fields: typed, read at the edge, and as they are compared.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Choice, Field, Kind, LONGEST_LINK};

/// Numbers are counted in ten-thousandths.
const PLACES: u32 = 4;
/// Below this they are exact in JSON as well, where numbers have some fifteen digits.
const MOST_UNITS: i64 = 999_999_999_999_999;
/// Characters of a text that are compared.
const COMPARED: usize = 200;

/// A value. Empty ones do not exist: a field without a value has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// Of a text, a link or a pattern.
    Text(String),
    /// In ten-thousandths.
    Number(i64),
    /// In the smallest unit of the field's currency.
    Money(i64),
    /// A day.
    Date(Date),
    /// The key of an option.
    Choice(String),
    /// Keys of options, in the order of the options.
    Choices(Vec<String>),
    /// Yes.
    Checked,
}

/// A value that does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ValueFault {
    /// Stable code: `invalid`, `too_long`, `not_found`, `too_many`.
    pub code: &'static str,
    /// What to do, for people.
    pub detail: String,
}

fn fault<T>(code: &'static str, detail: impl Into<String>) -> Result<T, ValueFault> {
    Err(ValueFault { code, detail: detail.into() })
}

/// How a value, or one of its options, is compared: by a word without case, or by a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// See [`word`].
    pub word: Option<String>,
    /// A number in its unit, a day since 1970, or 1 for a tick.
    pub number: Option<i64>,
    /// A text as it was written.
    pub text: Option<String>,
}

/// What is compared of a text: its first 200 characters, without case.
pub fn word(text: &str) -> String {
    text.trim().to_lowercase().chars().take(COMPARED).collect()
}

/// Days since 1970-01-01.
pub fn day_number(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| i64::from(span.get_days()))
}

fn day_of(number: i64) -> Option<Date> {
    let days = jiff::Span::new().try_days(number).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(days).ok()
}

impl Value {
    /// As in the API.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) | Self::Choice(text) => json!(text),
            Self::Number(units) => decimal_to_json(*units),
            Self::Money(units) => json!(units),
            Self::Date(day) => json!(day),
            Self::Choices(list) => json!(list),
            Self::Checked => json!(true),
        }
    }

    /// As it is stored and compared: one part, or one for each option.
    pub fn parts(&self) -> Vec<Part> {
        let number = |n: i64| vec![Part { word: None, number: Some(n), text: None }];
        let option = |key: &String| Part { word: Some(key.clone()), number: None, text: None };
        match self {
            Self::Text(text) => vec![Part { word: Some(word(text)), number: None, text: Some(text.clone()) }],
            Self::Number(n) | Self::Money(n) => number(*n),
            Self::Date(day) => number(day_number(*day)),
            Self::Choice(key) => vec![option(key)],
            Self::Choices(keys) => keys.iter().map(option).collect(),
            Self::Checked => number(1),
        }
    }

    /// From its parts, in their order, of a field whose kind has this name; none where they are not of it.
    pub fn from_parts(kind: &str, parts: Vec<Part>) -> Option<Self> {
        let mut parts = parts.into_iter();
        if kind == "multi_choice" {
            let keys: Vec<String> = parts.filter_map(|p| p.word).collect();
            return (!keys.is_empty()).then_some(Self::Choices(keys));
        }
        let first = parts.next()?;
        match kind {
            "text" | "link" | "pattern" => first.text.map(Self::Text),
            "number" => first.number.map(Self::Number),
            "money" => first.number.map(Self::Money),
            "date" => first.number.and_then(day_of).map(Self::Date),
            "choice" => first.word.map(Self::Choice),
            "checkbox" => first.number.map(|_| Self::Checked),
            _ => None,
        }
    }
}

impl Field {
    /// Reads a value as the API takes it. Null, the empty text, the empty list and false are no value.
    ///
    /// # Errors
    /// [`ValueFault`] says what would fit.
    pub fn read(&self, json: &Json) -> Result<Option<Value>, ValueFault> {
        if json.is_null() {
            return Ok(None);
        }
        match &self.kind {
            Kind::Text { max_length } => line(json, usize::try_from(*max_length).unwrap_or(usize::MAX)).map(|t| t.map(Value::Text)),
            Kind::Pattern { pattern, max_length } => {
                let Some(text) = line(json, usize::try_from(*max_length).unwrap_or(usize::MAX))? else { return Ok(None) };
                let matches = Kind::regex(pattern).is_ok_and(|r| r.is_match(&text));
                if matches { Ok(Some(Value::Text(text))) } else { fault("invalid", format!("Write it as the pattern {pattern} says.")) }
            }
            Kind::Link {} => {
                let Some(text) = line(json, LONGEST_LINK)? else { return Ok(None) };
                if is_link(&text) {
                    Ok(Some(Value::Text(text)))
                } else {
                    fault("invalid", "Give an address that begins with https://, http:// or mailto:.")
                }
            }
            Kind::Number {} => match json.as_number().and_then(decimal_from_json) {
                Some(units) => Ok(Some(Value::Number(units))),
                None => fault("invalid", "Give a number with at most eleven digits before the point and four behind it."),
            },
            Kind::Money { currency } => match json.as_i64().filter(|n| n.abs() <= MOST_UNITS) {
                Some(units) => Ok(Some(Value::Money(units))),
                None => fault("invalid", format!("Give a whole number, counted in the smallest unit of {}.", currency.as_str())),
            },
            Kind::Date {} => match json.as_str() {
                Some("") => Ok(None),
                Some(text) => match text.parse::<Date>() {
                    Ok(day) if (1..=9999).contains(&day.year()) && text.len() == 10 => Ok(Some(Value::Date(day))),
                    _ => fault("invalid", "Give a day such as 2026-11-22."),
                },
                None => fault("invalid", "Give a day such as 2026-11-22."),
            },
            Kind::Choice { options } => match json.as_str() {
                Some("") => Ok(None),
                Some(key) => find(options, key).map(|o| Some(Value::Choice(o.key().to_owned()))),
                None => fault("invalid", "Give the key of an option."),
            },
            Kind::MultiChoice { options } => {
                let Json::Array(list) = json else { return fault("invalid", "Give a list with the keys of options.") };
                if list.len() > super::MOST_OPTIONS {
                    return fault("too_many", "Give each option once.");
                }
                let mut picked = Vec::new();
                for one in list {
                    picked.push(find(options, one.as_str().unwrap_or_default())?.key());
                }
                let keys: Vec<String> = options.iter().map(Choice::key).filter(|k| picked.contains(k)).map(str::to_owned).collect();
                Ok((!keys.is_empty()).then_some(Value::Choices(keys)))
            }
            Kind::Checkbox {} => match json.as_bool() {
                Some(checked) => Ok(checked.then_some(Value::Checked)),
                None => fault("invalid", "Give true or false."),
            },
        }
    }
}

fn find<'a>(options: &'a [Choice], key: &str) -> Result<&'a Choice, ValueFault> {
    match options.iter().find(|o| o.key() == key && !o.archived) {
        Some(option) => Ok(option),
        None => fault("not_found", "There is no such option."),
    }
}

fn line(json: &Json, most: usize) -> Result<Option<String>, ValueFault> {
    let Some(text) = json.as_str() else { return fault("invalid", "Give a text.") };
    let text = text.trim();
    if text.chars().count() > most {
        return fault("too_long", format!("Use at most {most} characters."));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return fault("invalid", "Write it in one line.");
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Only what a browser can be sent to without harm.
fn is_link(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    if text.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\')) {
        return false;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" => rest.strip_prefix("//").is_some_and(|r| r.starts_with(|c: char| c.is_alphanumeric() || c == '[')),
        "mailto" => rest.split('?').next().is_some_and(|a| a.parse::<crate::EmailAddress>().is_ok()),
        _ => false,
    }
}

/// A number in ten-thousandths, where it is exact.
pub fn decimal_from_json(number: &serde_json::Number) -> Option<i64> {
    decimal_from_text(&number.to_string(), PLACES)
}

/// A decimal number in units of its last place; none when it has more places, or too many digits.
pub fn decimal_from_text(text: &str, places: u32) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let places = usize::try_from(places).ok()?;
    let part = part.trim_end_matches('0');
    if whole.is_empty() || whole.len() > 15 || part.len() > places || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let units: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    (units <= MOST_UNITS).then_some(if negative { -units } else { units })
}

/// An amount in units of its last place, with so many places: 1250 with two is `12.50`.
pub fn decimal_text(units: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (sign, units) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    if places == 0 {
        return format!("{sign}{units}");
    }
    format!("{sign}{}.{:0width$}", units / unit, units % unit, width = places as usize)
}

/// As a number of JSON; whole ones without a point.
pub fn decimal_to_json(units: i64) -> Json {
    let unit = 10_i64.pow(PLACES);
    if units % unit == 0 {
        return json!(units / unit);
    }
    let sign = if units < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:04}", units.abs() / unit, units.abs() % unit);
    text.parse::<f64>().map_or(Json::Null, |n| json!(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Words;
    use crate::field::tests::field;
    use proptest::prelude::*;

    fn options() -> Vec<Choice> {
        ["red", "blue", "gone"]
            .iter()
            .map(|k| Choice { key: k.parse().ok(), label: Words { en: Some((*k).into()), ko: None }, archived: *k == "gone" })
            .collect()
    }

    fn kinds() -> Vec<Kind> {
        vec![
            Kind::Text { max_length: 20 },
            Kind::Number {},
            Kind::Money { currency: "EUR".parse().unwrap() },
            Kind::Date {},
            Kind::Choice { options: options() },
            Kind::MultiChoice { options: options() },
            Kind::Checkbox {},
            Kind::Link {},
            Kind::Pattern { pattern: "[A-Z]{2}-[0-9]+".into(), max_length: 20 },
        ]
    }

    #[allow(clippy::needless_pass_by_value)]
    fn read(kind: &Kind, json: Json) -> Result<Option<Value>, &'static str> {
        field(1, "a", kind.clone()).read(&json).map_err(|f| f.code)
    }

    #[test]
    fn values_are_read_by_their_kind() {
        let [text, number, money, date, choice, multi, checkbox, link, pattern] = kinds().try_into().unwrap();
        assert_eq!(read(&text, json!("  A 1 ")), Ok(Some(Value::Text("A 1".into()))));
        assert_eq!(read(&text, json!("x".repeat(21))), Err("too_long"));
        assert_eq!(read(&text, json!("a\nb")), Err("invalid"));
        assert_eq!(read(&number, json!(12.5)), Ok(Some(Value::Number(125_000))));
        assert_eq!(read(&number, json!(-3)), Ok(Some(Value::Number(-30_000))));
        for bad in [json!(0.00001), json!(1e20), json!("12"), json!(100_000_000_000_i64)] {
            assert_eq!(read(&number, bad), Err("invalid"));
        }
        assert_eq!(read(&money, json!(1250)), Ok(Some(Value::Money(1250))));
        assert_eq!(read(&money, json!(12.5)), Err("invalid"));
        assert_eq!(read(&date, json!("2026-11-22")).unwrap().unwrap().to_json(), json!("2026-11-22"));
        for bad in ["2026-02-30", "tomorrow", "2026-11-22T10:00:00", "-000001-01-01"] {
            assert_eq!(read(&date, json!(bad)), Err("invalid"), "{bad}");
        }
        assert_eq!(read(&choice, json!("red")), Ok(Some(Value::Choice("red".into()))));
        assert_eq!((read(&choice, json!("gone")), read(&choice, json!("x"))), (Err("not_found"), Err("not_found")));
        assert_eq!(read(&multi, json!(["blue", "red", "red"])), Ok(Some(Value::Choices(vec!["red".into(), "blue".into()]))));
        assert_eq!(read(&checkbox, json!(true)), Ok(Some(Value::Checked)));
        assert_eq!(read(&checkbox, json!("yes")), Err("invalid"));
        assert!(read(&link, json!("https://haru.example/orders/1")).unwrap().is_some());
        assert!(read(&link, json!("mailto:a@b.example")).unwrap().is_some());
        for bad in ["javascript:alert(1)", "haru.example", "https:///x", "data:text/html,x", "https://a b", "JaVaScRiPt:x", "mailto:nobody"] {
            assert_eq!(read(&link, json!(bad)), Err("invalid"), "{bad}");
        }
        assert!(read(&pattern, json!("AB-12")).unwrap().is_some());
        for bad in ["ab-12", "xAB-12", "AB-12x", "AB-"] {
            assert_eq!(read(&pattern, json!(bad)), Err("invalid"), "{bad}");
        }
    }

    #[test]
    fn what_is_empty_is_no_value() {
        for (kind, empty) in
            kinds().iter().zip([json!(" "), json!(null), json!(null), json!(""), json!(""), json!([]), json!(false), json!(""), json!("")])
        {
            assert_eq!(read(kind, empty), Ok(None), "{kind:?}");
        }
    }

    #[test]
    fn the_day_of_the_epoch_is_zero() {
        assert_eq!(day_number("1970-01-01".parse().unwrap()), 0);
        assert_eq!(day_number("2026-11-22".parse().unwrap()), 20_779);
        assert_eq!(day_of(20_779), "2026-11-22".parse().ok());
    }

    fn any_json() -> impl Strategy<Value = Json> {
        prop_oneof![
            any::<i64>().prop_map(|n| json!(n)),
            any::<f64>().prop_map(|n| json!(n)),
            (-99_999_999_i64..99_999_999).prop_map(decimal_to_json),
            any::<bool>().prop_map(|b| json!(b)),
            ".{0,30}".prop_map(|t| json!(t)),
            "20[0-9]{2}-[01][0-9]-[0-3][0-9]".prop_map(|t| json!(t)),
            "[A-Z]{2}-[0-9]{1,3}".prop_map(|t| json!(t)),
            "https://[a-z]{1,9}/.{0,9}".prop_map(|t| json!(t)),
            proptest::sample::subsequence(vec!["red", "blue", "gone"], 0..3).prop_map(|k| json!(k)),
            Just(json!("red")),
        ]
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_and_read_again(kind in proptest::sample::select(kinds()), json in any_json()) {
            let field = field(1, "a", kind);
            if let Ok(Some(value)) = field.read(&json) {
                prop_assert_eq!(field.read(&value.to_json()).unwrap(), Some(value.clone()));
                prop_assert_eq!(Value::from_parts(field.kind.name(), value.parts()), Some(value.clone()));
                prop_assert_eq!(serde_json::from_value::<Value>(serde_json::to_value(&value).unwrap()).unwrap(), value);
            }
        }

        #[test]
        fn decimals_are_exact(units in -MOST_UNITS..=MOST_UNITS) {
            prop_assert_eq!(decimal_to_json(units).as_number().and_then(decimal_from_json), Some(units));
        }
    }
}
