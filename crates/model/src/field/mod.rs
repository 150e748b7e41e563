//! Custom fields: what a workspace wants to know of its conversations beyond what Sonnim knows by itself.

mod currency;
mod key;
mod kind;
mod value;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use currency::Currency;
pub use key::{BadKey, Key};
pub use kind::{Choice, Kind, slug};
pub use value::{Part, Value, ValueFault, day_number, decimal_from_json, decimal_from_text, decimal_text, decimal_to_json, word};

use crate::workspace::Language;
use crate::{FieldId, InboxId};

/// Most fields of a workspace, archived ones included.
pub const MOST_FIELDS: usize = 200;
/// Most options of a field, archived ones included.
pub const MOST_OPTIONS: usize = 200;
/// Longest text of a value, in characters.
pub const LONGEST_TEXT: usize = 500;
/// Longest link, in characters.
pub const LONGEST_LINK: usize = 2_000;
/// Longest pattern, in characters.
pub const LONGEST_PATTERN: usize = 300;

/// Values of a conversation by field. What has no value is not in it.
pub type Values = BTreeMap<FieldId, Value>;

/// Words in each language of the interface; either may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Korean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ko: Option<String>,
}

impl Words {
    /// In a language, else in another.
    pub fn in_language(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::En => (&self.en, &self.ko),
            Language::Ko => (&self.ko, &self.en),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }

    /// In each language that there is.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.en.as_deref().into_iter().chain(self.ko.as_deref())
    }
}

/// A field is shown only when another one has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownWhen {
    /// The other field: a choice, a multi-choice or a checkbox.
    pub field_id: FieldId,
    /// Keys of its options; `true` or `false` of a checkbox.
    pub any_of: Vec<String>,
}

/// A field as a workspace has defined it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Id.
    pub id: FieldId,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// Its name for filters and programs; never changes.
    pub key: Key,
    /// Its name for people.
    pub label: Words,
    /// A sentence for those who fill it in; may be empty.
    pub help: Words,
    /// What it holds. Which of the kinds never changes, nor does a currency.
    pub kind: Kind,
    /// Inboxes it is for; none of them: all.
    pub inboxes: Vec<InboxId>,
    /// When it is shown; none: always.
    pub shown_when: Option<ShownWhen>,
    /// A conversation cannot be resolved by hand without it, where it is shown.
    pub required: bool,
    /// Place among the fields.
    pub position: i64,
    /// Since when it is no longer used. Its values are kept.
    pub archived_at: Option<Timestamp>,
    /// Created.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Field {
    /// Whether conversations of an inbox have it.
    pub fn is_for(&self, inbox: InboxId) -> bool {
        self.archived_at.is_none() && (self.inboxes.is_empty() || self.inboxes.contains(&inbox))
    }

    /// Whether it is shown with a conversation. `all` are the fields of the workspace.
    pub fn is_shown(&self, all: &[Self], values: &Values, inbox: InboxId) -> bool {
        let mut field = self;
        // As many steps as there are fields: should two wait for each other, neither is shown.
        for _ in 0..=all.len() {
            if !field.is_for(inbox) {
                return false;
            }
            let Some(when) = &field.shown_when else { return true };
            let Some(other) = all.iter().find(|f| f.id == when.field_id) else { return false };
            if !when.holds(values.get(&when.field_id)) {
                return false;
            }
            field = other;
        }
        false
    }
}

impl ShownWhen {
    /// Whether the other field's value is one of those.
    pub fn holds(&self, value: Option<&Value>) -> bool {
        let wants = |word: &str| self.any_of.iter().any(|w| w == word);
        match value {
            Some(Value::Choice(option)) => wants(option),
            Some(Value::Choices(options)) => options.iter().any(|o| wants(o)),
            Some(Value::Checked) => wants("true"),
            None => wants("false"),
            Some(_) => false,
        }
    }
}

/// The fields that a conversation in an inbox must have to be resolved, and has not, in their order.
pub fn missing<'a>(all: &'a [Field], values: &Values, inbox: InboxId) -> Vec<&'a Field> {
    all.iter().filter(|f| f.required && !values.contains_key(&f.id) && f.is_shown(all, values, inbox)).collect()
}

/// Whether making `field` depend on another one would close a circle.
pub fn closes_circle(all: &[Field], field: FieldId, on: FieldId) -> bool {
    let mut at = Some(on);
    for _ in 0..=all.len() {
        let Some(id) = at else { return false };
        if id == field {
            return true;
        }
        at = all.iter().find(|f| f.id == id).and_then(|f| f.shown_when.as_ref()).map(|w| w.field_id);
    }
    true
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Id;

    pub(crate) fn field(id: i64, key: &str, kind: Kind) -> Field {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        Field {
            id: FieldId::from_raw(id),
            version: 1,
            key: key.parse().unwrap(),
            label: Words { en: Some(key.to_uppercase()), ko: None },
            help: Words::default(),
            kind,
            inboxes: Vec::new(),
            shown_when: None,
            required: true,
            position: id,
            archived_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn when(id: i64, any_of: &[&str]) -> ShownWhen {
        ShownWhen { field_id: FieldId::from_raw(id), any_of: any_of.iter().map(|w| (*w).into()).collect() }
    }

    fn keys(all: &[Field], values: &Values) -> Vec<String> {
        missing(all, values, InboxId::from_raw(1)).iter().map(|f| f.key.to_string()).collect()
    }

    #[test]
    fn a_required_field_is_missing_only_where_it_is_shown() {
        let mut all = vec![field(1, "topic", Kind::Checkbox {}), field(2, "order", Kind::Number {}), field(3, "note", Kind::Number {})];
        all[1].shown_when = Some(when(1, &["true"]));
        all[2].inboxes = vec![InboxId::from_raw(9)];
        assert_eq!(keys(&all, &Values::new()), ["topic"]);
        let checked = Values::from([(all[0].id, Value::Checked)]);
        assert_eq!(keys(&all, &checked), ["order"]);
        let full = Values::from([(all[0].id, Value::Checked), (all[1].id, Value::Number(1))]);
        assert!(keys(&all, &full).is_empty());
        all[1].archived_at = Some(all[1].created_at);
        assert!(keys(&all, &checked).is_empty());
    }

    #[test]
    fn a_field_whose_condition_is_not_shown_itself_is_not_shown() {
        let mut all = vec![field(1, "a", Kind::Checkbox {}), field(2, "b", Kind::Checkbox {}), field(3, "c", Kind::Number {})];
        all[1].shown_when = Some(when(1, &["true"]));
        all[2].shown_when = Some(when(2, &["true"]));
        let values = Values::from([(all[1].id, Value::Checked)]);
        assert!(!all[2].is_shown(&all, &values, InboxId::from_raw(1)));
        all[0].shown_when = Some(when(3, &["true"]));
        assert!(!all[2].is_shown(&all, &values, InboxId::from_raw(1)));
    }

    #[test]
    fn circles_are_seen() {
        let mut all = vec![field(1, "a", Kind::Checkbox {}), field(2, "b", Kind::Checkbox {})];
        assert!(closes_circle(&all, all[0].id, all[0].id));
        assert!(!closes_circle(&all, all[0].id, all[1].id));
        all[1].shown_when = Some(when(1, &["true"]));
        assert!(closes_circle(&all, all[0].id, all[1].id));
    }

    #[test]
    fn a_label_falls_back_to_the_other_language() {
        let words = Words { en: Some("Order".into()), ko: None };
        assert_eq!((words.in_language(Language::En), words.in_language(Language::Ko)), ("Order", "Order"));
    }
}
