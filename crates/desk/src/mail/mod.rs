//! Verbs about mail: accept it first, understand it later, deliver what agents write.

mod accept;
mod deliver;
mod process;
mod quarantine;
mod send_notice;
mod send_transcript;
mod sign_in;
mod transcript;

pub use accept::{AcceptError, MAX_SIZE, Recipient, accept, accept_for_inbox, accept_staged, recipient};
pub(crate) use deliver::reply_address;
pub use deliver::{DeliverOutcome, deliver};
pub use process::{ProcessOutcome, process, quarantine};
pub use quarantine::{QuarantineError, discard, reopen};
pub use send_notice::send_notice;
pub use send_transcript::{Transcript, send_transcript};
pub(crate) use sign_in::secret_of;
