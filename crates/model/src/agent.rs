//! Agents, their roles, and the one table of what each role may do.

use serde::{Deserialize, Serialize};

use crate::AgentId;

/// What a person may do in a workspace. Ordered: each role can do what the ones before it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, never writes.
    Viewer,
    /// Answers customers.
    Agent,
    /// Also sets up inboxes and people.
    Admin,
    /// Also owns the workspace; at least one remains.
    Owner,
}

/// One thing that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// See conversations, customers and reports of the inboxes one is in.
    #[serde(rename = "conversation.read")]
    ConversationRead,
    /// Change a conversation: assign, status, tags, notes, drafts.
    #[serde(rename = "conversation.write")]
    ConversationWrite,
    /// Write to customers.
    #[serde(rename = "conversation.reply")]
    ConversationReply,
    /// Throw conversations away, and take them out of the trash.
    #[serde(rename = "conversation.delete")]
    ConversationDelete,
    /// Delete for good what lies in the trash.
    #[serde(rename = "conversation.purge")]
    ConversationPurge,
    /// Block senders, and let them in again.
    #[serde(rename = "sender.block")]
    SenderBlock,
    /// Change customers.
    #[serde(rename = "customer.write")]
    CustomerWrite,
    /// Add and change inboxes and their mailboxes.
    #[serde(rename = "inbox.manage")]
    InboxManage,
    /// Invite, change and deactivate agents; teams.
    #[serde(rename = "people.manage")]
    PeopleManage,
    /// Change the workspace's name, language and time zone.
    #[serde(rename = "workspace.manage")]
    WorkspaceManage,
    /// Make and change views that others see.
    #[serde(rename = "view.manage")]
    ViewManage,
    /// See and replay mail that could not be processed.
    #[serde(rename = "mail.quarantine")]
    MailQuarantine,
    /// Hand in raw mail.
    #[serde(rename = "mail.deliver")]
    MailDeliver,
    /// Read the audit log.
    #[serde(rename = "audit.read")]
    AuditRead,
    /// Make API tokens for oneself.
    #[serde(rename = "token.manage")]
    TokenManage,
    /// Make and change companies.
    #[serde(rename = "company.write")]
    CompanyWrite,
    /// Merge and delete companies.
    #[serde(rename = "company.manage")]
    CompanyManage,
    /// Take words and files out of messages for good.
    #[serde(rename = "message.redact")]
    MessageRedact,
    /// Make and change queues and skills, say how much agents have at once, and see the live board.
    #[serde(rename = "queue.manage")]
    QueueManage,
    /// See who is on the site, and invite them to a chat.
    #[serde(rename = "visitor.invite")]
    VisitorInvite,
    /// Watch the chats of colleagues, whisper to them, and take over.
    #[serde(rename = "chat.supervise")]
    ChatSupervise,
}

/// The permission table: the lowest role that has each permission.
pub const PERMISSIONS: &[(Permission, Role)] = &[
    (Permission::ConversationRead, Role::Viewer),
    (Permission::ConversationWrite, Role::Agent),
    (Permission::ConversationReply, Role::Agent),
    (Permission::ConversationDelete, Role::Agent),
    (Permission::SenderBlock, Role::Agent),
    (Permission::CustomerWrite, Role::Agent),
    (Permission::CompanyWrite, Role::Agent),
    (Permission::TokenManage, Role::Agent),
    (Permission::ConversationPurge, Role::Admin),
    (Permission::InboxManage, Role::Admin),
    (Permission::PeopleManage, Role::Admin),
    (Permission::WorkspaceManage, Role::Admin),
    (Permission::ViewManage, Role::Admin),
    (Permission::MailQuarantine, Role::Admin),
    (Permission::MailDeliver, Role::Admin),
    (Permission::AuditRead, Role::Admin),
    (Permission::MessageRedact, Role::Admin),
    (Permission::CompanyManage, Role::Admin),
    (Permission::QueueManage, Role::Admin),
    (Permission::VisitorInvite, Role::Agent),
    (Permission::ChatSupervise, Role::Admin),
];

impl Role {
    /// Whether this role has a permission.
    pub fn may(self, permission: Permission) -> bool {
        PERMISSIONS.iter().any(|(p, lowest)| *p == permission && self >= *lowest)
    }

    /// Every permission of this role.
    pub fn permissions(self) -> Vec<Permission> {
        PERMISSIONS.iter().filter(|(_, lowest)| self >= *lowest).map(|(p, _)| *p).collect()
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Viewer, Self::Agent, Self::Admin, Self::Owner]
            .into_iter()
            .find(|r| r.as_str() == text)
            .ok_or_else(|| format!("unknown role {text:?}: use owner, admin, agent or viewer"))
    }
}

/// What an API token may do, besides what its agent may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Read everything the agent can read.
    Read,
    /// Also answer and change conversations and customers.
    Write,
    /// Also administer.
    Admin,
    /// Hand in raw mail.
    Mail,
}

impl TokenScope {
    /// Whether a token with this scope may use a permission.
    pub fn covers(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Read => matches!(permission, P::ConversationRead),
            Self::Write => {
                matches!(
                    permission,
                    P::ConversationRead
                        | P::ConversationWrite
                        | P::ConversationReply
                        | P::ConversationDelete
                        | P::SenderBlock
                        | P::CustomerWrite
                        | P::CompanyWrite
                )
            }
            Self::Admin => true,
            Self::Mail => matches!(permission, P::MailDeliver),
        }
    }
}

/// How an agent likes the app to look and behave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// Row height.
    pub density: Density,
    /// Seconds in which a sent reply can be taken back; 0–60.
    pub undo_seconds: u16,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { theme: Theme::System, density: Density::Comfortable, undo_seconds: 10 }
    }
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Row height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Roomy rows.
    Comfortable,
    /// Tight rows.
    Compact,
}

/// A person who works in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// Display name.
    pub name: String,
    /// Sign-in address.
    pub email: crate::EmailAddress,
    /// Role.
    pub role: Role,
    /// Interface language.
    pub language: crate::workspace::Language,
    /// IANA time zone, when it differs from the workspace's.
    pub time_zone: Option<String>,
    /// Personal signature, sanitised HTML.
    pub signature_html: String,
    /// When the agent was switched off.
    pub deactivated_at: Option<jiff::Timestamp>,
    /// When the agent joined.
    pub created_at: jiff::Timestamp,
    /// Last request seen.
    pub last_seen_at: Option<jiff::Timestamp>,
    /// Looks and habits.
    pub preferences: Preferences,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_only_reads() {
        assert_eq!(Role::Viewer.permissions(), [Permission::ConversationRead]);
    }

    #[test]
    fn an_agent_answers_but_does_not_administer() {
        assert!(Role::Agent.may(Permission::ConversationReply));
        assert!(!Role::Agent.may(Permission::InboxManage));
    }
}
