//! Why a verb of everyday work did nothing.

use model::Reason;
use model::scope::Forbidden;

/// What is wrong with one custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Its key.
    pub key: String,
    /// Stable code: `missing`, `invalid`, `too_long`, `not_found`, `not_for_inbox` …
    pub code: &'static str,
    /// What to do, for people.
    pub detail: String,
}

fn list_of(faults: &[FieldFault]) -> String {
    faults.iter().map(|f| format!("{}: {}", f.key, f.detail)).collect::<Vec<_>>().join(" ")
}

/// Nothing was changed. Each variant says what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It does not exist in this workspace, or is out of the actor's sight.
    #[error("not found")]
    NotFound,
    /// A field does not fit.
    #[error("{field}: {detail}")]
    Invalid {
        /// The field, as in the API.
        field: &'static str,
        /// Stable code: `missing`, `too_long`, `not_found`, `taken` …
        code: &'static str,
        /// What to do, for people.
        detail: String,
    },
    /// It stands in a way that does not allow this.
    #[error("{detail}")]
    Conflict {
        /// Stable code: `shelved`, `merged`, `not_in_trash` …
        code: &'static str,
        /// What to do, for people.
        detail: String,
    },
    /// Custom fields do not fit, or are missing.
    #[error("{}", list_of(faults))]
    Fields {
        /// Stable code: `invalid`, or `fields_missing` when a conversation cannot be resolved without them.
        code: &'static str,
        /// Each of them.
        faults: Vec<FieldFault>,
    },
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Refusal {
    /// A field does not fit.
    pub fn invalid(field: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { field, code, detail: detail.into() }
    }

    /// It stands in a way that does not allow this.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }

    /// Why, for people, as it is kept.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Forbidden(_) => Reason::new("forbidden", self.to_string()),
            Self::NotFound => Reason::new("not_found", self.to_string()),
            Self::Invalid { code, detail, .. } | Self::Conflict { code, detail } => Reason::new(code, detail.as_str()),
            Self::Fields { code, .. } => Reason::new(code, self.to_string()),
            Self::Store(_) => Reason::from(self.to_string()),
        }
    }

    /// An id that leads nowhere the actor may go: it might not exist, or belong to somebody else. Both read the same.
    pub fn unknown(field: &'static str) -> Self {
        Self::invalid(field, "not_found", "There is no such thing here.")
    }
}
