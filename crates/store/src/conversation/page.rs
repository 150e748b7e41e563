//! Pages by key, counts and ids of what is asked.

use model::page::Page;
use model::{ConversationId, Id, Scope};

use super::asked::{Asked, Sort, asked};
use super::listed::{Listed, listed, with_names, with_tags};
use super::order::Order;
use super::row::COLUMNS;
use crate::{Conn, Error, Row, Value};

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
