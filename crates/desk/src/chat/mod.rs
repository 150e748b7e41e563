//! Verbs of the widget: what visitors do there, and what agents do with a chat beyond what they do with any conversation.

mod callback;
mod end;
mod greet;
mod guest;
mod hold;
mod interactive;
mod leave;
mod mail;
mod rate;
mod reply;
mod seen;
mod session;
mod supervise;
mod transcript;
mod upload;
mod write;

pub use callback::{ask_to_be_called, called};
pub use end::{end, end_by_visitor};
pub(crate) use greet::greet_for;
pub use greet::{greet, greet_by_itself, greeting};
pub use guest::{invite, join, leave as leave_as_guest};
pub use hold::hold;
pub(crate) use hold::passed_on;
pub use interactive::Answer;
pub(crate) use interactive::compose;
pub use leave::leave;
pub(crate) use mail::{answered_by_mail, proves_address};
pub use mail::{mail_due, send_mail};
pub use rate::rate;
pub(crate) use reply::{Said, reply, took_reply};
pub(crate) use seen::seen_by_agent;
pub use seen::seen_by_visitor;
pub use session::{Open, Opened, SessionError, forget, name, open};
pub use supervise::{take_over, watch, whisper};
pub use transcript::transcript;
pub use upload::upload;
pub use write::{Words, Written, write};

use model::chat::Chat;
use model::visitor::Visitor;
use model::widget::Widget;
use model::{Actor, Conversation, ConversationId, EmailAddress, EventKind, Scope, WorkspaceId};
use store::Tx;

use crate::Refusal;

/// A visitor in a widget: who asks.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Visit {
    pub workspace: WorkspaceId,
    pub inbox_name: String,
    pub widget: Widget,
    pub visitor: Visitor,
}

/// A visitor's chat and its conversation, locked.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs.
async fn theirs(tx: &mut Tx, visit: &Visit, id: ConversationId) -> Result<(Chat, Conversation), Refusal> {
    let now = tx.now();
    // The conversation first: everyone who changes a chat waits there for the others.
    let conversation = store::conversation::get(tx, &Scope::system(visit.workspace), id).await?.ok_or(Refusal::NotFound)?;
    let seen = store::chat::visible(tx, visit.workspace, &visit.visitor, now, id).await?.ok_or(Refusal::NotFound)?;
    Ok((seen.chat, conversation))
}

/// Whether an address is one of our own: what is mailed there comes back to us, and nobody reads it.
async fn is_ours(tx: &mut Tx, workspace: WorkspaceId, address: &EmailAddress) -> Result<bool, store::Error> {
    Ok(store::inbox::is_own_address(tx, workspace, address).await? || store::inbox::by_address(tx, &address.base()).await?.is_some())
}

/// Tells everyone that a chat changed.
async fn changed(tx: &mut Tx, workspace: WorkspaceId, by: Actor, conversation: &Conversation, change: &str) -> Result<(), store::Error> {
    let place = (Some(conversation.id), Some(conversation.inbox));
    tx.record(workspace, by, place, EventKind::ChatUpdated { change: change.into() }).await
}
