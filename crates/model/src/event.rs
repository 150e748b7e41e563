//! The log. Every change is an event; the screens, the audit log and (later) webhooks and measures read it.

mod about;
mod cursor;
mod entry;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use cursor::Cursor;
pub use entry::{Audience, Event};

use crate::conversation_link::LinkKind;
use crate::{AgentId, ConversationId, CustomStatusId, CustomerId, InboxId, MessageId, TagId, TeamId};

/// What happened. `data` in storage and in the API is this, as JSON, without the kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum EventKind {
    /// A conversation began.
    #[serde(rename = "conversation.created")]
    ConversationCreated {},
    /// Subject, priority, inbox or the like changed.
    #[serde(rename = "conversation.updated")]
    ConversationUpdated {
        /// Field → from, to.
        changes: serde_json::Map<String, serde_json::Value>,
    },
    /// It was given to somebody, or to nobody.
    #[serde(rename = "conversation.assigned")]
    ConversationAssigned {
        /// New assignee.
        assignee: Option<AgentId>,
        /// New team.
        team: Option<TeamId>,
        /// The internal note that was handed over with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<MessageId>,
    },
    /// Its status changed.
    #[serde(rename = "conversation.status_changed")]
    ConversationStatusChanged {
        /// Before.
        from: String,
        /// After.
        to: String,
        /// End of a snooze.
        until: Option<Timestamp>,
        /// The status of the workspace's own, before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_custom: Option<CustomStatusId>,
        /// The same, after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_custom: Option<CustomStatusId>,
    },
    /// The time has come by which it was to be done.
    #[serde(rename = "conversation.became_due")]
    ConversationBecameDue {
        /// That time.
        due_at: Timestamp,
    },
    /// Its tags changed.
    #[serde(rename = "conversation.tagged")]
    ConversationTagged {
        /// Tags put on.
        added: Vec<TagId>,
        /// Tags taken off.
        removed: Vec<TagId>,
    },
    /// Somebody read it, or marked it unread. Only that agent sees this.
    #[serde(rename = "conversation.read")]
    ConversationRead {
        /// Who.
        agent: AgentId,
        /// Read or unread.
        read: bool,
    },
    /// It was linked to another conversation. Which one is told where it is asked for: the reader of this event may not
    /// see the other end.
    #[serde(rename = "conversation.linked")]
    ConversationLinked {
        /// What holds them together.
        link: LinkKind,
    },
    /// It was thrown away, or called spam.
    #[serde(rename = "conversation.shelved")]
    ConversationShelved {
        /// `trash` or `spam`.
        shelf: String,
    },
    /// It came back from the trash or from spam.
    #[serde(rename = "conversation.restored")]
    ConversationRestored {
        /// `trash` or `spam`.
        shelf: String,
    },
    /// An agent follows it, or does so no longer.
    #[serde(rename = "conversation.followed")]
    ConversationFollowed {
        /// Who.
        agent: AgentId,
        /// False: no longer.
        follows: bool,
    },
    /// An agent was told something, or read it. Only that agent sees this.
    #[serde(rename = "notification.changed")]
    NotificationChanged {
        /// Whose.
        agent: AgentId,
        /// The new one; none when some were read.
        notification: Option<crate::NotificationId>,
        /// What the new one is about.
        about: Option<String>,
        /// The browser may show it.
        desktop: bool,
        /// It came in quiet hours: it makes no sound.
        #[serde(default)]
        quiet: bool,
    },
    /// An agent asked to be reminded, or no longer. Only that agent sees this.
    #[serde(rename = "reminder.changed")]
    ReminderChanged {
        /// Whose.
        agent: AgentId,
    },
    /// An agent is reminded. Only that agent sees this.
    #[serde(rename = "reminder.came")]
    ReminderCame {
        /// Whose.
        agent: AgentId,
        /// Which.
        reminder: crate::ReminderId,
    },
    /// It was merged into another conversation. Told in both.
    #[serde(rename = "conversation.merged")]
    ConversationMerged {
        /// The one that went.
        from: ConversationId,
        /// Its number.
        from_number: i64,
        /// The one that took it in.
        into: ConversationId,
        /// Its number.
        into_number: i64,
    },
    /// A merge was undone. Told in both.
    #[serde(rename = "conversation.unmerged")]
    ConversationUnmerged {
        /// The one that is free again.
        from: ConversationId,
        /// Its number.
        from_number: i64,
        /// The one that had taken it in.
        into: ConversationId,
        /// Its number.
        into_number: i64,
    },
    /// Some of its messages became a conversation of their own. Told in both.
    #[serde(rename = "conversation.split")]
    ConversationSplit {
        /// The one they were in.
        from: ConversationId,
        /// Its number.
        from_number: i64,
        /// The new one.
        into: ConversationId,
        /// Its number.
        into_number: i64,
        /// How many.
        messages: i64,
    },
    /// It is gone for good, with every message, file and event. Only its number remains, here.
    #[serde(rename = "conversation.purged")]
    ConversationPurged {
        /// Which it was.
        gone: ConversationId,
        /// Its number.
        number: i64,
    },
    /// A sender was blocked, or let in again.
    #[serde(rename = "sender.blocked")]
    SenderBlocked {
        /// The address.
        address: String,
        /// False: let in again.
        blocked: bool,
    },
    /// A customer, or a customer's machine, wrote.
    #[serde(rename = "message.received")]
    MessageReceived {
        /// Which.
        message: MessageId,
    },
    /// An agent replied.
    #[serde(rename = "message.replied")]
    MessageReplied {
        /// Which.
        message: MessageId,
    },
    /// An agent left an internal note.
    #[serde(rename = "message.noted")]
    MessageNoted {
        /// Which.
        message: MessageId,
    },
    /// A message was taken back, sent, delayed or refused.
    #[serde(rename = "message.delivery_changed")]
    MessageDeliveryChanged {
        /// Which.
        message: MessageId,
        /// New state.
        state: String,
    },
    /// A customer's card changed.
    #[serde(rename = "customer.updated")]
    CustomerUpdated {
        /// Which.
        customer: CustomerId,
    },
    /// A draft changed. Only its author sees this.
    #[serde(rename = "draft.changed")]
    DraftChanged {
        /// Whose.
        agent: AgentId,
    },
    /// An inbox changed.
    #[serde(rename = "inbox.updated")]
    InboxUpdated {
        /// Which.
        inbox: InboxId,
        /// What.
        change: String,
    },
    /// An agent joined, changed, or was switched off or on.
    #[serde(rename = "agent.updated")]
    AgentUpdated {
        /// Who.
        agent: AgentId,
        /// What.
        change: String,
    },
    /// A team changed.
    #[serde(rename = "team.updated")]
    TeamUpdated {
        /// Which.
        team: TeamId,
        /// What.
        change: String,
    },
    /// A tag changed.
    #[serde(rename = "tag.updated")]
    TagUpdated {
        /// Which.
        tag: TagId,
    },
    /// A bulk action began, came further or ended. Only whose it is sees this.
    #[serde(rename = "bulk.updated")]
    BulkUpdated {
        /// Which.
        bulk: crate::BulkId,
        /// Whose.
        agent: AgentId,
    },
    /// A saved reply changed.
    #[serde(rename = "saved_reply.updated")]
    SavedReplyUpdated {
        /// Which.
        saved_reply: crate::SavedReplyId,
        /// What: `created`, `changed`, `archived` or `restored`.
        change: String,
    },
    /// A macro changed.
    #[serde(rename = "macro.updated")]
    MacroUpdated {
        /// Which.
        r#macro: crate::MacroId,
        /// What: `created`, `changed`, `archived` or `restored`.
        change: String,
    },
    /// A folder of saved replies and macros changed.
    #[serde(rename = "folder.updated")]
    FolderUpdated {
        /// Which.
        folder: crate::FolderId,
        /// What: `created`, `changed` or `deleted`.
        change: String,
    },
    /// A saved view changed.
    #[serde(rename = "view.updated")]
    ViewUpdated {
        /// Which.
        view: crate::ViewId,
        /// The one who sees it, when it is personal.
        owner: Option<AgentId>,
    },
    /// The workspace changed.
    #[serde(rename = "workspace.updated")]
    WorkspaceUpdated {},
    /// A mail could not be processed.
    #[serde(rename = "mail.quarantined")]
    MailQuarantined {
        /// Which.
        mail: crate::InboundMailId,
    },
    /// The author of a note mended it.
    #[serde(rename = "message.edited")]
    MessageEdited {
        /// Which.
        message: MessageId,
    },
    /// Words or files were taken out of a message for good. Which ones is told nowhere.
    #[serde(rename = "message.redacted")]
    MessageRedacted {
        /// Which.
        message: MessageId,
        /// Words went.
        words: bool,
        /// So many files went.
        files: i64,
    },
    /// A link to another conversation was taken away. As [`EventKind::ConversationLinked`].
    #[serde(rename = "conversation.unlinked")]
    ConversationUnlinked {
        /// What held them together.
        link: LinkKind,
    },
    /// Something happened in a conversation beside this one.
    #[serde(rename = "conversation.side")]
    ConversationSide {
        /// The side conversation.
        side: ConversationId,
        /// What: `begun`, `answered`, or `failed` when a letter did not arrive.
        change: String,
    },
    /// The whole conversation went to somebody by mail, or it did not arrive there.
    #[serde(rename = "conversation.transcript")]
    ConversationTranscript {
        /// To whom.
        to: String,
        /// Internal notes were in it.
        notes: bool,
        /// `sent` or `failed`.
        state: String,
    },
    /// Something to audit that changes no screen: sign-in, token made, session ended, invitation.
    #[serde(rename = "security.audited")]
    SecurityAudited {
        /// What.
        action: String,
        /// About whom or what.
        subject: Option<String>,
    },
    /// A company was made, changed, merged into another or deleted, or customers came into it or left it.
    #[serde(rename = "company.updated")]
    CompanyUpdated {
        /// Which.
        company: crate::CompanyId,
        /// What: `created`, `changed`, `merged`, `deleted`, `took_in` or `customers`.
        change: String,
    },
    /// Values of its custom fields changed.
    #[serde(rename = "conversation.fields_changed")]
    ConversationFieldsChanged {
        /// Each field that changed.
        changes: Vec<FieldChange>,
    },
    /// A status of the workspace's own was made or changed, or they were put in another order.
    #[serde(rename = "custom_status.updated")]
    CustomStatusUpdated {
        /// Which.
        custom_status: CustomStatusId,
        /// What: `created`, `changed`, `archived`, `restored` or `ordered`.
        change: String,
    },
    /// A custom field was defined or changed, or they were put in another order.
    #[serde(rename = "field.updated")]
    FieldUpdated {
        /// Which.
        field: crate::FieldId,
        /// What: `created`, `changed`, `archived`, `restored` or `ordered`.
        change: String,
    },
    /// A conversation began in the widget.
    #[serde(rename = "chat.started")]
    ChatStarted {
        /// In which browser.
        visitor: crate::VisitorId,
    },
    /// The customer or an agent has seen a chat up to a message.
    #[serde(rename = "chat.seen")]
    ChatSeen {
        /// `customer` or `agent`.
        by: String,
        /// Up to which message.
        message: MessageId,
    },
    /// Something else of a chat changed.
    #[serde(rename = "chat.updated")]
    ChatUpdated {
        /// What: `held`, `resumed`, `left`, `returned`, `reopened`, `rated`, `named`, `mailed`, `mail_failed` or `transcript`.
        change: String,
    },
    /// The customer or an agent ended a chat.
    #[serde(rename = "chat.ended")]
    ChatEnded {
        /// `customer` or `agent`.
        by: String,
    },
    /// A chat began with an answer to words that were said first.
    #[serde(rename = "chat.invited")]
    ChatInvited {
        /// What was said.
        text: String,
        /// By which rule, as it was named then; none when an agent wrote it by hand.
        rule: Option<String>,
    },
    /// A queue gave it to somebody, passed it on, or took it back.
    #[serde(rename = "conversation.routed")]
    ConversationRouted {
        /// Where it is or was.
        queue: crate::QueueId,
        /// Its name then.
        queue_name: String,
        /// Who got it; none when it waits.
        agent: Option<AgentId>,
        /// Why.
        why: crate::routing::Why,
    },
    /// A conversation is offered to an agent, or no longer. Only that agent sees this.
    #[serde(rename = "offer.changed")]
    OfferChanged {
        /// Who.
        agent: AgentId,
        /// What: `offered`, `accepted`, `declined`, `expired` or `withdrawn`.
        change: String,
    },
    /// An agent is there for new work, or is so no longer.
    #[serde(rename = "availability.changed")]
    AvailabilityChanged {
        /// Who.
        agent: AgentId,
        /// How it really is now.
        state: crate::availability::State,
        /// The agent's word for it.
        reason: Option<String>,
    },
    /// A queue was made, changed or deleted.
    #[serde(rename = "queue.updated")]
    QueueUpdated {
        /// Which.
        queue: crate::QueueId,
        /// What: `created`, `changed` or `deleted`.
        change: String,
    },
    /// A skill was made, changed or deleted.
    #[serde(rename = "skill.updated")]
    SkillUpdated {
        /// Which.
        skill: crate::SkillId,
        /// What: `created`, `changed` or `deleted`.
        change: String,
    },
    /// A colleague was invited into a chat, came, or left.
    #[serde(rename = "conversation.invited")]
    ConversationInvited {
        /// Who.
        agent: AgentId,
        /// What: `invited`, `joined`, `declined` or `left`.
        change: String,
        /// The internal note that went with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<MessageId>,
    },
    /// A supervisor took it over from a colleague.
    #[serde(rename = "conversation.taken_over")]
    ConversationTakenOver {
        /// Who had it.
        from: AgentId,
    },
    /// A supervisor began to watch a chat. Only admins see this.
    #[serde(rename = "chat.watched")]
    ChatWatched {
        /// Whose chat it was.
        agent: Option<AgentId>,
    },
    /// The customer of a chat wants to be called.
    #[serde(rename = "chat.callback_requested")]
    ChatCallbackRequested {
        /// When it suits them.
        wanted_at: Option<Timestamp>,
    },
    /// An agent has called the customer of a chat.
    #[serde(rename = "chat.called")]
    ChatCalled {},
}

/// A custom field of a conversation that has another value than before, as the API writes values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct FieldChange {
    pub field: crate::FieldId,
    pub key: String,
    pub from: serde_json::Value,
    pub to: serde_json::Value,
}

impl EventKind {
    /// The kind's name, as in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConversationCreated {} => "conversation.created",
            Self::ConversationUpdated { .. } => "conversation.updated",
            Self::ConversationAssigned { .. } => "conversation.assigned",
            Self::ConversationStatusChanged { .. } => "conversation.status_changed",
            Self::ConversationTagged { .. } => "conversation.tagged",
            Self::ConversationRead { .. } => "conversation.read",
            Self::ConversationLinked { .. } => "conversation.linked",
            Self::ConversationShelved { .. } => "conversation.shelved",
            Self::ConversationRestored { .. } => "conversation.restored",
            Self::ConversationFollowed { .. } => "conversation.followed",
            Self::NotificationChanged { .. } => "notification.changed",
            Self::ConversationMerged { .. } => "conversation.merged",
            Self::ConversationUnmerged { .. } => "conversation.unmerged",
            Self::ConversationSplit { .. } => "conversation.split",
            Self::ConversationPurged { .. } => "conversation.purged",
            Self::SenderBlocked { .. } => "sender.blocked",
            Self::MessageReceived { .. } => "message.received",
            Self::MessageReplied { .. } => "message.replied",
            Self::MessageNoted { .. } => "message.noted",
            Self::MessageDeliveryChanged { .. } => "message.delivery_changed",
            Self::CustomerUpdated { .. } => "customer.updated",
            Self::DraftChanged { .. } => "draft.changed",
            Self::InboxUpdated { .. } => "inbox.updated",
            Self::AgentUpdated { .. } => "agent.updated",
            Self::TeamUpdated { .. } => "team.updated",
            Self::TagUpdated { .. } => "tag.updated",
            Self::BulkUpdated { .. } => "bulk.updated",
            Self::SavedReplyUpdated { .. } => "saved_reply.updated",
            Self::MacroUpdated { .. } => "macro.updated",
            Self::FolderUpdated { .. } => "folder.updated",
            Self::ViewUpdated { .. } => "view.updated",
            Self::WorkspaceUpdated {} => "workspace.updated",
            Self::MailQuarantined { .. } => "mail.quarantined",
            Self::MessageEdited { .. } => "message.edited",
            Self::MessageRedacted { .. } => "message.redacted",
            Self::ConversationUnlinked { .. } => "conversation.unlinked",
            Self::ConversationSide { .. } => "conversation.side",
            Self::ConversationTranscript { .. } => "conversation.transcript",
            Self::SecurityAudited { .. } => "security.audited",
            Self::ConversationFieldsChanged { .. } => "conversation.fields_changed",
            Self::FieldUpdated { .. } => "field.updated",
            Self::CompanyUpdated { .. } => "company.updated",
            Self::CustomStatusUpdated { .. } => "custom_status.updated",
            Self::ConversationBecameDue { .. } => "conversation.became_due",
            Self::ReminderChanged { .. } => "reminder.changed",
            Self::ReminderCame { .. } => "reminder.came",
            Self::ChatStarted { .. } => "chat.started",
            Self::ChatSeen { .. } => "chat.seen",
            Self::ChatUpdated { .. } => "chat.updated",
            Self::ChatEnded { .. } => "chat.ended",
            Self::ChatInvited { .. } => "chat.invited",
            Self::ConversationRouted { .. } => "conversation.routed",
            Self::OfferChanged { .. } => "offer.changed",
            Self::AvailabilityChanged { .. } => "availability.changed",
            Self::QueueUpdated { .. } => "queue.updated",
            Self::SkillUpdated { .. } => "skill.updated",
            Self::ConversationInvited { .. } => "conversation.invited",
            Self::ConversationTakenOver { .. } => "conversation.taken_over",
            Self::ChatWatched { .. } => "chat.watched",
            Self::ChatCallbackRequested { .. } => "chat.callback_requested",
            Self::ChatCalled {} => "chat.called",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_tag_in_json() {
        let kind =
            EventKind::ConversationStatusChanged { from: "open".into(), to: "resolved".into(), until: None, from_custom: None, to_custom: None };
        let json = serde_json::to_value(&kind).unwrap();
        assert_eq!(json["kind"], kind.name());
    }
}
