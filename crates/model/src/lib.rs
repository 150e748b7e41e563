//! Nouns, ids, states, events and pure rules. Nothing here reads a clock, a disk or a socket.

pub mod agent;
pub mod conversation;
pub mod customer;
pub mod email;
pub mod event;
pub mod filter;
pub mod id;
pub mod inbound;
pub mod inbox;
pub mod job;
pub mod merge;
pub mod message;
pub mod notification;
pub mod page;
pub mod scope;
pub mod secret;
pub mod shelf;
pub mod tag;
pub mod text;
pub mod token;
pub mod view;
pub mod workspace;

pub use agent::{Permission, Role};
pub use conversation::{Conversation, Priority, Status};
pub use email::{EmailAddress, Mailbox};
pub use event::{Event, EventKind};
pub use id::*;
pub use inbound::Inbound;
pub use jiff::Timestamp;
pub use job::Job;
pub use scope::{Actor, Inboxes, Scope};
pub use secret::Secret;
pub use shelf::{BlockedSender, Shelf, ShelfKind};
