//! Claims due jobs in small batches and works on them side by side.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::mail::{self, DeliverOutcome};
use desk::ports::MailChannel;
use model::{Job, Timestamp};
use store::Error;
use store::job::Claimed;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Jobs claimed at once, and worked on at once.
const BATCH: usize = 16;
/// How long a job may take before another runner tries it.
const LEASE: Duration = Duration::from_secs(120);
/// Time for one mail to be understood (DNS look-ups included).
const MAIL_TIME: Duration = Duration::from_secs(30);
/// Tries of a job that fails for reasons of our own.
const MAX_ATTEMPTS: i64 = 20;

/// What the runner works with.
#[derive(Clone)]
pub struct Runner {
    /// The desk.
    pub desk: Desk,
    /// The way mail is understood and sent.
    pub mail: Arc<dyn MailChannel>,
}

/// Works until told to stop, then finishes what it has begun.
pub async fn run(runner: Runner, stop: CancellationToken) {
    let mut working = JoinSet::new();
    let mut tidy_at = runner.desk.clock.now();
    while !stop.is_cancelled() {
        let now = runner.desk.clock.now();
        if now >= tidy_at {
            crate::tidy::tidy(&runner.desk).await;
            tidy_at = now + Duration::from_secs(3_600);
        }
        while working.try_join_next().is_some() {}
        let free = BATCH.saturating_sub(working.len());
        let claimed = if free == 0 { Ok(Vec::new()) } else { runner.desk.store.claim_jobs(now, now + LEASE, free).await };
        match claimed {
            Ok(jobs) if !jobs.is_empty() => {
                for job in jobs {
                    let runner = runner.clone();
                    working.spawn(async move { runner.work(job).await });
                }
            }
            Ok(_) if free == 0 => {
                working.join_next().await;
            }
            Ok(_) => {
                let wait = runner.wait().await;
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = runner.desk.store.jobs_waiting() => {}
                    () = tokio::time::sleep(wait) => {}
                    Some(_) = working.join_next() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "claiming jobs failed; next try in 1 s");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    while working.join_next().await.is_some() {}
}

impl Runner {
    /// Until the next job is due, at most a second: other nodes and the command line also queue jobs.
    async fn wait(&self) -> Duration {
        let now = self.desk.clock.now();
        let due = self.desk.store.next_job_at().await.ok().flatten();
        let ms = due.map_or(1_000, |at| (at.as_millisecond() - now.as_millisecond()).clamp(1, 1_000));
        Duration::from_millis(ms as u64)
    }

    /// One job, to its end: done, to be tried again, or parked.
    async fn work(&self, job: Claimed) {
        let Some(kind) = job.job.clone() else {
            self.report(&job, Err("this version does not know the job".into()), false).await;
            return;
        };
        let name = kind.name();
        let this = self.clone();
        let claimed = job.clone();
        // A task of its own, so that a panic ends the job and not the runner.
        let result = tokio::spawn(async move { this.run_one(&claimed, kind).await }).await;
        metrics::counter!("sonnim_jobs_total", "kind" => name).increment(1);
        match result {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.report(&job, Err(error.to_string()), error.is_transient() || job.attempts < 5).await,
            Err(panic) => self.poisoned(&job, &panic.to_string()).await,
        }
    }

    async fn run_one(&self, job: &Claimed, kind: Job) -> Result<(), Error> {
        let desk = &self.desk;
        match kind {
            Job::ProcessMail { mail } => match tokio::time::timeout(MAIL_TIME, mail::process(desk, self.mail.as_ref(), job, mail)).await {
                Ok(result) => result.map(drop),
                Err(_) => mail::quarantine(desk, job, mail, "it took too long to understand").await.map(drop),
            },
            Job::DeliverMessage { message } => match mail::deliver(desk, self.mail.as_ref(), job, message).await? {
                DeliverOutcome::Done => Ok(()),
                DeliverOutcome::Again { at } => {
                    tracing::info!(message.id = %message, next_attempt = %at, "a mail was not taken yet");
                    Ok(())
                }
            },
            Job::WakeConversation { conversation } => {
                let mut tx = desk.begin().await?;
                desk::conversation::wake(&mut tx, job.workspace, conversation).await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
            Job::PurgeConversation { conversation } => {
                let mut tx = desk.begin().await?;
                desk::conversation::purge_when_due(&mut tx, job.workspace, conversation).await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
            Job::MailNotifications { agent } => desk::notification::send_digest(desk, job, agent).await,
            Job::SweepBlobs { sha256 } => desk::conversation::sweep_blobs(desk, job, &sha256).await,
            Job::SendNotice { sealed } => desk::mail::send_notice(desk, self.mail.as_ref(), job, &sealed).await,
            Job::CleanUp {} => {
                crate::tidy::tidy(desk).await;
                let mut tx = desk.begin().await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
        }
    }

    /// A job that panicked: a mail goes to quarantine, anything else is tried a few times and parked.
    async fn poisoned(&self, job: &Claimed, what: &str) {
        tracing::error!(job.id = %job.id, "a job panicked: {what}");
        if let Some(Job::ProcessMail { mail }) = &job.job {
            if let Err(error) = mail::quarantine(&self.desk, job, *mail, "understanding it failed").await {
                self.report(job, Err(error.to_string()), true).await;
            }
            return;
        }
        self.report(job, Err("it panicked".into()), job.attempts < 3).await;
    }

    async fn report(&self, job: &Claimed, result: Result<(), String>, again: bool) {
        let Err(error) = result else { return };
        let now: Timestamp = self.desk.clock.now();
        let outcome = async {
            let mut tx = self.desk.store.begin(now).await?;
            if again && job.attempts < MAX_ATTEMPTS {
                let delay = Duration::from_secs(1 << job.attempts.clamp(0, 9));
                store::job::retry(&mut tx, job, now + delay, &error).await?;
            } else {
                store::job::park(&mut tx, job, &error).await?;
                tracing::error!(job.id = %job.id, "a job was parked: {error}");
            }
            tx.commit().await
        };
        if let Err(error) = outcome.await {
            tracing::warn!(job.id = %job.id, %error, "a job's end could not be written; its lease will expire");
        }
    }
}
