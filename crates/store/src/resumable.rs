//! Files that come in pieces: how far each has come, and where its pieces lie.

use bytes::Bytes;
use futures_util::StreamExt as _;
use model::resumable::{LASTS, Resumable};
use model::{AgentId, AttachmentId, Timestamp, UploadId, WorkspaceId};
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _, WriteMultipart};

use crate::blob::{Blobs, Staged};
use crate::{Conn, Error, Row, Tx, args, sql};

/// Where pieces lie. Not with uploads in one go: those are swept by other rules.
const PARTS: &str = "parts";
/// Written to the object store in chunks of this length. S3 wants at least 5 MiB of all but the last.
const CHUNK: usize = 5 * 1024 * 1024;

fn from_row(row: &Row) -> Result<Resumable, Error> {
    Ok(Resumable {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        filename: row.text("filename")?,
        content_type: row.text("content_type")?,
        size: row.int("size")?,
        received: row.int("received")?,
        attachment: row.maybe_id("attachment_id")?,
        created_at: row.time("created_at")?,
    })
}

/// Begins one.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, r: &Resumable) -> Result<(), Error> {
    let values = args![workspace, r.id, r.agent, r.filename.as_str(), r.content_type.as_str(), r.size, r.created_at];
    tx.execute(sql::resumable::INSERT, values).await.map(drop)
}

/// An agent's own, while it lasts.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, id: UploadId, now: Timestamp) -> Result<Option<Resumable>, Error> {
    conn.fetch_optional(sql::resumable::FIND, args![workspace, agent, id, now - LASTS]).await?.as_ref().map(from_row).transpose()
}

/// How many an agent has under way.
pub async fn open(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, now: Timestamp) -> Result<i64, Error> {
    conn.fetch_one(sql::resumable::OPEN, args![workspace, agent, now - LASTS]).await?.int("n")
}

/// Of how many pieces it is made.
pub async fn count_parts(conn: &mut Conn, workspace: WorkspaceId, id: UploadId) -> Result<i64, Error> {
    conn.fetch_one(sql::resumable::COUNT_PARTS, args![workspace, id]).await?.int("n")
}

/// Adds a piece at its end. False when the end is elsewhere by now, or the piece is too long.
pub async fn add_part(tx: &mut Tx, workspace: WorkspaceId, id: UploadId, begins_at: i64, part: &Part) -> Result<bool, Error> {
    if tx.execute(sql::resumable::GROW, args![workspace, id, begins_at, part.size as i64]).await? != 1 {
        return Ok(false);
    }
    tx.execute(sql::resumable::INSERT_PART, args![workspace, id, begins_at, part.place.as_str()]).await?;
    Ok(true)
}

/// Where its pieces lie, in their order.
pub async fn parts(conn: &mut Conn, workspace: WorkspaceId, id: UploadId) -> Result<Vec<String>, Error> {
    conn.fetch_all(sql::resumable::PARTS, args![workspace, id]).await?.iter().map(|r| r.text("place")).collect()
}

/// It is complete and became a file. False when it had become one already. Where its pieces lie stays known until
/// [`forget_parts`].
pub async fn done(tx: &mut Tx, workspace: WorkspaceId, id: UploadId, file: AttachmentId) -> Result<bool, Error> {
    Ok(tx.execute(sql::resumable::DONE, args![workspace, id, file]).await? == 1)
}

/// Gives one up; false when the agent has no such. It is gone for everybody, and expired.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: UploadId) -> Result<bool, Error> {
    Ok(tx.execute(sql::resumable::REMOVE, args![workspace, agent, id]).await? == 1)
}

/// One that was begun before then and still has pieces, in any workspace.
pub async fn expired(conn: &mut Conn, before: Timestamp) -> Result<Option<(WorkspaceId, UploadId)>, Error> {
    let row = conn.fetch_optional(sql::resumable::EXPIRED, args![before]).await?;
    row.map(|r| Ok((r.id("workspace_id")?, r.id("id")?))).transpose()
}

/// Its pieces lie nowhere any more.
pub async fn forget_parts(tx: &mut Tx, workspace: WorkspaceId, id: UploadId) -> Result<(), Error> {
    tx.execute(sql::resumable::FORGET_PARTS, args![workspace, id]).await.map(drop)
}

/// Forgets those that were begun before then and have no pieces, in every workspace.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::resumable::EXPIRE, args![before]).await
}

/// A piece that lies in the object store.
#[derive(Debug, Clone)]
pub struct Part {
    place: String,
    /// How many bytes.
    pub size: usize,
}

/// A piece on its way in. Dropped unfinished, it never was.
pub struct PartWriter {
    place: Path,
    writer: Option<WriteMultipart>,
    size: usize,
}

impl Blobs {
    /// Begins to take a piece in. `word` makes its name one of its own.
    pub async fn part(&self, workspace: WorkspaceId, upload: UploadId, word: &str) -> Result<PartWriter, Error> {
        let place = Path::from(format!("{PARTS}/{workspace}/{upload}/{word}"));
        let writer = WriteMultipart::new_with_chunk_size(self.objects.put_multipart(&place).await?, CHUNK);
        Ok(PartWriter { place, writer: Some(writer), size: 0 })
    }

    /// Joins the pieces of a file, in this order. They stay until [`Self::drop_parts`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one is not there.
    pub async fn join_parts(&self, workspace: WorkspaceId, places: &[String]) -> Result<Staged, Error> {
        let mut whole = self.upload(workspace);
        for place in places {
            let mut pieces = match self.objects.get(&Path::from(place.as_str())).await {
                Ok(found) => found.into_stream(),
                Err(object_store::Error::NotFound { .. }) => return Err(Error::Corrupt("a piece of an upload is missing".into())),
                Err(error) => return Err(error.into()),
            };
            while let Some(piece) = pieces.next().await {
                whole.write(piece?).await?;
            }
        }
        whole.finish().await
    }

    /// Removes pieces. What is not there is no fault.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the storage does not; some may be gone then.
    pub async fn remove_parts(&self, places: &[String]) -> Result<(), Error> {
        for place in places {
            match self.objects.delete(&Path::from(place.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The same, where somebody else looks after what is not removed now.
    pub async fn drop_parts(&self, places: &[String]) {
        if let Err(error) = self.remove_parts(places).await {
            tracing::warn!(%error, "pieces of an upload were not removed; they go when it expires");
        }
    }

    /// Removes pieces that a crash left before they were named anywhere. (With S3, where our key may not list, a lifecycle
    /// rule of the bucket does so.)
    pub async fn sweep_parts(&self, now: Timestamp) -> Result<(), Error> {
        if !self.is_folder() {
            return Ok(());
        }
        let old = (now - LASTS - LASTS).as_second();
        let prefix = Path::from(PARTS);
        let mut listed = self.objects.list(Some(&prefix));
        let mut stale = Vec::new();
        while let Some(object) = listed.next().await {
            let object = object?;
            if object.last_modified.timestamp() < old {
                stale.push(object.location.to_string());
            }
        }
        drop(listed);
        self.drop_parts(&stale).await;
        Ok(())
    }
}

impl PartWriter {
    /// How many bytes there are so far.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Takes the next bytes in. Waits when the storage is slower than the sender.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and the like; then drop it.
    pub async fn write(&mut self, bytes: &Bytes) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.wait_for_capacity(1).await?;
        writer.write(bytes);
        self.size += bytes.len();
        Ok(())
    }

    /// Makes it durable; none when nothing came. Call it before [`Store::begin`](crate::Store::begin).
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn finish(mut self) -> Result<Option<Part>, Error> {
        let Some(writer) = self.writer.take() else { return Ok(None) };
        if self.size == 0 {
            writer.abort().await?;
            return Ok(None);
        }
        writer.finish().await?;
        Ok(Some(Part { place: self.place.to_string(), size: self.size }))
    }
}

impl Part {
    /// Where it lies.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl Drop for PartWriter {
    fn drop(&mut self) {
        if let (Some(writer), Ok(runtime)) = (self.writer.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "a piece of an upload was not removed; it goes with the next sweep");
                }
            });
        }
    }
}
