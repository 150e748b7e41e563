//! Finding, and what comes first.
//!
//! An index gives its newest hits in sight; a few hundred are looked at and put in order: words in a row before words apart,
//! subjects before bodies, new before old. A search costs what it looks at, however many messages hold the words.

use std::collections::HashMap;

use model::customer::Customer;
use model::filter::{Filter, Reader};
use model::text::Typed;
use model::{ConversationId, Id, Inboxes, MessageId, Scope, Timestamp};

use super::words::{Words, beginning_with, fence_for, in_a_row};
use super::{Index, holds_read_once};
use crate::conversation::{FOUND, in_sight};
use crate::db::{Dialect, list};
use crate::dialect::postgres::STRETCHES;
use crate::filter::Query;
use crate::{Conn, Error, args};

/// How many hits are looked at at least; the newest ones.
const POOL: usize = 120;
/// The same for conversations with the words in their subject.
const SUBJECTS: usize = 50;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What fits best.
    #[default]
    Fitting,
    /// What was written last.
    Newest,
}

/// What to look for.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Asked<'a> {
    pub words: &'a Typed,
    /// Words that must stand in a row as well.
    pub phrases: &'a [String],
    /// What the conversation must pass besides, and who asks.
    pub filter: Option<(&'a Filter, &'a Reader)>,
    pub order: Order,
    pub now: Timestamp,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Hit {
    pub message: MessageId,
    pub conversation: ConversationId,
}

/// A conversation that was found, by its best message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Found {
    pub conversation: ConversationId,
    pub message: MessageId,
    /// Words of the message, to cut a snippet from.
    pub text: String,
}

struct Candidate {
    message: MessageId,
    conversation: ConversationId,
    subject: String,
    at: i64,
}

/// Messages in sight that hold every word of the query, newest first. The last word may be the beginning of one when
/// `prefix` is set. No words, no hits.
pub async fn messages(conn: &mut Conn, scope: &Scope, query: &str, prefix: bool, limit: usize) -> Result<Vec<Hit>, Error> {
    let mut typed = model::text::typed(query);
    if !prefix {
        typed.beginning = None;
    }
    if typed.words.is_empty() {
        return Ok(Vec::new());
    }
    let fence = fence_for(conn, scope.workspace).await?;
    let terms = Words::of(conn, scope.workspace, &typed).await?.terms(conn.dialect(), fence.as_deref());
    let found = newest(conn, scope, Index::Messages, &terms, None, limit).await?;
    Ok(found.into_iter().map(|c| Hit { message: c.message, conversation: c.conversation }).collect())
}

/// Conversations in sight that hold every word in one message or in their subject, and pass the filter. At most `limit`.
/// No words, no hits.
pub async fn conversations(conn: &mut Conn, scope: &Scope, asked: &Asked<'_>, limit: usize) -> Result<Vec<Found>, Error> {
    let dialect = conn.dialect();
    let phrases: Vec<Vec<String>> = asked.phrases.iter().map(|p| model::text::tokens(p)).filter(|p| !p.is_empty()).collect();
    if asked.words.words.is_empty() && phrases.is_empty() {
        return Ok(Vec::new());
    }
    let fence = fence_for(conn, scope.workspace).await?;
    let words = Words::of(conn, scope.workspace, asked.words).await?;
    let mut all: Vec<String> = phrases.iter().map(|p| in_a_row(dialect, p, None)).collect();
    if !words.0.is_empty() {
        all.push(words.terms(dialect, None));
    }
    all.extend(fence.as_ref().map(|f| in_a_row(dialect, std::slice::from_ref(f), None)));
    let terms = all.join(if dialect == Dialect::Sqlite { " AND " } else { " & " });

    let mut found = newest(conn, scope, Index::Messages, &terms, asked.filter, POOL.max(2 * limit)).await?;
    if asked.order == Order::Fitting || found.len() < limit {
        found.extend(newest(conn, scope, Index::Subjects, &terms, asked.filter, SUBJECTS.max(limit)).await?);
    }
    // The words in a row, as they were typed; asked only of what was found.
    let row = model::text::tokens(&asked.words.words.join(" "));
    let in_row = if asked.order == Order::Fitting && row.len() > 1 {
        let ids: Vec<MessageId> = found.iter().map(|c| c.message).collect();
        these_hold(conn, &in_a_row(dialect, &row, None), &ids).await?
    } else {
        Vec::new()
    };
    let mut best: HashMap<ConversationId, (i64, Candidate)> = HashMap::new();
    for candidate in found {
        let points = match asked.order {
            Order::Newest => candidate.message.raw(),
            Order::Fitting => points(&candidate, &words, &row, in_row.contains(&candidate.message), asked.now),
        };
        match best.get(&candidate.conversation) {
            Some((other, known)) if (*other, known.message) >= (points, candidate.message) => {}
            _ => drop(best.insert(candidate.conversation, (points, candidate))),
        }
    }
    let mut best: Vec<(i64, Candidate)> = best.into_values().collect();
    best.sort_unstable_by_key(|(points, c)| std::cmp::Reverse((*points, c.message)));
    best.truncate(limit);
    let mut texts = texts(conn, scope, best.iter().map(|(_, c)| c.message)).await?;
    let with_text =
        |(_, c): (i64, Candidate)| Found { conversation: c.conversation, message: c.message, text: texts.remove(&c.message).unwrap_or_default() };
    Ok(best.into_iter().map(with_text).collect())
}

/// In milliseconds.
const MONTH: i64 = 30 * 86_400_000;

/// How well something fits. A subject is worth more than a passage in a row, and a month halves what newness is worth.
fn points(c: &Candidate, words: &Words, row: &[String], is_in_row: bool, now: Timestamp) -> i64 {
    let subject = model::text::tokens(&c.subject);
    let mut points = 0;
    if words.0.iter().all(|any| any.iter().any(|w| subject.contains(w))) && !words.0.is_empty() {
        points += 4_000;
        if subject.windows(row.len().max(1)).any(|part| part == row) {
            points += 1_000;
        }
    }
    if is_in_row {
        points += 3_000;
    }
    let age = (now.as_millisecond() - c.at).max(0);
    points + 4_000 * MONTH / (MONTH + age)
}

/// The newest in sight that an index has for these terms.
async fn newest(
    conn: &mut Conn,
    scope: &Scope,
    index: Index,
    terms: &str,
    filter: Option<(&Filter, &Reader)>,
    limit: usize,
) -> Result<Vec<Candidate>, Error> {
    let dialect = conn.dialect();
    let start = match filter {
        Some((filter, _)) => crate::filter::few(conn, scope, filter).await?,
        None => None,
    };
    let texts = match filter {
        Some((filter, _)) => crate::filter::texts(conn, scope, filter, false).await?,
        None => Vec::new(),
    };
    let mut q = Query::new(conn, String::new(), args![scope.workspace, terms], texts);
    let condition = filter.map(|(filter, reader)| format!(" AND {}", q.condition(filter, reader))).unwrap_or_default();
    let few = start.map(|few| format!(" AND c.id IN ({few})")).unwrap_or_default();
    let begins_with_few = !few.is_empty();
    let conditions = format!("{}{FOUND}{few}{condition}", in_sight(scope));
    let (key, table, holds) = (index.key(dialect), index.table(), holds_read_once(index, dialect, 2));
    let last = "(SELECT MAX(m.id) FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id)";
    let columns = match index {
        Index::Messages => "m.id AS message_id, c.id AS conversation_id, c.subject, m.created_at AS at".to_owned(),
        _ => format!("{last} AS message_id, c.id AS conversation_id, c.subject, c.last_activity_at AS at"),
    };
    let sqls: Vec<String> = match (dialect, index, begins_with_few) {
        // Few conversations are left: each of their messages is asked, however many others hold the words.
        (Dialect::Sqlite, Index::Messages, true) => {
            let those = format!(
                "SELECT m.id FROM conversation c CROSS JOIN message m ON m.workspace_id = $1 AND m.conversation_id = c.id \
                 WHERE c.workspace_id = $1{conditions} ORDER BY m.id DESC"
            );
            vec![format!(
                "SELECT {columns} FROM ({those}) f CROSS JOIN message m ON m.workspace_id = $1 AND m.id = f.id \
                 CROSS JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id \
                 WHERE EXISTS (SELECT 1 FROM search s WHERE {holds} AND s.rowid = f.id) LIMIT {limit}"
            )]
        }
        // CROSS JOIN: SQLite begins with the index, newest first, and stops when it has enough.
        (Dialect::Sqlite, Index::Messages, false) => vec![format!(
            "SELECT {columns} FROM search s CROSS JOIN message m ON m.workspace_id = $1 AND m.id = s.rowid \
             CROSS JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id \
             WHERE {holds}{conditions} ORDER BY s.rowid DESC LIMIT {limit}"
        )],
        (Dialect::Sqlite, ..) => vec![format!(
            "SELECT {columns} FROM {table} s CROSS JOIN conversation c ON c.workspace_id = $1 AND c.id = s.rowid \
             WHERE {holds}{conditions} ORDER BY s.rowid DESC LIMIT {limit}"
        )],
        (Dialect::Postgres, Index::Messages, true) => vec![format!(
            "SELECT {columns} FROM conversation c JOIN message m ON m.workspace_id = $1 AND m.conversation_id = c.id \
             WHERE c.workspace_id = $1{conditions} AND EXISTS (SELECT 1 FROM search s WHERE s.message_id = m.id AND {holds} OFFSET 0) \
             ORDER BY m.id + 0 DESC LIMIT {limit}"
        )],
        (Dialect::Postgres, ..) => {
            let newest = conn.fetch_built(format!("SELECT {key} AS id FROM {table} ORDER BY {key} DESC LIMIT 1"), args![]).await?;
            let newest = newest.first().map(|r| r.int("id")).transpose()?.unwrap_or(0);
            let stretches: Vec<String> =
                STRETCHES.iter().map(|by| format!("({key} >> {by}) * 4{}", ["", " + 1", " + 2", " + 3"][(*by as usize - 45) / 3])).collect();
            let stretches = stretches.join(", ");
            let (joined, id) = match index {
                Index::Messages => (
                    "CROSS JOIN LATERAL (SELECT id, conversation_id, created_at FROM message WHERE workspace_id = $1 AND id = f.id LIMIT 1) m \
                     CROSS JOIN LATERAL (SELECT * FROM conversation WHERE workspace_id = $1 AND id = m.conversation_id LIMIT 1) c",
                    "f.id",
                ),
                _ => ("CROSS JOIN LATERAL (SELECT * FROM conversation WHERE workspace_id = $1 AND id = f.id LIMIT 1) c", "f.id"),
            };
            // The plan cannot begin anywhere but at the words: the key has no index, and each look-up is on its own.
            let one = |stretch: String| {
                format!(
                    "SELECT {columns} FROM (SELECT {key} + 0 AS id FROM {table} s WHERE {holds}{stretch} ORDER BY 1 DESC OFFSET 0) f {joined} \
                     WHERE c.workspace_id = $1{conditions} ORDER BY {id} DESC LIMIT {limit}"
                )
            };
            let mut sqls: Vec<String> = (0_i64..)
                .zip(STRETCHES)
                .map(|(n, by)| {
                    let now = newest >> by;
                    one(format!(" AND (ARRAY[{stretches}]) && CAST(ARRAY[{}, {}] AS BIGINT[])", now * 4 + n, (now - 1) * 4 + n))
                })
                .collect();
            sqls.push(one(String::new()));
            sqls
        }
    };
    let last = sqls.len() - 1;
    let mut next = 0;
    for (n, sql) in sqls.into_iter().enumerate() {
        if n < next {
            continue;
        }
        let rows = conn.fetch_aside(sql, q.values.clone()).await?;
        // Where little or nothing was new, the next stretch would say no more.
        next = match rows.len() {
            0 => last,
            few if few * 8 < limit => (n + 2).min(last),
            _ => n + 1,
        };
        // A shorter stretch with fewer than asked may leave some out.
        if n == last || rows.len() >= limit {
            return rows
                .iter()
                .filter_map(|r| match r.maybe_id("message_id") {
                    Ok(None) => None,
                    Ok(Some(message)) => {
                        Some((|| Ok(Candidate { message, conversation: r.id("conversation_id")?, subject: r.text("subject")?, at: r.int("at")? }))())
                    }
                    Err(error) => Some(Err(error)),
                })
                .collect();
        }
    }
    Ok(Vec::new())
}

/// Those of some messages that hold the terms.
async fn these_hold(conn: &mut Conn, terms: &str, ids: &[MessageId]) -> Result<Vec<MessageId>, Error> {
    let (Some(oldest), Some(newest)) = (ids.iter().min(), ids.iter().max()) else { return Ok(Vec::new()) };
    let rows = match conn.dialect() {
        Dialect::Sqlite => {
            let sql = "SELECT s.rowid AS id FROM search s WHERE s.search MATCH $1 AND s.rowid >= $2 AND s.rowid <= $3".to_owned();
            conn.fetch_aside(sql, args![terms, *oldest, *newest]).await?
        }
        Dialect::Postgres => {
            let sql = format!(
                "SELECT s.message_id AS id FROM search s WHERE s.message_id {} AND s.terms @@ (SELECT CAST($1 AS TSQUERY))",
                conn.is_one_of(2)
            );
            let ids = conn.ids(ids.iter().map(|i| i.raw()));
            conn.fetch_built(sql, args![terms, ids]).await?
        }
    };
    rows.iter().map(|r| r.id("id")).collect()
}

async fn texts(conn: &mut Conn, scope: &Scope, ids: impl Iterator<Item = MessageId>) -> Result<HashMap<MessageId, String>, Error> {
    let sql = format!("SELECT id, reply_text FROM message WHERE workspace_id = $1 AND id {}", conn.is_one_of(2));
    let ids = conn.ids(ids.map(Id::raw));
    conn.fetch_built(sql, args![scope.workspace, ids]).await?.iter().map(|r| Ok((r.id("id")?, r.text("reply_text")?))).collect()
}

/// Customers in sight whose name and addresses hold every word; the last may be the beginning of one. Those whose name begins
/// with what was typed first, then those seen last.
pub async fn customers(conn: &mut Conn, scope: &Scope, query: &str, limit: usize) -> Result<Vec<Customer>, Error> {
    /// How many are looked at: the newest.
    const LOOKED_AT: usize = 200;
    let dialect = conn.dialect();
    // `mina@haru.example` is asked as it is indexed: in pieces.
    let typed = model::text::typed(&query.replace(['@', '.', '-', '_', '+'], " "));
    if typed.words.is_empty() {
        return Ok(Vec::new());
    }
    let mut all: Vec<String> = typed.words.iter().map(|w| in_a_row(dialect, std::slice::from_ref(w), None)).collect();
    if let (Some(b), Some(last)) = (&typed.beginning, all.last_mut()) {
        // Names are few: the index itself may go through all that begin so. A syllable that is still open may close in 28 ways.
        let open: Vec<String> = match (b.from.chars().next_back(), b.to.chars().nth(1)) {
            (Some(syllable), Some(closed)) if closed != '\u{10ffff}' && b.from.chars().count() == 2 && !b.from.is_ascii() => {
                let first: String = b.from.chars().take(1).collect();
                (u32::from(syllable)..=u32::from(closed))
                    .filter_map(char::from_u32)
                    .map(|c| in_a_row(dialect, &[format!("{first}{c}")], None))
                    .collect()
            }
            _ => {
                vec![last.clone(), beginning_with(dialect, &b.from)]
            }
        };
        *last = format!("({})", open.join(if dialect == Dialect::Sqlite { " OR " } else { " | " }));
    }
    all.extend(fence_for(conn, scope.workspace).await?.map(|f| in_a_row(dialect, &[f], None)));
    let terms = all.join(if dialect == Dialect::Sqlite { " AND " } else { " & " });
    let sight = match &scope.inboxes {
        Inboxes::All => String::new(),
        Inboxes::Only(ids) => format!(
            " AND EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.customer_id = u.id AND c.inbox_id IN {})",
            list(ids.iter().map(|i| i.raw()))
        ),
    };
    let (from, key) = match dialect {
        Dialect::Sqlite => ("search_customer s CROSS JOIN customer u ON u.workspace_id = $1 AND u.id = s.rowid", "s.rowid"),
        Dialect::Postgres => ("search_customer s JOIN customer u ON u.workspace_id = $1 AND u.id = s.id", "s.id + 0"),
    };
    let sql = format!(
        "SELECT {} FROM {from} WHERE {}{sight} ORDER BY {key} DESC LIMIT {LOOKED_AT}",
        crate::customer::COLUMNS,
        holds_read_once(Index::Customers, dialect, 2)
    );
    let rows = conn.fetch_aside(sql, args![scope.workspace, terms]).await?;
    let mut found: Vec<Customer> = rows.iter().map(crate::customer::from_row).collect::<Result<_, _>>()?;
    let begun = model::text::fold(query.trim());
    found.sort_by_key(|c| {
        let starts = model::text::fold(&c.name).starts_with(&begun) || c.email.as_ref().is_some_and(|e| e.folded().starts_with(&begun));
        std::cmp::Reverse((starts, c.last_seen_at, c.id))
    });
    found.truncate(limit);
    Ok(found)
}

/// The conversation that a query names by its number (`#123`, `123`), when it is in sight.
pub async fn by_number(conn: &mut Conn, scope: &Scope, query: &str) -> Result<Option<ConversationId>, Error> {
    let digits = query.trim().trim_start_matches('#');
    let Some(number) = digits.parse::<i64>().ok().filter(|n| *n > 0 && digits.len() < 12) else { return Ok(None) };
    let Some(id) = crate::conversation::by_number(conn, scope.workspace, number).await? else { return Ok(None) };
    Ok(crate::conversation::in_sight_of(conn, scope, &[id]).await?.pop())
}
