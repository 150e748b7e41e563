//! Telling agents what concerns them: one listener of the log, the settings, and the mail for those who are away.

mod listen;
mod mail;
mod read;

pub(crate) use listen::zone;
pub use listen::{LISTENER, listen, notify};
pub use mail::send_digest;
pub(crate) use mail::what;
pub use read::{Read, mark_read, save_settings, set_read};
