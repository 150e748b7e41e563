//! A conversation begins on our side: an agent writes first, or writes down what came by another way.

use model::conversation::{Channel, Incoming};
use model::message::{Message, MessageKind, Recipients};
use model::scope::Forbidden;
use model::{Actor, AgentId, AttachmentId, ConversationId, CustomerId, EventKind, InboxId, Mailbox, Permission, Scope};
use store::{Error, Tx};

use super::outgoing::{self, Outgoing, SendError};
use super::receive::{blank, language_of};
use crate::{Desk, html};

/// The customer of a new conversation.
#[derive(Debug, Clone)]
pub enum StartCustomer {
    /// One we know.
    Id(CustomerId),
    /// Whoever has this address.
    Address(Mailbox),
}

/// How a conversation begins.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Start {
    pub inbox: InboxId,
    pub customer: StartCustomer,
    pub subject: String,
    pub html: Option<String>,
    pub text: Option<String>,
    /// An agent writes to the customer; otherwise these are the customer's words.
    pub outgoing: bool,
    pub cc: Vec<Mailbox>,
    pub bcc: Vec<Mailbox>,
    pub attachments: Vec<AttachmentId>,
    pub assignee: Option<AgentId>,
}

/// Why it does not begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such inbox in sight.
    #[error("no such inbox")]
    UnknownInbox,
    /// No such customer in sight.
    #[error("no such customer")]
    UnknownCustomer,
    /// It cannot be sent or stored as it is.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Begins a conversation with its first message.
pub async fn start(tx: &mut Tx, desk: &Desk, scope: &Scope, start: Start) -> Result<ConversationId, StartError> {
    scope.require(if start.outgoing { Permission::ConversationReply } else { Permission::ConversationWrite })?;
    let workspace = scope.workspace;
    let inbox = store::inbox::get(tx, workspace, start.inbox).await?.filter(|i| scope.inboxes.include(i.id) && i.archived_at.is_none());
    let Some(inbox) = inbox else { return Err(StartError::UnknownInbox) };
    let (customer, who) = match start.customer {
        StartCustomer::Id(id) => {
            let Some(customer) = store::customer::get(tx, scope, id).await? else { return Err(StartError::UnknownCustomer) };
            (id, customer.email.map(|address| Mailbox { name: Some(customer.name), address }))
        }
        StartCustomer::Address(who) => {
            let id = if let Some((id, _)) = store::customer::by_address(tx, workspace, &who.address).await? {
                id
            } else {
                let words = start.text.as_deref().or(start.html.as_deref()).unwrap_or_default();
                store::customer::insert(tx, workspace, who.label(), Some(&who.address), language_of(words)).await?
            };
            (id, Some(who))
        }
    };
    let now = tx.now();
    let channel = if start.outgoing { Channel::Email } else { Channel::Api };
    let mut conversation = blank(tx, workspace, &inbox, customer, &start.subject, channel).await?;
    conversation.assignee = start.assignee;
    let said = (!start.outgoing).then(|| {
        let body = start.html.as_deref().map(html::sanitize_composed);
        let text = start.text.clone().or_else(|| body.as_deref().map(html::to_text)).unwrap_or_default();
        (body, text)
    });
    if let Some((_, text)) = &said {
        // Before it is written, so that it is written once.
        conversation.take_in(Incoming::FromCustomer, text, now);
    }
    store::conversation::insert(tx, workspace, &mut conversation).await?;
    let place = (Some(conversation.id), Some(inbox.id));
    tx.record(workspace, scope.actor, place, EventKind::ConversationCreated {}).await?;
    if let Some(who) = &who {
        store::participant::add(tx, workspace, conversation.id, who, Some(customer)).await?;
    }
    let Some((body, text)) = said else {
        let Some(author) = scope.actor.agent() else { return Err(StartError::UnknownCustomer) };
        let recipients = Recipients { to: who.into_iter().collect(), cc: start.cc, bcc: start.bcc };
        for other in &recipients.cc {
            store::participant::add(tx, workspace, conversation.id, other, None).await?;
        }
        let out = Outgoing {
            html: start.html,
            text: start.text,
            recipients,
            attachments: start.attachments,
            subject: conversation.subject.clone(),
            send_at: None,
        };
        let message = outgoing::prepare(tx, &desk.keys, scope, &inbox, &conversation, author, out).await?;
        let before = conversation.clone();
        conversation.take_reply(&message.reply_text, now);
        store::conversation::update(tx, workspace, &before, &mut conversation).await?;
        tx.record(workspace, scope.actor, place, EventKind::MessageReplied { message: message.id }).await?;
        return Ok(conversation.id);
    };
    if text.trim().is_empty() && start.attachments.is_empty() {
        return Err(SendError::Empty.into());
    }
    let message = Message {
        id: tx.new_id(),
        conversation: conversation.id,
        kind: MessageKind::Customer,
        author: Actor::Customer(customer),
        subject: conversation.subject.clone(),
        html: body,
        reply_text: text.clone(),
        text,
        from: who,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: now,
        sent_at: None,
        delivery: None,
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, workspace, &message).await?;
    if let Some(agent) = scope.actor.agent() {
        for attachment in start.attachments {
            if !store::attachment::attach(tx, workspace, attachment, message.id, agent, false).await? {
                return Err(SendError::UnknownAttachment(attachment).into());
            }
        }
    }
    tx.record(workspace, Actor::Customer(customer), place, EventKind::MessageReceived { message: message.id }).await?;
    Ok(conversation.id)
}
