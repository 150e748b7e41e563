//! All SQL lives here: one `.rs` and one `.sql` per noun, two databases, one code path.
//!
//! Every function takes a [`model::Scope`] or a workspace id and says nothing about other workspaces. Reading functions
//! take a [`Conn`], writing ones a [`Tx`]; a use case is one `Tx`, and its events and jobs ride inside.

pub mod agent;
pub mod api_token;
pub mod attachment;
pub mod availability;
pub mod blob;
pub mod blocked_sender;
pub mod bulk;
pub mod bulk_action;
pub mod callback;
pub mod chat;
pub mod company;
pub mod conversation;
pub mod conversation_group;
pub mod conversation_link;
pub mod custom_status;
pub mod customer;
pub mod db;
pub mod dialect;
pub mod draft;
pub mod event;
pub mod field;
pub mod filter;
pub mod follower;
pub mod guest;
pub mod idempotency;
pub mod inbound_mail;
pub mod inbox;
pub mod interactive;
pub mod invitation;
pub mod involved;
pub mod job;
pub mod library;
pub mod listener;
pub mod macros;
pub mod merge;
pub mod message;
pub mod migrate;
pub mod notification;
pub mod one_time_token;
pub mod participant;
pub mod purge;
pub mod push;
pub mod queue;
pub mod read_state;
pub mod redaction;
pub mod reminder;
pub mod resumable;
pub mod routing;
pub mod row;
pub mod saved_reply;
pub mod search;
pub mod session;
pub mod side;
pub mod skill;
pub mod stay;
pub mod tag;
pub mod team;
pub mod throttle;
pub mod view;
pub mod view_count;
pub mod visitor;
pub mod whisper;
pub mod widget;
pub mod workspace;

mod error;
mod lite;
mod relay;
mod store;
mod upload;
mod value;

/// Named statements, generated from `sql/*.sql`.
#[allow(clippy::needless_raw_string_hashes)]
pub mod sql {
    include!(concat!(env!("OUT_DIR"), "/sql.rs"));
}

pub use db::{Conn, Dialect, Tx, watch_commits};
pub use error::Error;
pub use row::Row;
pub use store::{BlobSettings, Settings, Store};
pub use upload::Upload;
pub use value::Value;

pub mod upkeep;
