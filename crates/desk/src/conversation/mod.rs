//! Verbs about conversations.

mod acknowledge;
mod bounce;
mod outgoing;
mod receive;
mod reply;
mod retry;
mod start;
mod thread;
mod undo;

pub use outgoing::{SendError, prepare as prepare_outgoing};
pub use receive::{Arrival, File, ReceiveError, Received, receive};
pub use reply::{Reply, ReplyError, reply};
pub use retry::{RetryError, retry};
pub use start::{Start, StartCustomer, StartError, start};
pub use undo::{UndoError, undo};
