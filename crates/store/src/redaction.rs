//! What taking words out of messages touches, and how notes read before they were mended.

use model::message::Message;
use model::{AgentId, AttachmentId, ConversationId, EventId, InboundMailId, MessageId, Timestamp, WorkspaceId};

use crate::message::Shown;
use crate::{Conn, Error, Tx, args, sql};

/// Every message of a conversation, oldest first.
pub async fn messages(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<Shown>, Error> {
    crate::message::all(conn, workspace, conversation).await
}

/// Marks a message as one that words or files were taken out of.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, by: Option<AgentId>) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::redaction::INSERT, args![workspace, message, now, by]).await.map(drop)
}

/// How a note read, from one time on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Version {
    pub html: Option<String>,
    pub text: String,
    pub written_at: Timestamp,
}

/// Keeps how a note reads before it is mended.
pub async fn keep_version(tx: &mut Tx, workspace: WorkspaceId, m: &Message, written_at: Timestamp) -> Result<(), Error> {
    let (now, id) = (tx.now(), tx.new_id::<EventId>());
    tx.execute(sql::redaction::KEEP_VERSION, args![workspace, m.id, id, m.html.as_deref(), m.text.as_str(), written_at, now]).await.map(drop)
}

/// How a note read before, newest first, at most 100. It says nothing about who may see the note.
pub async fn versions_of_message(conn: &mut Conn, workspace: WorkspaceId, message: MessageId) -> Result<Vec<Version>, Error> {
    let rows = conn.fetch_all(sql::redaction::VERSIONS_OF_MESSAGE, args![workspace, message]).await?;
    rows.iter().map(|r| Ok(Version { html: r.maybe_text("html")?, text: r.text("text")?, written_at: r.time("written_at")? })).collect()
}

/// The key of an older version.
pub type VersionKey = (MessageId, i64);

/// The older versions of a conversation's notes.
pub async fn versions(
    conn: &mut Conn,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Vec<(VersionKey, Option<String>, String)>, Error> {
    let rows = conn.fetch_all(sql::redaction::VERSIONS, args![workspace, conversation]).await?;
    rows.iter().map(|r| Ok(((r.id("message_id")?, r.int("id")?), r.maybe_text("html")?, r.text("text")?))).collect()
}

/// Puts other words into an older version.
pub async fn set_version(tx: &mut Tx, workspace: WorkspaceId, (message, id): VersionKey, html: Option<&str>, text: &str) -> Result<(), Error> {
    tx.execute(sql::redaction::SET_VERSION, args![workspace, message, id, html, text]).await.map(drop)
}

/// The drafts in a conversation: whose, and their words.
pub async fn drafts(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<(AgentId, String)>, Error> {
    let rows = conn.fetch_all(sql::redaction::DRAFTS, args![workspace, conversation]).await?;
    rows.iter().map(|r| Ok((r.id("agent_id")?, r.text("html")?))).collect()
}

/// Puts other words into a draft.
pub async fn set_draft(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId, html: &str) -> Result<(), Error> {
    tx.execute(sql::redaction::SET_DRAFT, args![workspace, agent, conversation, html]).await.map(drop)
}

/// What the log of a conversation holds of people's words, as JSON.
pub async fn event_data(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<(EventId, String)>, Error> {
    let rows = conn.fetch_all(sql::redaction::EVENT_DATA, args![workspace, conversation]).await?;
    rows.iter().map(|r| Ok((r.id("id")?, r.text("data")?))).collect()
}

/// Puts other words into an event.
pub async fn set_event_data(tx: &mut Tx, workspace: WorkspaceId, event: EventId, data: &str) -> Result<(), Error> {
    tx.execute(sql::redaction::SET_EVENT_DATA, args![workspace, event, data]).await.map(drop)
}

/// What merges of a conversation keep for their undoing, as JSON.
pub async fn merges(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<(i64, String)>, Error> {
    let rows = conn.fetch_all(sql::redaction::MERGES, args![workspace, conversation]).await?;
    rows.iter().map(|r| Ok((r.int("id")?, r.text("kept")?))).collect()
}

/// Puts other words into that.
pub async fn set_merge(tx: &mut Tx, workspace: WorkspaceId, merge: i64, kept: &str) -> Result<(), Error> {
    tx.execute(sql::redaction::SET_MERGE, args![workspace, merge, kept]).await.map(drop)
}

/// Takes a file off for good. Its bytes go when nothing names them any more.
pub async fn remove_file(tx: &mut Tx, workspace: WorkspaceId, id: AttachmentId) -> Result<(), Error> {
    tx.execute(sql::redaction::REMOVE_FILE, args![workspace, id]).await.map(drop)
}

/// Gives a file another name.
pub async fn rename_file(tx: &mut Tx, workspace: WorkspaceId, id: AttachmentId, name: &str) -> Result<(), Error> {
    tx.execute(sql::redaction::RENAME_FILE, args![workspace, id, name]).await.map(drop)
}

/// Puts other bytes in the place of a raw mail's; the SHA-256 of those that it had.
pub async fn replace_raw(
    tx: &mut Tx,
    workspace: WorkspaceId,
    mail: InboundMailId,
    sha256: &str,
    size: i64,
    subject: &str,
) -> Result<Option<String>, Error> {
    let Some(row) = tx.fetch_optional(sql::redaction::RAW, args![workspace, mail]).await? else { return Ok(None) };
    tx.execute(sql::redaction::REPLACE_RAW, args![workspace, mail, sha256, size, subject]).await?;
    row.text("sha256").map(Some)
}

/// Forgets the answers that are kept for repeated requests.
pub async fn forget_answers(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    tx.execute(sql::redaction::FORGET_ANSWERS, args![workspace]).await.map(drop)
}
