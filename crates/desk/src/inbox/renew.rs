//! A provider renews the permission by which we sign in at a mailbox: the new one replaces the old wherever that is stored.

use model::{InboxId, Secret, WorkspaceId};
use store::Error;
use store::inbox::SealedSecrets;

use crate::{Desk, random};

/// Stores a renewed permission for each way, in or out, that still has the old one. A password, or a permission that an
/// admin gave meanwhile, stays.
///
/// # Errors
/// When the store cannot answer; the old permission still works for a while, and the next token brings another new one.
pub async fn renew(desk: &Desk, workspace: WorkspaceId, inbox: InboxId, old: &Secret, new: &Secret) -> Result<(), Error> {
    let mut tx = desk.begin().await?;
    let stored = store::inbox::secrets(&mut tx, workspace, inbox).await?;
    let is_old = |sealed: &Option<Vec<u8>>| {
        let opened = sealed.as_deref().and_then(|s| desk.keys.open(s).ok());
        opened.is_some_and(|secret| secret.expose() == old.expose())
    };
    let replaced = |sealed: &Option<Vec<u8>>| if is_old(sealed) { Some(desk.keys.seal(new, random::bytes())) } else { sealed.clone() };
    let secrets = SealedSecrets { incoming: replaced(&stored.incoming), outgoing: replaced(&stored.outgoing) };
    if secrets == stored {
        return Ok(());
    }
    store::inbox::replace_secrets(&mut tx, workspace, inbox, &secrets).await?;
    tx.commit().await
}
