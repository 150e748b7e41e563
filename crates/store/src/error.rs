//! What can go wrong below the desk.

/// The database or the blob store did not do its part. Unless it is [`Error::InDoubt`], nothing was committed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Lost, busy or restarting: worth another try.
    #[error("not available: {0}")]
    Unavailable(String),
    /// The database went away while it committed: it may have happened or not. Look before doing it again.
    #[error("lost while committing: {0}")]
    InDoubt(String),
    /// No space left.
    #[error("the storage is full")]
    StorageFull,
    /// A unique key exists already; carries the database's words.
    #[error("exists already: {0}")]
    Duplicate(String),
    /// A key points nowhere.
    #[error("refers to something that does not exist: {0}")]
    Dangling(String),
    /// What is stored cannot be read back: damage or a newer version's data.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// Any other failure.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// Worth trying again later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::InDoubt(_) | Self::StorageFull)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default().into_owned();
                let text = db.message().to_owned();
                if db.is_unique_violation() {
                    Self::Duplicate(text)
                } else if db.is_foreign_key_violation() {
                    Self::Dangling(text)
                } else if code == "53100" {
                    Self::StorageFull
                } else if matches!(code.as_str(), "40001" | "40P01" | "57014") || ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) {
                    Self::Unavailable(text)
                } else {
                    Self::Other(text)
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => Self::Corrupt(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let text = error.to_string();
        let Some(code) = error.sqlite_error() else { return Self::Other(text) };
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => Self::Duplicate(text),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::Dangling(text),
            // The shared memory file cannot grow.
            ffi::SQLITE_IOERR_SHMSIZE => Self::StorageFull,
            _ => match code.code {
                ffi::ErrorCode::DiskFull => Self::StorageFull,
                ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked | ffi::ErrorCode::SystemIoFailure => Self::Unavailable(text),
                _ => Self::Other(text),
            },
        }
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        let text = error.to_string();
        // ENOSPC and EDQUOT come wrapped in words only.
        if text.contains("No space left") || text.contains("StorageFull") || text.contains("os error 28") || text.contains("os error 122") {
            Self::StorageFull
        } else {
            Self::Unavailable(text)
        }
    }
}
