//! A message from outside comes in. There is no other way in.

use model::conversation::{Channel, Incoming, preview_of};
use model::conversation_link::LinkKind;
use model::inbound::{InboundAttachment, InboundKind};
use model::inbox::Inbox;
use model::message::{Attachment, Message, MessageKind, Recipients};
use model::{
    Actor, Conversation, ConversationId, CustomerId, EventKind, Inbound, InboundMailId, Mailbox, MessageId, Priority, Scope, Shelf, ShelfKind,
    Status, WorkspaceId,
};
use store::blob::Staged;
use store::{Error, Tx};

use super::link::{End, link};
use super::thread::{self, Proof};
use super::{acknowledge, bounce, side};
use crate::Keys;

/// The mail behind a message.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// Its raw bytes.
    pub mail: Option<InboundMailId>,
    /// MAIL FROM: empty for the null path, none where there was no envelope.
    pub envelope_from: Option<String>,
}

/// A file whose bytes are staged.
#[derive(Debug)]
pub struct File<'a> {
    /// What the mail says of it.
    pub part: &'a InboundAttachment,
    /// Its bytes.
    pub staged: Staged,
}

/// Where the message is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
}

/// Why a message cannot become part of a conversation.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It names no sender.
    #[error("the mail names no sender")]
    NoSender,
    /// The store failed; try again.
    #[error(transparent)]
    Store(#[from] Error),
}

impl ReceiveError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSender => "no_sender",
            Self::Store(_) => "failed",
        }
    }
}

/// Finds the customer and the conversation, applies the rules of the desk, and writes message, events and jobs.
///
/// # Errors
/// [`ReceiveError::NoSender`] when nobody can be answered.
pub async fn receive(
    tx: &mut Tx,
    keys: &Keys,
    workspace: WorkspaceId,
    inbox: &Inbox,
    arrival: &Arrival,
    mail: &Inbound,
    files: &[File<'_>],
) -> Result<Received, ReceiveError> {
    let scope = Scope::system(workspace);
    if matches!(mail.kind, InboundKind::Bounce | InboundKind::FeedbackReport)
        && let Some(received) = Box::pin(bounce::receive(tx, keys, &scope, arrival, mail, files)).await?
    {
        return Ok(received);
    }
    let author = mail.from.clone().or_else(|| mail.reply_to.first().cloned()).ok_or(ReceiveError::NoSender)?;
    let proven = mail.authentication.proves_sender();
    let agent = if proven { store::participant::agent_by_address(tx, workspace, &author.address).await? } else { None };

    // An agent who forwards a customer's mail speaks for that customer.
    let forwarded = mail.forwarded.as_ref().filter(|f| agent.is_some() && f.from.is_some());
    let requester = forwarded.and_then(|f| f.from.clone()).unwrap_or_else(|| author.clone());

    // A mail of our own that comes to another of our inboxes begins a conversation there: it does not answer itself.
    let sent_from = thread::sent_from(tx, keys, workspace, inbox.id, mail).await?;
    let found = if forwarded.is_some() { None } else { thread::find(tx, keys, &scope, inbox.id, mail, &author.address, sent_from).await? };
    let asked_aside = match (found, agent) {
        (Some((id, _)), Some(_)) => side::asks(tx, &scope, id, &author.address).await?,
        _ => false,
    };
    if !asked_aside
        && let (Some((id, Proof::ReplyAddress)), Some(agent)) = (found, agent)
        && let Some(received) = Box::pin(super::reply::by_mail(tx, keys, &scope, agent, id, arrival, mail, files)).await?
    {
        return Ok(received);
    }
    let blocked = agent.is_none() && store::blocked_sender::find(tx, workspace, &author.address).await?.is_some();
    let target = belongs(tx, &scope, inbox, found, &author, proven, blocked).await?;
    if let Target::Existing { conversation, .. } = &target
        && conversation.channel == Channel::Chat
        && mail.kind == InboundKind::Message
        && found.is_some_and(|(_, proof)| proof.is_signed())
    {
        crate::chat::proves_address(tx, workspace, conversation, &requester.address).await?;
    }
    let customer = customer_of(tx, workspace, &requester, mail, proven).await?;
    let incoming = if mail.kind == InboundKind::Message { Incoming::FromCustomer } else { Incoming::Automatic };
    let kind = if incoming == Incoming::FromCustomer { MessageKind::Customer } else { MessageKind::Automatic };
    let words = forwarded.map_or(mail.reply_text.as_str(), |f| f.text.as_str());
    let preview = if words.trim().is_empty() { mail.text.as_str() } else { words };
    let now = tx.now();

    let (conversation, created, held) = match target {
        Target::Existing { mut conversation, held } => {
            let before = (*conversation).clone();
            let woken = conversation.take_in(incoming, preview, now);
            store::conversation::update(tx, workspace, &before, &mut conversation).await?;
            let place = (Some(conversation.id), Some(conversation.inbox));
            if before.shelf.is_some() && conversation.shelf.is_none() {
                let kind = EventKind::ConversationRestored { shelf: ShelfKind::Trash.as_str().into() };
                tx.record(workspace, Actor::Customer(customer), place, kind).await?;
            }
            if woken {
                tx.record(workspace, Actor::Customer(customer), place, EventKind::status_changed(&before, &conversation)).await?;
            }
            (*conversation, false, held)
        }
        Target::New { follows } => {
            let subject = forwarded.and_then(|f| f.subject.clone()).unwrap_or_else(|| mail.subject.clone());
            let mut conversation = blank(tx, workspace, inbox, customer, &subject, Channel::Email).await?;
            if incoming == Incoming::Automatic {
                // A machine's first words wait for nobody, but stay findable.
                conversation.status = Status::Resolved { at: now };
                conversation.preview = preview_of(preview);
            }
            conversation.take_in(incoming, preview, now);
            if blocked {
                conversation.put_away(ShelfKind::Spam, Actor::System, now);
            }
            store::conversation::insert(tx, workspace, &mut conversation).await?;
            let place = (Some(conversation.id), Some(inbox.id));
            tx.record(workspace, Actor::Customer(customer), place, EventKind::ConversationCreated {}).await?;
            if blocked {
                let kind = EventKind::ConversationShelved { shelf: ShelfKind::Spam.as_str().into() };
                tx.record(workspace, Actor::System, place, kind).await?;
            }
            store::participant::add(tx, workspace, conversation.id, &requester, Some(customer)).await?;
            if let Some(earlier) = follows {
                link(tx, workspace, Actor::System, (conversation.id, inbox.id), earlier, LinkKind::FollowUp).await?;
            }
            (conversation, true, false)
        }
    };
    if created || (proven && !held) {
        join(tx, workspace, inbox, conversation.id, mail, &author, forwarded.is_some()).await?;
    }

    let message = Message {
        id: tx.new_id(),
        conversation: conversation.id,
        kind,
        author: Actor::Customer(customer),
        subject: forwarded.and_then(|f| f.subject.clone()).unwrap_or_else(|| mail.subject.clone()),
        text: forwarded.map_or_else(|| mail.text.clone(), |f| f.text.clone()),
        html: if forwarded.is_some() { None } else { mail.html.clone() },
        reply_text: words.to_owned(),
        from: Some(requester),
        recipients: Recipients { to: mail.to.clone(), cc: mail.cc.clone(), bcc: Vec::new() },
        rfc_message_id: mail.message_id.clone(),
        inbound_mail: arrival.mail,
        created_at: now,
        sent_at: mail.date.filter(|d| *d <= now),
        delivery: None,
        authentication: Some(mail.authentication.clone()),
        held,
        forwarded_by: forwarded.map(|_| author.clone()),
    };
    store::message::insert(tx, workspace, &message).await?;
    save_files(tx, workspace, message.id, files).await?;
    store::customer::seen(tx, workspace, customer).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    tx.record(workspace, Actor::Customer(customer), place, EventKind::MessageReceived { message: message.id }).await?;
    if kind == MessageKind::Customer && conversation.channel == Channel::Chat {
        crate::chat::answered_by_mail(tx, workspace, message.author, &conversation).await?;
    }
    if kind == MessageKind::Customer {
        side::came_back(tx, &scope, &conversation, message.author, side::News::Answered).await?;
    }
    if created && !blocked && kind == MessageKind::Customer {
        Box::pin(acknowledge::acknowledge(tx, keys, &scope, inbox, &conversation, &message, arrival)).await?;
    }
    Ok(Received { conversation: conversation.id, message: message.id })
}

enum Target {
    Existing {
        conversation: Box<Conversation>,
        held: bool,
    },
    New {
        /// The closed conversation that the mail would have belonged to.
        follows: Option<End>,
    },
}

/// A conversation, or the one that took it in.
pub(crate) async fn after_merges(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Option<Conversation>, Error> {
    let mut conversation = store::conversation::get(tx, scope, id).await?;
    // A chain of merges ends; the bound is for damaged data.
    for _ in 0..10 {
        let Some(into) = conversation.as_ref().and_then(|c| c.merged_into) else { break };
        conversation = store::conversation::get(tx, scope, into).await?;
    }
    Ok(conversation)
}

/// Whether the sender may speak in the conversation that was found, and whether it is still the place.
async fn belongs(
    tx: &mut Tx,
    scope: &Scope,
    inbox: &Inbox,
    found: Option<(ConversationId, Proof)>,
    author: &Mailbox,
    proven: bool,
    blocked: bool,
) -> Result<Target, Error> {
    let Some((id, proof)) = found else { return Ok(Target::New { follows: None }) };
    let Some(conversation) = after_merges(tx, scope, id).await? else { return Ok(Target::New { follows: None }) };
    let id = conversation.id;
    // A blocked sender's mail goes to spam, whatever it answers to.
    if blocked && !matches!(conversation.shelf, Some(Shelf::Spam { .. })) {
        return Ok(Target::New { follows: None });
    }
    let takes_part = store::participant::contains(tx, scope.workspace, id, &author.address).await?;
    if !takes_part && !proven && !proof.is_signed() {
        return Ok(Target::New { follows: None });
    }
    if let Status::Resolved { at } = conversation.status
        && conversation.beside.is_none()
        // A chat goes on where it was, whatever the way.
        && conversation.channel != Channel::Chat
        && inbox.closed_policy.starts_new(at, tx.now())
    {
        return Ok(Target::New { follows: Some((id, conversation.inbox)) });
    }
    Ok(Target::Existing { held: !takes_part && !proven, conversation: Box::new(conversation) })
}

/// The customer who writes from an address; a new one when nobody does.
pub(crate) async fn customer_of(tx: &mut Tx, workspace: WorkspaceId, who: &Mailbox, mail: &Inbound, proven: bool) -> Result<CustomerId, Error> {
    if let Some((id, verified)) = store::customer::by_address(tx, workspace, &who.address).await? {
        if proven && !verified {
            store::customer::verify(tx, workspace, &who.address).await?;
        }
        return Ok(id);
    }
    let name = who.name.as_deref().map(str::trim).filter(|n| !n.is_empty()).unwrap_or(who.address.local());
    let name: String = name.chars().take(200).collect();
    let id = store::customer::insert(tx, workspace, &name, Some(&who.address), language_of(&mail.reply_text)).await?;
    if proven {
        store::customer::verify(tx, workspace, &who.address).await?;
    }
    Ok(id)
}

/// A language tag, where the script gives it away.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    let sample = text.chars().take(2_000);
    let (mut hangul, mut kana, mut latin) = (0, 0, 0);
    for c in sample {
        match u32::from(c) {
            0xac00..=0xd7a3 | 0x3130..=0x318f => hangul += 1,
            0x3040..=0x30ff => kana += 1,
            0x41..=0x5a | 0x61..=0x7a => latin += 1,
            _ => {}
        }
    }
    if hangul > 3 && hangul * 4 > latin {
        Some("ko")
    } else if kana > 3 && kana * 4 > latin {
        Some("ja")
    } else {
        None
    }
}

/// A conversation with nothing in it yet.
pub(crate) async fn blank(
    tx: &mut Tx,
    workspace: WorkspaceId,
    inbox: &Inbox,
    customer: CustomerId,
    subject: &str,
    channel: Channel,
) -> Result<Conversation, Error> {
    let now = tx.now();
    Ok(Conversation {
        id: tx.new_id(),
        number: store::conversation::next_number(tx, workspace).await?,
        version: 1,
        inbox: inbox.id,
        customer,
        subject: tidy_subject(subject),
        channel,
        status: Status::Open,
        custom_status: None,
        priority: Priority::Normal,
        assignee: None,
        team: None,
        preview: String::new(),
        message_count: 0,
        reply_token: model::token::word(&crate::random_bytes::<16>()),
        created_at: now,
        updated_at: now,
        last_activity_at: now,
        last_customer_at: None,
        last_reply_at: None,
        waiting_since: None,
        due_at: None,
        merged_into: None,
        beside: None,
        shelf: None,
    })
}

/// One line, at most 500 characters.
pub(crate) fn tidy_subject(subject: &str) -> String {
    subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect()
}

/// Those in copy take part from now on, but none of our own addresses.
async fn join(
    tx: &mut Tx,
    workspace: WorkspaceId,
    inbox: &Inbox,
    id: ConversationId,
    mail: &Inbound,
    author: &Mailbox,
    forwarded: bool,
) -> Result<(), Error> {
    if forwarded {
        return Ok(());
    }
    for who in std::iter::once(author).chain(mail.to.iter().take(50)).chain(mail.cc.iter().take(50)) {
        let ours = who.address.base() == inbox.address.base()
            || thread::reply_token(&who.address).is_some()
            || store::inbox::is_own_address(tx, workspace, &who.address).await?;
        if !ours {
            store::participant::add(tx, workspace, id, who, None).await?;
        }
    }
    Ok(())
}

/// Hangs the files of a mail on its message.
pub(crate) async fn save_files(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, files: &[File<'_>]) -> Result<(), Error> {
    for file in files {
        let attachment = Attachment {
            id: tx.new_id(),
            message: Some(message),
            filename: file.part.filename.clone(),
            content_type: file.part.content_type.clone(),
            size: file.staged.size,
            inline: file.part.inline,
            content_id: file.part.content_id.clone(),
            sha256: file.staged.sha256.clone(),
        };
        store::attachment::insert(tx, workspace, &attachment, None, &file.staged).await?;
    }
    Ok(())
}
