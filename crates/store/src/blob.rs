//! Bytes by their SHA-256. Small ones stand in the database, and so ride in the transaction; big ones in the object store,
//! written and synced before the row that names them.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use model::{Timestamp, WorkspaceId};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::{Conn, Error, Settings, Tx, args, sql};

/// Up to this many bytes a blob stands in the database.
pub const IN_DATABASE: usize = 64 * 1024;

/// Where uploads stand until their hash is known.
pub(crate) const INCOMING: &str = "incoming";

/// The blob store.
#[derive(Clone)]
pub struct Blobs {
    pub(crate) objects: Arc<dyn ObjectStore>,
    /// The data folder's blobs; none with S3.
    folder: Option<PathBuf>,
}

/// Bytes that are safe in the object store, or small enough for the database, but not named by a row yet.
#[derive(Debug, Clone)]
pub struct Staged {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// How many bytes.
    pub size: i64,
    /// Nothing but white space.
    pub is_blank: bool,
    pub(crate) bytes: Option<Bytes>,
}

/// A blob to read from, in pieces.
pub struct Blob {
    /// How many bytes.
    pub size: u64,
    source: Source,
}

enum Source {
    Here(Bytes),
    Outside(Arc<dyn ObjectStore>, Path),
}

impl Blob {
    /// Its first bytes, at most `most`.
    pub async fn head(&self, most: usize) -> Result<Bytes, Error> {
        let most = most.min(self.size as usize);
        match &self.source {
            Source::Here(bytes) => Ok(bytes.slice(..most.min(bytes.len()))),
            Source::Outside(..) if most == 0 => Ok(Bytes::new()),
            Source::Outside(objects, path) => Ok(objects.get_range(path, 0..most as u64).await?),
        }
    }

    /// The bytes of a range, piece by piece. The range is within the size.
    pub async fn read(self, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        match self.source {
            _ if range.is_empty() => Ok(stream::empty().boxed()),
            Source::Here(bytes) => {
                let end = (range.end as usize).min(bytes.len());
                let piece = bytes.slice((range.start as usize).min(end)..end);
                Ok(stream::once(async move { Ok(piece) }).boxed())
            }
            Source::Outside(objects, path) => {
                let found = objects.get_opts(&path, GetOptions { range: Some(range.into()), ..GetOptions::default() }).await?;
                Ok(found.into_stream().map(|piece| piece.map_err(Error::from)).boxed())
            }
        }
    }
}

pub(crate) fn path(workspace: WorkspaceId, sha256: &str) -> Path {
    Path::from(format!("{workspace}/{}/{sha256}", &sha256[..2]))
}

/// SHA-256 as stored.
pub fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

impl Blobs {
    pub(crate) fn open(settings: &Settings) -> Result<Self, Error> {
        let folder = settings.blobs.is_none().then(|| settings.data.join("blobs"));
        let objects: Arc<dyn ObjectStore> = match &settings.blobs {
            None => {
                let folder = settings.data.join("blobs");
                std::fs::create_dir_all(&folder).map_err(|e| Error::Unavailable(format!("{}: {e}", folder.display())))?;
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))
            }
            Some(s3) => {
                let mut builder = AmazonS3Builder::new().with_bucket_name(&s3.bucket).with_region(&s3.region).with_allow_http(true);
                if let Some(endpoint) = &s3.endpoint {
                    builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
                }
                if let (Some(key), Some(secret)) = (&s3.access_key, &s3.secret_key) {
                    builder = builder.with_access_key_id(key).with_secret_access_key(secret.expose());
                }
                Arc::new(builder.build()?)
            }
        };
        Ok(Self { objects, folder })
    }

    /// Makes bytes durable, or ready to be so with the transaction. Call it before [`Store::begin`](crate::Store::begin).
    pub async fn stage(&self, workspace: WorkspaceId, bytes: Bytes) -> Result<Staged, Error> {
        let (sha256, size) = (digest(&bytes), bytes.len() as i64);
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        if bytes.len() <= IN_DATABASE {
            return Ok(Staged { sha256, size, is_blank, bytes: Some(bytes) });
        }
        self.objects.put(&path(workspace, &sha256), PutPayload::from_bytes(bytes)).await?;
        Ok(Staged { sha256, size, is_blank, bytes: None })
    }

    /// A blob to read from in pieces, for what may be large; none when there is no such blob in this workspace.
    pub async fn open_blob(&self, conn: &mut Conn, workspace: WorkspaceId, sha256: &str) -> Result<Option<Blob>, Error> {
        let Some(row) = conn.fetch_optional(sql::blob::GET, args![workspace, sha256]).await? else { return Ok(None) };
        let size = row.int("size")?.unsigned_abs();
        let source = match row.maybe_bytes("bytes")? {
            Some(bytes) => Source::Here(bytes.into()),
            None => Source::Outside(self.objects.clone(), path(workspace, sha256)),
        };
        Ok(Some(Blob { size, source }))
    }

    /// Removes what a crash left of uploads that were on their way, a day later. (With S3, a lifecycle rule of the bucket
    /// ends unfinished uploads.)
    pub async fn sweep(&self, now: Timestamp) -> Result<(), Error> {
        let Some(folder) = self.folder.as_ref().map(|f| f.join(INCOMING)) else { return Ok(()) };
        let old = SystemTime::from(now) - Duration::from_secs(86_400);
        let swept = tokio::task::spawn_blocking(move || {
            let entries = match std::fs::read_dir(folder) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                if entry.metadata()?.modified()? < old {
                    std::fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        });
        swept.await.map_err(|e| Error::Other(e.to_string()))?.map_err(|e: std::io::Error| Error::Unavailable(e.to_string()))
    }

    /// The bytes of a blob; none when there is no such blob in this workspace.
    pub async fn get(&self, conn: &mut Conn, workspace: WorkspaceId, sha256: &str) -> Result<Option<Bytes>, Error> {
        let Some(row) = conn.fetch_optional(sql::blob::GET, args![workspace, sha256]).await? else { return Ok(None) };
        if let Some(bytes) = row.maybe_bytes("bytes")? {
            return Ok(Some(bytes.into()));
        }
        Ok(Some(self.objects.get(&path(workspace, sha256)).await?.bytes().await?))
    }

    /// Puts a blob back as a backup had it.
    pub async fn restore(&self, workspace: WorkspaceId, bytes: Bytes) -> Result<(), Error> {
        let sha256 = digest(&bytes);
        self.objects.put(&path(workspace, &sha256), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Writes, reads and deletes a small object: for `doctor`.
    pub async fn check(&self) -> Result<(), Error> {
        let probe = Path::from("doctor/probe");
        self.objects.put(&probe, PutPayload::from_static(b"sonnim")).await?;
        let back = self.objects.get(&probe).await?.bytes().await?;
        self.objects.delete(&probe).await?;
        if back.as_ref() == b"sonnim" { Ok(()) } else { Err(Error::Other("the blob store gave back other bytes".into())) }
    }
}

impl Tx {
    /// Names staged bytes in this workspace. Twice is once.
    pub async fn put_blob(&mut self, workspace: WorkspaceId, staged: &Staged) -> Result<(), Error> {
        let now: Timestamp = self.now();
        let bytes = staged.bytes.as_ref().map(|b| b.to_vec());
        self.execute(sql::blob::PUT, args![workspace, staged.sha256.as_str(), staged.size, bytes, now]).await.map(drop)
    }
}

/// Every big blob of the installation: workspace and SHA-256. For backups.
pub async fn all_outside(conn: &mut Conn) -> Result<Vec<(WorkspaceId, String)>, Error> {
    conn.fetch_all(sql::blob::OUTSIDE, args![]).await?.iter().map(|r| Ok((r.id("workspace_id")?, r.text("sha256")?))).collect()
}
