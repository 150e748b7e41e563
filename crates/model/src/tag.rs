//! Tags: short coloured words on conversations.

use serde::{Deserialize, Serialize};

use crate::TagId;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Id.
    pub id: TagId,
    /// Word, unique in a workspace regardless of case.
    pub name: String,
    /// Colour.
    pub color: Color,
}

/// The palette; the interface decides the exact shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Color {
    #[default]
    Grey,
    Red,
    Orange,
    Yellow,
    Green,
    Teal,
    Blue,
    Purple,
    Pink,
}

impl Color {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Grey, "grey"),
        (Self::Red, "red"),
        (Self::Orange, "orange"),
        (Self::Yellow, "yellow"),
        (Self::Green, "green"),
        (Self::Teal, "teal"),
        (Self::Blue, "blue"),
        (Self::Purple, "purple"),
        (Self::Pink, "pink"),
    ];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(c, _)| *c == self).map_or("grey", |(_, s)| s)
    }

    /// From storage; an unknown word is grey.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.iter().find(|(_, s)| *s == text).map_or(Self::Grey, |(c, _)| *c)
    }
}
