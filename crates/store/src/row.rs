//! One row, from either database.

use model::{Id, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::Error;
use crate::lite::LiteRow;

/// One row.
pub enum Row {
    /// From SQLite.
    Sqlite(LiteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// A BIGINT.
    pub fn int(&self, name: &str) -> Result<i64, Error> {
        self.maybe_int(name)?.ok_or_else(|| empty(name))
    }

    /// A BIGINT or nothing.
    pub fn maybe_int(&self, name: &str) -> Result<Option<i64>, Error> {
        match self {
            Self::Sqlite(row) => row.int(name),
            Self::Postgres(row) => Ok(row.try_get(name)?),
        }
    }

    /// A TEXT.
    pub fn text(&self, name: &str) -> Result<String, Error> {
        self.maybe_text(name)?.ok_or_else(|| empty(name))
    }

    /// A TEXT or nothing.
    pub fn maybe_text(&self, name: &str) -> Result<Option<String>, Error> {
        match self {
            Self::Sqlite(row) => row.text(name),
            Self::Postgres(row) => Ok(row.try_get(name)?),
        }
    }

    /// Bytes or nothing.
    pub fn maybe_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Sqlite(row) => row.bytes(name),
            Self::Postgres(row) => Ok(row.try_get(name)?),
        }
    }

    /// A BOOLEAN.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self {
            Self::Sqlite(row) => Ok(row.int(name)?.ok_or_else(|| empty(name))? != 0),
            Self::Postgres(row) => Ok(row.try_get(name)?),
        }
    }

    /// An id.
    pub fn id<T: Id>(&self, name: &str) -> Result<T, Error> {
        self.int(name).map(T::from_raw)
    }

    /// An id or nothing.
    pub fn maybe_id<T: Id>(&self, name: &str) -> Result<Option<T>, Error> {
        Ok(self.maybe_int(name)?.map(T::from_raw))
    }

    /// A time.
    pub fn time(&self, name: &str) -> Result<Timestamp, Error> {
        to_time(name, self.int(name)?)
    }

    /// A time or nothing.
    pub fn maybe_time(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        self.maybe_int(name)?.map(|ms| to_time(name, ms)).transpose()
    }

    /// JSON in a TEXT.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        from_json(name, &self.text(name)?)
    }

    /// JSON in a TEXT, or nothing.
    pub fn maybe_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        self.maybe_text(name)?.map(|text| from_json(name, &text)).transpose()
    }

    /// A TEXT that parses.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<T, Error> {
        self.text(name)?.parse().map_err(|_| Error::Corrupt(format!("column {name}")))
    }
}

fn empty(name: &str) -> Error {
    Error::Corrupt(format!("column {name} is empty"))
}

fn to_time(name: &str, ms: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(ms).map_err(|_| Error::Corrupt(format!("column {name}")))
}

fn from_json<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::Corrupt(format!("column {name}: {e}")))
}

/// JSON for a TEXT column.
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    // Our own plain types always serialise; should one not, an empty object fails loudly at the next read.
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}
