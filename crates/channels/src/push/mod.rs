//! Web Push: messages are encrypted for one device (RFC 8291) and handed to its push service (RFC 8030), signed with the
//! installation's key (RFC 8292).

mod encrypt;
mod send;
mod vapid;

pub use encrypt::{CannotEncrypt, encrypt};
pub use send::Pusher;
pub use vapid::{CannotSign, authorization};
