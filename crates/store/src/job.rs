//! The queue. A claim is a lease; whoever lost it changes nothing.

use model::{Job, JobId, Timestamp, WorkspaceId};

use crate::{Error, Row, Store, Tx, args, dialect, sql};

/// A job that this runner may work on until its lease ends.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Claimed {
    pub id: JobId,
    pub workspace: WorkspaceId,
    /// None when this version does not know the job: it is parked.
    pub job: Option<Job>,
    pub attempts: i64,
    pub created_at: Timestamp,
    pub lease: String,
}

impl Store {
    /// Claims up to `limit` due jobs until `until`, and frees those whose runner died.
    pub async fn claim_jobs(&self, now: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<Claimed>, Error> {
        let lease = model::token::word(&rand::random::<[u8; 10]>());
        let tx = self.begin(now).await?;
        let rows = self.claim(tx, &lease, until, limit).await;
        if rows.is_err() {
            // The connection may have died after the commit: then jobs are ours, and we do not know which.
            self.shared.doubtful_claims().push(lease.clone());
        }
        rows?
            .iter()
            .map(|row| {
                let payload: serde_json::Value = row.json("payload")?;
                let job = serde_json::from_value(serde_json::json!({ "kind": row.text("kind")?, "payload": payload })).ok();
                Ok(Claimed {
                    id: row.id("id")?,
                    workspace: row.id("workspace_id")?,
                    job,
                    attempts: row.int("attempts")?,
                    created_at: row.time("created_at")?,
                    lease: lease.clone(),
                })
            })
            .collect()
    }

    async fn claim(&self, mut tx: Tx, lease: &str, until: Timestamp, limit: usize) -> Result<Vec<Row>, Error> {
        let now = tx.now();
        let doubtful = self.shared.doubtful_claims().clone();
        for lost in &doubtful {
            tx.execute(sql::job::FREE_CLAIM, args![lost.as_str()]).await?;
        }
        if self.looks_for_the_dead(now) {
            tx.execute(sql::job::EXPIRE, args![now]).await?;
        }
        let claim = tx.pick(dialect::sqlite::CLAIM_JOBS, dialect::postgres::CLAIM_JOBS);
        let rows = tx.fetch_all(claim, args![lease, until, now, limit as i64]).await?;
        tx.commit().await?;
        if !doubtful.is_empty() {
            self.shared.doubtful_claims().retain(|lease| !doubtful.contains(lease));
        }
        Ok(rows)
    }

    /// A lease is minutes long: whether it ran out need not be asked at each claim, but once a second.
    fn looks_for_the_dead(&self, now: Timestamp) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        let (last, now) = (self.shared.expired_at.load(Relaxed), now.as_millisecond());
        let is_time = now.saturating_sub(last).unsigned_abs() >= 1_000;
        if is_time {
            self.shared.expired_at.store(now, Relaxed);
        }
        is_time
    }

    /// When the next job is due; none when the queue is empty.
    pub async fn next_job_at(&self) -> Result<Option<Timestamp>, Error> {
        self.read().await?.fetch_one(sql::job::NEXT_DUE, args![]).await?.maybe_time("at")
    }

    /// Jobs by state: `ready`, `running`, `parked`.
    pub async fn job_counts(&self) -> Result<Vec<(String, i64)>, Error> {
        let rows = self.read().await?.fetch_all(sql::job::COUNT, args![]).await?;
        rows.iter().map(|r| Ok((r.text("state")?, r.int("n")?))).collect()
    }
}

/// The job is done. False when the lease was lost: then roll back.
pub async fn done(tx: &mut Tx, job: &Claimed) -> Result<bool, Error> {
    Ok(tx.execute(sql::job::DONE, args![job.id, job.lease.as_str()]).await? == 1)
}

/// The job is to be tried again at a time.
pub async fn retry(tx: &mut Tx, job: &Claimed, at: Timestamp, error: &str) -> Result<bool, Error> {
    Ok(tx.execute(sql::job::RETRY, args![job.id, job.lease.as_str(), at, error]).await? == 1)
}

/// The job is to be tried again at a time, and this try does not count: the database or the storage was away.
pub async fn put_back(tx: &mut Tx, job: &Claimed, at: Timestamp, error: &str) -> Result<bool, Error> {
    Ok(tx.execute(sql::job::PUT_BACK, args![job.id, job.lease.as_str(), at, error]).await? == 1)
}

/// The job is beyond help; an admin sees it.
pub async fn park(tx: &mut Tx, job: &Claimed, error: &str) -> Result<bool, Error> {
    Ok(tx.execute(sql::job::PARK, args![job.id, job.lease.as_str(), error]).await? == 1)
}

/// Prolongs the lease of a job that takes long.
pub async fn keep(tx: &mut Tx, job: &Claimed, until: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(sql::job::KEEP, args![job.id, job.lease.as_str(), until]).await? == 1)
}

/// Takes a job that waits for a time out of the queue: another takes its place.
pub async fn drop_due(tx: &mut Tx, workspace: WorkspaceId, job: &Job, at: Timestamp) -> Result<(), Error> {
    let payload = serde_json::to_value(job).map_err(|e| Error::Other(e.to_string()))?["payload"].to_string();
    tx.execute(sql::job::DROP_DUE, args![workspace, at, job.name(), payload]).await.map(drop)
}

/// Takes every job of a kind out of the queue: for loaders, whose mails have left long ago.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, kind: &str) -> Result<(), Error> {
    tx.execute(sql::job::FORGET, args![workspace, kind]).await.map(drop)
}
