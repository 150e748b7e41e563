//! The verbs. Each file is one use case: it takes a transaction, applies the rules of the model, writes state, event and
//! jobs, and says what happened. The caller commits.

pub mod account;
pub mod action;
pub mod attachment;
pub mod availability;
pub mod bulk;
pub mod chat;
pub mod company;
pub mod context;
pub mod conversation;
pub mod custom_status;
pub mod customer;
pub mod field;
pub mod filter;
pub mod html;
pub mod inbox;
pub mod keys;
pub mod library;
pub mod line;
pub mod mail;
pub mod notice;
pub mod notification;
pub mod password;
pub mod ports;
pub mod push;
pub mod queue;
pub mod random;
pub mod redact;
pub mod reminder;
pub mod resumable;
pub mod routing;
pub mod sender;
pub mod skill;
pub mod tag;
pub mod template;
pub mod view;
pub mod visitor;
pub mod widget;

mod order;
mod refusal;

pub(crate) use context::random_bytes;
pub use context::{Clock, Desk};
pub use keys::Keys;
pub use refusal::{FieldFault, Refusal};
