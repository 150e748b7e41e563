//! The secret by which a mail leaves.

use model::inbox::{Inbox, Outgoing};
use model::{Secret, WorkspaceId};
use store::Error;

use crate::Desk;
use crate::ports::MailChannel;

/// The stored password or permission of an inbox's way out. A permission that the provider renews is stored first, so that
/// it is not lost when the mail does not leave; none when nothing is stored.
pub(crate) async fn secret_of(desk: &Desk, channel: &dyn MailChannel, workspace: WorkspaceId, inbox: &Inbox) -> Result<Option<Secret>, Error> {
    let mut conn = desk.store.read().await?;
    let sealed = store::inbox::secrets(&mut conn, workspace, inbox.id).await?;
    drop(conn);
    let Some(secret) = sealed.outgoing.as_deref().and_then(|s| desk.keys.open(s).ok()) else { return Ok(None) };
    if inbox.outgoing == Outgoing::None {
        return Ok(Some(secret));
    }
    let Some(new) = channel.renew(&inbox.outgoing, &secret).await else { return Ok(Some(secret)) };
    if let Err(error) = crate::inbox::renew(desk, workspace, inbox.id, &secret, &new).await {
        tracing::warn!(inbox.id = %inbox.id, %error, "a renewed permission could not be stored");
    }
    Ok(Some(new))
}
