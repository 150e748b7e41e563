//! E-mail: accepting, understanding, building and delivering it.

pub mod accept;
pub mod classify;
pub mod dial;
pub mod fault;
pub mod forward;
pub mod imap;
pub mod mail;
pub mod outgoing;
pub mod probe;
pub mod server;
pub mod tls;
pub mod trim;
pub mod understand;

pub use mail::Mail;
pub use understand::understand;
