//! What a field holds.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::{Currency, Key, LONGEST_PATTERN, LONGEST_TEXT, MOST_OPTIONS, Words};

/// What a field holds, with what belongs to it. In JSON an object with a `kind`: `{"kind":"money","currency":"EUR"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// One line of text.
    Text {
        /// In characters.
        #[serde(default = "longest")]
        max_length: u32,
    },
    /// A number with at most four digits after the point.
    Number {},
    /// An amount of money, counted in the smallest unit of its currency.
    Money {
        /// Which; never changes.
        currency: Currency,
    },
    /// A day.
    Date {},
    /// One of several options.
    Choice {
        /// In their order.
        options: Vec<Choice>,
    },
    /// Some of several options.
    MultiChoice {
        /// In their order.
        options: Vec<Choice>,
    },
    /// Yes, or nothing.
    Checkbox {},
    /// A web address or a mail address to click on.
    Link {},
    /// One line of text that matches a pattern as a whole.
    Pattern {
        /// A regular expression as the crate `regex` reads it: no look-around, linear in time.
        pattern: String,
        /// In characters.
        #[serde(default = "longest")]
        max_length: u32,
    },
}

fn longest() -> u32 {
    u32::try_from(LONGEST_TEXT).unwrap_or(u32::MAX)
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name for filters and programs; never changes. Made from the label where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Its name for people.
    pub label: Words,
    /// It can no longer be picked; where it was, it stays.
    #[serde(default)]
    pub archived: bool,
}

impl Choice {
    /// Its key as text.
    pub fn key(&self) -> &str {
        self.key.as_ref().map(Key::as_str).unwrap_or_default()
    }
}

/// A part of a kind that does not fit: the part, a stable code, what to do.
pub type Unfit = (&'static str, &'static str, String);

impl Kind {
    /// Its name, as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Number {} => "number",
            Self::Money { .. } => "money",
            Self::Date {} => "date",
            Self::Choice { .. } => "choice",
            Self::MultiChoice { .. } => "multi_choice",
            Self::Checkbox {} => "checkbox",
            Self::Link {} => "link",
            Self::Pattern { .. } => "pattern",
        }
    }

    /// Its options, where it has some.
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Choice { options } | Self::MultiChoice { options } => options,
            _ => &[],
        }
    }

    /// Whether another field can be shown or not by what this one holds.
    pub fn can_decide(&self) -> bool {
        matches!(self, Self::Choice { .. } | Self::MultiChoice { .. } | Self::Checkbox {})
    }

    /// Whether it may take the place of another: the same kind, in the same currency.
    pub fn may_follow(&self, before: &Self) -> bool {
        match (self, before) {
            (Self::Money { currency: a }, Self::Money { currency: b }) => a == b,
            _ => self.name() == before.name(),
        }
    }

    /// The pattern, ready to match a whole text. Its size is bounded, and matching is linear in the text.
    pub(super) fn regex(pattern: &str) -> Result<Regex, String> {
        RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(256 * 1024).dfa_size_limit(256 * 1024).nest_limit(30).build().map_err(|e| match e {
            regex::Error::CompiledTooBig(_) => "This pattern is too large. Make it simpler.".to_owned(),
            other => format!("This is no pattern: {}", other.to_string().lines().last().unwrap_or_default()),
        })
    }

    /// Takes it over from a form: lengths, pattern and options fit, and each option has a key. Options of `before` that are
    /// no longer named are kept as archived ones, for there may be values.
    ///
    /// # Errors
    /// [`Unfit`] names the part.
    pub fn checked(mut self, before: Option<&Self>) -> Result<Self, Unfit> {
        match &mut self {
            Self::Text { max_length } | Self::Pattern { max_length, .. } if *max_length == 0 || *max_length > longest() => {
                return Err(("type.max_length", "invalid", format!("Give 1 to {LONGEST_TEXT} characters.")));
            }
            Self::Pattern { pattern, .. } => {
                if pattern.is_empty() {
                    return Err(("type.pattern", "missing", "Write a pattern such as [A-Z]{2}-[0-9]{4}.".into()));
                }
                if pattern.chars().count() > LONGEST_PATTERN {
                    return Err(("type.pattern", "too_long", format!("Use at most {LONGEST_PATTERN} characters.")));
                }
                Self::regex(pattern).map_err(|detail| ("type.pattern", "invalid", detail))?;
            }
            Self::Choice { options } | Self::MultiChoice { options } => named(options, before.map_or(&[], Self::options))?,
            _ => {}
        }
        Ok(self)
    }
}

fn named(options: &mut Vec<Choice>, before: &[Choice]) -> Result<(), Unfit> {
    let place = "type.options";
    if options.iter().all(|o| o.archived) {
        return Err((place, "missing", "Give at least one option.".into()));
    }
    for old in before {
        if !options.iter().any(|o| o.key == old.key) {
            options.push(Choice { archived: true, ..old.clone() });
        }
    }
    if options.len() > MOST_OPTIONS {
        return Err((place, "too_many", format!("{MOST_OPTIONS} options are the most, archived ones included.")));
    }
    for at in 0..options.len() {
        let words: Vec<&str> = options[at].label.all().collect();
        if words.is_empty() {
            return Err((place, "missing", "Give each option a name.".into()));
        }
        if words.iter().any(|w| w.trim().is_empty() || w.chars().count() > 80 || w.chars().any(char::is_control)) {
            return Err((place, "invalid", "The name of an option is one line of at most 80 characters.".into()));
        }
        let same = |a: &Choice, b: &Choice| a.label.all().any(|w| b.label.all().any(|v| v.to_lowercase() == w.to_lowercase()));
        if options[..at].iter().any(|o| !o.archived && !options[at].archived && same(o, &options[at])) {
            return Err((place, "taken", "Two options have the same name.".into()));
        }
        if let Some(key) = options[at].key {
            if options[..at].iter().any(|o| o.key == Some(key)) {
                return Err((place, "taken", "Two options have the same key.".into()));
            }
        } else {
            let key = slug(options[at].label.en.as_deref().unwrap_or_default(), "option", |k| options.iter().any(|o| o.key == Some(k)));
            options[at].key = key;
        }
    }
    Ok(())
}

/// A key made from a label: its plain letters and digits, else `otherwise`; with a number behind it where that is taken.
pub fn slug(label: &str, otherwise: &str, taken: impl Fn(Key) -> bool) -> Option<Key> {
    let mut word = String::new();
    for c in label.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word: String = word.trim_start_matches(|c: char| !c.is_ascii_lowercase()).chars().take(30).collect();
    let word = word.trim_end_matches('_');
    let word = if word.is_empty() { otherwise } else { word };
    let numbered = (2..=MOST_OPTIONS + 2).map(|n| format!("{word}_{n}"));
    std::iter::once(word.to_owned()).chain(numbered).filter_map(|w| w.parse().ok()).find(|k| !taken(*k))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(label: &str) -> Choice {
        Choice { key: None, label: Words { en: Some(label.into()), ko: None }, archived: false }
    }

    fn keys(kind: &Kind) -> Vec<&str> {
        kind.options().iter().map(Choice::key).collect()
    }

    #[test]
    fn options_get_keys_and_old_ones_are_kept() {
        let first = Kind::Choice { options: vec![option("Dark red!"), option("환불"), option("dark-red")] }.checked(None).unwrap();
        assert_eq!(keys(&first), ["dark_red", "option", "dark_red_2"]);
        let mut next = vec![first.options()[2].clone(), option("Blue")];
        next[0].label.en = Some("Crimson".into());
        let second = Kind::Choice { options: next }.checked(Some(&first)).unwrap();
        assert_eq!(keys(&second), ["dark_red_2", "blue", "dark_red", "option"]);
        assert_eq!(second.options().iter().filter(|o| o.archived).count(), 2);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let fault = |kind: Kind| kind.checked(None).unwrap_err();
        assert_eq!(fault(Kind::Choice { options: vec![] }).1, "missing");
        assert_eq!(fault(Kind::Choice { options: vec![option("A"), option("a")] }).1, "taken");
        assert_eq!(fault(Kind::Choice { options: (0..201).map(|n| option(&format!("o {n}"))).collect() }).1, "too_many");
        assert_eq!(fault(Kind::Text { max_length: 501 }).0, "type.max_length");
        let pattern = |p: &str| Kind::Pattern { pattern: p.into(), max_length: 20 };
        assert_eq!(fault(pattern("")).1, "missing");
        assert_eq!(fault(pattern("(a")).1, "invalid");
        assert_eq!(fault(pattern(r"(?=a)")).1, "invalid");
        assert_eq!(fault(pattern("((a{100}){100}){100}")).1, "invalid");
        assert_eq!(fault(pattern(&"x".repeat(301))).1, "too_long");
        assert!(pattern("[A-Z]{2}-[0-9]{4}").checked(None).is_ok());
    }

    #[test]
    fn a_kind_and_a_currency_stay() {
        let money = |c: &str| Kind::Money { currency: c.parse().unwrap() };
        assert!(money("EUR").may_follow(&money("EUR")));
        assert!(!money("EUR").may_follow(&money("USD")));
        assert!(!money("EUR").may_follow(&Kind::Number {}));
    }
}
