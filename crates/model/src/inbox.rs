//! Inboxes and the mailboxes behind them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AgentId, EmailAddress, InboxId, Secret};

/// One address that customers write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Id.
    pub id: InboxId,
    /// Name for agents.
    pub name: String,
    /// The address.
    pub address: EmailAddress,
    /// Name in From; the inbox's name when none.
    pub from_name: Option<String>,
    /// Signature under replies, sanitised HTML.
    pub signature_html: String,
    /// Every agent may look in.
    pub open_to_all: bool,
    /// Who may look in, when not everyone.
    pub members: Vec<AgentId>,
    /// Automatic acknowledgement.
    pub acknowledgement: Acknowledgement,
    /// What a reply to a resolved conversation does.
    pub closed_policy: ClosedPolicy,
    /// How mail comes in and goes out.
    pub incoming: Incoming,
    /// How mail goes out.
    pub outgoing: Outgoing,
    /// How incoming mail fares.
    pub incoming_health: Health,
    /// How outgoing mail fares.
    pub outgoing_health: Health,
    /// Created.
    pub created_at: Timestamp,
    /// No longer used.
    pub archived_at: Option<Timestamp>,
}

/// Automatic acknowledgement of a new conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Off unless switched on.
    pub enabled: bool,
    /// Its subject; `{subject}` and `{number}` are filled in… never words of the customer beyond the subject's `Re:`.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What a reply to a resolved conversation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ClosedPolicy {
    /// The conversation opens again.
    #[default]
    Reopen,
    /// A new conversation starts, linked to the old one.
    New,
    /// A new one starts when the old has been resolved for longer than this.
    NewAfter {
        /// Days.
        days: u16,
    },
}

impl ClosedPolicy {
    /// Whether a reply at `now` to a conversation resolved at `resolved` starts a new one.
    pub fn starts_new(self, resolved: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Reopen => false,
            Self::New => true,
            Self::NewAfter { days } => now.as_second() - resolved.as_second() > i64::from(days) * 86_400,
        }
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain, then STARTTLS; refused when the server does not offer it.
    Starttls,
    /// Plain. For servers on the same machine.
    None,
}

/// How we sign in at a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// User name and password.
    #[default]
    Password,
    /// OAuth 2 at Google.
    Google,
    /// OAuth 2 at Microsoft.
    Microsoft,
}

/// What happens to a mail on the server after we stored it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum AfterFetch {
    /// Nothing.
    #[default]
    Leave,
    /// It is marked as read.
    MarkSeen,
    /// It is moved.
    Move {
        /// Into this folder.
        folder: String,
    },
}

/// How mail comes in. Stored without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Incoming {
    /// Not set up.
    #[default]
    None,
    /// Others deliver to our LMTP or SMTP server.
    Delivered,
    /// We fetch it by IMAP.
    Imap(Imap),
}

/// An IMAP mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imap {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// User name.
    pub user_name: String,
    /// How to sign in.
    #[serde(default)]
    pub auth: Auth,
    /// Folder to read.
    pub folder: String,
    /// What happens afterwards.
    #[serde(default)]
    pub after_fetch: AfterFetch,
}

/// How mail goes out. Stored without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Outgoing {
    /// Not set up: replies wait.
    #[default]
    None,
    /// Through an SMTP server.
    Smtp(Smtp),
}

/// An SMTP server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Smtp {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// User name; none where the server asks for none.
    pub user_name: Option<String>,
    /// How to sign in.
    #[serde(default)]
    pub auth: Auth,
}

/// The secrets of a mailbox; stored sealed.
#[derive(Debug, Clone, Default)]
pub struct MailboxSecrets {
    /// For incoming mail.
    pub incoming: Option<Secret>,
    /// For outgoing mail.
    pub outgoing: Option<Secret>,
}

/// How a connection fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Health {
    /// Not set up.
    #[default]
    Off,
    /// Not tried yet.
    Waiting,
    /// Works.
    Ok {
        /// Since.
        since: Timestamp,
    },
    /// Does not work.
    Failing {
        /// Since.
        since: Timestamp,
        /// Why, without secrets.
        detail: String,
        /// Which of the faults that a connection test tells, where it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
}

/// Where an IMAP reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct ImapCursor {
    /// UIDVALIDITY of the folder.
    pub uid_validity: u32,
    /// Highest UID that is stored here.
    pub last_uid: u32,
    /// After UIDVALIDITY changed: older mail than this was here before.
    pub since: Option<Timestamp>,
    /// Up to this UID, `since` counts.
    pub since_until_uid: u32,
}
