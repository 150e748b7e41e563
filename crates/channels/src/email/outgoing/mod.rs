//! Mail out: building the bytes, handing them to a server.

pub mod build;
pub(crate) mod client;
mod encode;
pub mod smtp;

pub use build::{AutoSubmitted, BuildError, File, InlineImage, Mailbox, OutgoingMail, build};
pub use smtp::{DeliverError, Outcome, RecipientResult, Reply, Sender, SmtpServer};
