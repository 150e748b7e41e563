//! What lists can be asked for, as one statement: for pages, counts, groups and jobs.

use model::conversation::Bucket;
use model::filter::{Filter, Reader};
pub use model::view::Sort;
use model::{AgentId, ConversationId, CustomerId, Id, InboxId, Scope, TagId, TeamId};

use super::order::{BUCKETS, Order};
use super::sight::{in_sight, in_sight_of_page, reader};
use crate::db::Dialect;
use crate::filter::{self, Query};
use crate::{Conn, Error, args};

/// What a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum View {
    #[default]
    AllOpen,
    Mine,
    Unassigned,
    Snoozed,
    Resolved,
    /// Whatever its status; but not the trash, spam, or what another conversation took in.
    All,
    Trash,
    Spam,
    /// Those that the reader follows, whatever their status.
    Following,
    /// Those with a note that names the reader, whatever their status.
    Mentions,
}

/// What to list.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Asked {
    pub view: View,
    pub status: Option<model::conversation::StatusKind>,
    pub inbox: Option<InboxId>,
    pub team: Option<TeamId>,
    pub assignee: Option<AgentId>,
    pub customer: Option<CustomerId>,
    pub tag: Option<TagId>,
    pub sort: Sort,
    /// What they must pass besides, and who asks.
    pub filter: Option<(Filter, Reader)>,
    /// Only of these, a few.
    pub among: Option<Vec<ConversationId>>,
}

/// `FROM conversation c WHERE …` of what is asked, and the order that it can be read in. One place for pages and counts.
pub(super) async fn asked(conn: &mut Conn, scope: &Scope, asked: &Asked, columns: &str) -> Result<(Query, Order), Error> {
    let mut texts = match &asked.filter {
        Some((filter, _)) => filter::texts(conn, scope, filter, asked.among.is_some()).await?,
        None => Vec::new(),
    };
    let start = match &asked.filter {
        Some((filter, reader)) if asked.among.is_none() => filter::rare(conn, scope, filter, reader, &mut texts).await?,
        _ => None,
    };
    // Few follow or are named: those views begin there.
    let involved = match asked.view {
        View::Following => Some("SELECT conversation_id FROM follower WHERE workspace_id = $1 AND agent_id = $2"),
        View::Mentions => Some(
            "SELECT m.conversation_id FROM mention n JOIN message m ON m.workspace_id = n.workspace_id AND m.id = n.message_id \
             WHERE n.workspace_id = $1 AND n.agent_id = $2",
        ),
        _ => None,
    };
    // What is rare is found first and then sorted: the `+` keeps the planner off the indexes of the order.
    let rare = start.is_some() || involved.is_some() || asked.among.is_some();
    let plain = if rare { "+" } else { "" };
    let sight = if rare { in_sight(scope) } else { in_sight_of_page(scope) };
    let mut q = Query::new(conn, String::new(), args![scope.workspace, reader(scope)], texts);
    q.sql = format!("SELECT {columns} FROM conversation c WHERE c.workspace_id = $1{sight}");
    if let Some((sql, values)) = start {
        // The subquery's `$1` is the workspace here as well; its `$2`, if any, comes next.
        let mut sql = sql;
        if let Some(terms) = values.into_iter().nth(1) {
            sql = sql.replace("$2", &format!("${}", q.bind(terms)));
        }
        // As a list, PostgreSQL reads them first; of a subquery it may think otherwise, for it does not know how few they are.
        q.sql.push_str(&match conn.dialect() {
            Dialect::Sqlite => format!(" AND c.id IN ({sql})"),
            Dialect::Postgres => format!(" AND c.id = ANY (ARRAY({sql}))"),
        });
    }
    if let Some(among) = &asked.among {
        let n = q.bind(conn.ids(among.iter().map(|id| id.raw())));
        q.sql.push_str(&format!(" AND c.id {}", conn.is_one_of(n)));
    }
    if let Some(involved) = involved {
        q.sql.push_str(&format!(" AND c.id IN ({involved})"));
    }
    let mut buckets: Vec<i64> = match asked.view {
        View::AllOpen | View::Mine | View::Unassigned => vec![Bucket::Open.as_i64()],
        View::Snoozed => vec![Bucket::Snoozed.as_i64()],
        View::Resolved => vec![Bucket::Resolved.as_i64()],
        View::Trash => vec![Bucket::Trash.as_i64()],
        View::Spam => vec![Bucket::Spam.as_i64()],
        View::All | View::Following | View::Mentions => filter::SHOWN.map(Bucket::as_i64).to_vec(),
    };
    // On a shelf, the status waits beneath: it says nothing of the bucket.
    if !matches!(asked.view, View::Trash | View::Spam) {
        if let Some(status) = asked.status {
            buckets.retain(|b| *b == status.bucket().as_i64());
        }
        if let Some(implied) = asked.filter.as_ref().and_then(|(f, _)| filter::buckets(f)) {
            buckets.retain(|b| implied.contains(b));
        }
    }
    q.sql.push_str(BUCKETS);
    match asked.view {
        View::Mine => q.sql.push_str(" AND c.assignee_id = $2"),
        View::Unassigned => q.sql.push_str(" AND c.assignee_id IS NULL"),
        _ => {}
    }
    if let Some(status) = asked.status {
        let n = q.bind(status.as_str());
        q.sql.push_str(&format!(" AND c.status = ${n}"));
    }
    let columns = [
        ("inbox_id", asked.inbox.map(Id::raw)),
        ("team_id", asked.team.map(Id::raw)),
        ("assignee_id", asked.assignee.map(Id::raw)),
        ("customer_id", asked.customer.map(Id::raw)),
    ];
    for (column, id) in columns {
        if let Some(id) = id {
            let n = q.bind(id);
            q.sql.push_str(&format!(" AND c.{column} = ${n}"));
        }
    }
    if let Some(tag) = asked.tag {
        let n = q.bind(tag);
        q.sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM conversation_tag ct WHERE ct.workspace_id = c.workspace_id AND ct.tag_id = ${n} AND ct.conversation_id = c.id)"
        ));
    }
    if let Some((filter, reader)) = &asked.filter {
        let condition = q.condition(filter, reader);
        q.sql.push_str(&format!(" AND {condition}"));
    }
    let (key, direction) = match asked.sort {
        Sort::Newest => ("last_activity_at", "DESC"),
        Sort::Oldest => ("last_activity_at", "ASC"),
        Sort::Waiting => ("waiting_since", "ASC"),
        Sort::WaitingShortest => ("waiting_since", "DESC"),
        Sort::Due => ("due_at", "ASC"),
        // Ids rise with time.
        Sort::CreatedNewest => ("id", "DESC"),
        Sort::CreatedOldest => ("id", "ASC"),
        Sort::PriorityHighest => ("priority", "DESC"),
        Sort::PriorityLowest => ("priority", "ASC"),
    };
    if asked.sort.is_of_waiting() || asked.sort == Sort::Due {
        q.sql.push_str(&format!(" AND c.{key} IS NOT NULL"));
    }
    let sign = if direction == "DESC" { "<" } else { ">" };
    Ok((q, Order { key, direction, sign, plain, buckets }))
}
