//! Verbs about conversations.

mod assign;
mod change_status;
mod change_tags;
mod mark_read;
mod note;
mod save_draft;
mod update;

pub use assign::{Assignment, assign};
pub use change_status::{ChangeStatusError, change_status};
pub use change_tags::change_tags;
pub use mark_read::mark_read;
pub use note::{Note, note};
pub use save_draft::{DraftForm, SaveDraftError, discard_draft, save_draft};
pub use update::{Changes, update};

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
