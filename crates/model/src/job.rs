//! Work that happens after a commit. A job carries ids, may run twice, and says whether to try again.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, InboundMailId, MessageId};

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Job {
    /// Understand a stored raw mail and hand it to the desk.
    ProcessMail {
        /// Which.
        mail: InboundMailId,
    },
    /// Deliver a reply.
    DeliverMessage {
        /// Which.
        message: MessageId,
    },
    /// End a snooze.
    WakeConversation {
        /// Which.
        conversation: ConversationId,
    },
    /// Say that a conversation has become due, if it still is so.
    ConversationDue {
        /// Which.
        conversation: ConversationId,
    },
    /// Remind an agent of what they asked to be reminded of.
    Remind {
        /// Which.
        reminder: crate::ReminderId,
    },
    /// Work on the next conversations of a bulk action.
    WorkBulk {
        /// Which.
        bulk: crate::BulkId,
    },
    /// Empty the trash of a conversation, when it has lain there long enough.
    PurgeConversation {
        /// Which.
        conversation: ConversationId,
    },
    /// Drop bytes that nothing names any more.
    SweepBlobs {
        /// Their SHA-256.
        sha256: Vec<String>,
    },
    /// Mail an agent what is still unread in the app.
    MailNotifications {
        /// Whom.
        agent: crate::AgentId,
    },
    /// Push a notification to a device.
    PushNotification {
        /// What.
        notification: crate::NotificationId,
        /// Where.
        push: crate::PushId,
    },
    /// Mail a whole conversation to somebody. It is written when it leaves, so that what was redacted meanwhile is not in it.
    SendTranscript {
        /// Of which conversation.
        conversation: ConversationId,
        /// To whom.
        to: crate::EmailAddress,
        /// Internal notes too, should the recipient be an agent who sees the conversation.
        notes: bool,
        /// Who sends it.
        by: crate::AgentId,
        /// In which language.
        language: crate::workspace::Language,
        /// The customer asked for it in the widget: what they wrote goes only to an address that is known to be theirs.
        #[serde(default)]
        asked: bool,
    },
    /// Send a mail of Sonnim's own: invitation, password reset. Kept sealed, for it holds a token.
    SendNotice {
        /// To whom it goes, sealed with the rest.
        sealed: String,
    },
    /// Look whether agents' words in a chat that nobody saw have to go by mail.
    ChatMailDue {
        /// Which chat.
        conversation: ConversationId,
    },
    /// Mail agents' words in a chat that nobody saw.
    SendChatMail {
        /// Which chat.
        conversation: ConversationId,
        /// The newest message that was known to the customer before.
        after: Option<MessageId>,
        /// The newest message in the mail.
        upto: MessageId,
    },
    /// Tidy up what has expired: sessions, tokens, idempotency keys, unattached uploads.
    CleanUp {},
    /// Look at what waits in the queues: time alone has changed something.
    Route {},
    /// Forget those of some words that nothing holds any more: what held them was deleted for good.
    ForgetWords {
        /// Which, no more than some hundreds.
        words: Vec<String>,
    },
}

impl Job {
    /// Name, for storage and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ProcessMail { .. } => "process_mail",
            Self::DeliverMessage { .. } => "deliver_message",
            Self::WakeConversation { .. } => "wake_conversation",
            Self::ConversationDue { .. } => "conversation_due",
            Self::Remind { .. } => "remind",
            Self::WorkBulk { .. } => "work_bulk",
            Self::PurgeConversation { .. } => "purge_conversation",
            Self::SweepBlobs { .. } => "sweep_blobs",
            Self::MailNotifications { .. } => "mail_notifications",
            Self::PushNotification { .. } => "push_notification",
            Self::SendTranscript { .. } => "send_transcript",
            Self::SendNotice { .. } => "send_notice",
            Self::ChatMailDue { .. } => "chat_mail_due",
            Self::SendChatMail { .. } => "send_chat_mail",
            Self::CleanUp {} => "clean_up",
            Self::Route {} => "route",
            Self::ForgetWords { .. } => "forget_words",
        }
    }
}
