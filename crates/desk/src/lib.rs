//! The verbs. Each file is one use case: it takes a transaction, applies the rules of the model, writes state, event and
//! jobs, and says what happened. The caller commits.

pub mod account;
pub mod context;
pub mod keys;
pub mod conversation;
pub mod customer;
pub mod inbox;
pub mod mail;
pub mod tag;
pub mod attachment;
pub mod html;
pub mod line;
pub mod ports;

mod refusal;

pub use context::{Clock, Desk};
pub use keys::Keys;
pub use refusal::Refusal;
