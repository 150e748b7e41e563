//! Requests that were made once already, by the key that their sender gave them.

use model::{Timestamp, WorkspaceId};

use crate::{Error, Tx, args, sql};

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: go on, then call [`finish`] or [`release`].
    Yours,
    /// The first request with it is not done, or never told its end.
    Running,
    /// Another request used it.
    OtherRequest,
    /// Done: the answer of then.
    Done {
        /// HTTP status.
        status: u16,
        /// Body, as given to [`finish`].
        body: String,
    },
}

/// Claims a key for a request (its hash). Of many at the same time, one gets [`Claim::Yours`].
pub async fn claim(tx: &mut Tx, workspace: WorkspaceId, actor: &str, key: &str, request_hash: &str) -> Result<Claim, Error> {
    let now = tx.now();
    if tx.execute(sql::idempotency::CLAIM, args![workspace, actor, key, request_hash, now]).await? == 1 {
        return Ok(Claim::Yours);
    }
    let Some(row) = tx.fetch_optional(sql::idempotency::FIND, args![workspace, actor, key]).await? else {
        return Ok(Claim::Running);
    };
    if row.text("request_hash")? != request_hash {
        return Ok(Claim::OtherRequest);
    }
    match (row.maybe_int("status")?, row.maybe_text("body")?) {
        (Some(status), Some(body)) => Ok(Claim::Done { status: status as u16, body }),
        _ => Ok(Claim::Running),
    }
}

/// Keeps the answer to the request that claimed a key.
pub async fn finish(tx: &mut Tx, workspace: WorkspaceId, actor: &str, key: &str, status: u16, body: &str) -> Result<(), Error> {
    tx.execute(sql::idempotency::FINISH, args![workspace, actor, key, i64::from(status), body]).await.map(drop)
}

/// Gives a claimed key back: the request changed nothing.
pub async fn release(tx: &mut Tx, workspace: WorkspaceId, actor: &str, key: &str) -> Result<(), Error> {
    tx.execute(sql::idempotency::RELEASE, args![workspace, actor, key]).await.map(drop)
}

/// Removes keys of requests made before a time.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::idempotency::EXPIRE, args![before]).await
}
