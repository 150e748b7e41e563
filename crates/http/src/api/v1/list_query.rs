//! What a list of conversations is asked for by.

use model::filter::Filter;
use model::{AgentId, CustomerId, InboxId, TagId, TeamId, ViewId};
use serde::Deserialize;
use store::conversation::{Asked, Sort, View};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::scope::Caller;

/// What to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct ListQuery {
    #[param(value_type = Option<String>)]
    pub inbox_id: Option<InboxId>,
    #[param(value_type = Option<String>)]
    pub team_id: Option<TeamId>,
    #[param(value_type = Option<String>)]
    pub assignee_id: Option<AgentId>,
    #[param(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    #[param(value_type = Option<String>)]
    pub tag_id: Option<TagId>,
    /// `open`, `pending`, `on_hold`, `snoozed` or `resolved`.
    #[param(value_type = Option<String>)]
    pub status: Option<model::conversation::StatusKind>,
    #[param(inline)]
    pub view: Option<ViewName>,
    #[param(inline)]
    pub sort: Option<SortName>,
    /// A saved view: its filter, and its order unless another is asked for.
    #[param(value_type = Option<String>)]
    pub view_id: Option<ViewId>,
    /// A filter as JSON; see `GET /filter-fields`.
    pub filter: Option<String>,
    /// A typed query, such as `is:open assignee:me tag:refund "exact words"`.
    pub q: Option<String>,
    /// Values of custom fields come with each row.
    pub with_fields: bool,
    /// By what `GET /conversation-groups` divides the list: `assignee`, `priority`, `status`, `inbox`, `team` or `company`.
    #[param(value_type = Option<String>)]
    pub group: Option<model::view::Group>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// A view. `all_open` when a status, inbox or the like does not say otherwise.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ViewName {
    AllOpen,
    Mine,
    Unassigned,
    Snoozed,
    Resolved,
    /// Whatever its status; the trash and spam are left out.
    All,
    Trash,
    Spam,
    /// Those that the reader follows, whatever their status.
    Following,
    /// Those with a note that names the reader, whatever their status.
    Mentions,
}

/// An order.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SortName {
    Newest,
    Oldest,
    /// Only what waits for a reply, the longest first.
    Waiting,
    /// What is due first; only what is due at some time.
    Due,
    WaitingShortest,
    CreatedNewest,
    CreatedOldest,
    PriorityHighest,
    PriorityLowest,
}

impl ListQuery {
    fn plain(&self) -> Asked {
        // A status names its own view; the default view would hide it.
        let default = if self.status.is_some() { View::All } else { View::AllOpen };
        Asked {
            view: self.view.map_or(default, |v| match v {
                ViewName::AllOpen => View::AllOpen,
                ViewName::Mine => View::Mine,
                ViewName::Unassigned => View::Unassigned,
                ViewName::Snoozed => View::Snoozed,
                ViewName::Resolved => View::Resolved,
                ViewName::All => View::All,
                ViewName::Trash => View::Trash,
                ViewName::Spam => View::Spam,
                ViewName::Following => View::Following,
                ViewName::Mentions => View::Mentions,
            }),
            status: self.status,
            inbox: self.inbox_id,
            team: self.team_id,
            assignee: self.assignee_id,
            customer: self.customer_id,
            tag: self.tag_id,
            among: None,
            sort: match self.sort {
                None | Some(SortName::Newest) => Sort::Newest,
                Some(SortName::Oldest) => Sort::Oldest,
                Some(SortName::Waiting) => Sort::Waiting,
                Some(SortName::Due) => Sort::Due,
                Some(SortName::WaitingShortest) => Sort::WaitingShortest,
                Some(SortName::CreatedNewest) => Sort::CreatedNewest,
                Some(SortName::CreatedOldest) => Sort::CreatedOldest,
                Some(SortName::PriorityHighest) => Sort::PriorityHighest,
                Some(SortName::PriorityLowest) => Sort::PriorityLowest,
            },
            filter: None,
        }
    }
}

/// What a request asks for, its filters read and checked.
pub(super) async fn asked(app: &App, caller: &Caller, query: &ListQuery) -> Result<Asked> {
    let mut asked = query.plain();
    if query.view_id.is_none() && query.filter.is_none() && query.q.is_none() {
        return Ok(asked);
    }
    let mut conn = app.read().await?;
    let mut parts = Vec::new();
    if let Some(id) = query.view_id {
        let view = desk::view::find(&mut conn, caller, id).await?.ok_or_else(Problem::not_found)?;
        asked.sort = if query.sort.is_some() { asked.sort } else { view.sort };
        parts.push(view.filter);
    }
    if let Some(json) = &query.filter {
        let json = serde_json::from_str(json).map_err(|e| Problem::malformed(format!("The filter is not valid JSON: {e}.")))?;
        parts.push(desk::filter::read(&mut conn, caller, &json).await?);
    }
    if let Some(text) = &query.q {
        let zone = store::filter::zone(&mut conn, caller).await?;
        parts.push(desk::filter::typed(&mut conn, caller, text, &zone).await?);
    }
    if query.view.is_none() {
        asked.view = View::All;
    }
    let filter = Filter::All(parts);
    let reader = store::filter::reader(&mut conn, caller, &filter, app.now()).await?;
    asked.filter = Some((filter, reader));
    Ok(asked)
}
