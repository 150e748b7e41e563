//! Verbs about what agents keep for use again: folders, saved replies, macros.

mod folder;
mod macros;
mod saved_reply;

pub use folder::{create_folder, delete_folder, rename_folder};
pub use macros::{MacroForm, MacroPatch, RunError, UNDO_FOR, Used, apply_macro, create_macro, preview_macro, undo_run, update_macro};
pub use saved_reply::{Filled, ReplyForm, ReplyPatch, create_reply, fill, text_for, update_reply, use_reply};

use model::library::Visibility;
use model::{FolderId, Permission, Scope, TeamId};
use store::{Conn, Tx};

use crate::Refusal;

/// The teams of whoever acts.
pub async fn own_teams(conn: &mut Conn, scope: &Scope) -> Result<Vec<TeamId>, store::Error> {
    match scope.actor.agent() {
        Some(agent) => store::library::teams_of(conn, scope.workspace, agent).await,
        None => Ok(Vec::new()),
    }
}

/// Folder and team exist, and the actor may give things to that team: its members may, and admins.
async fn check_place(tx: &mut Tx, scope: &Scope, folder: Option<FolderId>, visibility: Visibility) -> Result<(), Refusal> {
    if let Some(folder) = folder
        && !store::library::folders(tx, scope.workspace).await?.iter().any(|f| f.id == folder)
    {
        return Err(Refusal::unknown("folder_id"));
    }
    if let Visibility::Team(team) = visibility {
        let is_member = own_teams(tx, scope).await?.contains(&team);
        let exists = store::team::find(tx, scope.workspace, team).await?.is_some();
        if !exists || !(is_member || scope.may(Permission::WorkspaceManage)) {
            return Err(Refusal::invalid("visibility.team_id", "not_found", "Pick a team that you are in."));
        }
    }
    Ok(())
}
