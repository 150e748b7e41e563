//! Saved views: a filter with a name, an order, columns and groups.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::field::Key;
use crate::filter::Filter;
use crate::{AgentId, TeamId, Timestamp, ViewId};

/// Who sees a view in the list of views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// One agent.
    Personal {
        /// Who.
        agent_id: AgentId,
    },
    /// Those in a team.
    Team {
        /// Which.
        team_id: TeamId,
    },
    /// Everyone in the workspace.
    Everyone {},
}

impl Audience {
    /// Kind and raw id, as stored.
    pub fn columns(self) -> (&'static str, Option<i64>) {
        use crate::Id;
        match self {
            Self::Personal { agent_id } => ("personal", Some(agent_id.raw())),
            Self::Team { team_id } => ("team", Some(team_id.raw())),
            Self::Everyone {} => ("everyone", None),
        }
    }

    /// From stored columns.
    pub fn from_columns(kind: &str, id: Option<i64>) -> Self {
        use crate::Id;
        match (kind, id) {
            ("personal", Some(id)) => Self::Personal { agent_id: AgentId::from_raw(id) },
            ("team", Some(id)) => Self::Team { team_id: TeamId::from_raw(id) },
            _ => Self::Everyone {},
        }
    }
}

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Last activity first.
    #[default]
    Newest,
    /// Oldest activity first.
    Oldest,
    /// Longest wait first; only those that wait.
    Waiting,
    /// What is due first; only what is due at some time.
    Due,
    /// Shortest wait first; only those that wait.
    WaitingShortest,
    /// What began last first.
    CreatedNewest,
    /// What began first first.
    CreatedOldest,
    /// The most urgent first, of those what began last.
    PriorityHighest,
    /// The least urgent first, of those what began first.
    PriorityLowest,
}

impl Sort {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Waiting => "waiting",
            Self::Due => "due",
            Self::WaitingShortest => "waiting_shortest",
            Self::CreatedNewest => "created_newest",
            Self::CreatedOldest => "created_oldest",
            Self::PriorityHighest => "priority_highest",
            Self::PriorityLowest => "priority_lowest",
        }
    }

    /// Only what waits for a reply is in the list.
    pub fn is_of_waiting(self) -> bool {
        matches!(self, Self::Waiting | Self::WaitingShortest)
    }

    /// From storage; anything else is the newest first.
    pub fn from_stored(text: &str) -> Self {
        let known = [
            Self::Oldest,
            Self::Waiting,
            Self::Due,
            Self::WaitingShortest,
            Self::CreatedNewest,
            Self::CreatedOldest,
            Self::PriorityHighest,
            Self::PriorityLowest,
        ];
        known.into_iter().find(|s| s.as_str() == text).unwrap_or_default()
    }
}

/// Most columns of a view.
pub const MOST_COLUMNS: usize = 12;

/// What a list shows of a conversation beside its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Column {
    Requester,
    Company,
    Status,
    Priority,
    Assignee,
    Team,
    Inbox,
    Tags,
    Channel,
    Number,
    MessageCount,
    Created,
    Updated,
    LastActivity,
    LastCustomerMessage,
    LastReply,
    WaitingSince,
    Due,
    /// A custom field.
    Field(Key),
}

impl Column {
    /// Every column but the custom fields, in the order of the menu.
    pub const ALL: [Self; 18] = [
        Self::Requester,
        Self::Company,
        Self::Status,
        Self::Priority,
        Self::Assignee,
        Self::Team,
        Self::Inbox,
        Self::Tags,
        Self::Channel,
        Self::Number,
        Self::MessageCount,
        Self::Created,
        Self::Updated,
        Self::LastActivity,
        Self::LastCustomerMessage,
        Self::LastReply,
        Self::WaitingSince,
        Self::Due,
    ];

    /// As stored and in the API; custom fields as in filters.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Requester => "requester",
            Self::Company => "company",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Assignee => "assignee",
            Self::Team => "team",
            Self::Inbox => "inbox",
            Self::Tags => "tags",
            Self::Channel => "channel",
            Self::Number => "number",
            Self::MessageCount => "message_count",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::LastActivity => "last_activity",
            Self::LastCustomerMessage => "last_customer_message",
            Self::LastReply => "last_reply",
            Self::WaitingSince => "waiting_since",
            Self::Due => "due",
            Self::Field(key) => key.filter_name(),
        }
    }
}

/// There is no such column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no column {0:?}")]
pub struct UnknownColumn(pub String);

impl FromStr for Column {
    type Err = UnknownColumn;

    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        let custom = || text.strip_prefix("field.").and_then(|key| key.parse().ok()).map(Self::Field);
        Self::ALL.into_iter().find(|c| c.as_str() == text).or_else(custom).ok_or_else(|| UnknownColumn(text.into()))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// By what a list is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Group {
    Assignee,
    Priority,
    Status,
    Inbox,
    Team,
    Company,
}

impl Group {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assignee => "assignee",
            Self::Priority => "priority",
            Self::Status => "status",
            Self::Inbox => "inbox",
            Self::Team => "team",
            Self::Company => "company",
        }
    }

    /// From storage; anything unknown is no group.
    pub fn from_stored(text: &str) -> Option<Self> {
        [Self::Assignee, Self::Priority, Self::Status, Self::Inbox, Self::Team, Self::Company].into_iter().find(|g| g.as_str() == text)
    }
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Id.
    pub id: ViewId,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// Name: one line, at most 80 characters.
    pub name: String,
    /// The heading that it stands under; one line, at most 80 characters.
    pub folder: Option<String>,
    /// Who sees it.
    pub audience: Audience,
    /// What it shows.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// What a wide list shows; none: the rows as they are elsewhere.
    pub columns: Vec<Column>,
    /// By what it is divided.
    pub group: Option<Group>,
    /// Place among the views of its folder; ties go by name.
    pub position: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn columns_and_orders_read_back_as_written() {
        for column in Column::ALL.into_iter().chain(["field.order_2".parse().unwrap()]) {
            assert_eq!(column.as_str().parse::<Column>(), Ok(column));
        }
        for wrong in ["", "mood", "field.", "field.Order", "Requester"] {
            assert!(wrong.parse::<Column>().is_err(), "{wrong}");
        }
        for sort in ["newest", "oldest", "waiting", "waiting_shortest", "created_newest", "created_oldest", "priority_highest", "priority_lowest"] {
            assert_eq!(Sort::from_stored(sort).as_str(), sort);
        }
    }
}
