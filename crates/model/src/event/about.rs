//! What follows from a kind of event: its message, and who may see it.

use super::{Audience, EventKind};
use crate::conversation::StatusKind;
use crate::{Conversation, MessageId};

impl EventKind {
    /// What is told of a status that changed.
    pub fn status_changed(before: &Conversation, after: &Conversation) -> Self {
        Self::ConversationStatusChanged {
            from: before.status.kind().as_str().into(),
            to: after.status.kind().as_str().into(),
            until: if after.status.kind() == StatusKind::Snoozed { after.status.time() } else { None },
            from_custom: before.custom_status,
            to_custom: after.custom_status,
        }
    }

    /// The message that it is about.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::MessageReceived { message }
            | Self::MessageReplied { message }
            | Self::MessageNoted { message }
            | Self::MessageEdited { message }
            | Self::MessageRedacted { message, .. }
            | Self::MessageDeliveryChanged { message, .. } => Some(*message),
            Self::ConversationAssigned { note, .. } | Self::ConversationInvited { note, .. } => *note,
            _ => None,
        }
    }

    /// Who may see it, within the inbox where it has one.
    pub fn audience(&self) -> Audience {
        match self {
            Self::ConversationRead { agent, .. }
            | Self::DraftChanged { agent }
            | Self::NotificationChanged { agent, .. }
            | Self::BulkUpdated { agent, .. }
            | Self::ReminderChanged { agent }
            | Self::ReminderCame { agent, .. }
            | Self::OfferChanged { agent, .. }
            | Self::ViewUpdated { owner: Some(agent), .. } => Audience::Only(*agent),
            Self::MailQuarantined { .. } | Self::SecurityAudited { .. } | Self::ChatWatched { .. } => Audience::Admins,
            _ => Audience::Agents,
        }
    }
}
