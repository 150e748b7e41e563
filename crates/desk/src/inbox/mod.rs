//! Verbs about inboxes.

mod connect;
mod create;
mod oauth;
mod renew;
mod test_mail;
mod update;

pub use connect::{NewIncoming, NewOutgoing, connect, kept_secrets};
pub use create::{NewInbox, create};
pub use oauth::{connect_oauth, oauth_state, read_oauth_state};
pub use renew::renew;
pub use test_mail::test_mail;
pub use update::{Changes, update};

use model::{AgentId, EventKind, InboxId, Scope};
use store::Tx;

use crate::Refusal;

/// Every member must be an agent here: a foreign id counts as one that does not exist.
async fn check_members(tx: &mut Tx, scope: &Scope, members: &[AgentId]) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    let known: Vec<AgentId> = store::agent::list(tx, scope.workspace).await?.into_iter().map(|a| a.id).collect();
    if members.iter().all(|m| known.contains(m)) { Ok(()) } else { Err(Refusal::unknown("member_ids")) }
}

fn address_taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("address", "taken", "An inbox has this address already."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, inbox: InboxId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::InboxUpdated { inbox, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, Some(inbox)), kind).await?)
}
