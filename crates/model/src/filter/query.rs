//! Filters typed as people type them: `is:open assignee:me -tag:vip created:<7d "exact words" refund`.
//!
//! Words and phrases without a key search the messages. A key takes one value or several with commas between (`tag:refund,return`:
//! any of them); a minus before a key turns it round; quotes keep blanks together. Times are dates (`created:>2026-01-31`,
//! `created:2026-01-31` for that day), days and weeks by name (`due:today`, `created:last-week`) or ages: `created:<7d` less than seven days ago, `created:>7d` longer ago.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use super::{Choice, Condition, Custom, Field, Filter, Holds, Operator, Unfit, Value, When, json};
use crate::field::{self, Kind as FieldKind};
use crate::{AgentId, CompanyId, CustomStatusId, EmailAddress, InboxId, TagId, TeamId};

/// Longest query, in characters.
const LONGEST: usize = 2_000;

/// What may stand before a colon.
const KEYS: [&str; 30] = [
    "is",
    "has",
    "status",
    "custom_status",
    "priority",
    "channel",
    "assignee",
    "agent",
    "team",
    "inbox",
    "tag",
    "company",
    "follower",
    "mentions",
    "subject",
    "from",
    "with",
    "cc",
    "participant",
    "number",
    "messages",
    "created",
    "updated",
    "active",
    "written",
    "replied",
    "waiting",
    "due",
    "snoozed",
    "resolved",
];

/// Whether a text is more than words: a known key, a phrase in quotes or a word that must not be there. `http://…` and `Re: …`
/// are words.
pub fn is_typed(text: &str) -> bool {
    parts(text)
        .iter()
        .any(|p| (p.quoted && !p.value.is_empty()) || p.negated || p.key.as_deref().is_some_and(|k| KEYS.contains(&k) || k.starts_with("field.")))
}

/// A filter's parts for a search: words to rank by, phrases, and the rest.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Sought {
    pub words: String,
    pub phrases: Vec<String>,
    pub rest: Vec<Filter>,
}

/// Takes the words that must be found out of a filter that [`parse`] made.
pub fn sought(filter: Filter) -> Sought {
    let mut out = Sought::default();
    let Filter::All(parts) = filter else { return Sought { rest: vec![filter], ..out } };
    for part in parts {
        match &part {
            Filter::Is(c) if c.field() == Field::Text => match (c.operator(), c.value()) {
                (Operator::Contains, Value::Text(words)) => out.words.push_str(words),
                (Operator::ContainsPhrase, Value::Text(words)) => out.phrases.push(words.clone()),
                _ => out.rest.push(part),
            },
            _ => out.rest.push(part),
        }
    }
    out
}

/// Something with the names that people call it by.
#[derive(Debug, Clone)]
pub struct Named<T> {
    /// What it is.
    pub id: T,
    /// Its name, and other words for it such as an address. Compared without case.
    pub names: Vec<String>,
}

/// The names that a query may use.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Names {
    pub agents: Vec<Named<AgentId>>,
    pub teams: Vec<Named<TeamId>>,
    pub inboxes: Vec<Named<InboxId>>,
    pub tags: Vec<Named<TagId>>,
    pub statuses: Vec<Named<CustomStatusId>>,
    /// Those that [`companies_named`] finds in the query are enough.
    pub companies: Vec<Named<CompanyId>>,
    /// Custom fields, asked for by `field.` and their key.
    pub fields: Vec<field::Field>,
}

/// A part of a query that means nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct QueryFault {
    /// Where the part begins, in UTF-16 units.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What does not fit and what would.
    pub detail: String,
}

/// The names of companies that a query asks for, as they were typed.
pub fn companies_named(text: &str) -> Vec<String> {
    let asked = parts(text).into_iter().filter(|p| p.key.as_deref() == Some("company"));
    asked
        .flat_map(|p| p.value.split(',').map(|v| v.trim().to_owned()).collect::<Vec<_>>())
        .filter(|v| !v.is_empty())
        .take(super::MOST_VALUES)
        .collect()
}

struct Part {
    negated: bool,
    key: Option<String>,
    value: String,
    quoted: bool,
    from: usize,
    to: usize,
}

/// Reads a typed query; `zone` says where a date's day begins. Cost: linear in the text, times the names.
///
/// # Errors
/// [`QueryFault`] names the part: an unknown key or name, a value that does not fit.
pub fn parse(text: &str, names: &Names, zone: &TimeZone) -> Result<Filter, QueryFault> {
    let units = |s: &str| s.encode_utf16().count();
    if text.chars().count() > LONGEST {
        return Err(QueryFault { from: 0, to: units(text), detail: format!("{LONGEST} characters are the most") });
    }
    let mut all = Vec::new();
    let mut words = String::new();
    for part in parts(text) {
        let at = |detail: String| QueryFault { from: units(&text[..part.from]), to: units(&text[..part.to]), detail };
        let unfit = |u: Unfit| at(u.0);
        let one = match part.key.as_deref() {
            Some(key) => read(key, &part.value, part.quoted, names, zone).map_err(at)?,
            None if part.quoted => is(Field::Text, Operator::ContainsPhrase, Value::Text(part.value.clone())).map_err(unfit)?,
            None if part.negated => is(Field::Text, Operator::Contains, Value::Text(part.value.clone())).map_err(unfit)?,
            None => {
                words.push(' ');
                words.push_str(&part.value);
                continue;
            }
        };
        all.push(if part.negated { Filter::Not(Box::new(one)) } else { one });
        if all.len() > super::MOST_CONDITIONS {
            return Err(at(format!("{} conditions are the most", super::MOST_CONDITIONS)));
        }
    }
    if !words.is_empty() {
        let words = words.trim().to_owned();
        let whole = |u: Unfit| QueryFault { from: 0, to: units(text), detail: u.0 };
        all.push(is(Field::Text, Operator::Contains, Value::Text(words)).map_err(whole)?);
    }
    Ok(Filter::All(all))
}

fn is(field: Field, operator: Operator, value: Value) -> Result<Filter, Unfit> {
    Condition::new(field, operator, value).map(Filter::Is)
}

/// Cuts a query at blanks outside quotes.
fn parts(text: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut rest = text.char_indices().peekable();
    loop {
        while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        let Some(&(from, first)) = rest.peek() else { return out };
        let negated = first == '-';
        if negated {
            rest.next();
        }
        let (mut key, mut value, mut quoted, mut to) = (None, String::new(), false, from + first.len_utf8());
        let mut inside = false;
        while let Some(&(at, c)) = rest.peek() {
            if c.is_whitespace() && !inside {
                break;
            }
            rest.next();
            to = at + c.len_utf8();
            match c {
                '"' | '“' | '”' => {
                    quoted = true;
                    inside = !inside;
                }
                ':' if key.is_none() && !quoted && is_key(&value) => {
                    key = Some(std::mem::take(&mut value).to_ascii_lowercase());
                }
                c => value.push(c),
            }
        }
        if key.is_some() || !value.trim().is_empty() {
            out.push(Part { negated, key, value, quoted, from, to });
        }
    }
}

fn is_key(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphabetic() || c == '_';
    let word = word.to_ascii_lowercase();
    match word.strip_prefix("field.") {
        Some(key) => !key.is_empty() && key.chars().all(|c| plain(c) || c.is_ascii_digit()),
        None => !word.is_empty() && word.chars().all(plain),
    }
}

fn read(key: &str, value: &str, quoted: bool, names: &Names, zone: &TimeZone) -> Result<Filter, String> {
    let list: Vec<&str> = value.split(',').map(str::trim).filter(|v| !v.is_empty()).collect();
    if list.is_empty() {
        return Err(format!("say what {key}: is to be"));
    }
    if list.len() > super::MOST_VALUES {
        return Err(format!("{} values are the most", super::MOST_VALUES));
    }
    if let Some(name) = key.strip_prefix("field.") {
        let Some(field) = names.fields.iter().find(|f| f.key.as_str() == name) else {
            let known: Vec<&str> = names.fields.iter().map(|f| f.key.filter_name()).collect();
            return Err(format!("there is no {key}:. Known fields are {}", known.join(", ")));
        };
        return custom(field, value, &list);
    }
    match key {
        "is" | "has" | "status" => any(list.iter().map(|word| match (state(word), find(&names.statuses, word)) {
            // What Sonnim knows by itself goes first; a status of the workspace's own may be called by its name too.
            (Err(_), Some(own)) => is(Field::CustomStatus, Operator::IsAnyOf, Value::Choices(vec![Choice::CustomStatus(own)])).map_err(|u| u.0),
            (known, _) => known,
        })),
        "custom_status" => choices(Field::CustomStatus, &list, |w| find(&names.statuses, w).map(Choice::CustomStatus), "custom status"),
        "priority" | "channel" => {
            let field = if key == "priority" { Field::Priority } else { Field::Channel };
            choices(field, &list, |word| json::choice(field, &word.to_lowercase()).ok(), field.as_str())
        }
        "assignee" | "agent" => {
            choices(Field::Assignee, &list, |w| if w == "me" { Some(Choice::Me) } else { find(&names.agents, w).map(Choice::Agent) }, "agent")
        }
        "team" => choices(Field::Team, &list, |w| if w == "mine" { Some(Choice::MyTeams) } else { find(&names.teams, w).map(Choice::Team) }, "team"),
        "inbox" => choices(Field::Inbox, &list, |w| find(&names.inboxes, w).map(Choice::Inbox), "inbox"),
        "tag" => choices(Field::Tag, &list, |w| find(&names.tags, w).map(Choice::Tag), "tag"),
        "company" => choices(Field::Company, &list, |w| find(&names.companies, w).map(Choice::Company), "company"),
        "follower" | "mentions" => {
            let field = if key == "follower" { Field::Follower } else { Field::Mentioned };
            choices(field, &list, |w| if w == "me" { Some(Choice::Me) } else { find(&names.agents, w).map(Choice::Agent) }, "agent")
        }
        "subject" => {
            let operator = if quoted { Operator::ContainsPhrase } else { Operator::Contains };
            is(Field::Subject, operator, Value::Text(value.trim().to_owned())).map_err(|u| u.0)
        }
        "from" | "with" | "cc" | "participant" => {
            let read = |w: &&str| w.parse::<EmailAddress>().map(|a| a.folded()).map_err(|_| format!("{w:?} is no mail address"));
            is(Field::Participant, Operator::IsAnyOf, Value::Addresses(list.iter().map(read).collect::<Result<_, _>>()?)).map_err(|u| u.0)
        }
        "number" => number(Field::Number, value),
        "messages" => number(Field::MessageCount, value),
        "created" => time(Field::Created, value, zone),
        "updated" => time(Field::Updated, value, zone),
        "active" => time(Field::LastActivity, value, zone),
        "written" => time(Field::LastCustomerMessage, value, zone),
        "replied" => time(Field::LastReply, value, zone),
        "waiting" => time(Field::WaitingSince, value, zone),
        "due" => due(value, zone),
        "snoozed" => time(Field::SnoozedUntil, value, zone),
        "resolved" => time(Field::ResolvedAt, value, zone),
        _ => Err(format!(
            "there is no {key}:. Known are is, has, assignee, team, inbox, tag, company, priority, channel, from, subject, follower, mentions, number, messages, created, updated, active, written, replied, waiting, due, custom_status, snoozed and resolved"
        )),
    }
}

/// What `field.…:` takes: a value of its kind, `none` or `any`.
fn custom(f: &field::Field, value: &str, list: &[&str]) -> Result<Filter, String> {
    let kind = Custom::from(f);
    let (at, key) = (Field::Custom(kind), f.key.filter_name());
    let test = |operator, value| is(at, operator, value).map_err(|u| u.0);
    if kind.holds != Holds::Flag && (value.eq_ignore_ascii_case("none") || value.eq_ignore_ascii_case("any")) {
        return test(if value.eq_ignore_ascii_case("none") { Operator::IsNotSet } else { Operator::IsSet }, Value::Nothing);
    }
    let (sign, rest) = match value.split_at_checked(1) {
        Some((sign @ (">" | "<"), rest)) => (Some(sign), rest.trim()),
        _ => (None, value),
    };
    let compare = || match sign {
        Some(">") => Operator::MoreThan,
        Some(_) => Operator::LessThan,
        None => Operator::Is,
    };
    match (&f.kind, kind.holds) {
        (_, Holds::Option) => {
            let find = |w: &&str| {
                let word = w.to_lowercase();
                let named = |o: &&field::Choice| o.key() == word || o.label.all().any(|l| l.to_lowercase() == word);
                f.kind.options().iter().find(named).map(|o| o.key().to_owned()).ok_or_else(|| format!("{key} has no option {w:?}"))
            };
            test(Operator::IsAnyOf, Value::Words(list.iter().map(find).collect::<Result<_, _>>()?))
        }
        (FieldKind::Money { currency }, _) => {
            let units = field::decimal_from_text(rest, currency.digits());
            let units = units.ok_or_else(|| format!("{value:?} is no amount in {}, as in 12.50, >12.50 or <12.50", currency.as_str()))?;
            test(compare(), Value::Number(units))
        }
        (_, Holds::Number | Holds::Money) => {
            let units = field::decimal_from_text(rest, 4).ok_or_else(|| format!("{value:?} is no number, as in 12, >12.5 or <12"))?;
            test(compare(), Value::Number(units))
        }
        (_, Holds::Date) => {
            let day = json::day(&rest.to_lowercase()).ok_or_else(|| format!("{value:?} is no day, as in 2026-01-31, >2026-01-31, <today or <7d"))?;
            // After a day is the next one and later; the filter's "after" holds the day itself.
            match sign {
                Some(">") => {
                    Ok(Filter::All(vec![test(Operator::After, Value::Day(day))?, Filter::Not(Box::new(test(Operator::Is, Value::Day(day))?))]))
                }
                Some(_) => test(Operator::Before, Value::Day(day)),
                None => test(Operator::Is, Value::Day(day)),
            }
        }
        (_, Holds::Flag) => match value.to_lowercase().as_str() {
            "yes" | "true" | "any" => test(Operator::Is, Value::Flag(true)),
            "no" | "false" | "none" => test(Operator::Is, Value::Flag(false)),
            _ => Err(format!("{key} is yes or no")),
        },
        // `*1234*`: a part of it.
        (_, Holds::Word) if value.len() > 2 && (value.starts_with('*') || value.ends_with('*')) && !value.trim_matches('*').trim().is_empty() => {
            test(Operator::Contains, Value::Text(value.trim_matches('*').trim().to_owned()))
        }
        (_, Holds::Word) => test(Operator::IsAnyOf, Value::Words(list.iter().map(|w| (*w).to_owned()).collect())),
    }
}

fn any(parts: impl Iterator<Item = Result<Filter, String>>) -> Result<Filter, String> {
    let mut parts: Vec<Filter> = parts.collect::<Result<_, _>>()?;
    Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Any(parts) })
}

/// What `is:` and `has:` know.
fn state(word: &str) -> Result<Filter, String> {
    let word = word.to_lowercase();
    let word = word.as_str();
    let set = |field, operator| is(field, operator, Value::Nothing);
    let made = match word {
        "closed" => is(Field::Status, Operator::IsAnyOf, Value::Choices(vec![Choice::Status(crate::conversation::StatusKind::Resolved)])),
        "hold" => is(Field::Status, Operator::IsAnyOf, Value::Choices(vec![Choice::Status(crate::conversation::StatusKind::OnHold)])),
        "unread" => is(Field::Unread, Operator::Is, Value::Flag(true)),
        "read" => is(Field::Unread, Operator::Is, Value::Flag(false)),
        "attachment" | "file" => is(Field::HasAttachment, Operator::Is, Value::Flag(true)),
        "assigned" | "assignee" => set(Field::Assignee, Operator::IsSet),
        "unassigned" => set(Field::Assignee, Operator::IsNotSet),
        "waiting" => set(Field::WaitingSince, Operator::IsSet),
        "due" => set(Field::Due, Operator::IsSet),
        "overdue" => overdue(),
        "team" => set(Field::Team, Operator::IsSet),
        "tag" | "tagged" => set(Field::Tag, Operator::IsSet),
        "untagged" => set(Field::Tag, Operator::IsNotSet),
        "following" | "followed" => is(Field::Follower, Operator::IsAnyOf, Value::Choices(vec![Choice::Me])),
        "mentioned" => is(Field::Mentioned, Operator::IsAnyOf, Value::Choices(vec![Choice::Me])),
        "company" => set(Field::Company, Operator::IsSet),
        word => match json::choice(Field::Status, word) {
            Ok(choice) => is(Field::Status, Operator::IsAnyOf, Value::Choices(vec![choice])),
            Err(_) => {
                return Err(format!(
                    "{word:?} is no state. Known are open, pending, on_hold, snoozed, resolved, unread, read, assigned, unassigned, waiting, due, overdue, following, mentioned, tagged, untagged and attachment"
                ));
            }
        },
    };
    made.map_err(|u| u.0)
}

fn find<T: Copy>(named: &[Named<T>], word: &str) -> Option<T> {
    let word = word.to_lowercase();
    named.iter().find(|n| n.names.iter().any(|name| name.to_lowercase() == word)).map(|n| n.id)
}

/// Several values of a set; `none` among them stands for there being none.
fn choices(field: Field, list: &[&str], read: impl Fn(&str) -> Option<Choice>, what: &str) -> Result<Filter, String> {
    let mut found = Vec::new();
    let mut none = false;
    for word in list {
        if word.eq_ignore_ascii_case("none") && field.operators().contains(&Operator::IsNotSet) {
            none = true;
        } else {
            found.push(read(word).ok_or_else(|| format!("there is no {what} {word:?}"))?);
        }
    }
    let mut parts = Vec::new();
    if none {
        parts.push(is(field, Operator::IsNotSet, Value::Nothing));
    }
    if !found.is_empty() {
        parts.push(is(field, Operator::IsAnyOf, Value::Choices(found)));
    }
    any(parts.into_iter().map(|p| p.map_err(|u| u.0)))
}

fn number(field: Field, value: &str) -> Result<Filter, String> {
    let (operator, digits) = match value.split_at_checked(1) {
        Some((">", rest)) => (Operator::MoreThan, rest),
        Some(("<", rest)) => (Operator::LessThan, rest),
        _ => (Operator::Is, value.trim_start_matches('#')),
    };
    let n = digits.trim().parse().map_err(|_| format!("{value:?} is no number, as in 12, >12 or <12"))?;
    is(field, operator, Value::Number(n)).map_err(|u| u.0)
}

/// Before now, and not done yet.
fn overdue() -> Result<Filter, Unfit> {
    let resolved = Value::Choices(vec![Choice::Status(crate::conversation::StatusKind::Resolved)]);
    let past = is(Field::Due, Operator::Before, Value::When(When::Away(SignedDuration::ZERO)))?;
    Ok(Filter::All(vec![past, is(Field::Status, Operator::IsNoneOf, resolved)?]))
}

/// Times to come: `due:<2d` within two days (or over), `due:>1w` later than in a week. Dates are as in [`time`].
fn due(value: &str, zone: &TimeZone) -> Result<Filter, String> {
    if value.eq_ignore_ascii_case("overdue") {
        return overdue().map_err(|u| u.0);
    }
    if value.eq_ignore_ascii_case("any") {
        return is(Field::Due, Operator::IsSet, Value::Nothing).map_err(|u| u.0);
    }
    let (operator, rest) = match value.split_at_checked(1) {
        Some((">", rest)) => (Operator::After, rest.trim()),
        Some(("<", rest)) => (Operator::Before, rest.trim()),
        _ => (Operator::Before, value),
    };
    match json::when(rest) {
        Some(away @ When::Away(_)) => is(Field::Due, operator, Value::When(away)).map_err(|u| u.0),
        _ => time(Field::Due, value, zone)
            .map_err(|_| format!("{value:?} is no time, as in overdue, today, tomorrow, this-week, <2d, >1w, <2026-01-31, 2026-01-31 or none")),
    }
}

fn time(field: Field, value: &str, zone: &TimeZone) -> Result<Filter, String> {
    let wrong = || format!("{value:?} is no time, as in today, yesterday, this-week, >2026-01-31, <2026-01-31, 2026-01-31, <7d or >4h");
    if value.eq_ignore_ascii_case("none") && field.operators().contains(&Operator::IsNotSet) {
        return is(field, Operator::IsNotSet, Value::Nothing).map_err(|u| u.0);
    }
    let name = value.to_ascii_lowercase().replace('-', "_");
    if name.starts_with(char::is_alphabetic)
        && let Some(period) = json::period(&name)
    {
        return is(field, Operator::Is, Value::Period(period)).map_err(|u| u.0);
    }
    let (sign, rest) = match value.split_at_checked(1) {
        Some((sign @ (">" | "<"), rest)) => (Some(sign), rest.trim()),
        _ => (None, value),
    };
    let test = |operator, when| is(field, operator, Value::When(when)).map_err(|u| u.0);
    if let Ok(day) = rest.parse::<Date>() {
        let start = |day: Date| day.to_zoned(zone.clone()).map(|z| When::At(z.timestamp())).map_err(|_| wrong());
        let next = day.checked_add(1.day()).map_err(|_| wrong())?;
        return match sign {
            Some(">") => test(Operator::After, start(next)?),
            Some(_) => test(Operator::Before, start(day)?),
            None => Ok(Filter::All(vec![test(Operator::After, start(day)?)?, test(Operator::Before, start(next)?)?])),
        };
    }
    match (json::when(rest), sign) {
        (Some(When::Away(age)), sign) => {
            let ago = When::Away(SignedDuration::ZERO - age.abs());
            test(if sign == Some(">") { Operator::Before } else { Operator::After }, ago)
        }
        (Some(at), Some(">")) => test(Operator::After, at),
        (Some(at), Some(_)) => test(Operator::Before, at),
        _ => Err(wrong()),
    }
}
