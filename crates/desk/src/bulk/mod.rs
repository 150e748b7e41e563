//! Verbs about work on many conversations at once. A job does it in steps of twenty; a step's effects, its results and the place
//! it has come to are one transaction, so that a job killed anywhere goes on without doing anything twice.

mod begin;
mod step;

pub use begin::{BulkError, begin, cancel, take_back};
pub use step::step;

use model::bulk::Bulk;
use model::{EventKind, Scope};
use store::Tx;

/// Tells the agent's screens how far it has come.
async fn told(tx: &mut Tx, scope: &Scope, bulk: &Bulk) -> Result<(), store::Error> {
    tx.record(scope.workspace, scope.actor, (None, None), EventKind::BulkUpdated { bulk: bulk.id, agent: bulk.agent }).await
}
