//! Reads every mailbox that is connected by IMAP: one reader each, on one node at a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::mail;
use jiff::Timestamp;
use model::inbox::{self, Auth, Health, Imap, ImapCursor};
use model::{Id, InboxId, WorkspaceId};
use store::inbound_mail::Envelope;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::accept::{Accepted, Refusal};
use super::channel::endpoint;
use super::dial::{Credentials, Dialer};
use super::fault::{Failure, Fault};
use super::imap::{AfterFetch, Cursor, Fetched, Mailbox, MailboxSink, MailboxState, watch};
use super::intake::refusal;
use super::sign_in::SignIn;

/// How long a node keeps a mailbox without a sign of life.
const LEASE: Duration = Duration::from_secs(60);
/// How often the list of mailboxes is looked at.
const LOOK: Duration = Duration::from_secs(5);

struct Reader {
    settings: Imap,
    secret: Option<Vec<u8>>,
    stop: CancellationToken,
}

/// What reads the mailboxes of an installation.
pub struct Mailboxes {
    /// The desk.
    pub desk: Desk,
    /// Opens connections.
    pub dialer: Dialer,
    /// Makes credentials.
    pub sign_in: Arc<SignIn>,
    /// The clock.
    pub now: fn() -> Timestamp,
    /// From 0 to 1, at random.
    pub jitter: fn() -> f64,
}

impl Mailboxes {
    /// Starts and stops readers as inboxes are connected, changed and archived. Runs until told to stop.
    pub async fn read_all(self, stop: CancellationToken) {
        let lease = model::token::word(&rand::random::<[u8; 10]>());
        let tasks = TaskTracker::new();
        let mut readers: HashMap<(WorkspaceId, InboxId), Reader> = HashMap::new();
        loop {
            if let Err(error) = self.look(&lease, &stop, &tasks, &mut readers).await {
                tracing::warn!(%error, "the list of mailboxes could not be read; next look in 5 s");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        tasks.close();
        tasks.wait().await;
        for (workspace, id) in readers.into_keys() {
            if let Ok(mut tx) = self.desk.begin().await
                && store::inbox::release_imap(&mut tx, workspace, id, &lease).await.is_ok()
            {
                let _ = tx.commit().await;
            }
        }
    }

    async fn look(
        &self,
        lease: &str,
        stop: &CancellationToken,
        tasks: &TaskTracker,
        readers: &mut HashMap<(WorkspaceId, InboxId), Reader>,
    ) -> Result<(), store::Error> {
        let mut conn = self.desk.store.read().await?;
        let wanted = store::inbox::all_imap(&mut conn).await?;
        readers.retain(|key, reader| {
            let keep = wanted.contains(key);
            if !keep {
                reader.stop.cancel();
            }
            keep
        });
        for (workspace, id) in wanted {
            let Some(inbox) = store::inbox::get(&mut conn, workspace, id).await? else { continue };
            let inbox::Incoming::Imap(settings) = inbox.incoming else { continue };
            let secret = store::inbox::secrets(&mut conn, workspace, id).await?.incoming;
            let mut tx = self.desk.begin().await?;
            let until = tx.now() + LEASE;
            let mine = store::inbox::lease_imap(&mut tx, workspace, id, lease, until).await?;
            tx.commit().await?;
            let key = (workspace, id);
            // A permission that the provider renewed is no reason to begin anew; another password is.
            let same = |r: &Reader| r.settings == settings && (settings.auth != Auth::Password || r.secret == secret);
            if mine && readers.get(&key).is_some_and(|r| same(r) && !r.stop.is_cancelled()) {
                continue;
            }
            if let Some(old) = readers.remove(&key) {
                old.stop.cancel();
            }
            if !mine {
                continue;
            }
            let stop = stop.child_token();
            let mut mailbox =
                Mailbox::new(endpoint(&settings.host, settings.port, settings.security), settings.folder.clone(), self.now, self.jitter);
            mailbox.after_fetch = match &settings.after_fetch {
                inbox::AfterFetch::Leave => AfterFetch::Leave,
                inbox::AfterFetch::MarkSeen => AfterFetch::MarkSeen,
                inbox::AfterFetch::Move { folder } => AfterFetch::Move(folder.clone()),
            };
            let sink = Sink {
                desk: self.desk.clone(),
                sign_in: self.sign_in.clone(),
                workspace,
                inbox: id,
                settings: settings.clone(),
                lease: lease.to_owned(),
            };
            readers.insert(key, Reader { settings, secret, stop: stop.clone() });
            tasks.spawn(watch(self.dialer.clone(), mailbox, Arc::new(sink), stop));
        }
        Ok(())
    }
}

/// One mailbox's way to the desk.
struct Sink {
    desk: Desk,
    sign_in: Arc<SignIn>,
    workspace: WorkspaceId,
    inbox: InboxId,
    settings: Imap,
    lease: String,
}

fn unavailable(error: &store::Error) -> Refusal {
    if matches!(error, store::Error::StorageFull) { Refusal::StorageFull } else { Refusal::Unavailable }
}

impl MailboxSink for Sink {
    async fn credentials(&self) -> Result<Credentials, Failure> {
        let missing = || Failure::new(Fault::SignIn, "No password is stored for this mailbox. Enter it again in the inbox's settings.");
        let mut conn = self.desk.store.read().await.map_err(|_| Failure::new(Fault::Refused, "The database cannot answer now."))?;
        let sealed = store::inbox::secrets(&mut conn, self.workspace, self.inbox).await.map_err(|_| missing())?;
        let secret = sealed.incoming.ok_or_else(missing)?;
        let secret = self.desk.keys.open(&secret).map_err(|_| missing())?;
        let signed = self.sign_in.credentials(self.settings.auth, &self.settings.user_name, &secret).await;
        let signed = signed.map_err(|error| {
            let fault = if error.is_transient() { Fault::Refused } else { Fault::SignIn };
            Failure::new(fault, error.to_string())
        })?;
        if let Some(new) = &signed.replaces
            && let Err(error) = desk::inbox::renew(&self.desk, self.workspace, self.inbox, &secret, new).await
        {
            // The old permission still works for a while; the next token brings another new one.
            tracing::warn!(inbox.id = self.inbox.raw(), %error, "a renewed permission could not be stored");
        }
        Ok(signed.credentials)
    }

    async fn cursor(&self) -> Result<Option<Cursor>, Refusal> {
        let mut conn = self.desk.store.read().await.map_err(|e| unavailable(&e))?;
        let cursor = store::inbox::imap_cursor(&mut conn, self.workspace, self.inbox).await.map_err(|e| unavailable(&e))?;
        Ok(cursor.map(|c| Cursor { uid_validity: c.uid_validity, last_uid: c.last_uid, since: c.since, since_until_uid: c.since_until_uid }))
    }

    async fn store(&self, mail: Fetched) -> Result<Accepted, Refusal> {
        let envelope = Envelope { via: "imap", ..Envelope::default() };
        match mail::accept_for_inbox(&self.desk, self.workspace, self.inbox, envelope, mail.raw).await {
            Ok(_) => Ok(Accepted { duplicate: false }),
            // An empty message in a mailbox is nothing to keep, and nothing to stop at.
            Err(mail::AcceptError::Empty) => Ok(Accepted { duplicate: true }),
            Err(error) => Err(refusal(&error)),
        }
    }

    async fn save(&self, c: Cursor) -> Result<(), Refusal> {
        let cursor = ImapCursor { uid_validity: c.uid_validity, last_uid: c.last_uid, since: c.since, since_until_uid: c.since_until_uid };
        let saved = async {
            let mut tx = self.desk.begin().await?;
            let mine = store::inbox::save_imap_cursor(&mut tx, self.workspace, self.inbox, cursor, &self.lease).await?;
            tx.commit().await?;
            Ok(mine)
        };
        match saved.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::Unavailable),
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn state(&self, state: MailboxState) {
        let since = self.desk.clock.now();
        let health = match state {
            MailboxState::Connected => Health::Ok { since },
            MailboxState::Failing { failure, .. } => {
                Health::Failing { since, fault: Some(failure.fault.as_str().to_owned()), detail: failure.detail }
            }
        };
        let written: Result<(), store::Error> = async {
            let mut tx = self.desk.begin().await?;
            store::inbox::set_incoming_health(&mut tx, self.workspace, self.inbox, &health).await?;
            let place = (None, Some(self.inbox));
            let kind = model::EventKind::InboxUpdated { inbox: self.inbox, change: "health".into() };
            tx.record(self.workspace, model::Actor::System, place, kind).await?;
            tx.commit().await
        }
        .await;
        if let Err(error) = written {
            tracing::warn!(inbox.id = self.inbox.raw(), %error, "a mailbox's state could not be written");
        }
    }
}
