//! A new inbox.

use model::inbox::{Acknowledgement, ClosedPolicy, Health, Inbox, Incoming, Outgoing};
use model::{AgentId, EmailAddress, Permission, Scope};
use store::Tx;

use crate::{Refusal, line};

/// What a new inbox needs.
#[derive(Debug, Clone)]
pub struct NewInbox {
    /// Name for agents.
    pub name: String,
    /// The address that customers write to.
    pub address: EmailAddress,
    /// Name in From; the inbox's name when none.
    pub from_name: Option<String>,
    /// Every agent may look in.
    pub open_to_all: bool,
    /// Who may look in, when not everyone.
    pub members: Vec<AgentId>,
}

/// Makes an inbox without a mailbox behind it: connect one next.
///
/// # Errors
/// [`Refusal::Invalid`] when the address belongs to an inbox already, or a member is no agent here.
pub async fn create(tx: &mut Tx, scope: &Scope, new: NewInbox) -> Result<Inbox, Refusal> {
    scope.require(Permission::InboxManage)?;
    let from_name = new.from_name.map(|n| line::optional_line("from_name", &n, 120)).transpose()?;
    super::check_members(tx, scope, &new.members).await?;
    let inbox = Inbox {
        id: tx.new_id(),
        name: line::line("name", &new.name, 120)?,
        address: new.address,
        from_name: from_name.filter(|n| !n.is_empty()),
        signature_html: String::new(),
        open_to_all: new.open_to_all,
        members: new.members,
        acknowledgement: Acknowledgement::default(),
        closed_policy: ClosedPolicy::default(),
        incoming: Incoming::None,
        outgoing: Outgoing::None,
        incoming_health: Health::Off,
        outgoing_health: Health::Off,
        created_at: tx.now(),
        archived_at: None,
    };
    store::inbox::insert(tx, scope.workspace, &inbox).await.map_err(super::address_taken)?;
    super::changed(tx, scope, inbox.id, "created").await?;
    Ok(inbox)
}
