//! Invitations: words that a widget says first, to visitors whom its rules mean. The frame decides who that is: all that the
//! conditions ask for is known there and nowhere else, and without consent nothing of it leaves the browser.

use serde::{Deserialize, Serialize};

use crate::widget::{Fault, Words, check_words, fault};

/// Most rules of a widget.
pub const MOST_RULES: usize = 20;
/// Most conditions of a rule.
pub const MOST_CONDITIONS: usize = 10;
/// Stands for an agent's own words where else a rule is named.
pub const BY_HAND: &str = "agent";
/// Longest invitation, in characters.
pub const LONGEST: usize = 300;

/// The invitations of a widget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Invitations {
    /// They are shown.
    pub enabled: bool,
    /// In this order: the first that fits is shown.
    pub rules: Vec<Rule>,
    /// The same one is shown to a visitor once in so many days.
    pub days: u16,
    /// At most so many in one visit.
    pub per_visit: u8,
    /// Who closed one gets none for so many days.
    pub dismissed_days: u16,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { enabled: false, rules: Vec::new(), days: 7, per_visit: 1, dismissed_days: 30 }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Rule {
    /// Stays the same when it is changed.
    pub id: String,
    /// For the team.
    pub name: String,
    #[serde(default)]
    pub enabled: bool,
    /// All of them must be true.
    pub when: Vec<Condition>,
    /// What is said, by language.
    pub words: Words,
    #[serde(default)]
    pub from: Speaker,
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// All of us.
    #[default]
    Team,
    /// Somebody who is on-line; all of us when nobody is.
    Agent,
}

/// What must be true of the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What is looked at.
    pub kind: Looks,
    /// How it is compared, where there is a choice.
    #[serde(default)]
    pub op: Option<Op>,
    /// Of an attribute: which.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is compared with; numbers in digits.
    #[serde(default)]
    pub value: Option<String>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    /// The page's address.
    Url,
    /// Seconds on this page, at least.
    PageSeconds,
    /// Seconds on the site, at least.
    SiteSeconds,
    /// Something that the site says of the visitor.
    Attribute,
    /// The visitor was here before.
    Returning,
    /// The visitor's language.
    Language,
    /// Somebody is there to answer.
    Online,
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Op {
    Contains,
    Equals,
    Starts,
    AtLeast,
    AtMost,
    /// It is there at all, and not `false`.
    Is,
}

impl Condition {
    fn fits(&self) -> bool {
        let value = self.value.as_deref().unwrap_or_default();
        let is_number = || value.parse::<f64>().is_ok_and(f64::is_finite);
        let is_word = || !value.trim().is_empty() && value.chars().count() <= 300;
        match self.kind {
            Looks::Url => matches!(self.op, Some(Op::Contains | Op::Equals | Op::Starts)) && is_word(),
            Looks::PageSeconds | Looks::SiteSeconds => value.parse::<u32>().is_ok_and(|n| n <= 86_400),
            Looks::Attribute => {
                self.name.as_deref().is_some_and(crate::stay::is_name)
                    && match self.op {
                        Some(Op::AtLeast | Op::AtMost) => is_number(),
                        Some(Op::Equals) => is_word(),
                        Some(Op::Is) => true,
                        _ => false,
                    }
            }
            Looks::Language => crate::widget::LOCALES.contains(&value) || (2..=20).contains(&value.len()),
            Looks::Returning | Looks::Online => true,
        }
    }
}

impl Invitations {
    /// Whether they can be kept.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self) -> Result<(), Fault> {
        if self.rules.len() > MOST_RULES {
            return fault("invitations.rules", "too_many", format!("At most {MOST_RULES} invitations."));
        }
        if !(1..=365).contains(&self.days) || !(1..=10).contains(&self.per_visit) || !(1..=365).contains(&self.dismissed_days) {
            return fault("invitations.days", "invalid", "Days are from 1 to 365; in one visit at most 10.");
        }
        for (at, rule) in self.rules.iter().enumerate() {
            let id_fits = (1..=40).contains(&rule.id.len()) && rule.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            if !id_fits || rule.id == BY_HAND || self.rules[..at].iter().any(|r| r.id == rule.id) {
                return fault("invitations.rules", "invalid", "Each invitation has an id of its own: letters, digits, '-' and '_'.");
            }
            if rule.name.trim().is_empty() || rule.name.chars().count() > 80 || rule.name.chars().any(char::is_control) {
                return fault("invitations.rules", "name", "Name it, in at most 80 characters.");
            }
            if rule.words.values().all(|w| w.trim().is_empty()) {
                return fault("invitations.rules", "missing", format!("{}: write what it says.", rule.name));
            }
            check_words("invitations.rules", &rule.words, LONGEST)?;
            if rule.when.len() > MOST_CONDITIONS || !rule.when.iter().all(Condition::fits) {
                return fault("invitations.rules", "condition", format!("{}: a condition is not complete.", rule.name));
            }
        }
        Ok(())
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }

    /// Those that are shown.
    pub fn active(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|r| self.enabled && r.enabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Rule {
        Rule {
            id: "cart".into(),
            name: "A full cart".into(),
            enabled: true,
            when: vec![Condition { kind: Looks::Attribute, op: Some(Op::AtLeast), name: Some("cart_value".into()), value: Some("100".into()) }],
            words: Words::from([("en".into(), "Any questions before you order?".into())]),
            from: Speaker::Team,
        }
    }

    #[test]
    fn rules_are_named_and_complete_or_the_fault_is_named() {
        let of = |change: &dyn Fn(&mut Rule)| {
            let mut one = rule();
            change(&mut one);
            Invitations { rules: vec![one], ..Invitations::default() }.check().err().map(|f| f.code)
        };
        assert_eq!(of(&|_| {}), None);
        assert_eq!(of(&|r| r.name = " ".into()), Some("name"));
        assert_eq!(of(&|r| r.words.clear()), Some("missing"));
        assert_eq!(of(&|r| r.id = "a b".into()), Some("invalid"));
        assert_eq!(of(&|r| r.id = BY_HAND.into()), Some("invalid"), "that is what an agent says by hand");
        assert_eq!(of(&|r| r.when[0].value = Some("much".into())), Some("condition"));
        assert_eq!(of(&|r| r.when[0].name = Some("<b>".into())), Some("condition"));
        assert_eq!(of(&|r| r.when[0].op = Some(Op::Starts)), Some("condition"));
        let twice = Invitations { rules: vec![rule(), rule()], ..Invitations::default() };
        assert_eq!(twice.check().err().map(|f| f.code), Some("invalid"));
    }

    #[test]
    fn none_is_active_where_they_are_off() {
        let off = Invitations { rules: vec![rule()], ..Invitations::default() };
        assert_eq!(off.active().count(), 0);
        assert_eq!(Invitations { enabled: true, ..off }.active().count(), 1);
    }
}
