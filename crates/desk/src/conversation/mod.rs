//! Verbs about conversations.

mod acknowledge;
mod assign;
mod bounce;
mod change_status;
mod change_tags;
mod link;
mod mark_read;
mod note;
mod outgoing;
mod receive;
mod reply;
mod reschedule;
mod retry;
mod save_draft;
mod start;
pub(crate) mod thread;
mod undo;
mod update;
mod wake;

pub use assign::{Assignment, assign, can_answer};
pub use change_status::{ChangeStatusError, change_status};
pub use change_tags::change_tags;
pub(crate) use link::link;
pub use mark_read::mark_read;
pub use note::{Note, note};
pub use outgoing::{SendError, prepare as prepare_outgoing};
pub use receive::{Arrival, File, ReceiveError, Received, receive};
pub use reply::{Reply, ReplyError, default_recipients, reply};
pub(crate) use reschedule::release;
pub use reschedule::{FARTHEST, RescheduleError, reschedule};
pub use retry::{RetryError, retry};
pub use save_draft::{DraftForm, SaveDraftError, discard_draft, save_draft};
pub use start::{Start, StartCustomer, StartError, start};
pub(crate) use thread::reply_token;
pub use undo::{UndoError, undo};
pub use update::{Changes, update};
pub use wake::wake;

use model::{Conversation, ConversationId, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// The conversation, locked, for an actor who may change it.
///
/// # Errors
/// [`Refusal::Forbidden`] without the permission; [`Refusal::NotFound`] when it is out of sight.
pub async fn to_change(tx: &mut Tx, scope: &Scope, permission: Permission, id: ConversationId) -> Result<Conversation, Refusal> {
    scope.require(permission)?;
    store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)
}
