//! A file that comes in pieces, and goes on where it stopped.

use jiff::SignedDuration;

use crate::{AgentId, AttachmentId, Timestamp, UploadId};

/// One that is not complete by then is forgotten.
pub const LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Most that one agent has under way.
pub const MOST_OPEN: i64 = 50;
/// Most pieces of one file.
pub const MOST_PARTS: i64 = 1_000;

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumable {
    /// Id.
    pub id: UploadId,
    /// Whose.
    pub agent: AgentId,
    /// Its name.
    pub filename: String,
    /// Its media type, as declared.
    pub content_type: String,
    /// How long it will be.
    pub size: i64,
    /// How much of it is here, from its beginning.
    pub received: i64,
    /// What it became when it was complete.
    pub attachment: Option<AttachmentId>,
    /// Begun.
    pub created_at: Timestamp,
}

impl Resumable {
    /// When it is forgotten.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at + LASTS
    }

    /// Every byte is here.
    pub fn is_whole(&self) -> bool {
        self.received == self.size
    }
}
