//! A whole conversation goes to somebody by mail. It answers nobody: status, waiting time and measures stay as they are.

use model::workspace::Language;
use model::{Conversation, ConversationId, EmailAddress, EventKind, Job, Permission, Scope, WorkspaceId};
use store::{Conn, Error, Tx};

use super::to_change;
use crate::Refusal;

/// Most recipients at once.
const MOST: usize = 5;
/// Most mails of this kind of one agent in an hour.
const MOST_AN_HOUR: i64 = 60;

/// What goes to whom.
#[derive(Debug, Clone)]
pub struct TranscriptForm {
    /// Each gets a mail of their own.
    pub to: Vec<EmailAddress>,
    /// Internal notes too: only for colleagues who see the conversation anyway.
    pub notes: bool,
    /// In which language what stands around the messages is written; the actor's without it.
    pub language: Option<Language>,
}

/// Queues the mails. They are written when they leave.
///
/// # Errors
/// [`Refusal::Invalid`] when an address is one of our own inboxes', or notes would leave the team.
pub async fn send_transcript(tx: &mut Tx, scope: &Scope, id: ConversationId, form: TranscriptForm) -> Result<(), Refusal> {
    let workspace = scope.workspace;
    let conversation = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let by = scope.actor.agent().ok_or(model::scope::Forbidden(Permission::ConversationReply))?;
    let mut to = form.to;
    to.sort_by_key(EmailAddress::folded);
    to.dedup_by_key(|address| address.folded());
    if to.is_empty() {
        return Err(Refusal::invalid("to", "missing", "Say who gets it."));
    }
    if to.len() > MOST {
        return Err(Refusal::invalid("to", "too_many", "At most 5 people at once."));
    }
    for address in &to {
        let ours = store::inbox::is_own_address(tx, workspace, address).await? || store::inbox::by_address(tx, &address.base()).await?.is_some();
        if ours {
            return Err(Refusal::invalid("to", "own", "This address is one of your own inboxes."));
        }
        if form.notes && !is_colleague_in_sight(tx, workspace, &conversation, address).await? {
            return Err(Refusal::invalid("notes", "outside", "Internal notes go only to colleagues who see this conversation."));
        }
    }
    let bucket = format!("transcript:{workspace}:{by}");
    for _ in &to {
        if store::throttle::hit(tx, &bucket, 3_600).await? > MOST_AN_HOUR {
            return Err(Refusal::conflict("too_many_transcripts", "You have sent many of these in the last hour. Wait a little."));
        }
    }
    let language = match form.language {
        Some(language) => language,
        None => store::agent::find(tx, workspace, by).await?.map(|a| a.language).unwrap_or_default(),
    };
    for address in to {
        let told = EventKind::ConversationTranscript { to: address.to_string(), notes: form.notes, state: "sent".into() };
        tx.record(workspace, scope.actor, (Some(id), Some(conversation.inbox)), told).await?;
        tx.enqueue(workspace, &Job::SendTranscript { conversation: id, to: address, notes: form.notes, by, language, asked: false }).await?;
    }
    Ok(())
}

/// Whether an address is an agent's who may read all of a conversation.
pub(crate) async fn is_colleague_in_sight(
    conn: &mut Conn,
    workspace: WorkspaceId,
    conversation: &Conversation,
    address: &EmailAddress,
) -> Result<bool, Error> {
    let Some(id) = store::participant::agent_by_address(conn, workspace, address).await? else { return Ok(false) };
    let Some(agent) = store::agent::find(conn, workspace, id).await?.filter(|a| a.deactivated_at.is_none()) else { return Ok(false) };
    Ok(store::agent::visible_inboxes(conn, workspace, id, agent.role).await?.include(conversation.inbox))
}
