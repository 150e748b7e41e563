//! Verbs about saved views.

use model::filter::Filter;
use model::view::{Audience, Column, Group, MOST_COLUMNS, Sort, View};
use model::{AgentId, EventKind, Permission, Scope, ViewId};
use store::{Conn, Tx};

use crate::{Refusal, line};

/// Most views of a workspace, personal ones included.
const MOST: i64 = 1_000;

/// What a view is to be. Its filter has been read by [`crate::filter::read`].
#[derive(Debug, Clone)]
pub struct Form {
    /// Name: one line, at most 80 characters.
    pub name: String,
    /// The heading that it stands under, if any.
    pub folder: Option<String>,
    /// Who sees it.
    pub audience: Audience,
    /// What it shows.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// What a wide list shows, each once, at most twelve; none: rows as they are elsewhere.
    pub columns: Vec<Column>,
    /// By what it is divided.
    pub group: Option<Group>,
    /// Place among its folder.
    pub position: i64,
}

/// Makes a view. Whoever may change conversations may make personal ones.
///
/// # Errors
/// [`Refusal::Forbidden`] for a view that others see without the permission; [`Refusal::Invalid`] when a name is no line or the
/// team is not here.
pub async fn create(tx: &mut Tx, scope: &Scope, form: Form) -> Result<View, Refusal> {
    may_give(tx, scope, form.audience).await?;
    if store::view::total(tx, scope.workspace).await? >= MOST {
        return Err(Refusal::invalid("name", "too_many", "1,000 views are the most."));
    }
    check_columns(tx, scope, &form.columns, &[]).await?;
    let now = tx.now();
    let view = View {
        id: tx.new_id(),
        version: 1,
        name: line::line("name", &form.name, 80)?,
        folder: folder(form.folder)?,
        audience: form.audience,
        filter: form.filter,
        sort: form.sort,
        columns: form.columns,
        group: form.group,
        position: form.position,
        created_at: now,
        updated_at: now,
    };
    store::view::insert(tx, scope.workspace, &view).await?;
    changed(tx, scope, &view).await?;
    Ok(view)
}

/// Changes a view.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`] when the actor does not see it.
pub async fn update(tx: &mut Tx, scope: &Scope, id: ViewId, form: Form) -> Result<View, Refusal> {
    let mut view = find(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    may_give(tx, scope, view.audience).await?;
    may_give(tx, scope, form.audience).await?;
    check_columns(tx, scope, &form.columns, &view.columns).await?;
    let before = view.audience;
    view.name = line::line("name", &form.name, 80)?;
    view.folder = folder(form.folder)?;
    view.audience = form.audience;
    view.filter = form.filter;
    view.sort = form.sort;
    view.columns = form.columns;
    view.group = form.group;
    view.position = form.position;
    view.updated_at = tx.now();
    store::view::update(tx, scope.workspace, &mut view).await?;
    changed(tx, scope, &view).await?;
    if before != view.audience {
        changed(tx, scope, &View { audience: before, ..view.clone() }).await?;
    }
    Ok(view)
}

/// Deletes a view. The conversations in it stay as they are.
///
/// # Errors
/// [`Refusal::Forbidden`], [`Refusal::NotFound`].
pub async fn delete(tx: &mut Tx, scope: &Scope, id: ViewId) -> Result<(), Refusal> {
    let view = find(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    may_give(tx, scope, view.audience).await?;
    store::view::delete(tx, scope.workspace, id).await?;
    changed(tx, scope, &view).await
}

/// A view that the actor sees.
pub async fn find(conn: &mut Conn, scope: &Scope, id: ViewId) -> Result<Option<View>, store::Error> {
    Ok(store::view::visible(conn, scope.workspace, scope.actor.agent()).await?.into_iter().find(|v| v.id == id))
}

/// Whether the actor may make or change a view for this audience.
pub fn may_change(scope: &Scope, audience: Audience) -> bool {
    match audience {
        Audience::Personal { agent_id } => scope.actor.agent() == Some(agent_id),
        Audience::Team { .. } | Audience::Everyone {} => scope.may(Permission::ViewManage),
    }
}

async fn may_give(conn: &mut Conn, scope: &Scope, audience: Audience) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    if !may_change(scope, audience) {
        return Err(match audience {
            Audience::Personal { .. } => Refusal::unknown("audience.agent_id"),
            _ => model::scope::Forbidden(Permission::ViewManage).into(),
        });
    }
    if let Audience::Team { team_id } = audience
        && store::team::find(conn, scope.workspace, team_id).await?.is_none()
    {
        return Err(Refusal::unknown("audience.team_id"));
    }
    Ok(())
}

/// A column for a field that was archived since may stay.
async fn check_columns(conn: &mut Conn, scope: &Scope, columns: &[Column], before: &[Column]) -> Result<(), Refusal> {
    if columns.len() > MOST_COLUMNS {
        return Err(Refusal::invalid("columns", "too_many", format!("{MOST_COLUMNS} columns are the most.")));
    }
    if columns.iter().enumerate().any(|(n, c)| columns[..n].contains(c)) {
        return Err(Refusal::invalid("columns", "invalid", "Name each column once."));
    }
    let customs: Vec<_> = columns.iter().filter(|c| matches!(c, Column::Field(_)) && !before.contains(c)).collect();
    if customs.is_empty() {
        return Ok(());
    }
    let fields = store::field::list(conn, scope.workspace).await?;
    let known = |c: &&Column| matches!(c, Column::Field(key) if fields.iter().any(|f| f.key == *key && f.archived_at.is_none()));
    if customs.iter().all(known) { Ok(()) } else { Err(Refusal::unknown("columns")) }
}

fn folder(name: Option<String>) -> Result<Option<String>, Refusal> {
    match name {
        Some(name) if !name.trim().is_empty() => line::line("folder", &name, 80).map(Some),
        _ => Ok(None),
    }
}

/// A personal view is told to its owner only.
async fn changed(tx: &mut Tx, scope: &Scope, view: &View) -> Result<(), Refusal> {
    let owner: Option<AgentId> = match view.audience {
        Audience::Personal { agent_id } => Some(agent_id),
        _ => None,
    };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), EventKind::ViewUpdated { view: view.id, owner }).await?)
}
