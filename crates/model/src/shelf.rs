//! Where a conversation lies that nobody works on: the trash, or spam.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::conversation::{Bucket, Conversation, Status};
use crate::{Actor, BlockedSenderId};

/// How long the trash keeps what was thrown into it.
pub const TRASH_KEEPS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Out of every list but one. Its status waits beneath and counts again when it is put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Deleted; gone for good after [`TRASH_KEEPS`].
    Trash {
        /// Since when.
        at: Timestamp,
        /// Who threw it away.
        by: Actor,
    },
    /// Not from a customer.
    Spam {
        /// Since when.
        at: Timestamp,
        /// Who said so: an agent, or Sonnim for a blocked sender.
        by: Actor,
    },
}

/// The name of a shelf, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ShelfKind {
    Trash,
    Spam,
}

impl ShelfKind {
    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trash => "trash",
            Self::Spam => "spam",
        }
    }

    /// A shelf of this kind, from now on.
    pub fn by(self, by: Actor, at: Timestamp) -> Shelf {
        match self {
            Self::Trash => Shelf::Trash { at, by },
            Self::Spam => Shelf::Spam { at, by },
        }
    }
}

impl Shelf {
    /// Its name.
    pub fn kind(self) -> ShelfKind {
        match self {
            Self::Trash { .. } => ShelfKind::Trash,
            Self::Spam { .. } => ShelfKind::Spam,
        }
    }

    /// Since when.
    pub fn at(self) -> Timestamp {
        match self {
            Self::Trash { at, .. } | Self::Spam { at, .. } => at,
        }
    }

    /// Who put it there.
    pub fn by(self) -> Actor {
        match self {
            Self::Trash { by, .. } | Self::Spam { by, .. } => by,
        }
    }

    /// From stored columns; the agent's raw id, or none for Sonnim itself.
    pub fn from_columns(kind: Option<&str>, at: Option<Timestamp>, by: Option<i64>) -> Option<Self> {
        let by = by.map_or(Actor::System, |id| Actor::from_columns("agent", Some(id)));
        match (kind, at) {
            (Some("trash"), Some(at)) => Some(Self::Trash { at, by }),
            (Some("spam"), Some(at)) => Some(Self::Spam { at, by }),
            _ => None,
        }
    }

    fn bucket(self) -> Bucket {
        match self {
            Self::Trash { .. } => Bucket::Trash,
            Self::Spam { .. } => Bucket::Spam,
        }
    }
}

impl Conversation {
    /// The count it adds to. What lies on a shelf, went into another conversation or stands beside one is in no ordinary view.
    pub fn bucket(&self) -> Bucket {
        match (self.merged_into, self.beside, self.shelf) {
            (Some(_), _, _) => Bucket::Merged,
            (None, Some(_), _) => Bucket::Side,
            (None, None, Some(shelf)) => shelf.bucket(),
            (None, None, None) => self.status.kind().bucket(),
        }
    }

    /// Puts it on a shelf; false when it lies there already. The status stays beneath.
    pub fn put_away(&mut self, kind: ShelfKind, by: Actor, now: Timestamp) -> bool {
        if self.shelf.is_some_and(|shelf| shelf.kind() == kind) {
            return false;
        }
        self.shelf = Some(kind.by(by, now));
        self.updated_at = now;
        true
    }

    /// Takes it off its shelf and says which that was. A snooze that ended meanwhile is over.
    pub fn put_back(&mut self, now: Timestamp) -> Option<ShelfKind> {
        let shelf = self.shelf.take()?;
        self.updated_at = now;
        if matches!(self.status, Status::Snoozed { until } if until <= now) {
            self.status = Status::Open;
        }
        Some(shelf.kind())
    }

    /// Whether the trash has kept it long enough.
    pub fn may_be_purged(&self, now: Timestamp) -> bool {
        matches!(self.shelf, Some(Shelf::Trash { at, .. }) if now.duration_since(at) >= TRASH_KEEPS)
    }
}

/// An address whose mail goes to spam at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedSender {
    /// Id.
    pub id: BlockedSenderId,
    /// The address, as it was written.
    pub address: crate::EmailAddress,
    /// Who blocked it.
    pub by: Option<crate::AgentId>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::tests::conversation;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_status_waits_beneath_the_shelf() {
        let now = at("2026-11-22T11:00:00Z");
        let mut c = conversation();
        c.change_status(Status::Pending, now).unwrap();
        assert!(c.put_away(ShelfKind::Trash, Actor::System, now));
        assert!(!c.put_away(ShelfKind::Trash, Actor::System, now));
        assert_eq!(c.bucket(), Bucket::Trash);
        assert_eq!(c.put_back(now), Some(ShelfKind::Trash));
        assert_eq!((c.bucket(), c.status, c.put_back(now)), (Bucket::Open, Status::Pending, None));
    }

    #[test]
    fn a_snooze_that_ended_in_the_trash_is_over() {
        let (before, then) = (at("2026-11-22T11:00:00Z"), at("2026-11-23T11:00:00Z"));
        let mut c = conversation();
        c.change_status(Status::Snoozed { until: at("2026-11-22T12:00:00Z") }, before).unwrap();
        c.put_away(ShelfKind::Spam, Actor::System, before);
        assert_eq!(c.bucket(), Bucket::Spam);
        c.put_back(then);
        assert_eq!(c.status, Status::Open);
    }

    #[test]
    fn only_the_trash_is_emptied_and_only_after_thirty_days() {
        let then = at("2026-10-23T11:00:00Z");
        let mut c = conversation();
        c.put_away(ShelfKind::Spam, Actor::System, then);
        assert!(!c.may_be_purged(at("2026-11-22T11:00:00Z")));
        c.put_away(ShelfKind::Trash, Actor::System, then);
        assert!(c.may_be_purged(at("2026-11-22T11:00:00Z")));
        assert!(!c.may_be_purged(at("2026-11-22T10:59:59Z")));
    }
}
