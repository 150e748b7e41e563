//! Claims due jobs in small batches and works on them side by side.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::mail::{self, DeliverOutcome};
use desk::ports::{MailChannel, PushChannel};
use desk::push::Looking;
use model::{Job, Reason};
use store::Error;
use store::job::Claimed;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Jobs claimed at once, and worked on at once.
const BATCH: usize = 16;
/// How long a job may take before another runner tries it.
const LEASE: Duration = Duration::from_secs(120);
/// Time for one mail to be understood (DNS look-ups included), and its files to be stored.
const MAIL_TIME: Duration = Duration::from_secs(60);
/// Between two looks whether a full storage has space again.
const SPACE: Duration = Duration::from_secs(2);
/// Tries of a job that fails for reasons of its own.
const MAX_ATTEMPTS: i64 = 5;
/// The longest and the shortest wait for a database or storage that is away.
const AWAY: (i64, i64) = (2_000, 300_000);

/// What the runner works with.
#[derive(Clone)]
pub struct Runner {
    /// The desk.
    pub desk: Desk,
    /// The way mail is understood and sent.
    pub mail: Arc<dyn MailChannel>,
    /// The way to push services.
    pub push: Arc<dyn PushChannel>,
    /// Who looks at what: nobody is pushed what is in front of them.
    pub looking: Looking,
}

/// Works until told to stop, then finishes what it has begun.
pub async fn run(runner: Runner, stop: CancellationToken) {
    let mut working = JoinSet::new();
    let watching = tokio::spawn(watch(runner.desk.clone(), runner.looking.clone()));
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
                    let (runner, stop) = (runner.clone(), stop.clone());
                    working.spawn(async move { runner.work(job, &stop).await });
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
    watching.abort();
}

/// Follows who looks at what, on every node.
async fn watch(desk: Desk, looking: Looking) {
    let mut people = desk.store.watch_presence();
    loop {
        match people.recv().await {
            Ok(presence) => looking.saw(&presence, desk.clock.now()),
            // Signs are repeated: a lost one comes again.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
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
    async fn work(&self, job: Claimed, stop: &CancellationToken) {
        let Some(kind) = job.job.clone() else {
            self.report(&job, "this version does not know the job", false).await;
            return;
        };
        let name = kind.name();
        let this = self.clone();
        let claimed = job.clone();
        // A task of its own, so that a panic ends the job and not the runner.
        let result = tokio::spawn(async move { Box::pin(this.run_one(&claimed, kind)).await }).await;
        metrics::counter!("sonnim_jobs_total", "kind" => name).increment(1);
        match result {
            Ok(Ok(())) => {}
            Ok(Err(Error::StorageFull)) => self.wait_for_space(&job, stop).await,
            Ok(Err(error)) if error.is_transient() => self.put_back(&job, &error.to_string()).await,
            Ok(Err(error)) => self.report(&job, &error.to_string(), job.attempts < MAX_ATTEMPTS).await,
            Err(panic) => self.poisoned(&job, &panic.to_string()).await,
        }
    }

    async fn run_one(&self, job: &Claimed, kind: Job) -> Result<(), Error> {
        let desk = &self.desk;
        match kind {
            Job::ProcessMail { mail } => match tokio::time::timeout(MAIL_TIME, mail::process(desk, self.mail.as_ref(), job, mail)).await {
                Ok(result) => result.map(drop),
                Err(_) => mail::quarantine(desk, job, mail, Reason::new("took_too_long", "it took too long to understand")).await.map(drop),
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
            Job::ConversationDue { conversation } => {
                let mut tx = desk.begin().await?;
                desk::conversation::become_due(&mut tx, job.workspace, conversation).await?;
                // Whoever lost the job says nothing: another runner does.
                if store::job::done(&mut tx, job).await? { tx.commit().await } else { Ok(()) }
            }
            Job::Remind { reminder } => {
                let mut tx = desk.begin().await?;
                desk::reminder::remind(&mut tx, job.workspace, reminder).await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
            Job::WorkBulk { bulk } => {
                let mut tx = desk.begin().await?;
                desk::bulk::step(&mut tx, desk, job.workspace, bulk).await?;
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
            Job::PushNotification { notification, push } => desk::push::push(desk, self.push.as_ref(), &self.looking, job, notification, push).await,
            Job::SendTranscript { conversation, to, notes, by, language, asked } => {
                let what = mail::Transcript { conversation, to, notes, by, language, asked };
                mail::send_transcript(desk, self.mail.as_ref(), job, &what).await
            }
            Job::ChatMailDue { conversation } => {
                let mut tx = desk.begin().await?;
                desk::chat::mail_due(&mut tx, job.workspace, conversation).await?;
                if store::job::done(&mut tx, job).await? { tx.commit().await } else { Ok(()) }
            }
            Job::SendChatMail { conversation, after, upto } => desk::chat::send_mail(desk, self.mail.as_ref(), job, conversation, after, upto).await,
            Job::ForgetWords { words } => {
                let mut tx = desk.begin().await?;
                store::search::forget_unheld(&mut tx, job.workspace, &words).await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
            Job::SweepBlobs { sha256 } => desk::conversation::sweep_blobs(desk, job, &sha256).await,
            Job::SendNotice { sealed } => desk::mail::send_notice(desk, self.mail.as_ref(), job, &sealed).await,
            Job::Route {} => {
                let mut tx = desk.begin().await?;
                desk::routing::run(&mut tx, job.workspace).await?;
                store::job::done(&mut tx, job).await?;
                tx.commit().await
            }
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
            if let Err(error) = mail::quarantine(&self.desk, job, *mail, Reason::new("failed", "understanding it failed")).await {
                self.put_back(job, &error.to_string()).await;
            }
            return;
        }
        self.report(job, "it panicked", job.attempts < 3).await;
    }

    /// Gives a job back that failed for want of space, as soon as that can be written. Until then it keeps its place, so
    /// that no other job is begun in vain; and the try does not count, for its mail is not to blame.
    async fn wait_for_space(&self, job: &Claimed, stop: &CancellationToken) {
        tracing::error!(job.id = %job.id, "the storage is full; the job goes on when there is space");
        loop {
            let now = self.desk.clock.now();
            let written: Result<(), Error> = async {
                let mut tx = self.desk.store.begin(now).await?;
                store::job::put_back(&mut tx, job, now + SPACE, &Error::StorageFull.to_string()).await?;
                tx.commit().await
            }
            .await;
            if written.is_ok() {
                return;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(SPACE) => {}
            }
        }
    }

    /// The database or the storage was away: tried again for as long as that lasts, and never given up.
    async fn put_back(&self, job: &Claimed, error: &str) {
        let now = self.desk.clock.now();
        // The older the job, the longer the wait: half of its age.
        let age = now.as_millisecond() - job.created_at.as_millisecond();
        let delay = Duration::from_millis((age / 2).clamp(AWAY.0, AWAY.1) as u64);
        tracing::warn!(job.id = %job.id, "a job could not be done; next try in {} s: {error}", delay.as_secs());
        self.write(job, End::PutBack(delay), error).await;
    }

    async fn report(&self, job: &Claimed, error: &str, again: bool) {
        if again {
            return self.write(job, End::Again(Duration::from_secs(1 << job.attempts.clamp(0, 9))), error).await;
        }
        tracing::error!(job.id = %job.id, "a job was parked: {error}");
        self.write(job, End::Parked, error).await;
    }

    /// Writes a job's end, as soon as the database is there: within the lease, because after it the job is somebody else's.
    async fn write(&self, job: &Claimed, end: End, why: &str) {
        for wait in [1, 1, 2, 4, 8, 16, 30, 30, 0] {
            let written = async {
                let mut tx = self.desk.begin().await?;
                let now = tx.now();
                match end {
                    End::PutBack(delay) => store::job::put_back(&mut tx, job, now + delay, why).await?,
                    End::Again(delay) => store::job::retry(&mut tx, job, now + delay, why).await?,
                    End::Parked => store::job::park(&mut tx, job, why).await?,
                };
                tx.commit().await
            };
            match written.await {
                Err(error) if error.is_transient() && wait > 0 => tokio::time::sleep(Duration::from_secs(wait)).await,
                Err(error) => return tracing::warn!(job.id = %job.id, %error, "a job's end could not be written; its lease will expire"),
                Ok(()) => return,
            }
        }
    }
}

/// How a try ended that did not do the job.
#[derive(Clone, Copy)]
enum End {
    /// It does not count.
    PutBack(Duration),
    /// Another one later.
    Again(Duration),
    /// No more.
    Parked,
}
