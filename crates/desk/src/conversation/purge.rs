//! Deleting for good what lies in the trash.

use std::time::Duration;

use model::{Conversation, ConversationId, EventKind, Job, Permission, Scope, Shelf, WorkspaceId};
use store::job::Claimed;
use store::{Error, Tx};

use crate::{Desk, Refusal};

/// How long bytes that nothing names stay: a mail that brings the same ones may be on its way in.
pub(crate) const GRACE: Duration = Duration::from_secs(3_600);

/// Deletes a conversation for good, with its messages, files, raw mails and history, whatever it had taken in, and what stands beside it.
///
/// # Errors
/// [`Refusal::Conflict`] `not_in_trash` when it does not lie in the trash.
pub async fn purge(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let conversation = super::locked(tx, scope, Permission::ConversationPurge, id).await?;
    if !matches!(conversation.shelf, Some(Shelf::Trash { .. })) {
        return Err(Refusal::conflict("not_in_trash", "Only what lies in the trash is deleted for good."));
    }
    Ok(delete(tx, scope, conversation).await?)
}

/// Empties the trash of one conversation when its time has come. Nothing happens when it was restored meanwhile.
pub async fn purge_when_due(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<(), Error> {
    let scope = Scope::system(workspace);
    let Some(conversation) = store::conversation::get(tx, &scope, id).await? else { return Ok(()) };
    if conversation.may_be_purged(tx.now()) { delete(tx, &scope, conversation).await } else { Ok(()) }
}

async fn delete(tx: &mut Tx, scope: &Scope, conversation: Conversation) -> Result<(), Error> {
    let everything = Scope::system(scope.workspace);
    let mut all = vec![conversation];
    let mut at = 0;
    while at < all.len() {
        let mut ids = store::purge::merged_into(tx, scope.workspace, all[at].id).await?;
        ids.extend(store::side::beside(tx, scope.workspace, all[at].id).await?);
        for id in ids {
            let known = all.iter().any(|c| c.id == id);
            if !known && let Some(inner) = store::conversation::get(tx, &everything, id).await? {
                all.push(inner);
            }
        }
        at += 1;
    }
    let (mut blobs, mut words) = (Vec::new(), Vec::new());
    for c in &all {
        let left = store::purge::conversation(tx, scope.workspace, c).await?;
        blobs.extend(left.blobs);
        words.extend(left.words);
        let kind = EventKind::ConversationPurged { gone: c.id, number: c.number };
        tx.record(scope.workspace, scope.actor, (None, Some(c.inbox)), kind).await?;
    }
    blobs.sort_unstable();
    blobs.dedup();
    words.sort_unstable();
    words.dedup();
    for some in words.chunks(500) {
        tx.enqueue(scope.workspace, &Job::ForgetWords { words: some.to_vec() }).await?;
    }
    let later = tx.now() + GRACE;
    for some in blobs.chunks(200) {
        tx.enqueue_at(scope.workspace, &Job::SweepBlobs { sha256: some.to_vec() }, later).await?;
    }
    Ok(())
}

/// Drops bytes that neither a file nor a mail names any more, and ends the job. Bytes that were written anew within the last
/// hour are left to a later try.
pub async fn sweep_blobs(desk: &Desk, job: &Claimed, sha256: &[String]) -> Result<(), Error> {
    let workspace = job.workspace;
    let mut tx = desk.begin().await?;
    let mut gone = Vec::new();
    for sha in sha256 {
        if store::purge::drop_blob(&mut tx, workspace, sha).await? {
            gone.push(sha);
        }
    }
    tx.commit().await?;
    let now = desk.clock.now();
    let mut fresh = false;
    for sha in gone {
        fresh |= !desk.store.blobs().delete_stale(workspace, sha, now).await?;
    }
    let mut tx = desk.begin().await?;
    if fresh {
        store::job::retry(&mut tx, job, now + GRACE, "some bytes were written anew").await?;
    } else {
        store::job::done(&mut tx, job).await?;
    }
    tx.commit().await
}
