//! What a customer is told of the wait.

use model::routing::{Stage, Wait};
use model::{ConversationId, Timestamp, WorkspaceId};
use store::routing::Entry;
use store::{Conn, Error};

/// How many come before a conversation, and about how long it takes, as it was last reckoned. None when it does not wait in a
/// queue. Cost: one look-up.
pub async fn wait(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId, now: Timestamp) -> Result<Option<Wait>, Error> {
    let entry = store::routing::open(conn, workspace, &[id]).await?.pop();
    Ok(entry.filter(|e| matches!(e.stage, Stage::Waiting | Stage::Offered)).map(|e| as_told(&e, now)))
}

/// The same of everything that waits, but for those who wait for a call. Cost: O(that).
pub async fn waits(conn: &mut Conn, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<(ConversationId, Wait)>, Error> {
    let mut all = store::routing::of_stage(conn, workspace, Stage::Waiting).await?;
    all.extend(store::routing::of_stage(conn, workspace, Stage::Offered).await?);
    let to_call = store::callback::awaited(conn, workspace).await?;
    all.retain(|e| !to_call.contains(&e.conversation));
    Ok(all.iter().map(|e| (e.conversation, as_told(e, now))).collect())
}

fn as_told(entry: &Entry, now: Timestamp) -> Wait {
    entry.told.map_or(Wait { ahead: 0, expected: None, reason: None }, |told| told.wait(now))
}
