//! Bytes by their SHA-256. Small ones stand in the database, and so ride in the transaction; big ones in the object store,
//! written and synced before the row that names them.

use std::sync::Arc;

use bytes::Bytes;
use model::{Timestamp, WorkspaceId};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::{Conn, Error, Settings, Tx, args, sql};

/// Up to this many bytes a blob stands in the database.
pub const IN_DATABASE: usize = 64 * 1024;

/// The blob store.
#[derive(Clone)]
pub struct Blobs {
    objects: Arc<dyn ObjectStore>,
}

/// Bytes that are safe in the object store, or small enough for the database, but not named by a row yet.
#[derive(Debug, Clone)]
pub struct Staged {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// How many bytes.
    pub size: i64,
    bytes: Option<Bytes>,
}

fn path(workspace: WorkspaceId, sha256: &str) -> Path {
    Path::from(format!("{workspace}/{}/{sha256}", &sha256[..2]))
}

/// SHA-256 as stored.
pub fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

impl Blobs {
    pub(crate) fn open(settings: &Settings) -> Result<Self, Error> {
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
        Ok(Self { objects })
    }

    /// Makes bytes durable, or ready to be so with the transaction. Call it before [`Store::begin`](crate::Store::begin).
    pub async fn stage(&self, workspace: WorkspaceId, bytes: Bytes) -> Result<Staged, Error> {
        let (sha256, size) = (digest(&bytes), bytes.len() as i64);
        if bytes.len() <= IN_DATABASE {
            return Ok(Staged { sha256, size, bytes: Some(bytes) });
        }
        self.objects.put(&path(workspace, &sha256), PutPayload::from_bytes(bytes)).await?;
        Ok(Staged { sha256, size, bytes: None })
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
