//! Conversations: rows ready to draw, and pages by key.

use model::conversation::{Bucket, Channel};
use model::filter::{Filter, Reader};
use model::page::Page;
use model::tag::{Color, Tag};
pub use model::view::Sort;
use model::{
    Actor, AgentId, CompanyId, Conversation, ConversationId, CustomerId, Id, InboxId, Inboxes, Priority, Scope, Shelf, Status, TagId, TeamId,
    Timestamp, WorkspaceId,
};

pub(crate) use crate::conversation_count::uncount;
pub use crate::conversation_count::{Counts, counts};

use crate::conversation_count::{count, place};
use crate::conversation_order::{BUCKETS, Order};
use crate::db::{Dialect, list};
use crate::filter::{self, Query};
use crate::{Conn, Error, Row, Tx, Value, args, sql};

/// Columns of a conversation, for every query that reads one.
pub(crate) const COLUMNS: &str = "c.id, c.number, c.version, c.inbox_id, c.customer_id, c.subject, c.channel, c.status, c.status_time, c.priority, \
    c.assignee_id, c.team_id, c.preview, c.message_count, c.reply_token, c.created_at, c.updated_at, c.last_activity_at, \
    c.last_customer_at, c.last_reply_at, c.waiting_since, c.merged_into, c.shelf, c.shelf_at, c.shelf_by, c.beside, c.custom_status_id, c.due_at";

pub(crate) fn from_row(row: &Row) -> Result<Conversation, Error> {
    Ok(Conversation {
        id: row.id("id")?,
        number: row.int("number")?,
        version: row.int("version")?,
        inbox: row.id("inbox_id")?,
        customer: row.id("customer_id")?,
        subject: row.text("subject")?,
        channel: Channel::from_stored(&row.text("channel")?),
        status: Status::from_columns(&row.text("status")?, row.maybe_time("status_time")?),
        custom_status: row.maybe_id("custom_status_id")?,
        due_at: row.maybe_time("due_at")?,
        priority: Priority::from_i64(row.int("priority")?),
        assignee: row.maybe_id("assignee_id")?,
        team: row.maybe_id("team_id")?,
        preview: row.text("preview")?,
        message_count: row.int("message_count")?,
        reply_token: row.text("reply_token")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        last_activity_at: row.time("last_activity_at")?,
        last_customer_at: row.maybe_time("last_customer_at")?,
        last_reply_at: row.maybe_time("last_reply_at")?,
        waiting_since: row.maybe_time("waiting_since")?,
        merged_into: row.maybe_id("merged_into")?,
        shelf: Shelf::from_columns(row.maybe_text("shelf")?.as_deref(), row.maybe_time("shelf_at")?, row.maybe_int("shelf_by")?),
        beside: row.maybe_id("beside")?,
    })
}

/// A conversation with the names that a list row shows.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The conversation.
    pub conversation: Conversation,
    /// Requester's name.
    pub customer_name: String,
    /// Requester's main address.
    pub customer_email: Option<String>,
    /// Requester's language.
    pub customer_language: Option<String>,
    /// Requester's company: id and name.
    pub company: Option<(CompanyId, String)>,
    /// Inbox's name.
    pub inbox_name: String,
    /// Inbox's address.
    pub inbox_address: String,
    /// Assignee's name.
    pub assignee_name: Option<String>,
    /// Team's name.
    pub team_name: Option<String>,
    /// Name and colour of its status of the workspace's own.
    pub custom_status: Option<(String, Color)>,
    /// The reader has not seen the customer's last message.
    pub unread: bool,
    /// Tags.
    pub tags: Vec<Tag>,
    /// The conversation that it stands beside: id, number and subject.
    pub beside: Option<(ConversationId, i64, String)>,
    /// What it has as a chat.
    pub chat: Option<crate::chat::Brief>,
}

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

/// The cursor is not one of ours.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The cursor is not one of ours.
    #[error("the cursor is not valid; start again without one")]
    BadCursor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

pub(crate) fn reader(scope: &Scope) -> i64 {
    match scope.actor {
        Actor::Agent(id) => id.raw(),
        _ => 0,
    }
}

/// `AND c.inbox_id IN (…)`, unless everything is in sight.
pub(crate) fn in_sight(scope: &Scope) -> String {
    match &scope.inboxes {
        Inboxes::All => String::new(),
        Inboxes::Only(ids) => format!(" AND c.inbox_id IN {}", list(ids.iter().map(|i| i.raw()))),
    }
}

/// Leaves out the trash, spam, and what other conversations took in (see [`Bucket::is_hidden`]), but not side conversations:
/// the search finds their words too. The `+` keeps the planner on the index that has the order of the page.
pub(crate) const FOUND: &str = " AND +c.bucket IN (0, 1, 2, 6)";

/// As [`in_sight`], for a query that reads an index in the order of the page: with several inboxes, the index that begins
/// with the inbox would have to be sorted anew, so the `+` keeps the planner off it.
fn in_sight_of_page(scope: &Scope) -> String {
    match &scope.inboxes {
        Inboxes::Only(ids) if ids.len() > 1 => format!(" AND +c.inbox_id IN {}", list(ids.iter().map(|i| i.raw()))),
        _ => in_sight(scope),
    }
}

/// Puts the names to conversations that `from` gives as `c`: a table or a subquery of [`COLUMNS`].
pub(crate) fn with_names(from: &str) -> String {
    format!(
        "SELECT {COLUMNS}, u.name AS customer_name, u.email AS customer_email, u.language AS customer_language, \
         k.id AS company_id, k.name AS company_name, i.name AS inbox_name, \
         i.address AS inbox_address, a.name AS assignee_name, t.name AS team_name, r.read_at, w.name AS custom_name, w.color AS custom_color, \
         p.number AS beside_number, p.subject AS beside_subject \
         FROM {from} c \
         JOIN customer u ON u.workspace_id = $1 AND u.id = c.customer_id \
         LEFT JOIN company k ON k.workspace_id = $1 AND k.id = u.company_id \
         JOIN inbox i ON i.workspace_id = $1 AND i.id = c.inbox_id \
         LEFT JOIN agent a ON a.workspace_id = $1 AND a.id = c.assignee_id \
         LEFT JOIN team t ON t.workspace_id = $1 AND t.id = c.team_id \
         LEFT JOIN custom_status w ON w.workspace_id = $1 AND w.id = c.custom_status_id \
         LEFT JOIN conversation p ON p.workspace_id = $1 AND p.id = c.beside \
         LEFT JOIN read_state r ON r.workspace_id = $1 AND r.agent_id = $2 AND r.conversation_id = c.id"
    )
}

pub(crate) fn listed(row: &Row) -> Result<Listed, Error> {
    let conversation = from_row(row)?;
    let read_at = row.maybe_time("read_at")?;
    Ok(Listed {
        unread: conversation.is_unread(read_at),
        custom_status: row
            .maybe_text("custom_name")?
            .map(|name| Ok::<_, Error>((name, Color::from_stored(&row.text("custom_color")?))))
            .transpose()?,
        beside: match conversation.beside {
            Some(id) => Some((id, row.maybe_int("beside_number")?.unwrap_or_default(), row.maybe_text("beside_subject")?.unwrap_or_default())),
            None => None,
        },
        conversation,
        customer_name: row.text("customer_name")?,
        customer_email: row.maybe_text("customer_email")?,
        customer_language: row.maybe_text("customer_language")?,
        company: match row.maybe_id("company_id")? {
            Some(id) => Some((id, row.maybe_text("company_name")?.unwrap_or_default())),
            None => None,
        },
        inbox_name: row.text("inbox_name")?,
        inbox_address: row.text("inbox_address")?,
        assignee_name: row.maybe_text("assignee_name")?,
        team_name: row.maybe_text("team_name")?,
        tags: Vec::new(),
        chat: None,
    })
}

pub(crate) async fn with_tags(conn: &mut Conn, scope: &Scope, mut rows: Vec<Listed>) -> Result<Vec<Listed>, Error> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let ids = conn.ids(rows.iter().map(|r| r.conversation.id.raw()));
    let sql = format!(
        "SELECT ct.conversation_id, g.id, g.name, g.color FROM conversation_tag ct \
         JOIN tag g ON g.workspace_id = ct.workspace_id AND g.id = ct.tag_id \
         WHERE ct.workspace_id = $1 AND ct.conversation_id {} ORDER BY g.name_folded",
        conn.is_one_of(2)
    );
    let found = conn.fetch_built(sql, args![scope.workspace, ids]).await?;
    for row in &found {
        let at: ConversationId = row.id("conversation_id")?;
        if let Some(listed) = rows.iter_mut().find(|r| r.conversation.id == at) {
            listed.tags.push(crate::tag::from_row(row)?);
        }
    }
    crate::chat::join(conn, scope.workspace, &mut rows).await?;
    Ok(rows)
}

/// `FROM conversation c WHERE …` of what is asked, and the order that it can be read in. One place for pages and counts.
async fn asked(conn: &mut Conn, scope: &Scope, asked: &Asked, columns: &str) -> Result<(Query, Order), Error> {
    let texts = match &asked.filter {
        Some((filter, _)) => filter::texts(conn, scope, filter, asked.among.is_some()).await?,
        None => Vec::new(),
    };
    let start = match &asked.filter {
        Some((filter, reader)) if asked.among.is_none() => filter::rare(conn, scope, filter, reader, &texts).await?,
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
        q.sql.push_str(&format!(" AND c.id IN ({sql})"));
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

/// One page of a view. Cost: O(page) on the index of the view, times what a filter throws away; two statements, and one more
/// for each tag or word that a filter wants.
pub async fn page(conn: &mut Conn, scope: &Scope, what: &Asked, cursor: Option<&str>, limit: usize) -> Result<Page<Listed>, PageError> {
    // The page is cut within the subquery, so that no plan can begin at the customers and sort everything they ever wrote.
    let (mut q, order) = asked(conn, scope, what, COLUMNS).await?;
    if let Some(cursor) = cursor {
        let (at, id) = read_cursor(cursor).ok_or(PageError::BadCursor)?;
        let Order { key, sign, plain, .. } = order;
        if key == "id" {
            let i = q.bind(id);
            q.sql.push_str(&format!(" AND {plain}c.id {sign} ${i}"));
        } else {
            let (t, i) = (q.bind(at), q.bind(id));
            q.sql.push_str(&format!(" AND ({plain}c.{key}, c.id) {sign} (${t}, ${i})"));
        }
    }
    let inner = order.first(&q.sql, limit + 1);
    let rows = conn.fetch_built(format!("{} {}", with_names(&inner), order.by("")), q.values).await?;
    let rows = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
    let page = Page::cut(rows, limit, |row| {
        let c = &row.conversation;
        let key = match what.sort {
            Sort::Newest | Sort::Oldest => c.last_activity_at.as_millisecond(),
            Sort::Waiting | Sort::WaitingShortest => c.waiting_since.unwrap_or(c.created_at).as_millisecond(),
            Sort::Due => c.due_at.unwrap_or(c.created_at).as_millisecond(),
            Sort::CreatedNewest | Sort::CreatedOldest => 0,
            Sort::PriorityHighest | Sort::PriorityLowest => c.priority.as_i64(),
        };
        format!("{key}_{}", c.id)
    });
    Ok(Page { items: with_tags(conn, scope, page.items).await?, next: page.next })
}

/// How many there are, counted no further than `most`. Cost: up to `most` on the index of the view, times what a filter throws
/// away.
pub async fn count_asked(conn: &mut Conn, scope: &Scope, what: &Asked, most: usize) -> Result<usize, Error> {
    let (q, order) = asked(conn, scope, what, "1 AS one").await?;
    // The reader is an argument even where nothing asks for it; PostgreSQL wants to know its type.
    let sql = format!("SELECT COUNT(*) AS n FROM ({} AND CAST($2 AS BIGINT) IS NOT NULL LIMIT {most}) found", order.whole(&q.sql));
    let rows = conn.fetch_built(sql, q.values).await?;
    let n = rows.first().map_or(Ok(0), |r| r.int("n"))?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// How many have each value of an expression on `c`, as `key` and `n`, looking at no more than `most` conversations.
pub(crate) async fn grouped(conn: &mut Conn, scope: &Scope, what: &Asked, key: &str, most: usize) -> Result<Vec<Row>, Error> {
    let (q, order) = asked(conn, scope, what, &format!("{key} AS key")).await?;
    let those = format!("{} AND CAST($2 AS BIGINT) IS NOT NULL LIMIT {most}", order.whole(&q.sql));
    conn.fetch_built(format!("SELECT found.key, COUNT(*) AS n FROM ({those}) found GROUP BY found.key"), q.values).await
}

/// Ids of what is asked, in no order, up to `most`. Cost: as [`count_asked`].
pub async fn some_asked(conn: &mut Conn, scope: &Scope, what: &Asked, most: usize) -> Result<Vec<ConversationId>, Error> {
    let (q, order) = asked(conn, scope, what, "c.id").await?;
    let sql = format!("{} AND CAST($2 AS BIGINT) IS NOT NULL LIMIT {most}", order.whole(&q.sql));
    conn.fetch_built(sql, q.values).await?.iter().map(|r| r.id("id")).collect()
}

/// Ids of what is asked in the order of ids, after `after`: for jobs that go through all of it.
pub async fn ids_asked(
    conn: &mut Conn,
    scope: &Scope,
    what: &Asked,
    after: Option<ConversationId>,
    limit: usize,
) -> Result<Vec<ConversationId>, Error> {
    let (mut q, order) = asked(conn, scope, what, "c.id").await?;
    let n = q.bind(after.map_or(0, Id::raw));
    let sql = format!("{} AND CAST($2 AS BIGINT) IS NOT NULL AND c.id > ${n} ORDER BY c.id LIMIT {limit}", order.whole(&q.sql));
    conn.fetch_built(sql, q.values).await?.iter().map(|r| r.id("id")).collect()
}

/// The statement that a page of what is asked reads ids by, for those who want to see how a database goes about it.
pub async fn statement(conn: &mut Conn, scope: &Scope, what: &Asked) -> Result<(String, Vec<Value>), Error> {
    let (q, order) = asked(conn, scope, what, "c.id, c.priority").await?;
    let sql = format!("{} AND CAST($2 AS BIGINT) IS NOT NULL", q.sql);
    Ok((order.first(&sql, 50).trim_start_matches('(').trim_end_matches(')').to_owned(), q.values))
}

fn read_cursor(text: &str) -> Option<(i64, ConversationId)> {
    let (time, id) = text.split_once('_')?;
    Some((time.parse().ok()?, id.parse().ok()?))
}

/// Some conversations, in no order; those out of sight are left out. Two statements.
pub async fn listed_by_ids(conn: &mut Conn, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<Listed>, Error> {
    let sql = format!("{} WHERE c.workspace_id = $1{} AND c.id {}", with_names("conversation"), in_sight(scope), conn.is_one_of(3));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    let rows = conn.fetch_built(sql, args![scope.workspace, reader(scope), ids]).await?;
    let rows = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, scope, rows).await
}

/// Those of some conversations that are there and in sight.
pub async fn in_sight_of(conn: &mut Conn, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<ConversationId>, Error> {
    let sql = format!("SELECT c.id FROM conversation c WHERE c.workspace_id = $1{} AND c.id {}", in_sight(scope), conn.is_one_of(2));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![scope.workspace, ids]).await?.iter().map(|r| r.id("id")).collect()
}

/// One conversation ready to draw; none when it does not exist or is out of sight.
pub async fn listed_by_id(conn: &mut Conn, scope: &Scope, id: ConversationId) -> Result<Option<Listed>, Error> {
    Ok(listed_by_ids(conn, scope, &[id]).await?.pop())
}

/// One conversation, locked until the use case ends; none when it does not exist or is out of sight.
pub async fn get(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Option<Conversation>, Error> {
    let lock = tx.pick("", " FOR UPDATE");
    let sql = format!("SELECT {COLUMNS} FROM conversation c WHERE c.workspace_id = $1 AND c.id = $2{}{lock}", in_sight(scope));
    let rows = tx.fetch_built(sql, args![scope.workspace, id]).await?;
    rows.first().map(from_row).transpose()
}

/// The conversation behind a reply token, in whichever workspace.
pub async fn by_reply_token(conn: &mut Conn, token: &str) -> Result<Option<(WorkspaceId, ConversationId)>, Error> {
    let row = conn.fetch_optional(sql::conversation::BY_REPLY_TOKEN, args![token]).await?;
    row.map(|r| Ok((r.id("workspace_id")?, r.id("id")?))).transpose()
}

/// What a mail of a conversation needs: its inbox, and the token of its reply address.
pub async fn route(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<(InboxId, String)>, Error> {
    let row = conn.fetch_optional(sql::conversation::ROUTE, args![workspace, id]).await?;
    row.map(|r| Ok((r.id("inbox_id")?, r.text("reply_token")?))).transpose()
}

/// The conversation with a number.
pub async fn by_number(conn: &mut Conn, workspace: WorkspaceId, number: i64) -> Result<Option<ConversationId>, Error> {
    let row = conn.fetch_optional(sql::conversation::BY_NUMBER, args![workspace, number]).await?;
    row.map(|r| r.id("id")).transpose()
}

/// The next conversation number. Gapless on SQLite; on PostgreSQL a sequence, so that nodes do not wait for each other.
pub async fn next_number(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.fetch_one(sql::conversation::NEXT_NUMBER, args![workspace]).await?.int("value"),
        Dialect::Postgres => {
            let sequence = format!("conversation_number_{}", workspace.raw());
            let rows = tx.fetch_built(format!("SELECT nextval('{sequence}') AS value"), args![]).await?;
            rows.first().map_or(Ok(1), |r| r.int("value"))
        }
    }
}

/// Makes ready for the numbers of a new workspace.
pub(crate) async fn prepare_numbers(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        tx.execute_built(&format!("CREATE SEQUENCE IF NOT EXISTS conversation_number_{} CACHE 1", workspace.raw()), args![]).await?;
    }
    Ok(())
}

/// What statement `insert` takes.
pub(crate) fn columns(workspace: WorkspaceId, c: &Conversation) -> Vec<Value> {
    let status = c.status.kind();
    args![
        workspace,
        c.id,
        c.number,
        c.version,
        c.inbox,
        c.customer,
        c.subject.as_str(),
        c.channel.as_str(),
        status.as_str(),
        c.status.time(),
        c.bucket().as_i64(),
        c.priority.as_i64(),
        c.assignee,
        c.team,
        c.preview.as_str(),
        c.message_count,
        c.reply_token.as_str(),
        c.created_at,
        c.updated_at,
        c.last_activity_at,
        c.last_customer_at,
        c.last_reply_at,
        c.waiting_since,
        c.merged_into,
        c.shelf.map(|s| s.kind().as_str()),
        c.shelf.map(Shelf::at),
        c.shelf.and_then(|s| s.by().agent()),
        c.beside,
        c.custom_status,
        c.due_at
    ]
}

/// Writes a new conversation. Without a status of the workspace's own, it gets the default of its category.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, c: &mut Conversation) -> Result<(), Error> {
    if c.custom_status.is_none() && c.beside.is_none() {
        c.custom_status = crate::custom_status::default_of(tx, workspace, c.status.kind()).await?;
    }
    tx.execute(sql::conversation::INSERT, columns(workspace, c)).await?;
    crate::search::put_subject(tx, workspace, c.id, &c.subject).await?;
    if !c.bucket().is_hidden() {
        tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, 1_i64]).await?;
    }
    count(tx, workspace, place(c), 1).await
}

/// Writes a changed conversation; `before` is what [`get`] returned. Raises the version. However it came into another category:
/// unless it was said with which status of the workspace's own, it gets the default of that category.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, before: &Conversation, c: &mut Conversation) -> Result<(), Error> {
    crate::custom_status::settle(tx, workspace, before, c).await?;
    let status = c.status.kind();
    tx.execute(
        sql::conversation::UPDATE,
        args![
            workspace,
            c.id,
            c.inbox,
            c.customer,
            c.subject.as_str(),
            status.as_str(),
            c.status.time(),
            c.bucket().as_i64(),
            c.priority.as_i64(),
            c.assignee,
            c.team,
            c.preview.as_str(),
            c.message_count,
            c.updated_at,
            c.last_activity_at,
            c.last_customer_at,
            c.last_reply_at,
            c.waiting_since,
            c.merged_into,
            c.shelf.map(|s| s.kind().as_str()),
            c.shelf.map(Shelf::at),
            c.shelf.and_then(|s| s.by().agent()),
            c.custom_status,
            c.due_at
        ],
    )
    .await?;
    c.version += 1;
    if before.subject != c.subject {
        crate::search::put_subject(tx, workspace, c.id, &c.subject).await?;
    }
    if place(before) != place(c) {
        count(tx, workspace, place(before), -1).await?;
        count(tx, workspace, place(c), 1).await?;
    }
    match (before.bucket().is_hidden(), c.bucket().is_hidden()) {
        (false, true) => tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, -1_i64]).await.map(drop),
        (true, false) => tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, 1_i64]).await.map(drop),
        _ => Ok(()),
    }
}

/// Snoozed conversations whose time has come.
pub async fn to_wake(conn: &mut Conn, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::conversation::TO_WAKE, args![workspace, now]).await?.iter().map(|r| r.id("id")).collect()
}
