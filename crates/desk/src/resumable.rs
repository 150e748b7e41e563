//! Verbs about files that come in pieces.

use model::message::Attachment;
use model::resumable::{LASTS, MOST_OPEN, MOST_PARTS, Resumable};
use model::scope::Forbidden;
use model::{AgentId, Permission, Scope, UploadId};
use store::Tx;
use store::blob::Staged;
use store::resumable::Part;

use crate::attachment::{MAX_BYTES, clean_content_type, clean_filename};
use crate::{Desk, Refusal};

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    Ok(scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?)
}

/// Begins a file of `size` bytes.
///
/// # Errors
/// [`Refusal::Invalid`] when it is empty or too large; [`Refusal::Conflict`] `too_many_uploads` when many are under way.
pub async fn begin(tx: &mut Tx, scope: &Scope, filename: &str, content_type: &str, size: i64) -> Result<Resumable, Refusal> {
    let agent = me(scope)?;
    if size < 1 {
        return Err(Refusal::invalid("size", "missing", "The file is empty."));
    }
    if size > MAX_BYTES as i64 {
        return Err(Refusal::invalid("size", "too_long", "A file has at most 50 MiB."));
    }
    let now = tx.now();
    if store::resumable::open(tx, scope.workspace, agent, now).await? >= MOST_OPEN {
        return Err(Refusal::conflict("too_many_uploads", "Too many of your files are on their way. Finish or remove some."));
    }
    let new = Resumable {
        id: tx.new_id(),
        agent,
        filename: clean_filename(filename),
        content_type: clean_content_type(content_type),
        size,
        received: 0,
        attachment: None,
        created_at: now,
    };
    store::resumable::insert(tx, scope.workspace, &new).await?;
    Ok(new)
}

/// Adds a piece that lies in the storage. False when the file does not go on there: somebody else was faster.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not the actor's, or too old; [`Refusal::Conflict`] `too_many_parts`.
pub async fn add_part(tx: &mut Tx, scope: &Scope, id: UploadId, begins_at: i64, part: &Part) -> Result<bool, Refusal> {
    let agent = me(scope)?;
    let now = tx.now();
    store::resumable::find(tx, scope.workspace, agent, id, now).await?.ok_or(Refusal::NotFound)?;
    if store::resumable::count_parts(tx, scope.workspace, id).await? >= MOST_PARTS {
        return Err(Refusal::conflict("too_many_parts", "The pieces are too small. Begin again with larger ones."));
    }
    Ok(store::resumable::add_part(tx, scope.workspace, id, begins_at, part).await?)
}

/// Makes a file of one whose every byte is here. Twice is once.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not the actor's, or too old.
pub async fn complete(desk: &Desk, scope: &Scope, id: UploadId) -> Result<Resumable, Refusal> {
    let agent = me(scope)?;
    let workspace = scope.workspace;
    let mut conn = desk.store.read().await?;
    let now = desk.clock.now();
    let known = store::resumable::find(&mut conn, workspace, agent, id, now).await?.ok_or(Refusal::NotFound)?;
    if known.attachment.is_some() || !known.is_whole() {
        return Ok(known);
    }
    let places = store::resumable::parts(&mut conn, workspace, id).await?;
    drop(conn);
    let whole = match desk.store.blobs().join_parts(workspace, &places).await {
        Ok(whole) => whole,
        // Another request has just done so and taken the pieces away.
        Err(error) => {
            let again = store::resumable::find(&mut desk.store.read().await?, workspace, agent, id, now).await?;
            return again.filter(|r| r.attachment.is_some()).ok_or(Refusal::Store(error));
        }
    };
    let done = finish(desk, scope, known, &whole).await?;
    desk.store.blobs().drop_parts(&places).await;
    Ok(done)
}

async fn finish(desk: &Desk, scope: &Scope, known: Resumable, whole: &Staged) -> Result<Resumable, Refusal> {
    let mut tx = desk.begin().await?;
    let file = Attachment {
        id: tx.new_id(),
        message: None,
        filename: known.filename.clone(),
        content_type: known.content_type.clone(),
        size: whole.size,
        inline: false,
        content_id: None,
        sha256: whole.sha256.clone(),
    };
    if store::resumable::done(&mut tx, scope.workspace, known.id, file.id).await? {
        store::attachment::insert(&mut tx, scope.workspace, &file, Some(known.agent), whole).await?;
        tx.commit().await?;
        return Ok(Resumable { attachment: Some(file.id), ..known });
    }
    let now = tx.now();
    store::resumable::find(&mut tx, scope.workspace, known.agent, known.id, now).await?.ok_or(Refusal::NotFound)
}

/// Gives one up. A file that it became already stays.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not the actor's.
pub async fn cancel(tx: &mut Tx, scope: &Scope, id: UploadId) -> Result<(), Refusal> {
    let agent = me(scope)?;
    if store::resumable::remove(tx, scope.workspace, agent, id).await? { Ok(()) } else { Err(Refusal::NotFound) }
}

/// Forgets files that were given up or did not become complete in time. Their pieces go first: what the storage does not
/// remove now is still known the next time.
///
/// # Errors
/// [`store::Error`] when the database or the storage is away.
pub async fn expire(desk: &Desk) -> Result<(), store::Error> {
    let before = desk.clock.now() - LASTS;
    loop {
        let mut conn = desk.store.read().await?;
        let Some((workspace, id)) = store::resumable::expired(&mut conn, before).await? else { break };
        let places = store::resumable::parts(&mut conn, workspace, id).await?;
        drop(conn);
        desk.store.blobs().remove_parts(&places).await?;
        let mut tx = desk.begin().await?;
        store::resumable::forget_parts(&mut tx, workspace, id).await?;
        tx.commit().await?;
    }
    let mut tx = desk.begin().await?;
    store::resumable::expire(&mut tx, before).await?;
    tx.commit().await
}
