//! Folders.

use model::library::Folder;
use model::{EventKind, FolderId, Permission, Scope};
use store::Tx;

use crate::{Refusal, line};

/// Most folders of a workspace.
const MOST: usize = 500;

/// Makes a folder. Whoever writes may make one.
///
/// # Errors
/// [`Refusal::Invalid`] when the name is taken or no line.
pub async fn create_folder(tx: &mut Tx, scope: &Scope, name: &str) -> Result<Folder, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let folder = Folder { id: tx.new_id(), name: line::line("name", name, 60)? };
    if store::library::folders(tx, scope.workspace).await?.len() >= MOST {
        return Err(Refusal::invalid("name", "too_many", "500 folders are the most."));
    }
    store::library::insert_folder(tx, scope.workspace, &folder).await.map_err(taken)?;
    changed(tx, scope, folder.id, "created").await?;
    Ok(folder)
}

/// Gives a folder another name.
///
/// # Errors
/// As [`create_folder`]; [`Refusal::NotFound`].
pub async fn rename_folder(tx: &mut Tx, scope: &Scope, id: FolderId, name: &str) -> Result<Folder, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let folder = Folder { id, name: line::line("name", name, 60)? };
    if !store::library::rename_folder(tx, scope.workspace, &folder).await.map_err(taken)? {
        return Err(Refusal::NotFound);
    }
    changed(tx, scope, id, "changed").await?;
    Ok(folder)
}

/// Deletes a folder. What was in it is kept, outside of any folder.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete_folder(tx: &mut Tx, scope: &Scope, id: FolderId) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    if !store::library::delete_folder(tx, scope.workspace, id).await? {
        return Err(Refusal::NotFound);
    }
    changed(tx, scope, id, "deleted").await
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("name", "taken", "A folder has this name already."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, folder: FolderId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::FolderUpdated { folder, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
