//! Filters as people hand them in: read, and checked against what there is.

use jiff::tz::TimeZone;
use model::filter::{Choice, Fault, Filter, Named, Names, QueryFault, Value};
use model::{Inboxes, Scope};
use store::Conn;

/// A filter that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// Its shape does not fit.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A typed query holds something unknown.
    #[error(transparent)]
    Query(#[from] QueryFault),
    /// It names something that is not here, or not in sight.
    #[error("{0} is not here, or you may not see it")]
    Unknown(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Reads a filter from JSON and checks every id in it.
///
/// # Errors
/// [`FilterError::Fault`] with the place; [`FilterError::Unknown`] for an id that leads nowhere the actor may go.
pub async fn read(conn: &mut Conn, scope: &Scope, json: &serde_json::Value) -> Result<Filter, FilterError> {
    let filter = store::field::read_filter(conn, scope.workspace, json).await??;
    check(conn, scope, &filter).await?;
    Ok(filter)
}

/// Every id of a filter must be of this workspace and in sight. Cost: one query for each kind of id that it names.
pub async fn check(conn: &mut Conn, scope: &Scope, filter: &Filter) -> Result<(), FilterError> {
    let choices: Vec<Choice> = filter
        .conditions()
        .iter()
        .flat_map(|c| match c.value() {
            Value::Choices(list) => list.clone(),
            _ => Vec::new(),
        })
        .collect();
    let any = |wanted: fn(&Choice) -> bool| choices.iter().any(wanted);
    if any(|c| matches!(c, Choice::Agent(_))) {
        let known = store::agent::list(conn, scope.workspace).await?;
        ensure("assignee", choices.iter().all(|c| if let Choice::Agent(id) = c { known.iter().any(|a| a.id == *id) } else { true }))?;
    }
    if any(|c| matches!(c, Choice::Team(_))) {
        let known = store::team::list(conn, scope.workspace).await?;
        ensure("team", choices.iter().all(|c| if let Choice::Team(id) = c { known.iter().any(|t| t.id == *id) } else { true }))?;
    }
    if any(|c| matches!(c, Choice::Tag(_))) {
        let known = store::tag::list(conn, scope.workspace).await?;
        ensure("tag", choices.iter().all(|c| if let Choice::Tag(id) = c { known.iter().any(|t| t.id == *id) } else { true }))?;
    }
    if any(|c| matches!(c, Choice::CustomStatus(_))) {
        let known = store::custom_status::list(conn, scope.workspace).await?;
        ensure("custom_status", choices.iter().all(|c| if let Choice::CustomStatus(id) = c { known.iter().any(|s| s.id == *id) } else { true }))?;
    }
    if any(|c| matches!(c, Choice::Inbox(_))) {
        let known = store::inbox::list(conn, scope.workspace).await?;
        let seen = |id| scope.inboxes.include(id) && known.iter().any(|i| i.id == id);
        ensure("inbox", choices.iter().all(|c| if let Choice::Inbox(id) = c { seen(*id) } else { true }))?;
    }
    let companies: Vec<_> = choices.iter().filter_map(|c| if let Choice::Company(id) = c { Some(*id) } else { None }).collect();
    let known = store::company::names(conn, scope.workspace, &companies).await?;
    ensure("company", companies.iter().all(|id| known.iter().any(|(k, _)| k == id)))?;
    for choice in &choices {
        if let Choice::Customer(id) = choice {
            ensure("requester", store::customer::get(conn, scope, *id).await?.is_some())?;
        }
    }
    Ok(())
}

fn ensure(what: &'static str, holds: bool) -> Result<(), FilterError> {
    if holds { Ok(()) } else { Err(FilterError::Unknown(what)) }
}

/// Reads a typed query with the names that the actor knows. `zone` says where a date's day begins.
///
/// # Errors
/// [`FilterError::Query`] names the part that means nothing here.
pub async fn typed(conn: &mut Conn, scope: &Scope, query: &str, zone: &TimeZone) -> Result<Filter, FilterError> {
    // Names cost seven queries; a query of plain words needs none.
    let names = if query.contains(':') { names(conn, scope, query).await? } else { Names::default() };
    Ok(model::filter::parse_query(query, &names, zone)?)
}

async fn names(conn: &mut Conn, scope: &Scope, query: &str) -> Result<Names, store::Error> {
    let agents = store::agent::list(conn, scope.workspace).await?;
    let teams = store::team::list(conn, scope.workspace).await?;
    let inboxes = store::inbox::list(conn, scope.workspace).await?;
    let tags = store::tag::list(conn, scope.workspace).await?;
    let statuses = store::custom_status::list(conn, scope.workspace).await?;
    let fields = store::field::list(conn, scope.workspace).await?;
    let companies = store::company::by_names(conn, scope.workspace, &model::filter::companies_named(query)).await?;
    let seen = |id| matches!(scope.inboxes, Inboxes::All) || scope.inboxes.include(id);
    Ok(Names {
        agents: agents.into_iter().map(|a| Named { id: a.id, names: vec![a.name, a.email.to_string()] }).collect(),
        teams: teams.into_iter().map(|t| Named { id: t.id, names: vec![t.name] }).collect(),
        inboxes: inboxes.into_iter().filter(|i| seen(i.id)).map(|i| Named { id: i.id, names: vec![i.name, i.address.to_string()] }).collect(),
        tags: tags.into_iter().map(|t| Named { id: t.id, names: vec![t.name] }).collect(),
        // Archived ones too: conversations still have them.
        statuses: statuses.into_iter().map(|s| Named { id: s.id, names: vec![s.name] }).collect(),
        companies: companies.into_iter().map(|(id, name)| Named { id, names: vec![name] }).collect(),
        fields: fields.into_iter().filter(|f| f.archived_at.is_none()).collect(),
    })
}
