//! A workspace's own statuses, each inside one of the statuses that Sonnim knows.

use jiff::Timestamp;

use crate::conversation::{Conversation, StatusKind};
use crate::tag::Color;
use crate::{CustomStatusId, Status};

/// Most statuses of a workspace, archived ones included.
pub const MOST: usize = 100;

/// The statuses that may have others inside them. A snooze is until when, not how it stands.
pub const CATEGORIES: [StatusKind; 4] = [StatusKind::Open, StatusKind::Pending, StatusKind::OnHold, StatusKind::Resolved];

/// A status of a workspace's own. Archived and never deleted: conversations and the log name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomStatus {
    /// Id.
    pub id: CustomStatusId,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// Its name, unique in a workspace regardless of case.
    pub name: String,
    /// The status that it stands inside; never changes.
    pub category: StatusKind,
    /// Colour.
    pub color: Color,
    /// Place among the others.
    pub position: i64,
    /// What a conversation gets that comes into the category by anything else. At most one of each category.
    pub is_default: bool,
    /// Since when it can no longer be chosen. Where it was, it stays.
    pub archived_at: Option<Timestamp>,
    /// Created.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// A status to move to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One that Sonnim knows, with the default of its category inside.
    Status(Status),
    /// One of the workspace's own; the category follows from it.
    Custom(CustomStatusId),
}

impl From<Status> for Wanted {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl Conversation {
    /// Whether it has come into another category, and nobody said with which status of the workspace's own: then it gets the
    /// default of the category. A side conversation has none of those: it is open or done.
    pub fn falls_to_default(&self, before: &Self) -> bool {
        self.beside.is_none()
            && self.status.kind() != before.status.kind()
            && (self.custom_status.is_none() || self.custom_status == before.custom_status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;
    use crate::conversation::StatusError;
    use crate::conversation::tests::conversation;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn another_category_without_a_word_falls_to_its_default_and_one_that_was_named_stays() {
        let now = at("2026-11-22T11:00:00Z");
        let (parts, done) = (CustomStatusId::from_raw(1), CustomStatusId::from_raw(2));
        let mut waits = conversation();
        waits.move_to(Status::Pending, Some(parts), now).unwrap();
        assert!(!waits.falls_to_default(&conversation()));
        let mut answered = waits.clone();
        answered.take_in(crate::conversation::Incoming::FromCustomer, "here", now);
        assert!(answered.falls_to_default(&waits));
        let mut resolved = waits.clone();
        resolved.move_to(Status::Resolved { at: now }, Some(done), now).unwrap();
        assert!(!resolved.falls_to_default(&waits));
        let mut renamed = waits.clone();
        renamed.subject = "Another".into();
        assert!(!renamed.falls_to_default(&waits));
    }

    #[test]
    fn within_a_category_only_another_name_is_a_change() {
        let now = at("2026-11-22T11:00:00Z");
        let one = Some(CustomStatusId::from_raw(1));
        let mut c = conversation();
        assert_eq!(c.move_to(Status::Open, None, now), Err(StatusError::Unchanged));
        c.move_to(Status::Open, one, now).unwrap();
        assert_eq!((c.status, c.custom_status), (Status::Open, one));
        assert_eq!(c.move_to(Status::Open, one, now), Err(StatusError::Unchanged));
        c.change_status(Status::Pending, now).unwrap();
        assert_eq!(c.custom_status, None);
    }
}
