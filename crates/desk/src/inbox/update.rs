//! Names, members, signature and habits of an inbox.

use model::inbox::{Acknowledgement, ClosedPolicy};
use model::{AgentId, EmailAddress, InboxId, Permission, Scope};
use store::Tx;

use crate::{Refusal, html, line};

/// What is to change; none leaves it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Changes {
    pub name: Option<String>,
    pub address: Option<EmailAddress>,
    /// `Some(None)` goes back to the inbox's name.
    pub from_name: Option<Option<String>>,
    pub signature_html: Option<String>,
    pub open_to_all: Option<bool>,
    pub members: Option<Vec<AgentId>>,
    pub acknowledgement: Option<Acknowledgement>,
    pub closed_policy: Option<ClosedPolicy>,
    pub archived: Option<bool>,
}

/// Changes an inbox, apart from its mailbox. An archived inbox takes no mail; its conversations stay.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] when the address is taken, a member is no agent here, or an acknowledgement
/// that is switched on says nothing.
pub async fn update(tx: &mut Tx, scope: &Scope, id: InboxId, changes: Changes) -> Result<(), Refusal> {
    scope.require(Permission::InboxManage)?;
    let mut inbox = store::inbox::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    if let Some(name) = changes.name {
        inbox.name = line::line("name", &name, 120)?;
    }
    inbox.address = changes.address.unwrap_or(inbox.address);
    if let Some(from_name) = changes.from_name {
        let from_name = from_name.map(|n| line::optional_line("from_name", &n, 120)).transpose()?;
        inbox.from_name = from_name.filter(|n| !n.is_empty());
    }
    if let Some(signature) = changes.signature_html {
        inbox.signature_html = html::sanitize_composed(&line::text("signature_html", &signature, 20_000)?);
    }
    inbox.open_to_all = changes.open_to_all.unwrap_or(inbox.open_to_all);
    if let Some(ack) = changes.acknowledgement {
        let ack = Acknowledgement {
            enabled: ack.enabled,
            subject: line::optional_line("acknowledgement.subject", &ack.subject, 200)?,
            text: line::text("acknowledgement.text", &ack.text, 5_000)?,
        };
        if ack.enabled && ack.text.trim().is_empty() {
            return Err(Refusal::invalid("acknowledgement.text", "missing", "Write what the acknowledgement says."));
        }
        inbox.acknowledgement = ack;
    }
    inbox.closed_policy = changes.closed_policy.unwrap_or(inbox.closed_policy);
    match changes.archived {
        Some(true) => inbox.archived_at = inbox.archived_at.or(Some(tx.now())),
        Some(false) => inbox.archived_at = None,
        None => {}
    }
    store::inbox::update(tx, scope.workspace, &inbox).await.map_err(super::address_taken)?;
    if let Some(members) = &changes.members {
        super::check_members(tx, scope, members).await?;
        store::inbox::set_members(tx, scope.workspace, id, members).await?;
    }
    super::changed(tx, scope, id, "updated").await
}
