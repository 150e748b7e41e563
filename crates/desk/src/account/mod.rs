//! People and access.

use jiff::SignedDuration;

/// A session ends after this long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);
