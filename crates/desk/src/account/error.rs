//! What can go wrong with people and access.

use model::scope::Forbidden;

/// Why an account verb did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such agent, team, invitation, session or token in this workspace.
    #[error("not found")]
    NotFound,
    /// A field does not fit.
    #[error("{field}: {detail}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// Stable code.
        code: &'static str,
        /// For people.
        detail: String,
    },
    /// Address or password are wrong, or the account is switched off. Never says which.
    #[error("the address or the password is wrong")]
    WrongCredentials,
    /// A link was used, expired, or never was.
    #[error("this link was used already or has expired")]
    LinkExpired,
    /// The installation has its first workspace already.
    #[error("Sonnim is set up already")]
    AlreadySetUp,
    /// The last owner cannot step down or be switched off.
    #[error("at least one owner must remain")]
    LastOwner,
    /// Nobody switches themselves off or changes their own role.
    #[error("ask another owner or admin to do this to your own account")]
    Yourself,
    /// The team still has conversations.
    #[error("conversations are still with this team")]
    TeamInUse,
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Hashing failed.
    #[error(transparent)]
    Hash(#[from] crate::password::HashError),
}

impl AccountError {
    pub(super) fn invalid(field: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { field, code, detail: detail.into() }
    }

    pub(super) fn taken(field: &'static str, detail: &str) -> Self {
        Self::invalid(field, "taken", detail)
    }

    pub(super) fn weak(field: &'static str, weak: crate::password::Weak) -> Self {
        Self::invalid(field, "weak", weak.to_string())
    }
}
