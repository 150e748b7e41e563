//! One language for choosing conversations: views, search, bulk actions, and whatever asks later.
//!
//! A filter is conditions joined by all, any and not. It has two readers that must agree: SQL (in the store) and
//! [`Filter::matches`] (here). As JSON:
//!
//! ```json
//! {"all":[{"field":"status","operator":"is_any_of","value":["open","pending"]},
//!         {"not":{"field":"assignee","operator":"is_any_of","value":["me"]}}]}
//! ```

mod field;
mod json;
mod matches;
mod query;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

pub use field::{Custom, Field, Holds, Kind, Operator};
pub use json::Fault;
pub use matches::{Facts, Reader};
pub use query::{Named, Names, QueryFault, Sought, companies_named, is_typed, parse as parse_query, sought};

use crate::conversation::{Channel, StatusKind};
use crate::{AgentId, CompanyId, CustomStatusId, CustomerId, InboxId, Priority, TagId, TeamId};

/// Most conditions of a filter, in all its groups.
pub const MOST_CONDITIONS: usize = 100;
/// Deepest nesting of groups.
pub const DEEPEST: usize = 8;
/// Most values of one condition.
pub const MOST_VALUES: usize = 200;
/// Longest text of a condition, in characters.
pub const LONGEST_TEXT: usize = 500;

/// A filter. The empty [`Filter::All`] lets everything pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Every one of these holds.
    All(Vec<Filter>),
    /// At least one of these holds; none of none does.
    Any(Vec<Filter>),
    /// This does not hold.
    Not(Box<Filter>),
    /// A condition.
    Is(Condition),
}

/// A field, how to compare, and with what. Made only by [`Condition::new`], so that the three fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    field: Field,
    operator: Operator,
    value: Value,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing: the operator says it all.
    Nothing,
    /// Some of a known set.
    Choices(Vec<Choice>),
    /// Folded mail addresses.
    Addresses(Vec<String>),
    /// A whole number.
    Number(i64),
    /// An instant.
    When(When),
    /// Yes or no.
    Flag(bool),
    /// Words; of a custom field, a part of its text.
    Text(String),
    /// Short texts or keys of options, of a custom field.
    Words(Vec<String>),
    /// A day, of a custom field.
    Day(Day),
    /// A day or a week that an instant is in.
    Period(Period),
}

/// One of a known set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// A status.
    Status(StatusKind),
    /// A status of the workspace's own.
    CustomStatus(CustomStatusId),
    /// An urgency.
    Priority(Priority),
    /// A way in.
    Channel(Channel),
    /// An agent.
    Agent(AgentId),
    /// The reader.
    Me,
    /// A team.
    Team(TeamId),
    /// Any team that the reader is in.
    MyTeams,
    /// An inbox.
    Inbox(InboxId),
    /// A customer.
    Customer(CustomerId),
    /// A company.
    Company(CompanyId),
    /// A tag.
    Tag(TagId),
}

/// An instant: fixed, or so long before or after the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// This one.
    At(Timestamp),
    /// Now and this much; negative for the past. At most ten years, in whole milliseconds.
    Away(SignedDuration),
}

impl When {
    /// The instant, seen from `now`.
    pub fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Away(by) => now.checked_add(by).unwrap_or(if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX }),
        }
    }
}

/// A day: fixed, or so many days from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// This one.
    On(Date),
    /// Today and so many more; negative for the past. At most ten years.
    Away(i32),
}

impl Day {
    /// The day, seen from `today`.
    pub fn from(self, today: Date) -> Date {
        match self {
            Self::On(day) => day,
            Self::Away(days) => today.checked_add(Span::new().days(days)).unwrap_or(today),
        }
    }
}

/// A stretch of time, where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From midnight to midnight.
    Day(Day),
    /// This week, or so many more; from Monday.
    Week(Weeks),
}

/// How far a week is from this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Weeks {
    Last = -1,
    This = 0,
    Next = 1,
}

impl Period {
    /// When it begins, and when what follows it does.
    pub fn bounds(self, reader: &Reader) -> (Timestamp, Timestamp) {
        let today = reader.today();
        let after = |day: Date, days: i32| day.checked_add(Span::new().days(days)).unwrap_or(day);
        let (from, days) = match self {
            Self::Day(day) => (day.from(today), 1),
            Self::Week(weeks) => (after(today, weeks as i32 * 7 - i32::from(today.weekday().to_monday_zero_offset())), 7),
        };
        let begins = |day: Date| day.to_zoned(reader.zone.clone()).map_or(reader.now, |z| z.timestamp());
        (begins(from), begins(after(from, days)))
    }
}

/// The operator or the value does not fit the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);

impl Condition {
    /// A condition whose parts fit.
    ///
    /// # Errors
    /// [`Unfit`] says which part does not, and what would.
    pub fn new(field: Field, operator: Operator, value: Value) -> Result<Self, Unfit> {
        if !field.operators().contains(&operator) {
            let known: Vec<&str> = field.operators().iter().map(|o| o.as_str()).collect();
            return Err(Unfit(format!("{} takes {}", field.as_str(), known.join(", "))));
        }
        let fits = match (&value, operator) {
            (Value::Nothing, Operator::IsSet | Operator::IsNotSet) => true,
            (_, Operator::IsSet | Operator::IsNotSet) => return Err(Unfit("is_set and is_not_set take no value".into())),
            (Value::Choices(list), _) => {
                bounded(list.len())?;
                field.kind() == Kind::Choice && list.iter().all(|c| c.belongs_to(field))
            }
            (Value::Addresses(list), _) => {
                bounded(list.len())?;
                field.kind() == Kind::Address
            }
            (Value::Number(_), _) => field.kind() == Kind::Number,
            (Value::When(_), _) => field.kind() == Kind::Time && operator != Operator::Is,
            (Value::Period(_), _) => field.kind() == Kind::Time && operator == Operator::Is,
            (Value::Flag(_), _) => field.kind() == Kind::Flag,
            (Value::Text(text), _) => {
                if text.chars().count() > LONGEST_TEXT {
                    return Err(Unfit(format!("{LONGEST_TEXT} characters are the most")));
                }
                field.kind() == Kind::Text || field.kind() == Kind::Word && matches!(operator, Operator::Contains | Operator::DoesNotContain)
            }
            (Value::Words(list), _) => {
                bounded(list.len())?;
                if list.iter().any(|w| w.chars().count() > LONGEST_TEXT) {
                    return Err(Unfit(format!("{LONGEST_TEXT} characters are the most")));
                }
                matches!(operator, Operator::IsAnyOf | Operator::IsNoneOf)
                    && matches!(field, Field::Custom(c) if matches!(c.holds, Holds::Word | Holds::Option))
            }
            (Value::Day(_), _) => field.kind() == Kind::Date,
            (Value::Nothing, _) => false,
        };
        if fits { Ok(Self { field, operator, value }) } else { Err(Unfit(format!("this is no value of {}", field.as_str()))) }
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }

    /// How it compares.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// What with.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

fn bounded(values: usize) -> Result<(), Unfit> {
    match values {
        0 => Err(Unfit("give at least one value".into())),
        n if n > MOST_VALUES => Err(Unfit(format!("{MOST_VALUES} values are the most"))),
        _ => Ok(()),
    }
}

impl Choice {
    fn belongs_to(self, field: Field) -> bool {
        matches!(
            (self, field),
            (Self::Status(_), Field::Status)
                | (Self::CustomStatus(_), Field::CustomStatus)
                | (Self::Priority(_), Field::Priority)
                | (Self::Channel(_), Field::Channel)
                | (Self::Agent(_) | Self::Me, Field::Assignee | Field::Follower | Field::Mentioned)
                | (Self::Team(_) | Self::MyTeams, Field::Team)
                | (Self::Inbox(_), Field::Inbox)
                | (Self::Customer(_), Field::Requester)
                | (Self::Company(_), Field::Company)
                | (Self::Tag(_), Field::Tag)
        )
    }
}

impl Filter {
    /// Everything passes.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Every condition in it, wherever it stands.
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().flat_map(Self::conditions).collect(),
            Self::Not(one) => one.conditions(),
            Self::Is(condition) => vec![condition],
        }
    }

    /// The conditions that must hold whatever else: those joined by all at the top.
    pub fn required(&self) -> Vec<&Condition> {
        match self {
            Self::All(list) => list.iter().flat_map(Self::required).collect(),
            Self::Is(condition) => vec![condition],
            Self::Any(_) | Self::Not(_) => Vec::new(),
        }
    }

    /// Whether it means another thing to another reader.
    pub fn depends_on_reader(&self) -> bool {
        self.conditions().iter().any(|c| {
            c.field == Field::Unread || matches!(&c.value, Value::Choices(list) if list.iter().any(|v| matches!(v, Choice::Me | Choice::MyTeams)))
        })
    }

    /// Whether it means another thing as time passes.
    pub fn depends_on_time(&self) -> bool {
        self.conditions().iter().any(|c| {
            matches!(c.value, Value::When(When::Away(_)) | Value::Day(Day::Away(_)) | Value::Period(Period::Day(Day::Away(_)) | Period::Week(_)))
        })
    }

    /// Whether it means another thing where another day is.
    pub fn depends_on_zone(&self) -> bool {
        self.conditions().iter().any(|c| matches!(c.value, Value::Day(Day::Away(_)) | Value::Period(_)))
    }
}
