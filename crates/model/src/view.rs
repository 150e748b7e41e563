//! Saved views: a filter with a name, an order and columns.

use serde::{Deserialize, Serialize};

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
}

impl Sort {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Waiting => "waiting",
            Self::Due => "due",
        }
    }

    /// From storage; anything else is the newest first.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "oldest" => Self::Oldest,
            "waiting" => Self::Waiting,
            "due" => Self::Due,
            _ => Self::Newest,
        }
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
    /// Place among the views of its folder; ties go by name.
    pub position: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}
