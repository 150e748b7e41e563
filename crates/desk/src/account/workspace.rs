//! The workspace's own settings.

use model::event::EventKind;
use model::workspace::{Language, Workspace};
use model::{Permission, Scope};
use store::Tx;

use super::{AccountError, text};

/// What to change; absent fields stay.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceChanges {
    /// Name.
    pub name: Option<String>,
    /// Language.
    pub language: Option<Language>,
    /// Time zone.
    pub time_zone: Option<String>,
}

/// Changes name, language or time zone.
///
/// # Errors
/// [`AccountError::Forbidden`], [`AccountError::Invalid`].
pub async fn update_workspace(tx: &mut Tx, scope: &Scope, changes: WorkspaceChanges) -> Result<Workspace, AccountError> {
    scope.require(Permission::WorkspaceManage)?;
    let mut workspace = store::workspace::find(tx, scope.workspace).await?.ok_or(AccountError::NotFound)?;
    if let Some(name) = changes.name {
        workspace.name = text::name("name", &name)?;
    }
    if let Some(language) = changes.language {
        workspace.language = language;
    }
    if let Some(zone) = changes.time_zone {
        workspace.time_zone = text::time_zone("time_zone", &zone)?;
    }
    store::workspace::update(tx, workspace.id, &workspace.name, workspace.language, &workspace.time_zone).await?;
    tx.record(scope.workspace, scope.actor, (None, None), EventKind::WorkspaceUpdated {}).await?;
    Ok(workspace)
}
