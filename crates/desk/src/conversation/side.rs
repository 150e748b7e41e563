//! A conversation beside another one: an agent asks a supplier, another department or a colleague, and the customer never
//! hears of it.

use model::conversation::Channel;
use model::conversation_link::LinkKind;
use model::message::{Attachment, Recipients};
use model::scope::Forbidden;
use model::{
    Actor, AttachmentId, Conversation, ConversationId, CustomerId, EmailAddress, EventKind, Mailbox, MessageId, Permission, Scope, Status,
    WorkspaceId,
};
use store::{Conn, Error, Tx};

use super::outgoing::{self, Outgoing, SendError};
use super::receive::{after_merges, blank};
use super::{forward, link, not_beside, to_change};
use crate::template::placeholders;
use crate::{Desk, Refusal, html};

/// How a side conversation begins.
#[derive(Debug, Clone)]
pub struct Side {
    /// Whom to ask; the first is the one that it is with.
    pub to: Vec<Mailbox>,
    /// In copy.
    pub cc: Vec<Mailbox>,
    /// Its own subject, one line.
    pub subject: String,
    /// HTML as composed.
    pub html: Option<String>,
    /// Plain text, when there is no HTML.
    pub text: Option<String>,
    /// Uploads.
    pub attachments: Vec<AttachmentId>,
    /// A message of the parent to pass on beneath the words.
    pub forward: Option<Forward>,
}

/// A message to pass on.
#[derive(Debug, Clone)]
pub struct Forward {
    /// Which.
    pub message: MessageId,
    /// Which of its files; all when none are named. Pictures in its text always go along.
    pub attachments: Option<Vec<AttachmentId>>,
}

/// Why no side conversation began.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// For a reason of any verb.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be sent as it is.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<Error> for SideError {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Begins a side conversation: its mail leaves after the author's undo window, answers to it come back into it, and whoever
/// sees the parent sees it.
///
/// # Errors
/// [`Refusal::Invalid`] when it would go to the customer, when a message to forward is a note or not of this conversation, or a
/// file is not of that message; [`Refusal::Conflict`] `side` beside a side conversation.
pub async fn begin_side(tx: &mut Tx, desk: &Desk, scope: &Scope, parent: ConversationId, side: Side) -> Result<ConversationId, SideError> {
    let workspace = scope.workspace;
    let parent = to_change(tx, scope, Permission::ConversationReply, parent).await?;
    not_beside(&parent)?;
    let author = scope.actor.agent().ok_or(Refusal::Forbidden(Forbidden(Permission::ConversationReply)))?;
    let recipients = Recipients { to: side.to, cc: side.cc, bcc: Vec::new() };
    not_to_the_customer(tx, scope, &parent, &recipients).await?;
    let words = side.html.as_deref().map(html::to_text).or_else(|| side.text.clone()).unwrap_or_default();
    if let Some(open) = placeholders(&words).into_iter().next() {
        return Err(Refusal::invalid("html", "unfilled_placeholder", format!("Fill in [[ {open} ]] before you send.")).into());
    }
    let inbox = store::inbox::get(tx, workspace, parent.inbox).await?.ok_or(Refusal::NotFound)?;
    let Some(with) = recipients.to.first() else { return Err(SendError::NoRecipient.into()) };
    let customer = match store::customer::by_address(tx, workspace, &with.address).await? {
        Some((id, _)) => id,
        None => store::customer::insert(tx, workspace, with.label(), Some(&with.address), None).await?,
    };
    let mut conversation = Conversation {
        beside: Some(parent.id),
        priority: parent.priority,
        ..blank(tx, workspace, &inbox, customer, &side.subject, Channel::Email).await?
    };
    store::conversation::insert(tx, workspace, &mut conversation).await?;
    let place = (Some(conversation.id), Some(inbox.id));
    tx.record(workspace, scope.actor, place, EventKind::ConversationCreated {}).await?;
    for (at, who) in recipients.to.iter().chain(&recipients.cc).enumerate() {
        store::participant::add(tx, workspace, conversation.id, who, (at == 0).then_some(customer)).await?;
    }
    let passed = match &side.forward {
        Some(what) => Some(forward::block(tx, scope, parent.id, author, what).await?),
        None => None,
    };
    let (html, text, files) = match passed {
        Some(passed) => {
            let own = side.html.or_else(|| side.text.map(|t| html::from_text(&t))).unwrap_or_default();
            (Some(format!("{own}{}", passed.html)), None, passed.files)
        }
        None => (side.html, side.text, Vec::new()),
    };
    let out = Outgoing { html, text, recipients, attachments: side.attachments, subject: conversation.subject.clone(), send_at: None };
    let message = outgoing::prepare(tx, &desk.keys, scope, &inbox, &conversation, author, out).await?;
    for file in files {
        store::attachment::copy(tx, workspace, &Attachment { message: Some(message.id), ..file }).await?;
    }
    let before = conversation.clone();
    let preview = if words.trim().is_empty() { &message.reply_text } else { &words };
    conversation.take_reply(preview, tx.now());
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    store::follower::add(tx, workspace, conversation.id, author).await?;
    tx.record(workspace, scope.actor, place, EventKind::MessageReplied { message: message.id }).await?;
    link(tx, workspace, scope.actor, (conversation.id, inbox.id), (parent.id, parent.inbox), LinkKind::Side).await?;
    let kind = EventKind::ConversationSide { side: conversation.id, change: "begun".into() };
    tx.record(workspace, scope.actor, (Some(parent.id), Some(parent.inbox)), kind).await?;
    Ok(conversation.id)
}

/// The conversation that one stands beside, or what took that in; only to look at: nothing is locked.
pub(super) async fn parent_of(conn: &mut Conn, workspace: WorkspaceId, conversation: &Conversation) -> Result<Option<Conversation>, Error> {
    let everything = Scope::system(workspace);
    let Some(parent) = conversation.beside else { return Ok(None) };
    let mut parent = store::conversation::listed_by_id(conn, &everything, parent).await?.map(|l| l.conversation);
    // A chain of merges ends; the bound is for damaged data.
    for _ in 0..10 {
        let Some(into) = parent.as_ref().and_then(|c| c.merged_into) else { break };
        parent = store::conversation::listed_by_id(conn, &everything, into).await?.map(|l| l.conversation);
    }
    Ok(parent)
}

/// What is written here is not meant for the customer of the parent.
///
/// # Errors
/// [`Refusal::Invalid`] `customer` at `to`, `cc` or `bcc`.
pub(super) async fn not_to_the_customer(conn: &mut Conn, scope: &Scope, parent: &Conversation, recipients: &Recipients) -> Result<(), Refusal> {
    let people = store::participant::list(conn, scope.workspace, parent.id).await?;
    for (field, list) in [("to", &recipients.to), ("cc", &recipients.cc), ("bcc", &recipients.bcc)] {
        for who in list {
            if is_the_customer(conn, scope, parent, &people, who).await? {
                return Err(Refusal::invalid(field, "customer", "That is the customer. Answer in the conversation itself."));
            }
        }
    }
    Ok(())
}

/// Recipients without the customer of the parent. Cost: one look at an index for each.
pub(super) async fn without_the_customer(conn: &mut Conn, scope: &Scope, parent: &Conversation, all: Recipients) -> Result<Recipients, Error> {
    let people = store::participant::list(conn, scope.workspace, parent.id).await?;
    let mut kept = Recipients::default();
    for (from, to) in [(all.to, &mut kept.to), (all.cc, &mut kept.cc), (all.bcc, &mut kept.bcc)] {
        for who in from {
            if !is_the_customer(conn, scope, parent, &people, &who).await? {
                to.push(who);
            }
        }
    }
    Ok(kept)
}

/// Whether an address is the customer's: by the card, or by having written from it in the parent, whose people are given.
async fn is_the_customer(
    conn: &mut Conn,
    scope: &Scope,
    parent: &Conversation,
    people: &[(Mailbox, Option<CustomerId>)],
    who: &Mailbox,
) -> Result<bool, Error> {
    if people.iter().any(|(m, c)| *c == Some(parent.customer) && m.address.folded() == who.address.folded()) {
        return Ok(true);
    }
    let known = store::customer::by_address(conn, scope.workspace, &who.address).await?;
    Ok(known.is_some_and(|(id, _)| id == parent.customer))
}

/// Whether an address was asked in a side conversation: then its mail is the answer, whoever it belongs to.
pub(crate) async fn asks(tx: &mut Tx, scope: &Scope, id: ConversationId, address: &EmailAddress) -> Result<bool, Error> {
    let Some(conversation) = store::conversation::get(tx, scope, id).await? else { return Ok(false) };
    Ok(conversation.beside.is_some() && store::participant::contains(tx, scope.workspace, id, address).await?)
}

/// What came of a side conversation, as its parent says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News {
    Answered,
    /// A letter did not arrive.
    Failed,
}

/// A letter of a conversation could not be delivered: when it stands beside another one, that says it.
pub(crate) async fn not_arrived(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<(), Error> {
    let scope = Scope::system(workspace);
    match store::conversation::get(tx, &scope, id).await? {
        Some(conversation) => came_back(tx, &scope, &conversation, Actor::System, News::Failed).await,
        None => Ok(()),
    }
}

/// Something came back in a conversation. When it stands beside another one, that says it, is open again, and becomes unread for
/// its assignee.
pub(crate) async fn came_back(tx: &mut Tx, scope: &Scope, conversation: &Conversation, by: Actor, news: News) -> Result<(), Error> {
    let Some(parent) = conversation.beside else { return Ok(()) };
    let Some(mut parent) = after_merges(tx, scope, parent).await? else { return Ok(()) };
    let place = (Some(parent.id), Some(parent.inbox));
    let change = match news {
        News::Answered => "answered",
        News::Failed => "failed",
    };
    let kind = EventKind::ConversationSide { side: conversation.id, change: change.into() };
    tx.record(scope.workspace, by, place, kind).await?;
    let before = parent.clone();
    if parent.shelf.is_none() && parent.change_status(Status::Open, tx.now()).is_ok() {
        store::conversation::update(tx, scope.workspace, &before, &mut parent).await?;
        tx.record(scope.workspace, by, place, EventKind::status_changed(&before, &parent)).await?;
    }
    if let Some(agent) = parent.assignee {
        store::read_state::set(tx, scope.workspace, agent, parent.id, false).await?;
        tx.record(scope.workspace, by, place, EventKind::ConversationRead { agent, read: false }).await?;
    }
    Ok(())
}
