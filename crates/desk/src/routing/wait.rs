//! What a customer is told of the wait.

use model::routing::{Stage, Wait};
use model::{ConversationId, WorkspaceId};
use store::{Conn, Error};

/// How many come before a conversation, and about how long it takes, as it was last reckoned. None when it does not wait in a
/// queue. Cost: one look-up.
pub async fn wait(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<Wait>, Error> {
    let entry = store::routing::open(conn, workspace, &[id]).await?.pop();
    Ok(entry.filter(|e| matches!(e.stage, Stage::Waiting | Stage::Offered)).map(|e| match e.told {
        Some(told) => told.wait(told.at),
        None => Wait { ahead: 0, expected: None, reason: None },
    }))
}
