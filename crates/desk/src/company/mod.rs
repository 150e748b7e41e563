//! Verbs about companies.

mod change;
mod merge;
mod take_in;

pub use change::{Form, Patch, create, delete, update};
pub use merge::merge;
pub use take_in::{Taken, take_in};

use model::{CompanyId, EventKind, Scope};
use store::Tx;

use crate::Refusal;

async fn told(tx: &mut Tx, scope: &Scope, company: CompanyId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::CompanyUpdated { company, change: change.to_owned() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
