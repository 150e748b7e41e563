//! Mails as they arrived: stored first, understood later, kept for another look.

use model::{ConversationId, Id, InboundMailId, InboxId, MessageId, Timestamp, WorkspaceId};

use crate::blob::Staged;
use crate::{Conn, Error, Row, Tx, args, sql};

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InboundMail {
    pub id: InboundMailId,
    pub inbox: Option<InboxId>,
    pub via: String,
    pub state: State,
    pub envelope_from: Option<String>,
    pub envelope_to: Option<String>,
    pub remote_ip: Option<String>,
    pub helo: Option<String>,
    pub from_address: Option<String>,
    pub subject: Option<String>,
    pub sha256: String,
    pub size: i64,
    pub received_at: Timestamp,
    pub attempts: i64,
    pub error: Option<String>,
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits to be understood.
    Received,
    /// Is a message now.
    Processed,
    /// Was here already.
    Duplicate,
    /// Could not be understood; waits for an admin.
    Quarantined,
    /// An admin let it go.
    Discarded,
}

impl State {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Received, "received"),
        (Self::Processed, "processed"),
        (Self::Duplicate, "duplicate"),
        (Self::Quarantined, "quarantined"),
        (Self::Discarded, "discarded"),
    ];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(s, _)| *s == self).map_or("received", |(_, t)| t)
    }

    /// Reads the word.
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, t)| *t == text).map(|(s, _)| *s)
    }
}

fn from_row(row: &Row) -> Result<InboundMail, Error> {
    Ok(InboundMail {
        id: row.id("id")?,
        inbox: row.maybe_id("inbox_id")?,
        via: row.text("via")?,
        state: State::from_word(&row.text("state")?).ok_or_else(|| Error::Corrupt("column state".into()))?,
        envelope_from: row.maybe_text("envelope_from")?,
        envelope_to: row.maybe_text("envelope_to")?,
        remote_ip: row.maybe_text("remote_ip")?,
        helo: row.maybe_text("helo")?,
        from_address: row.maybe_text("from_address")?,
        subject: row.maybe_text("subject")?,
        sha256: row.text("sha256")?,
        size: row.int("size")?,
        received_at: row.time("received_at")?,
        attempts: row.int("attempts")?,
        error: row.maybe_text("error")?,
        conversation: row.maybe_id("conversation_id")?,
        message: row.maybe_id("message_id")?,
    })
}

/// How a mail reached us.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// `lmtp`, `smtp`, `imap`, `api` or `cli`.
    pub via: &'static str,
    /// MAIL FROM; empty for the null path; none where there was no envelope.
    pub from: Option<String>,
    /// RCPT TO of this inbox, separated by spaces.
    pub to: Option<String>,
    /// Who handed it in.
    pub remote_ip: Option<String>,
    /// Its EHLO name.
    pub helo: Option<String>,
}

/// Stores a mail that is not understood yet.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, inbox: Option<InboxId>, envelope: &Envelope, raw: &Staged) -> Result<InboundMailId, Error> {
    tx.put_blob(workspace, raw).await?;
    let id: InboundMailId = tx.new_id();
    let now = tx.now();
    tx.execute(
        sql::inbound_mail::INSERT,
        args![
            workspace,
            id,
            inbox,
            envelope.via,
            envelope.from.as_deref(),
            envelope.to.as_deref(),
            envelope.remote_ip.as_deref(),
            envelope.helo.as_deref(),
            raw.sha256.as_str(),
            raw.size,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// One mail.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: InboundMailId) -> Result<Option<InboundMail>, Error> {
    conn.fetch_optional(sql::inbound_mail::GET, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Mails in a state, newest first.
pub async fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    state: State,
    before: Option<InboundMailId>,
    limit: usize,
) -> Result<model::page::Page<InboundMail>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    let rows = conn.fetch_all(sql::inbound_mail::PAGE, args![workspace, state.as_str(), before, limit as i64 + 1]).await?;
    let rows = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(model::page::Page::cut(rows, limit, |m| m.id.to_string()))
}

/// Takes a mail for this use case. False when it is no longer waiting: then there is nothing to do.
pub async fn claim(tx: &mut Tx, workspace: WorkspaceId, id: InboundMailId) -> Result<bool, Error> {
    Ok(tx.execute(sql::inbound_mail::CLAIM, args![workspace, id]).await? == 1)
}

/// The mail that has this duplicate key in an inbox.
pub async fn by_key(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId, key: &str) -> Result<Option<InboundMailId>, Error> {
    conn.fetch_optional(sql::inbound_mail::BY_KEY, args![workspace, inbox, key]).await?.map(|r| r.id("id")).transpose()
}

/// Where the same mail became part of a conversation besides `except`: in other inboxes. Conversations with the inbox
/// that they are in.
pub async fn same_elsewhere(
    conn: &mut Conn,
    workspace: WorkspaceId,
    key: &str,
    except: InboundMailId,
) -> Result<Vec<(ConversationId, InboxId)>, Error> {
    let rows = conn.fetch_all(sql::inbound_mail::SAME_ELSEWHERE, args![workspace, key, except]).await?;
    rows.iter().map(|row| Ok((row.id("conversation_id")?, row.id("inbox_id")?))).collect()
}

/// How a mail ended.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Outcome {
    pub state: State,
    pub from_address: Option<String>,
    pub subject: Option<String>,
    pub error: Option<String>,
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
    pub duplicate_key: Option<String>,
}

/// Writes how a mail ended. [`Error::Duplicate`] when another mail in the inbox has the same key.
pub async fn finish(tx: &mut Tx, workspace: WorkspaceId, id: InboundMailId, o: &Outcome) -> Result<(), Error> {
    tx.execute(
        sql::inbound_mail::FINISH,
        args![
            workspace,
            id,
            o.state.as_str(),
            o.from_address.as_deref(),
            o.subject.as_deref(),
            o.error.as_deref(),
            o.conversation,
            o.message,
            o.duplicate_key.as_deref()
        ],
    )
    .await
    .map(drop)
}

/// Puts a quarantined or discarded mail back in line. False when it was neither.
pub async fn reopen(tx: &mut Tx, workspace: WorkspaceId, id: InboundMailId) -> Result<bool, Error> {
    Ok(tx.execute(sql::inbound_mail::REOPEN, args![workspace, id]).await? == 1)
}

/// Lets a quarantined mail go. Its raw bytes stay.
pub async fn discard(tx: &mut Tx, workspace: WorkspaceId, id: InboundMailId) -> Result<bool, Error> {
    Ok(tx.execute(sql::inbound_mail::DISCARD, args![workspace, id]).await? == 1)
}

/// How many wait for an admin.
pub async fn quarantined_count(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    conn.fetch_one(sql::inbound_mail::QUARANTINED_COUNT, args![workspace]).await?.int("n")
}
