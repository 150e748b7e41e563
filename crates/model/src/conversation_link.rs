//! Conversations that belong together.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ConversationId;

/// What holds two conversations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// One mail came to two of our inboxes.
    SameMail,
    /// Somebody says that they belong together.
    Related,
    /// One is a case of the problem that the other is about.
    Problem,
    /// The customer wrote again after the other was closed.
    FollowUp,
    /// One was begun beside the other, with somebody else.
    Side,
}

impl LinkKind {
    const ALL: [(Self, &'static str); 5] =
        [(Self::SameMail, "same_mail"), (Self::Related, "related"), (Self::Problem, "problem"), (Self::FollowUp, "follow_up"), (Self::Side, "side")];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("related", |(_, word)| word)
    }

    /// Reads the word.
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word)| *word == text).map(|(kind, _)| *kind)
    }
}

/// A link as seen from one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The other end.
    pub other: ConversationId,
    /// What holds them together.
    pub kind: LinkKind,
    /// This end came later: it follows the other, is a case of it, or was begun beside it.
    pub follows: bool,
    /// Since when.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back() {
        for (kind, word) in LinkKind::ALL {
            assert_eq!(LinkKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), word);
        }
        assert_eq!(LinkKind::from_word("cousin"), None);
    }
}
