//! Pushing notifications to devices that were asked to show them, also while the app is closed (RFC 8030, 8291, 8292).

mod deliver;
mod device;
mod keys;
mod looking;

pub use deliver::push;
pub use device::{Subscription, remove, subscribe};
pub use keys::{VapidKeys, vapid_keys};
pub use looking::Looking;
