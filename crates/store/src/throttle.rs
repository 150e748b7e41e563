//! Counters in windows of time. They count first and answer then, so limits hold for parallel tries and on every node.

use model::Timestamp;

use crate::{Error, Tx, args, sql};

/// The start of the window of `seconds` that `now` is in.
pub fn window(now: Timestamp, seconds: i64) -> i64 {
    now.as_second().div_euclid(seconds) * seconds * 1000
}

/// Counts one try in a bucket, and says how many there are now in this window of `seconds`, this one included.
pub async fn hit(tx: &mut Tx, bucket: &str, seconds: i64) -> Result<i64, Error> {
    let start = window(tx.now(), seconds);
    tx.fetch_one(sql::throttle::HIT, args![bucket, start]).await?.int("hits")
}

/// Takes one try back: it was a good one.
pub async fn forgive(tx: &mut Tx, bucket: &str, seconds: i64) -> Result<(), Error> {
    let start = window(tx.now(), seconds);
    tx.execute(sql::throttle::FORGIVE, args![bucket, start]).await.map(drop)
}

/// Removes windows that began before a time.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::throttle::EXPIRE, args![before]).await
}
