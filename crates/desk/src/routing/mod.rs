//! Who gets which conversation: a listener of the log keeps what waits, one transaction decides, agents accept and decline.
//!
//! Every decision of a workspace is made under the lock of its row in `routing_desk`, and a conversation is locked before it
//! is given to anybody: so two nodes never give one twice, and nobody gets more than they have room for.

mod apply;
mod board;
mod floor;
mod listen;
mod offer;
mod run;
mod settle;
mod transfer;
mod wait;

pub use board::{AgentNow, Board, ChatNow, QueueToday, board, chats_of};
pub use floor::Floor;
pub use listen::{LISTENER, listen};
pub use offer::{Offer, accept, decline, next, offers};
pub use run::run;
pub use transfer::transfer;
pub use wait::{wait, waits};

pub(crate) use apply::hand_over;
