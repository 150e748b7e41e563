//! Drafts: what an agent has begun to write, on every device.

use model::message::Recipients;
use model::scope::Forbidden;
use model::{AgentId, AttachmentId, ConversationId, EventKind, InboxId, Permission, Scope};
use store::Tx;
use store::draft::Draft;

use super::note::MOST_FILES;
use crate::{Refusal, html};

/// What is to be kept. Sanitised when made, which is outside of any transaction.
#[derive(Debug, Clone)]
pub struct DraftForm {
    is_note: bool,
    html: String,
    recipients: Recipients,
    attachments: Vec<AttachmentId>,
}

impl DraftForm {
    /// A draft of a note or a reply.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when there are too many files or recipients.
    pub fn new(is_note: bool, html: &str, recipients: Recipients, attachments: Vec<AttachmentId>) -> Result<Self, Refusal> {
        if attachments.len() > MOST_FILES {
            return Err(Refusal::invalid("attachment_ids", "too_many", "50 files are the most."));
        }
        if recipients.all().count() > 200 {
            return Err(Refusal::invalid("to", "too_many", "200 recipients are the most."));
        }
        let html = if is_note { html::sanitize_note(html) } else { html::sanitize_composed(html) };
        Ok(Self { is_note, html, recipients, attachments })
    }
}

/// Why a draft was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveDraftError {
    /// For a reason of any verb.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another device of the same agent was faster; this is what it saved.
    #[error("the draft was changed elsewhere")]
    Stale(Box<Draft>),
}

impl From<store::Error> for SaveDraftError {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Saves this agent's draft. `version` is the one that was edited, none for a new draft. A draft that is gone is made anew.
///
/// # Errors
/// [`SaveDraftError::Stale`] when the draft has another version by now.
pub async fn save_draft(tx: &mut Tx, scope: &Scope, id: ConversationId, form: DraftForm, version: Option<i64>) -> Result<Draft, SaveDraftError> {
    let (agent, inbox) = writer(tx, scope, id).await?;
    if let Some(current) = store::draft::get(tx, scope.workspace, agent, id).await?
        && version != Some(current.version)
    {
        return Err(SaveDraftError::Stale(Box::new(current)));
    }
    for file in &form.attachments {
        if store::attachment::uploaded(tx, scope.workspace, *file, agent).await?.is_none() {
            return Err(Refusal::unknown("attachment_ids").into());
        }
    }
    let mut draft = Draft {
        is_note: form.is_note,
        html: form.html,
        recipients: form.recipients,
        attachments: form.attachments,
        updated_at: tx.now(),
        version: 0,
    };
    draft.version = store::draft::put(tx, scope.workspace, agent, id, &draft).await?;
    tx.record(scope.workspace, scope.actor, (Some(id), Some(inbox)), EventKind::DraftChanged { agent }).await?;
    Ok(draft)
}

/// Throws this agent's draft away. Without one, nothing happens.
pub async fn discard_draft(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let (agent, inbox) = writer(tx, scope, id).await?;
    if store::draft::get(tx, scope.workspace, agent, id).await?.is_some() {
        store::draft::delete(tx, scope.workspace, agent, id).await?;
        tx.record(scope.workspace, scope.actor, (Some(id), Some(inbox)), EventKind::DraftChanged { agent }).await?;
    }
    Ok(())
}

async fn writer(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(AgentId, InboxId), Refusal> {
    let conversation = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    Ok((agent, conversation.inbox))
}
