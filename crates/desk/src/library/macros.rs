//! Macros.

use jiff::SignedDuration;
use model::action::{Action, Actions, StatusTo};
use model::library::{Card, Macro, Visibility};
use model::scope::Forbidden;
use model::{ConversationId, EventKind, FolderId, MacroId, MacroRunId, Permission, SavedReplyId, Scope};
use store::Tx;

use super::{check_place, own_teams};
use crate::action::{self, ActionError, Applied, Insert, Preview, Undone};
use crate::{Desk, Refusal, line};

/// Most macros of a workspace.
const MOST: i64 = 1_000;
/// How long a use can be taken back.
pub const UNDO_FOR: SignedDuration = SignedDuration::from_mins(10);

/// A new macro. Its templates are read when made, which is outside of any transaction.
#[derive(Debug, Clone)]
pub struct MacroForm {
    name: String,
    folder: Option<FolderId>,
    visibility: Visibility,
    actions: Actions,
}

impl MacroForm {
    /// A macro that does these things.
    ///
    /// # Errors
    /// [`ActionError`] names the action that does not fit.
    pub fn new(name: &str, folder: Option<FolderId>, visibility: Visibility, actions: Actions) -> Result<Self, ActionError> {
        action::check(&actions)?;
        Ok(Self { name: line::line("name", name, 120).map_err(ActionError::Refused)?, folder, visibility, actions })
    }
}

/// What is to change of a macro; none leaves it.
#[derive(Debug, Clone, Default)]
pub struct MacroPatch {
    name: Option<String>,
    #[expect(clippy::option_option, reason = "absent, null and a value are three things")]
    folder: Option<Option<FolderId>>,
    visibility: Option<Visibility>,
    actions: Option<Actions>,
    archived: Option<bool>,
}

impl MacroPatch {
    /// As [`MacroForm::new`], for a part.
    ///
    /// # Errors
    /// As [`MacroForm::new`].
    pub fn new(
        name: Option<&str>,
        folder: Option<Option<FolderId>>,
        visibility: Option<Visibility>,
        actions: Option<Actions>,
        archived: Option<bool>,
    ) -> Result<Self, ActionError> {
        if let Some(actions) = &actions {
            action::check(actions)?;
        }
        let name = name.map(|n| line::line("name", n, 120)).transpose().map_err(ActionError::Refused)?;
        Ok(Self { name, folder, visibility, actions, archived })
    }
}

/// Keeps a macro. Whoever answers customers may.
///
/// # Errors
/// [`ActionError::At`] when an action names something that is not there; [`ActionError::Refused`] for folder and team.
pub async fn create_macro(tx: &mut Tx, scope: &Scope, form: MacroForm) -> Result<MacroId, ActionError> {
    let owner = writer(scope)?;
    check_place(tx, scope, form.folder, form.visibility).await.map_err(ActionError::Refused)?;
    check_ids(tx, scope, &form.actions, form.visibility).await?;
    if store::macros::count(tx, scope.workspace).await? >= MOST {
        return Err(ActionError::Refused(Refusal::invalid("name", "too_many", "1,000 macros are the most.")));
    }
    let now = tx.now();
    let card = Card {
        name: form.name,
        folder: form.folder,
        visibility: form.visibility,
        owner,
        used: 0,
        last_used_at: None,
        created_at: now,
        updated_at: now,
        archived_at: None,
        version: 1,
    };
    let made = Macro { id: tx.new_id(), card, actions: form.actions };
    store::macros::insert(tx, scope.workspace, &made).await?;
    changed(tx, scope, made.id, "created").await?;
    Ok(made.id)
}

/// Changes a macro, puts it away or fetches it back. Its owner may, the members of its team, and admins.
///
/// # Errors
/// As [`create_macro`]; [`Refusal::NotFound`] when it is out of sight.
pub async fn update_macro(tx: &mut Tx, scope: &Scope, id: MacroId, patch: MacroPatch) -> Result<(), ActionError> {
    let agent = writer(scope)?;
    let mut kept = find(tx, scope, id).await?;
    if !kept.card.may_change(scope, &own_teams(tx, scope).await?) {
        return Err(ActionError::Refused(Forbidden(Permission::WorkspaceManage).into()));
    }
    let was_archived = kept.card.archived_at.is_some();
    if patch.visibility == Some(Visibility::Personal) && kept.card.owner != agent {
        return Err(ActionError::Refused(Refusal::invalid("visibility", "invalid", "Only its owner can make it personal.")));
    }
    let card = &mut kept.card;
    card.name = patch.name.unwrap_or_else(|| card.name.clone());
    card.folder = patch.folder.unwrap_or(card.folder);
    if patch.folder.is_some() || patch.visibility.is_some() {
        card.visibility = patch.visibility.unwrap_or(card.visibility);
        check_place(tx, scope, card.folder, card.visibility).await.map_err(ActionError::Refused)?;
    }
    if let Some(archived) = patch.archived {
        card.archived_at = archived.then(|| card.archived_at.unwrap_or(tx.now()));
    }
    if patch.actions.is_some() || patch.visibility.is_some() {
        kept.actions = patch.actions.unwrap_or(kept.actions);
        check_ids(tx, scope, &kept.actions, kept.card.visibility).await?;
    }
    store::macros::update(tx, scope.workspace, &kept).await?;
    let change = match (was_archived, kept.card.archived_at.is_some()) {
        (false, true) => "archived",
        (true, false) => "restored",
        _ => "changed",
    };
    changed(tx, scope, id, change).await
}

fn writer(scope: &Scope) -> Result<model::AgentId, ActionError> {
    scope.require(Permission::ConversationWrite).map_err(|f| ActionError::Refused(f.into()))?;
    scope.actor.agent().ok_or(ActionError::Refused(Forbidden(Permission::ConversationWrite).into()))
}

async fn find(tx: &mut Tx, scope: &Scope, id: MacroId) -> Result<Macro, ActionError> {
    store::macros::get(tx, scope, id).await?.ok_or(ActionError::Refused(Refusal::NotFound))
}

async fn changed(tx: &mut Tx, scope: &Scope, id: MacroId, change: &str) -> Result<(), ActionError> {
    let kind = EventKind::MacroUpdated { r#macro: id, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}

/// Everything that the actions name is here and in sight; what others will use names nothing that only its author sees.
async fn check_ids(tx: &mut Tx, scope: &Scope, actions: &Actions, visibility: Visibility) -> Result<(), ActionError> {
    let workspace = scope.workspace;
    for (at, action) in actions.iter().enumerate() {
        let wrong = match action {
            Action::AssignAgent { agent_id } => {
                let found = store::agent::find(tx, workspace, *agent_id).await?;
                found.is_none_or(|a| a.deactivated_at.is_some()).then_some("agent_id")
            }
            Action::AssignTeam { team_id: Some(team) } => store::team::find(tx, workspace, *team).await?.is_none().then_some("team_id"),
            Action::AddTags { tag_ids } | Action::RemoveTags { tag_ids } => {
                let known = store::tag::list(tx, workspace).await?;
                tag_ids.iter().any(|t| !known.iter().any(|k| k.id == *t)).then_some("tag_ids")
            }
            Action::SetStatus { status: StatusTo::Custom { custom_status_id } } => {
                let found = store::custom_status::find(tx, workspace, *custom_status_id).await?;
                found.is_none_or(|s| s.archived_at.is_some()).then_some("status.custom_status_id")
            }
            Action::AddNote { html } | Action::InsertReply { html: Some(html), .. } | Action::SendReply { html: Some(html), .. } => {
                crate::template::unknown_field(tx, workspace, &crate::html::sanitize_composed(html)).await?.map(|_| "html")
            }
            Action::MoveInbox { inbox_id } => {
                let found = if scope.inboxes.include(*inbox_id) { store::inbox::get(tx, workspace, *inbox_id).await? } else { None };
                found.is_none_or(|i| i.archived_at.is_some()).then_some("inbox_id")
            }
            Action::InsertReply { saved_reply_id: Some(id), .. } | Action::SendReply { saved_reply_id: Some(id), .. } => {
                reply_fits(tx, scope, *id, visibility).await?
            }
            Action::SetField { field_id, value } => {
                let fields = store::field::list(tx, workspace).await?;
                match fields.iter().find(|f| f.id == *field_id && f.archived_at.is_none()) {
                    None => Some("field_id"),
                    Some(field) => {
                        field.read(value).map_err(|f| ActionError::At { at, why: Refusal::invalid("value", f.code, f.detail) })?;
                        None
                    }
                }
            }
            _ => None,
        };
        if let Some(field) = wrong {
            return Err(ActionError::At { at, why: Refusal::unknown(field) });
        }
    }
    Ok(())
}

async fn reply_fits(tx: &mut Tx, scope: &Scope, id: SavedReplyId, visibility: Visibility) -> Result<Option<&'static str>, ActionError> {
    let found = store::saved_reply::get(tx, scope, id).await?.filter(|r| r.card.archived_at.is_none());
    let fits = found.is_some_and(|r| match (visibility, r.card.visibility) {
        (Visibility::Personal, _) | (_, Visibility::Everyone) => true,
        (Visibility::Team(a), Visibility::Team(b)) => a == b,
        _ => false,
    });
    Ok((!fits).then_some("saved_reply_id"))
}

/// Says what a macro would do to a conversation now. The transaction is never committed.
///
/// # Errors
/// [`ActionError::Refused`] when macro or conversation is out of sight.
pub async fn preview_macro(mut tx: Tx, desk: &Desk, scope: &Scope, conversation: ConversationId, id: MacroId) -> Result<Preview, ActionError> {
    writer(scope)?;
    let kept = find(&mut tx, scope, id).await?;
    action::preview(tx, desk, scope, conversation, &kept.actions).await
}

/// A macro that was used.
#[derive(Debug, Clone)]
pub struct Used {
    /// By this it can be taken back.
    pub run: MacroRunId,
    /// What it did.
    pub applied: Applied,
}

/// Does what a macro says, counts the use, and keeps what is needed to take it back for [`UNDO_FOR`].
///
/// # Errors
/// As [`action::apply`]; [`Refusal::NotFound`] when the macro is out of sight or archived.
pub async fn apply_macro(
    tx: &mut Tx,
    desk: &Desk,
    scope: &Scope,
    conversation: ConversationId,
    id: MacroId,
    insert: Insert,
) -> Result<Used, ActionError> {
    let agent = writer(scope)?;
    let kept = find(tx, scope, id).await?;
    if kept.card.archived_at.is_some() {
        return Err(ActionError::Refused(Refusal::NotFound));
    }
    let applied = action::apply(tx, desk, scope, conversation, &kept.actions, insert).await?;
    store::macros::used(tx, scope.workspace, id).await?;
    let run = tx.new_id();
    store::macros::insert_run(tx, scope.workspace, run, conversation, agent, &applied.undo).await?;
    Ok(Used { run, applied })
}

/// Why a use was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It is more than ten minutes ago, or was taken back already.
    #[error("it is too late to take this back")]
    TooLate,
    /// For a reason of any action.
    #[error(transparent)]
    Action(#[from] ActionError),
}

/// Takes one's own use of a macro back, as far as that is possible.
///
/// # Errors
/// [`RunError::TooLate`] after ten minutes or the second time.
pub async fn undo_run(tx: &mut Tx, scope: &Scope, id: MacroRunId) -> Result<(ConversationId, Undone), RunError> {
    let agent = writer(scope)?;
    let run = store::macros::run(tx, scope.workspace, id, agent).await.map_err(ActionError::from)?;
    let Some(run) = run else { return Err(ActionError::Refused(Refusal::NotFound).into()) };
    if run.undone_at.is_some() || tx.now().duration_since(run.at) > UNDO_FOR {
        return Err(RunError::TooLate);
    }
    if !store::macros::run_undone(tx, scope.workspace, id).await.map_err(ActionError::from)? {
        return Err(RunError::TooLate);
    }
    let undone = action::undo(tx, scope, run.conversation, &run.undo).await?;
    Ok((run.conversation, undone))
}
