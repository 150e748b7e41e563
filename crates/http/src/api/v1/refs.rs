//! Short mentions of things that other things point at.

use model::{AgentId, CompanyId, CustomerId, EmailAddress, InboxId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct AgentRef {
    #[schema(value_type = String, example = "agt_0000000000000")]
    pub id: AgentId,
    pub name: String,
}

/// A team.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TeamRef {
    #[schema(value_type = String, example = "team_0000000000000")]
    pub id: TeamId,
    pub name: String,
}

/// An inbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct InboxRef {
    #[schema(value_type = String, example = "inb_0000000000000")]
    pub id: InboxId,
    pub name: String,
    pub address: String,
}

/// A customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CustomerRef {
    #[schema(value_type = String, example = "cus_0000000000000")]
    pub id: CustomerId,
    pub name: String,
    pub email: Option<String>,
    pub company: Option<CompanyRef>,
}

/// A company.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CompanyRef {
    #[schema(value_type = String, example = "com_0000000000000")]
    pub id: CompanyId,
    pub name: String,
}

/// A display name and a mail address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// Address.
    #[schema(value_type = String, format = Email)]
    pub address: EmailAddress,
}

impl From<model::Mailbox> for Mailbox {
    fn from(m: model::Mailbox) -> Self {
        Self { name: m.name, address: m.address }
    }
}

impl From<Mailbox> for model::Mailbox {
    fn from(m: Mailbox) -> Self {
        Self { name: m.name, address: m.address }
    }
}
