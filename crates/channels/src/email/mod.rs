//! E-mail: accepting, understanding, building and delivering it.

pub mod accept;
pub mod authenticate;
pub mod channel;
pub mod classify;
pub mod dial;
pub mod fault;
pub mod forward;
pub(crate) mod headers;
pub mod imap;
pub mod intake;
pub mod mail;
pub mod mailboxes;
pub mod oauth;
pub mod outgoing;
pub mod probe;
pub mod server;
pub mod sign_in;
pub mod tls;
pub mod trim;
pub mod understand;

pub use mail::Mail;
pub use understand::understand;

pub use channel::EmailChannel;
pub use intake::Intake;
