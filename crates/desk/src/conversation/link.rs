//! Saying that two conversations belong together.

use model::conversation_link::LinkKind;
use model::{Actor, ConversationId, EventKind, InboxId, WorkspaceId};
use store::{Error, Tx};

/// One end of a link.
pub type End = (ConversationId, InboxId);

/// Links two conversations and tells those who look at either. Twice is once. The caller has checked that the actor may.
pub(crate) async fn link(tx: &mut Tx, workspace: WorkspaceId, by: Actor, later: End, earlier: End, kind: LinkKind) -> Result<(), Error> {
    if !store::conversation_link::insert(tx, workspace, later.0, earlier.0, kind, by.agent()).await? {
        return Ok(());
    }
    for (conversation, inbox) in [later, earlier] {
        tx.record(workspace, by, (Some(conversation), Some(inbox)), EventKind::ConversationLinked { link: kind }).await?;
    }
    Ok(())
}
