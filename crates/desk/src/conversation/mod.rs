//! Verbs about conversations.

mod acknowledge;
mod bounce;
mod outgoing;
mod receive;
mod reply;
mod retry;
mod start;
pub(crate) mod thread;
mod undo;
mod wake;

pub use outgoing::{SendError, prepare as prepare_outgoing};
pub use receive::{Arrival, File, ReceiveError, Received, receive};
pub use reply::{Reply, ReplyError, reply};
pub use retry::{RetryError, retry};
pub use start::{Start, StartCustomer, StartError, start};
pub(crate) use thread::reply_token;
pub use undo::{UndoError, undo};
pub use wake::wake;
