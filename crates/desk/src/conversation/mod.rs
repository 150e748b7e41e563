//! Verbs about conversations.

mod acknowledge;
mod assign;
mod bounce;
mod change_status;
mod change_tags;
mod due;
mod edit_note;
mod follow;
mod forward;
mod link;
mod mark_read;
mod mention;
mod merge;
mod note;
mod outgoing;
mod problem;
mod purge;
mod receive;
mod reply;
mod reschedule;
mod retry;
mod save_draft;
mod send_transcript;
mod shelve;
mod side;
mod split;
mod start;
pub(crate) mod thread;
mod undo;
mod update;
mod wake;

pub use assign::{Assignment, assign, can_answer, hand_over};
pub use change_status::{ChangeStatusError, change_status};
pub(crate) use change_status::{put_back_status, wanted};
pub use change_tags::change_tags;
pub use due::become_due;
pub use edit_note::edit_note;
pub use follow::follow;
pub(crate) use forward::when;
pub(crate) use link::link;
pub use mark_read::mark_read;
pub use merge::{merge, unmerge};
pub use note::{Note, note};
pub(crate) use outgoing::MAX_BODY;
pub use outgoing::{SendError, prepare as prepare_outgoing};
pub use problem::{MOST_CASES, Solve, connect, disconnect, solve};
pub(crate) use purge::GRACE as BLOB_GRACE;
pub use purge::{purge, purge_when_due, sweep_blobs};
pub use receive::{Arrival, File, ReceiveError, Received, receive};
pub(crate) use receive::{after_merges, blank, language_of};
pub use reply::{Reply, ReplyError, default_recipients, reply};
pub(crate) use reschedule::release;
pub use reschedule::{FARTHEST, RescheduleError, reschedule};
pub use retry::{RetryError, retry};
pub use save_draft::{DraftForm, SaveDraftError, discard_draft, save_draft};
pub(crate) use send_transcript::is_colleague_in_sight;
pub use send_transcript::{TranscriptForm, send_transcript};
pub use shelve::{restore, shelve};
pub(crate) use side::not_arrived;
pub use side::{Forward, Side, SideError, begin_side};
pub use split::split;
pub use start::{Start, StartCustomer, StartError, start};
pub(crate) use thread::reply_token;
pub use undo::{UndoError, undo};
pub use update::{Changes, update};
pub use wake::wake;

use model::{Conversation, ConversationId, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// The conversation, locked, for an actor who may change it. What lies in the trash or in spam, or went into another
/// conversation, is not worked on.
///
/// # Errors
/// [`Refusal::Forbidden`] without the permission; [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`]
/// `shelved` or `merged`.
pub async fn to_change(tx: &mut Tx, scope: &Scope, permission: Permission, id: ConversationId) -> Result<Conversation, Refusal> {
    let conversation = locked(tx, scope, permission, id).await?;
    in_work(&conversation)?;
    Ok(conversation)
}

/// As [`to_change`], wherever it lies.
pub(crate) async fn locked(tx: &mut Tx, scope: &Scope, permission: Permission, id: ConversationId) -> Result<Conversation, Refusal> {
    scope.require(permission)?;
    store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)
}

pub(crate) fn in_work(conversation: &Conversation) -> Result<(), Refusal> {
    not_merged(conversation)?;
    match conversation.shelf {
        None => Ok(()),
        Some(_) => Err(Refusal::conflict("shelved", "It lies in the trash or in spam. Take it out first.")),
    }
}

/// What is no work for a side conversation: it stays beside its parent, in the parent's inbox, open or done.
pub(crate) fn not_beside(conversation: &Conversation) -> Result<(), Refusal> {
    match conversation.beside {
        None => Ok(()),
        Some(_) => Err(Refusal::conflict("side", "That is not possible for a side conversation.")),
    }
}

pub(crate) fn not_merged(conversation: &Conversation) -> Result<(), Refusal> {
    match conversation.merged_into {
        None => Ok(()),
        Some(_) => Err(Refusal::conflict("merged", "It was merged into another conversation. Go on there.")),
    }
}
