//! Raw bytes are stored before we say yes. Understanding comes after, and can be done again.

use bytes::Bytes;
use model::{EmailAddress, InboundMailId, InboxId, Job, WorkspaceId};
use store::Error;
use store::blob::Staged;
use store::inbound_mail::Envelope;

use crate::Desk;
use crate::conversation::reply_token;

/// Largest mail, in bytes.
pub const MAX_SIZE: usize = 50 * 1024 * 1024;

/// Where a mail to an address goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its inbox.
    pub inbox: InboxId,
}

/// Why a mail was not taken. The sender keeps it.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// No recipient is ours.
    #[error("no such address here")]
    UnknownRecipient,
    /// Too big.
    #[error("the mail is too large: at most {} MiB", MAX_SIZE / 1024 / 1024)]
    TooLarge,
    /// There is nothing in it.
    #[error("the mail is empty")]
    Empty,
    /// The store failed; nothing was taken.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The inbox that mail to an address goes to: the address itself, its plus-less base, or a reply token of ours.
pub async fn recipient(desk: &Desk, address: &EmailAddress) -> Result<Option<Recipient>, Error> {
    let mut conn = desk.store.read().await?;
    for folded in [address.folded(), address.base()] {
        if let Some((workspace, inbox)) = store::inbox::by_address(&mut conn, &folded).await? {
            return Ok(Some(Recipient { workspace, inbox }));
        }
    }
    if let Some(token) = reply_token(address)
        && let Some((workspace, conversation)) = store::conversation::by_reply_token(&mut conn, &token).await?
        && let Some(inbox) = store::participant::inbox_of(&mut conn, workspace, conversation).await?
    {
        return Ok(Some(Recipient { workspace, inbox }));
    }
    Ok(None)
}

/// Takes a mail for its envelope recipients: durable when this returns. One stored mail for each inbox, however many
/// addresses of it were named.
pub async fn accept(desk: &Desk, recipients: &[EmailAddress], envelope: Envelope, raw: Bytes) -> Result<Vec<InboundMailId>, AcceptError> {
    let mut targets: Vec<(Recipient, Vec<&str>)> = Vec::new();
    for address in recipients {
        if let Some(to) = recipient(desk, address).await? {
            match targets.iter_mut().find(|(t, _)| *t == to) {
                Some((_, addresses)) => addresses.push(address.as_str()),
                None => targets.push((to, vec![address.as_str()])),
            }
        }
    }
    if targets.is_empty() {
        return Err(AcceptError::UnknownRecipient);
    }
    let targets = targets.into_iter().map(|(to, addresses)| (to, Some(addresses.join(" ")))).collect();
    store_all(desk, targets, envelope, raw).await
}

/// Takes a mail for one inbox, when the way in names it: IMAP, the API, the command line.
pub async fn accept_for_inbox(
    desk: &Desk,
    workspace: WorkspaceId,
    inbox: InboxId,
    envelope: Envelope,
    raw: Bytes,
) -> Result<InboundMailId, AcceptError> {
    let to = envelope.to.clone();
    let ids = store_all(desk, vec![(Recipient { workspace, inbox }, to)], envelope, raw).await?;
    ids.into_iter().next().ok_or(AcceptError::UnknownRecipient)
}

/// As [`accept_for_inbox`], for a mail whose bytes are staged already in this workspace: what came in pieces.
pub async fn accept_staged(
    desk: &Desk,
    workspace: WorkspaceId,
    inbox: InboxId,
    envelope: Envelope,
    raw: Staged,
) -> Result<InboundMailId, AcceptError> {
    let to = envelope.to.clone();
    let ids = keep(desk, vec![(Recipient { workspace, inbox }, to)], envelope, &[raw]).await?;
    ids.into_iter().next().ok_or(AcceptError::UnknownRecipient)
}

async fn store_all(
    desk: &Desk,
    targets: Vec<(Recipient, Option<String>)>,
    envelope: Envelope,
    raw: Bytes,
) -> Result<Vec<InboundMailId>, AcceptError> {
    if raw.len() > MAX_SIZE {
        return Err(AcceptError::TooLarge);
    }
    let mut staged = Vec::new();
    for (to, _) in &targets {
        staged.push(desk.store.blobs().stage(to.workspace, raw.clone()).await?);
    }
    keep(desk, targets, envelope, &staged).await
}

/// Writes the rows and jobs of a mail, `staged` once for each target.
async fn keep(
    desk: &Desk,
    targets: Vec<(Recipient, Option<String>)>,
    envelope: Envelope,
    staged: &[Staged],
) -> Result<Vec<InboundMailId>, AcceptError> {
    if staged.iter().any(|raw| raw.size > MAX_SIZE as i64) {
        return Err(AcceptError::TooLarge);
    }
    if staged.iter().any(|raw| raw.is_blank) {
        return Err(AcceptError::Empty);
    }
    let mut tx = desk.begin().await?;
    let mut ids = Vec::new();
    for ((to, addresses), staged) in targets.iter().zip(staged) {
        let envelope = Envelope { to: addresses.clone(), ..envelope.clone() };
        let id = store::inbound_mail::insert(&mut tx, to.workspace, Some(to.inbox), &envelope, staged).await?;
        tx.enqueue(to.workspace, &Job::ProcessMail { mail: id }).await?;
        ids.push(id);
    }
    tx.commit().await?;
    Ok(ids)
}
