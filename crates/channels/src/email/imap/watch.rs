//! The loop around one mailbox.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    AfterFetch, Cursor, Fetched, Mailbox, MailboxSink, MailboxState, Start,
    session::{self, Folder, ImapError, Item, Session},
};
use crate::email::{
    accept::Refusal,
    dial::Dialer,
    fault::{Failure, Fault},
};

/// Why a round ended.
enum End {
    /// We were told to stop.
    Stopped,
    /// The server, or the way to it.
    Server(Failure),
    /// Our own store.
    Store(Refusal),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal)
    }
}

impl From<ImapError> for End {
    fn from(error: ImapError) -> Self {
        match error {
            ImapError::Stopped => Self::Stopped,
            other => Self::Server(other.into()),
        }
    }
}

/// Reads the mailbox until `stop`: catches up in batches, then waits for more, and comes back after every fault. A
/// mail counts as read only when the sink has stored it, so nothing is lost; what comes twice the sink recognises.
pub async fn watch<S: MailboxSink>(dialer: Dialer, mailbox: Mailbox, sink: Arc<S>, stop: CancellationToken) {
    let mut watch = Watch { dialer, mailbox, sink, stop, attempt: 0, told: None };
    loop {
        let failure = match watch.round().await {
            Ok(()) | Err(End::Stopped) => break,
            Err(End::Server(failure)) => failure,
            Err(End::Store(refusal)) => Failure::new(Fault::Refused, format!("Mail waits in the mailbox: {refusal}.")),
        };
        watch.attempt += 1;
        let back_off = watch.mailbox.back_off;
        let mut delay = back_off.delay(watch.attempt, (watch.mailbox.jitter)());
        if matches!(failure.fault, Fault::SignIn | Fault::AppPassword) {
            delay = delay.max(back_off.sign_in);
        }
        let delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        warn!(
            host = watch.mailbox.endpoint.host, fault = ?failure.fault, attempt = watch.attempt, delay_ms,
            "reading a mailbox failed; next attempt in {delay_ms} ms"
        );
        let retry_at = (watch.mailbox.now)().checked_add(delay).ok();
        watch.tell(MailboxState::Failing { failure, retry_at }).await;
        tokio::select! {
            () = watch.stop.cancelled() => break,
            () = tokio::time::sleep(delay) => {}
        }
    }
    info!(host = watch.mailbox.endpoint.host, "stopped reading a mailbox");
}

struct Watch<S> {
    dialer: Dialer,
    mailbox: Mailbox,
    sink: Arc<S>,
    stop: CancellationToken,
    attempt: u32,
    told: Option<MailboxState>,
}

impl<S: MailboxSink> Watch<S> {
    async fn tell(&mut self, state: MailboxState) {
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            self.sink.state(state).await;
        }
    }

    /// One connection, from sign-in to its end. `Ok` means stopped.
    async fn round(&mut self) -> Result<(), End> {
        let stop = self.stop.clone();
        let credentials = self.sink.credentials().await?;
        let opening = async {
            let mut session = session::open(&self.dialer, &self.mailbox.endpoint, &credentials).await?;
            let read_only = self.mailbox.after_fetch == AfterFetch::Leave;
            let folder = session.select(&self.mailbox.folder, read_only).await?;
            Ok::<_, Failure>((session, folder))
        };
        let (mut session, folder) = tokio::select! {
            () = stop.cancelled() => return Err(End::Stopped),
            opened = opening => opened?,
        };
        let mut cursor = self.begin(&mut session, folder).await?;
        loop {
            let trouble = match self.catch_up(&mut session, &mut cursor).await {
                Err(End::Stopped) => {
                    session.log_out().await;
                    return Ok(());
                }
                other => other?,
            };
            self.attempt = 0;
            self.tell(match trouble {
                None => MailboxState::Connected,
                Some(failure) => MailboxState::Failing { failure, retry_at: None },
            })
            .await;
            self.wait(&mut session).await?;
            if self.stop.is_cancelled() {
                session.log_out().await;
                return Ok(());
            }
        }
    }

    /// The saved cursor, or a new one when the mailbox or its numbering is new.
    async fn begin(&self, session: &mut Session, folder: Folder) -> Result<Cursor, End> {
        let last = match folder.uid_next {
            Some(next) => next.saturating_sub(1),
            None => session.search("ALL").await?.last().copied().unwrap_or(0),
        };
        let uid_validity = folder.uid_validity;
        let cursor = match self.sink.cursor().await? {
            Some(cursor) if cursor.uid_validity == uid_validity => return Ok(cursor),
            Some(old) => {
                info!(host = self.mailbox.endpoint.host, "the mailbox was renumbered; reading it again from the start");
                Cursor { uid_validity, last_uid: 0, since: old.since, since_until_uid: last }
            }
            None => match self.mailbox.start {
                Start::All => Cursor { uid_validity, last_uid: 0, since: None, since_until_uid: 0 },
                Start::New => Cursor { uid_validity, last_uid: last, since: Some((self.mailbox.now)()), since_until_uid: last },
            },
        };
        self.sink.save(cursor).await?;
        Ok(cursor)
    }

    /// Takes everything above the cursor. The value is a trouble that does not keep mail out (a move that failed).
    async fn catch_up(&self, session: &mut Session, cursor: &mut Cursor) -> Result<Option<Failure>, End> {
        let mut trouble = None;
        session.news = false;
        let first = cursor.last_uid.saturating_add(1);
        let mut uids = self.net(session.search(&format!("UID {first}:* UNDELETED"))).await?;
        // `n:*` names the last message even when its number is smaller than n.
        uids.retain(|&uid| uid >= first);
        for batch in uids.chunks(self.mailbox.batch.max(1)) {
            let overview = self.net(session.overview(batch)).await?;
            for &uid in batch {
                if self.stop.is_cancelled() {
                    return Err(End::Stopped);
                }
                let wanted = overview.iter().find(|item| item.uid == uid).filter(|item| !is_before(item, cursor));
                if let Some(item) = wanted
                    && let Some(mail) = self.fetch(session, item).await?
                {
                    match self.sink.store(mail).await {
                        Ok(_) => trouble = self.after(session, uid).await?.or(trouble),
                        // It will never be taken: the sink has said why, and the others must not wait behind it.
                        Err(refusal) if !refusal.is_transient() => {
                            warn!(host = self.mailbox.endpoint.host, uid, %refusal, "a mail in a mailbox was refused");
                        }
                        Err(refusal) => return Err(refusal.into()),
                    }
                }
                cursor.last_uid = uid;
                self.sink.save(*cursor).await?;
            }
        }
        Ok(trouble)
    }

    async fn fetch(&self, session: &mut Session, item: &Item) -> Result<Option<Fetched>, End> {
        let max = self.mailbox.max_size;
        let too_large = item.size > max;
        let body = self.net(session.body(item.uid, too_large, max)).await?;
        let received_at = item.received_at.unwrap_or_else(self.mailbox.now);
        Ok(body.map(|raw| Fetched { uid: item.uid, received_at, raw, omitted: too_large.then_some(item.size) }))
    }

    /// What was asked for once a mail is stored. A refusal is told, not fatal: the mail is here.
    async fn after(&self, session: &mut Session, uid: u32) -> Result<Option<Failure>, End> {
        let (done, detail) = match &self.mailbox.after_fetch {
            AfterFetch::Leave => return Ok(None),
            AfterFetch::MarkSeen => (session.mark_seen(uid).await, "Mail arrives, but cannot be marked as read.".into()),
            AfterFetch::Move(folder) => (session.move_to(uid, folder).await, format!("Mail arrives, but cannot be moved to {folder}.")),
        };
        match done {
            Ok(()) => Ok(None),
            Err(ImapError::No { text, .. }) => Ok(Some(Failure::said(Fault::Folder, detail, text))),
            Err(other) => Err(other.into()),
        }
    }

    /// Waits until there may be more.
    async fn wait(&self, session: &mut Session) -> Result<(), End> {
        if session.news {
            return Ok(());
        }
        if session.can("IDLE") {
            debug!(host = self.mailbox.endpoint.host, "waiting for mail");
            return Ok(session.idle(self.mailbox.idle, &self.stop).await?);
        }
        tokio::select! {
            () = self.stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(self.mailbox.poll) => {}
        }
        Ok(session.noop().await?)
    }

    /// Waits for the server, or for the stop. After a stop the connection is out of step and only good for closing.
    async fn net<T>(&self, answer: impl Future<Output = Result<T, ImapError>>) -> Result<T, ImapError> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(ImapError::Stopped),
            answer = answer => answer,
        }
    }
}

/// True for mail that was there before the mailbox was connected.
fn is_before(item: &Item, cursor: &Cursor) -> bool {
    item.uid <= cursor.since_until_uid && cursor.since.is_some_and(|since| item.received_at.is_some_and(|received| received < since))
}
