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
use object_store::{ClientOptions, GetOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
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
                // Whoever waits for it has something better to do than wait for minutes: the sender of a mail tries again.
                let client = ClientOptions::new()
                    .with_allow_http(true)
                    .with_connect_timeout(Duration::from_secs(3))
                    .with_read_timeout(Duration::from_secs(20))
                    .with_timeout_disabled();
                let retry = RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(15), ..RetryConfig::default() };
                let mut builder = AmazonS3Builder::new().with_client_options(client).with_retry(retry);
                builder = builder.with_bucket_name(&s3.bucket).with_region(&s3.region);
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

    /// They lie in the data folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Makes bytes durable, or ready to be so with the transaction. Call it before [`Store::begin`](crate::Store::begin).
    pub async fn stage(&self, workspace: WorkspaceId, bytes: Bytes) -> Result<Staged, Error> {
        let (sha256, size) = (digest(&bytes), bytes.len() as i64);
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        if bytes.len() <= IN_DATABASE {
            return Ok(Staged { sha256, size, is_blank, bytes: Some(bytes) });
        }
        self.put(&path(workspace, &sha256), bytes).await?;
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
        self.fetch(&path(workspace, sha256)).await.map(Some)
    }

    async fn put(&self, at: &Path, bytes: Bytes) -> Result<(), Error> {
        self.objects.put(at, PutPayload::from_bytes(bytes)).await.map(drop).map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::Unavailable("the bucket or folder for large files does not exist".into()),
            other => failed(other),
        })
    }

    async fn fetch(&self, at: &Path) -> Result<Bytes, Error> {
        let found = async { self.objects.get(at).await?.bytes().await };
        found.await.map_err(|error| match error {
            // What a row names was written before the row: somebody took it away.
            object_store::Error::NotFound { .. } => Error::Corrupt(format!("the file {at} is missing from the storage for large files")),
            other => failed(other),
        })
    }

    /// Puts a blob back as a backup had it.
    pub async fn restore(&self, workspace: WorkspaceId, bytes: Bytes) -> Result<(), Error> {
        self.put(&path(workspace, &digest(&bytes)), bytes).await
    }

    /// When bytes were last written to the object store, in Unix seconds; none when they are not there.
    pub(crate) async fn written_at(&self, workspace: WorkspaceId, sha256: &str) -> Result<Option<i64>, Error> {
        match self.objects.head(&path(workspace, sha256)).await {
            Ok(meta) => Ok(Some(meta.last_modified.timestamp())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn delete(&self, workspace: WorkspaceId, sha256: &str) -> Result<(), Error> {
        match self.objects.delete(&path(workspace, sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes, reads and deletes a small object: for `doctor`.
    pub async fn check(&self) -> Result<(), Error> {
        // A name of its own: every node may check at the same time.
        let probe = Path::from(format!("doctor/{}", model::token::word(&rand::random::<[u8; 10]>())));
        self.put(&probe, Bytes::from_static(b"sonnim")).await?;
        let back = self.fetch(&probe).await?;
        self.objects.delete(&probe).await.map_err(failed)?;
        if back.as_ref() == b"sonnim" { Ok(()) } else { Err(Error::Other("the blob store gave back other bytes".into())) }
    }
}

/// What the storage said, in words that help. Its own words hold addresses and signatures, so only the code is kept.
fn failed(error: object_store::Error) -> Error {
    use object_store::Error as E;
    let text = error.to_string();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map_or("", |(code, _)| code);
    match error {
        E::PermissionDenied { .. } | E::Unauthenticated { .. } if code.is_empty() => {
            Error::Unavailable("the storage for large files refuses us: check its key, secret and permissions".into())
        }
        E::PermissionDenied { .. } | E::Unauthenticated { .. } => Error::Unavailable(format!(
            "the storage for large files refuses us ({code}): check access_key, secret_key and what they may do with the bucket"
        )),
        other => match Error::from(other) {
            Error::Unavailable(_) if !code.is_empty() => Error::Unavailable(format!("the storage for large files fails: {code}")),
            Error::Unavailable(text) => Error::Unavailable(format!("the storage for large files does not answer: {text}")),
            other => other,
        },
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
