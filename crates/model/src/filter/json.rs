//! Filters as JSON. A filter that does not fit is refused with the place.

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::{Choice, Condition, Custom, DEEPEST, Day, Field, Filter, Holds, Kind, MOST_CONDITIONS, Operator, Period, Value, Weeks, When};
use crate::{EmailAddress, field};

/// Ten years, the furthest that a relative time reaches.
const FURTHEST_DAYS: i64 = 3_660;

/// Why a filter was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct Fault {
    /// Path within the filter, such as `all[2].value`; empty for the whole.
    pub place: String,
    /// What does not fit and what would.
    pub detail: String,
}

fn fault<T>(place: &str, detail: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { place: place.into(), detail: detail.into() })
}

fn within(place: &str, part: &str) -> String {
    if place.is_empty() { part.into() } else { format!("{place}.{part}") }
}

impl Filter {
    /// Reads a filter of a workspace with these custom fields. Cost: linear; stops at the first fault.
    ///
    /// # Errors
    /// [`Fault`] for an unknown field, operator or value, over [`MOST_CONDITIONS`], or deeper than [`DEEPEST`].
    pub fn from_json(json: &Json, customs: &[Custom]) -> Result<Self, Fault> {
        read(json, customs, "", 1, &mut 0)
    }

    /// Whether JSON may speak of custom fields, which then have to be known to read it. Cost: linear; no deeper than a filter.
    pub fn names_customs(json: &Json) -> bool {
        fn names(json: &Json, depth: usize) -> bool {
            match json {
                _ if depth > DEEPEST => false,
                Json::Object(object) => {
                    object.get("field").and_then(Json::as_str).is_some_and(|f| f.starts_with("field."))
                        || object.values().any(|v| names(v, depth + 1))
                }
                Json::Array(list) => list.iter().take(MOST_CONDITIONS).any(|v| names(v, depth)),
                _ => false,
            }
        }
        names(json, 1)
    }
}

fn read(json: &Json, customs: &[Custom], place: &str, depth: usize, count: &mut usize) -> Result<Filter, Fault> {
    if depth > DEEPEST {
        return fault(place, format!("groups nest at most {DEEPEST} deep"));
    }
    let Json::Object(object) = json else { return fault(place, "a filter is an object: all, any, not, or field with operator and value") };
    for (word, make) in [("all", Filter::All as fn(Vec<Filter>) -> Filter), ("any", Filter::Any)] {
        if let Some(list) = object.get(word) {
            only(object, &[word], place)?;
            let place = within(place, word);
            let Json::Array(list) = list else { return fault(&place, "give a list") };
            if list.len() > MOST_CONDITIONS {
                return fault(&place, format!("{MOST_CONDITIONS} conditions are the most"));
            }
            let parts = list.iter().enumerate().map(|(n, one)| read(one, customs, &format!("{place}[{n}]"), depth + 1, count));
            return Ok(make(parts.collect::<Result<_, _>>()?));
        }
    }
    if let Some(one) = object.get("not") {
        only(object, &["not"], place)?;
        return Ok(Filter::Not(Box::new(read(one, customs, &within(place, "not"), depth + 1, count)?)));
    }
    *count += 1;
    if *count > MOST_CONDITIONS {
        return fault(place, format!("{MOST_CONDITIONS} conditions are the most"));
    }
    condition(object, customs, place).map(Filter::Is)
}

fn only(object: &Map<String, Json>, known: &[&str], place: &str) -> Result<(), Fault> {
    match object.keys().find(|k| !known.contains(&k.as_str())) {
        Some(key) => fault(&within(place, key), "there is no such part"),
        None => Ok(()),
    }
}

fn condition(object: &Map<String, Json>, customs: &[Custom], place: &str) -> Result<Condition, Fault> {
    only(object, &["field", "operator", "value"], place)?;
    let word = |key: &str| object.get(key).and_then(Json::as_str);
    let custom = |name: &str| customs.iter().find(|c| c.key.filter_name() == name).copied().map(Field::Custom);
    let Some(field) = word("field").and_then(|name| Field::named(name).or_else(|| custom(name))) else {
        let known: Vec<&str> = Field::ALL.iter().map(Field::as_str).chain(customs.iter().map(|c| c.key.filter_name())).collect();
        return fault(&within(place, "field"), format!("there is no such field; known are {}", known.join(", ")));
    };
    let Some(operator) = Operator::ALL.into_iter().find(|o| Some(o.as_str()) == word("operator")) else {
        let known: Vec<&'static str> = field.operators().iter().map(|o| o.as_str()).collect();
        return fault(&within(place, "operator"), format!("{} takes {}", field.as_str(), known.join(", ")));
    };
    let at = within(place, "value");
    let value = match object.get("value") {
        None | Some(Json::Null) => Value::Nothing,
        Some(value) => read_value(field, operator, value, &at)?,
    };
    Condition::new(field, operator, value).map_err(|unfit| Fault { place: place.into(), detail: unfit.0 })
}

fn read_value(field: Field, operator: Operator, json: &Json, place: &str) -> Result<Value, Fault> {
    if let Field::Custom(Custom { holds, .. }) = field {
        match holds {
            Holds::Word if matches!(operator, Operator::Contains | Operator::DoesNotContain) => {
                return json.as_str().map_or_else(|| fault(place, "give a part of the text"), |t| Ok(Value::Text(t.into())));
            }
            Holds::Word | Holds::Option => return Ok(Value::Words(words(json, place)?.map(|(_, w)| w.to_owned()).collect())),
            Holds::Number => {
                let units = json.as_number().and_then(field::decimal_from_json);
                return units.map_or_else(|| fault(place, "give a number with at most four digits behind the point"), |n| Ok(Value::Number(n)));
            }
            Holds::Money | Holds::Date | Holds::Flag => {}
        }
    }
    match field.kind() {
        Kind::Choice => Ok(Value::Choices(
            words(json, place)?.map(|(at, w)| choice(field, w).map_err(|d| Fault { place: at, detail: d })).collect::<Result<_, _>>()?,
        )),
        Kind::Address => {
            let read =
                |(at, w): (String, &str)| w.parse::<EmailAddress>().map(|a| a.folded()).map_err(|e| Fault { place: at, detail: e.to_string() });
            Ok(Value::Addresses(words(json, place)?.map(read).collect::<Result<_, _>>()?))
        }
        Kind::Number => json.as_i64().map_or_else(|| fault(place, "give a whole number"), |n| Ok(Value::Number(n))),
        Kind::Flag => json.as_bool().map_or_else(|| fault(place, "give true or false"), |f| Ok(Value::Flag(f))),
        Kind::Text => json.as_str().map_or_else(|| fault(place, "give words"), |t| Ok(Value::Text(t.into()))),
        Kind::Word => fault(place, "give words"),
        Kind::Date => json
            .as_str()
            .and_then(day)
            .map_or_else(|| fault(place, "give a day such as 2026-11-22, today, or a distance such as -7d or 2w"), |d| Ok(Value::Day(d))),
        Kind::Time if operator == Operator::Is => json.as_str().and_then(period).map_or_else(
            || fault(place, "give a day such as 2026-11-22, today, tomorrow, yesterday or 3d, or last_week, this_week or next_week"),
            |p| Ok(Value::Period(p)),
        ),
        Kind::Time => {
            let text = json.as_str().unwrap_or_default();
            when(text).map_or_else(
                || fault(place, "give a time such as 2026-11-22T10:00:00Z, or a distance such as -7d, -4h or 30m"),
                |w| Ok(Value::When(w)),
            )
        }
    }
}

/// A list of words, or one word, with their places.
fn words<'a>(json: &'a Json, place: &str) -> Result<impl Iterator<Item = (String, &'a str)>, Fault> {
    let list = match json {
        Json::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    if list.len() > super::MOST_VALUES {
        return fault(place, format!("{} values are the most", super::MOST_VALUES));
    }
    let mut out = Vec::with_capacity(list.len());
    for (n, one) in list.iter().enumerate() {
        let at = format!("{place}[{n}]");
        match one.as_str() {
            Some(word) => out.push((at, word)),
            None => return fault(&at, "give a word"),
        }
    }
    Ok(out.into_iter())
}

pub(super) fn choice(field: Field, word: &str) -> Result<Choice, String> {
    fn known<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
        serde_json::from_value(Json::String(word.into())).ok()
    }
    let found = match (field, word) {
        (Field::Assignee | Field::Follower | Field::Mentioned, "me") => Some(Choice::Me),
        (Field::Team, "mine") => Some(Choice::MyTeams),
        (Field::Status, _) => known(word).map(Choice::Status),
        (Field::CustomStatus, _) => known(word).map(Choice::CustomStatus),
        (Field::Priority, _) => known(word).map(Choice::Priority),
        (Field::Channel, _) => known(word).map(Choice::Channel),
        (Field::Assignee | Field::Follower | Field::Mentioned, _) => known(word).map(Choice::Agent),
        (Field::Team, _) => known(word).map(Choice::Team),
        (Field::Inbox, _) => known(word).map(Choice::Inbox),
        (Field::Requester, _) => known(word).map(Choice::Customer),
        (Field::Company, _) => known(word).map(Choice::Company),
        (Field::Tag, _) => known(word).map(Choice::Tag),
        _ => None,
    };
    found.ok_or_else(|| format!("this is no value of {}", field.as_str()))
}

/// `2026-11-22T10:00:00Z`, or `-7d`, `-4h`, `30m`.
pub(super) fn when(text: &str) -> Option<When> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Timestamp::from_millisecond(at.as_millisecond()).ok().map(When::At);
    }
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 1_440,
        'w' => 10_080,
        _ => return None,
    };
    let minutes = number.checked_mul(minutes)?;
    (minutes.abs() <= FURTHEST_DAYS * 1_440).then(|| When::Away(SignedDuration::from_mins(minutes)))
}

/// `2026-11-22`, `today`, or `-7d`, `2w`.
pub(super) fn day(text: &str) -> Option<Day> {
    if text == "today" {
        return Some(Day::Away(0));
    }
    if text.len() == 10
        && let Ok(date) = text.parse()
    {
        return Some(Day::On(date));
    }
    let (number, factor) = text.strip_suffix('d').map(|n| (n, 1)).or_else(|| text.strip_suffix('w').map(|n| (n, 7)))?;
    let days = number.parse::<i32>().ok()?.checked_mul(factor)?;
    (i64::from(days.checked_abs()?) <= FURTHEST_DAYS).then_some(Day::Away(days))
}

const DAYS: [(&str, i32); 3] = [("yesterday", -1), ("today", 0), ("tomorrow", 1)];
const WEEKS: [(&str, Weeks); 3] = [("last_week", Weeks::Last), ("this_week", Weeks::This), ("next_week", Weeks::Next)];

/// `today`, `this_week`, and so on; or what [`day`] reads.
pub(super) fn period(text: &str) -> Option<Period> {
    let named = DAYS.iter().find(|(name, _)| *name == text).map(|(_, days)| Period::Day(Day::Away(*days)));
    let week = || WEEKS.iter().find(|(name, _)| *name == text).map(|(_, weeks)| Period::Week(*weeks));
    named.or_else(week).or_else(|| day(text).map(Period::Day))
}

fn period_to_json(period: Period) -> Json {
    match period {
        Period::Day(Day::On(date)) => json!(date),
        Period::Day(Day::Away(days)) => DAYS.iter().find(|(_, d)| *d == days).map_or_else(|| json!(format!("{days}d")), |(name, _)| json!(name)),
        Period::Week(weeks) => WEEKS.iter().find(|(_, w)| *w == weeks).map_or(Json::Null, |(name, _)| json!(name)),
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Filter {
    /// As JSON, which [`Filter::from_json`] reads back.
    pub fn to_json(&self) -> Json {
        match self {
            Self::All(list) => json!({ "all": list.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Any(list) => json!({ "any": list.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Not(one) => json!({ "not": one.to_json() }),
            Self::Is(c) => {
                let mut object = json!({ "field": c.field, "operator": c.operator });
                let value = match &c.value {
                    Value::Nothing => return object,
                    Value::Choices(list) => list.iter().map(|c| c.to_json()).collect(),
                    Value::Addresses(list) | Value::Words(list) => json!(list),
                    Value::Number(n) if matches!(c.field, Field::Custom(Custom { holds: Holds::Number, .. })) => field::decimal_to_json(*n),
                    Value::Number(n) => json!(n),
                    Value::Day(Day::On(date)) => json!(date),
                    Value::Day(Day::Away(0)) => json!("today"),
                    Value::Day(Day::Away(days)) => json!(format!("{days}d")),
                    Value::Period(period) => period_to_json(*period),
                    Value::When(When::At(at)) => json!(at),
                    Value::When(When::Away(by)) => json!(distance(*by)),
                    Value::Flag(flag) => json!(flag),
                    Value::Text(text) => json!(text),
                };
                object["value"] = value;
                object
            }
        }
    }
}

impl Choice {
    fn to_json(self) -> Json {
        match self {
            Self::Status(v) => json!(v),
            Self::CustomStatus(v) => json!(v),
            Self::Priority(v) => json!(v),
            Self::Channel(v) => json!(v),
            Self::Agent(v) => json!(v),
            Self::Me => json!("me"),
            Self::Team(v) => json!(v),
            Self::MyTeams => json!("mine"),
            Self::Inbox(v) => json!(v),
            Self::Customer(v) => json!(v),
            Self::Company(v) => json!(v),
            Self::Tag(v) => json!(v),
        }
    }
}

fn distance(by: SignedDuration) -> String {
    let minutes = by.as_mins();
    match minutes {
        m if m % 1_440 == 0 => format!("{}d", m / 1_440),
        m if m % 60 == 0 => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}
