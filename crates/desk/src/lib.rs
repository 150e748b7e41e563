//! The verbs. Each file is one use case: it takes a transaction, applies the rules of the model, writes state, event and
//! jobs, and says what happened. The caller commits.

pub mod account;
pub mod context;
pub mod keys;
pub mod notice;
pub mod password;
pub mod random;

pub use context::{Clock, Desk};
pub use keys::Keys;
