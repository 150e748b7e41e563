//! A mail of Sonnim's own leaves through the workspace's first mailbox that can send.

use model::inbox::Outgoing;
use model::message::RecipientState;
use model::{Id, Mailbox};
use store::Error;
use store::job::Claimed;

use super::sign_in::secret_of;
use crate::ports::{Automatic, DeliverError, MailChannel, OutgoingMail};
use crate::{Desk, notice};

/// Sends an invitation or a password reset, and ends its job.
///
/// # Errors
/// [`Error::Unavailable`] while no mailbox can send: the queue tries again.
pub async fn send_notice(desk: &Desk, channel: &dyn MailChannel, job: &Claimed, sealed: &str) -> Result<(), Error> {
    let workspace = job.workspace;
    let notice = notice::open(&desk.keys, sealed).map_err(|e| Error::Corrupt(e.to_string()))?;
    let mut conn = desk.store.read().await?;
    let inboxes = store::inbox::list(&mut conn, workspace).await?;
    let Some(inbox) = inboxes.into_iter().find(|i| i.archived_at.is_none() && i.outgoing != Outgoing::None) else {
        return Err(Error::Unavailable("no mailbox can send yet".into()));
    };
    let name = store::workspace::find(&mut conn, workspace).await?.map(|w| w.name);
    drop(conn);
    let secret = secret_of(desk, channel, workspace, &inbox).await?;
    let mail = OutgoingMail {
        // From the job's id, so that a second try carries the same one.
        message_id: desk.keys.signing.message_id(workspace, model::MessageId::from_raw(job.id.raw()), inbox.address.domain()),
        from: Mailbox { name, address: inbox.address.clone() },
        reply_to: None,
        to: vec![Mailbox { name: None, address: notice.to.clone() }],
        cc: Vec::new(),
        envelope: vec![notice.to.clone()],
        subject: notice.subject,
        text: notice.text,
        html: notice.html,
        attachments: Vec::new(),
        in_reply_to: None,
        references: Vec::new(),
        date: job.created_at,
        automatic: Automatic::Generated,
    };
    match channel.deliver(&inbox.outgoing, secret.as_ref(), &mail).await {
        Ok(results) if results.iter().any(|r| r.state == RecipientState::Queued) => return Err(Error::Unavailable("the server said not now".into())),
        Err(DeliverError::Transient(why)) => return Err(Error::Unavailable(why.detail)),
        Ok(_) => {}
        Err(DeliverError::Permanent(detail)) => tracing::warn!(job.id = %job.id, "a notice was refused: {detail}"),
    }
    let mut tx = desk.begin().await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await
}
