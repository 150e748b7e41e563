//! A stored mail becomes a message: understood outside the transaction, received within one.

use model::conversation_link::LinkKind;
use model::{Actor, ConversationId, EventKind, Inbound, InboundMailId, InboxId, Reason, WorkspaceId};
use store::inbound_mail::{InboundMail, Outcome, State};
use store::job::Claimed;
use store::{Error, Tx};

use crate::Desk;
use crate::conversation::{Arrival, File, ReceiveError, link, receive};
use crate::ports::{MailChannel, RawMail};

/// Tries after which a mail that kills its worker is put aside unread.
const MAX_ATTEMPTS: i64 = 3;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessOutcome {
    /// It is a message now.
    Received,
    /// It was here already.
    Duplicate,
    /// It waits for an admin.
    Quarantined,
    /// Another worker dealt with it.
    Nothing,
}

/// Understands a stored mail and hands it to the desk; ends the job in the same transaction.
///
/// # Errors
/// Only what is worth another try. A mail that cannot be understood is quarantined, and that is a success.
pub async fn process(desk: &Desk, channel: &dyn MailChannel, job: &Claimed, id: InboundMailId) -> Result<ProcessOutcome, Error> {
    let workspace = job.workspace;
    let mut conn = desk.store.read().await?;
    let Some(mail) = store::inbound_mail::get(&mut conn, workspace, id).await? else { return end(desk, job).await };
    if mail.state != State::Received {
        return end(desk, job).await;
    }
    let inbox = match mail.inbox {
        Some(inbox) => store::inbox::get(&mut conn, workspace, inbox).await?,
        None => None,
    };
    let raw = desk.store.blobs().get(&mut conn, workspace, &mail.sha256).await?;
    drop(conn);
    let (Some(inbox), Some(raw)) = (inbox, raw) else {
        return quarantine(desk, job, id, Reason::new("gone", "its inbox or its raw bytes are gone")).await;
    };
    if job.attempts > MAX_ATTEMPTS {
        return quarantine(desk, job, id, Reason::new("stopped_worker", "it stopped the worker several times")).await;
    }
    let raw = RawMail {
        raw,
        envelope_from: mail.envelope_from.clone(),
        envelope_to: mail.envelope_to.iter().flat_map(|to| to.split(' ')).filter_map(|a| a.parse().ok()).collect(),
        remote_ip: mail.remote_ip.as_deref().and_then(|ip| ip.parse().ok()),
        helo: mail.helo.clone(),
    };
    let inbound = channel.understand(&raw).await;
    let mut staged = Vec::new();
    for part in &inbound.attachments {
        staged.push(desk.store.blobs().stage(workspace, part.data.clone().into()).await?);
    }
    let key = duplicate_key(&mail, &inbound);
    let mut tx = desk.begin().await?;
    if !store::inbound_mail::claim(&mut tx, workspace, id).await? {
        return Ok(ProcessOutcome::Nothing);
    }
    if store::inbound_mail::by_key(&mut tx, workspace, inbox.id, &key).await?.is_some_and(|other| other != id) {
        return duplicate(tx, job, id, &inbound).await;
    }
    let files: Vec<File<'_>> = inbound.attachments.iter().zip(staged).map(|(part, staged)| File { part, staged }).collect();
    let arrival = Arrival { mail: Some(id), envelope_from: mail.envelope_from.clone() };
    let received = match receive(&mut tx, &desk.keys, workspace, &inbox, &arrival, &inbound, &files).await {
        Ok(received) => received,
        Err(ReceiveError::Store(error)) if !matches!(error, Error::Duplicate(_) | Error::Dangling(_)) => return Err(error),
        // Two mails of a new customer at once: the other one wins, this one tries again.
        Err(ReceiveError::Store(error)) if job.attempts < MAX_ATTEMPTS => return Err(error),
        Err(error) => {
            drop(tx);
            return put_aside(desk, job, id, Reason::new(error.code(), error.to_string()), Some(&inbound)).await;
        }
    };
    let elsewhere = store::inbound_mail::same_elsewhere(&mut tx, workspace, &key, id).await?;
    if elsewhere.iter().any(|(conversation, _)| *conversation == received.conversation) {
        // It came to another inbox too and belongs to the same conversation, where it stands already.
        drop(tx);
        let mut tx = desk.begin().await?;
        if !store::inbound_mail::claim(&mut tx, workspace, id).await? {
            return Ok(ProcessOutcome::Nothing);
        }
        return duplicate(tx, job, id, &inbound).await;
    }
    link_copies(&mut tx, workspace, received.conversation, &elsewhere).await?;
    let outcome = Outcome {
        state: State::Processed,
        from_address: inbound.from.as_ref().map(|f| f.address.to_string()),
        subject: Some(inbound.subject.clone()),
        error: inbound.error.clone(),
        conversation: Some(received.conversation),
        message: Some(received.message),
        duplicate_key: Some(key),
    };
    store::inbound_mail::finish(&mut tx, workspace, id, &outcome).await.map_err(|error| match error {
        // Another node was faster with the same mail; the next try sees it.
        Error::Duplicate(text) => Error::Unavailable(text),
        other => other,
    })?;
    if !store::job::done(&mut tx, job).await? {
        return Ok(ProcessOutcome::Nothing);
    }
    tx.commit().await?;
    Ok(ProcessOutcome::Received)
}

/// One mail to several of our inboxes is a conversation in each; they know of each other.
async fn link_copies(tx: &mut Tx, workspace: WorkspaceId, here: ConversationId, elsewhere: &[(ConversationId, InboxId)]) -> Result<(), Error> {
    if elsewhere.is_empty() {
        return Ok(());
    }
    let Some(inbox) = store::participant::inbox_of(tx, workspace, here).await? else { return Ok(()) };
    for other in elsewhere {
        let ends = [(here, inbox), *other];
        let [earlier, later] = if here < other.0 { ends } else { [ends[1], ends[0]] };
        link(tx, workspace, Actor::System, later, earlier, LinkKind::SameMail).await?;
    }
    Ok(())
}

/// One mail is one message in an inbox: Message-ID and body, or all its bytes where it has no Message-ID.
fn duplicate_key(mail: &InboundMail, inbound: &Inbound) -> String {
    match &inbound.message_id {
        Some(id) => model::token::hash(&format!("{id}\n{}", inbound.body_hash)),
        None => format!("raw:{}", mail.sha256),
    }
}

async fn duplicate(mut tx: Tx, job: &Claimed, id: InboundMailId, inbound: &Inbound) -> Result<ProcessOutcome, Error> {
    let outcome = Outcome {
        state: State::Duplicate,
        from_address: inbound.from.as_ref().map(|f| f.address.to_string()),
        subject: Some(inbound.subject.clone()),
        error: None,
        conversation: None,
        message: None,
        duplicate_key: None,
    };
    store::inbound_mail::finish(&mut tx, job.workspace, id, &outcome).await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await?;
    Ok(ProcessOutcome::Duplicate)
}

async fn end(desk: &Desk, job: &Claimed) -> Result<ProcessOutcome, Error> {
    let mut tx = desk.begin().await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await?;
    Ok(ProcessOutcome::Nothing)
}

/// Puts a mail aside with its raw bytes, and tells the admins.
pub async fn quarantine(desk: &Desk, job: &Claimed, id: InboundMailId, why: Reason) -> Result<ProcessOutcome, Error> {
    put_aside(desk, job, id, why, None).await
}

/// What was understood of the mail helps admins to recognise it.
async fn put_aside(desk: &Desk, job: &Claimed, id: InboundMailId, why: Reason, inbound: Option<&Inbound>) -> Result<ProcessOutcome, Error> {
    let workspace: WorkspaceId = job.workspace;
    let mut tx = desk.begin().await?;
    if !store::inbound_mail::claim(&mut tx, workspace, id).await? {
        return Ok(ProcessOutcome::Nothing);
    }
    let outcome = Outcome {
        state: State::Quarantined,
        from_address: inbound.and_then(|mail| mail.from.as_ref()).map(|from| from.address.to_string()),
        subject: inbound.map(|mail| mail.subject.clone()),
        error: Some(why.stored().chars().take(500).collect()),
        conversation: None,
        message: None,
        duplicate_key: None,
    };
    store::inbound_mail::finish(&mut tx, workspace, id, &outcome).await?;
    tx.record(workspace, Actor::System, (None, None), EventKind::MailQuarantined { mail: id }).await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await?;
    tracing::warn!(mail.id = %id, "a mail could not be processed and waits in quarantine: {why}");
    Ok(ProcessOutcome::Quarantined)
}
