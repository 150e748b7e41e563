//! Bytes that come in piece by piece: hashed on the way, small ones kept for the database, big ones written to the object
//! store as they come, so that memory holds a few pieces and never the file.

use bytes::Bytes;
use model::WorkspaceId;
use object_store::path::Path;
use object_store::{ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::blob::{Blobs, IN_DATABASE, INCOMING, Staged, path};

/// Pieces written to the object store are this long. S3 wants at least 5 MiB of all but the last.
const PIECE: usize = 5 * 1024 * 1024;

/// A blob on its way in. Dropped unfinished, it never was.
pub struct Upload {
    blobs: Blobs,
    workspace: WorkspaceId,
    hash: Sha256,
    size: usize,
    is_blank: bool,
    start: Vec<u8>,
    /// Where the rest goes, once the start is too long for the database. The name by hash is known only at the end.
    written: Option<(Path, WriteMultipart)>,
}

impl Blobs {
    /// Begins to take a blob in piece by piece.
    pub fn upload(&self, workspace: WorkspaceId) -> Upload {
        Upload { blobs: self.clone(), workspace, hash: Sha256::new(), size: 0, is_blank: true, start: Vec::new(), written: None }
    }
}

impl Upload {
    /// How many bytes there are so far.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Takes the next bytes in. Waits when the storage is slower than the sender.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and the like; then drop it.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.hash.update(&bytes);
        self.size += bytes.len();
        self.is_blank = self.is_blank && bytes.iter().all(u8::is_ascii_whitespace);
        if let Some((_, writer)) = &mut self.written {
            writer.wait_for_capacity(1).await?;
            writer.write(&bytes);
            return Ok(());
        }
        self.start.extend_from_slice(&bytes);
        if self.start.len() > IN_DATABASE {
            let place = Path::from(format!("{INCOMING}/{}", model::token::word(&rand::random::<[u8; 16]>())));
            let mut writer = WriteMultipart::new_with_chunk_size(self.blobs.objects.put_multipart(&place).await?, PIECE);
            writer.write(&std::mem::take(&mut self.start));
            self.written = Some((place, writer));
        }
        Ok(())
    }

    /// Makes it durable, or ready to be so with the transaction. Call it before [`Store::begin`](crate::Store::begin).
    ///
    /// # Errors
    /// As [`Self::write`]; nothing is left behind.
    pub async fn finish(mut self) -> Result<Staged, Error> {
        let sha256 = data_encoding::HEXLOWER.encode(&std::mem::take(&mut self.hash).finalize());
        let (size, is_blank) = (self.size as i64, self.is_blank);
        let Some((place, writer)) = self.written.take() else {
            let bytes = std::mem::take(&mut self.start).into();
            return Ok(Staged { sha256, size, is_blank, bytes: Some(bytes) });
        };
        writer.finish().await?;
        self.blobs.objects.rename(&place, &path(self.workspace, &sha256)).await?;
        Ok(Staged { sha256, size, is_blank, bytes: None })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Whoever sent it went away half-way, or the storage is full: what was written goes too.
        if let (Some((_, writer)), Ok(runtime)) = (self.written.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "an unfinished upload was not removed; it goes with the next sweep");
                }
            });
        }
    }
}
