//! Who acts, in which workspace, and what they may see. Made once for each request or job.

use serde::{Deserialize, Serialize};

use crate::{AgentId, CustomerId, InboxId, Permission, WorkspaceId};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Actor {
    /// An agent, by any means.
    Agent(AgentId),
    /// A customer, by any channel.
    Customer(CustomerId),
    /// Sonnim itself.
    System,
}

impl Actor {
    /// The agent, when one acts.
    pub fn agent(self) -> Option<AgentId> {
        match self {
            Self::Agent(id) => Some(id),
            _ => None,
        }
    }

    /// Kind and raw id, as stored.
    pub fn columns(self) -> (&'static str, Option<i64>) {
        use crate::Id;
        match self {
            Self::Agent(id) => ("agent", Some(id.raw())),
            Self::Customer(id) => ("customer", Some(id.raw())),
            Self::System => ("system", None),
        }
    }

    /// From stored columns; anything unknown counts as the system.
    pub fn from_columns(kind: &str, id: Option<i64>) -> Self {
        use crate::Id;
        match (kind, id) {
            ("agent", Some(id)) => Self::Agent(AgentId::from_raw(id)),
            ("customer", Some(id)) => Self::Customer(CustomerId::from_raw(id)),
            _ => Self::System,
        }
    }
}

/// Which inboxes somebody may look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inboxes {
    /// Every one.
    All,
    /// Only these.
    Only(Vec<InboxId>),
}

impl Inboxes {
    /// Whether an inbox is among them.
    pub fn include(&self, inbox: InboxId) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.contains(&inbox),
        }
    }
}

/// The workspace, the actor and the limits of one request or job. Every store function takes one.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The workspace: nothing outside it exists.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: Actor,
    /// Inboxes in sight.
    pub inboxes: Inboxes,
    /// What may be done.
    pub permissions: Vec<Permission>,
}

/// The actor lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("your role does not allow this")]
pub struct Forbidden(pub Permission);

impl Scope {
    /// Sonnim itself: jobs, inbound mail. Sees everything in one workspace.
    pub fn system(workspace: WorkspaceId) -> Self {
        let permissions = crate::agent::PERMISSIONS.iter().map(|(p, _)| *p).collect();
        Self { workspace, actor: Actor::System, inboxes: Inboxes::All, permissions }
    }

    /// Whether a permission is held.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Stops with [`Forbidden`] unless a permission is held.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.may(permission) { Ok(()) } else { Err(Forbidden(permission)) }
    }
}
