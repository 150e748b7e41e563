//! A workspace: one company with its people, inboxes and customers.

use serde::{Deserialize, Serialize};

use crate::WorkspaceId;

/// A language that the interface speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// As stored and as in `lang`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "en" => Ok(Self::En),
            "ko" => Ok(Self::Ko),
            other => Err(format!("unknown language {other:?}: use en or ko")),
        }
    }
}

/// One company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Id.
    pub id: WorkspaceId,
    /// Name, as customers may see it.
    pub name: String,
    /// Default language.
    pub language: Language,
    /// IANA time zone.
    pub time_zone: String,
    /// When it was set up.
    pub created_at: jiff::Timestamp,
}
