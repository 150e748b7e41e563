//! Full-text search: words are made in Rust (see [`model::text`]), so both databases find the same.

use model::{ConversationId, Id, Inboxes, MessageId, Scope, WorkspaceId};

use crate::db::{Dialect, Indexing, list};
use crate::{Conn, Error, Tx, args, dialect, sql};

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Hit {
    pub message: MessageId,
    pub conversation: ConversationId,
    /// Subject and words of the message, to cut a snippet from.
    pub subject: String,
    pub text: String,
}

/// The word that keeps workspaces apart within the index.
fn fence(workspace: WorkspaceId) -> String {
    format!("w{}w", workspace.raw())
}

/// A message's words as the index of a dialect takes them.
pub(crate) fn terms(dialect: Dialect, workspace: WorkspaceId, text: &str) -> String {
    let mut words = vec![fence(workspace)];
    words.extend(model::text::tokens(text));
    match dialect {
        Dialect::Sqlite => words.join(" "),
        Dialect::Postgres => {
            // A tsvector's positions end at 16383, and a lexeme holds at most 256 of them.
            let mut terms = String::new();
            for (at, word) in words.iter().take(16_000).enumerate() {
                terms.push_str(&format!("'{}':{} ", word.replace('\'', "''").replace('\\', "\\\\"), at + 1));
            }
            terms
        }
    }
}

/// Adds a message's words.
pub(crate) async fn put(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, text: &str) -> Result<(), Error> {
    let terms = terms(tx.dialect(), workspace, text);
    match tx.dialect() {
        Dialect::Sqlite => tx.index(Indexing::Put(message.raw(), terms)),
        Dialect::Postgres => drop(tx.execute(dialect::postgres::SEARCH_PUT, args![message, terms]).await?),
    }
    Ok(())
}

/// Takes a message's words out.
pub(crate) async fn remove(tx: &mut Tx, message: MessageId) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.index(Indexing::Remove(message.raw())),
        Dialect::Postgres => drop(tx.execute(dialect::postgres::SEARCH_REMOVE, args![message]).await?),
    }
    Ok(())
}

/// Whether PostgreSQL expects at most one message in a hundred to hold the words.
async fn is_rare(conn: &mut Conn, terms: &str) -> Result<bool, Error> {
    let plan = conn.fetch_all("EXPLAIN SELECT 1 FROM search WHERE terms @@ CAST($1 AS TSQUERY)", args![terms]).await?;
    let first = plan.first().map(|row| row.text("QUERY PLAN")).transpose()?.unwrap_or_default();
    let expected = first.split_once(" rows=").and_then(|(_, rest)| rest.split(' ').next()?.parse::<i64>().ok()).unwrap_or(0);
    let all = conn.fetch_all("SELECT CAST(reltuples AS BIGINT) AS n FROM pg_class WHERE oid = to_regclass('search')", args![]).await?;
    let all = all.first().map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(expected.saturating_mul(100) <= all)
}

/// What a dialect's index is asked for: every word of the text in one message, or the words in a row. None when there are no
/// words.
pub(crate) fn matching(dialect: Dialect, workspace: WorkspaceId, text: &str, phrase: bool) -> Option<String> {
    let words = if phrase { model::text::tokens(text) } else { model::text::query_tokens(text) };
    if words.is_empty() {
        return None;
    }
    let fence = fence(workspace);
    Some(match dialect {
        Dialect::Sqlite => {
            let quoted = |w: &str| format!("\"{}\"", w.replace('"', "\"\""));
            let asked = if phrase { quoted(&words.join(" ")) } else { words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(" AND ") };
            format!("{asked} AND {}", quoted(&fence))
        }
        Dialect::Postgres => {
            let quoted = |w: &str| format!("'{}'", w.replace('\'', "''").replace('\\', "\\\\"));
            let between = if phrase { " <-> " } else { " & " };
            format!("({}) & {}", words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(between), quoted(&fence))
        }
    })
}

/// The index `s` and the messages `m` that it leads to, in workspace `$1`.
pub(crate) fn from(dialect: Dialect) -> &'static str {
    match dialect {
        // CROSS JOIN: SQLite begins with the index, whatever it thinks of the other table.
        Dialect::Sqlite => "search s CROSS JOIN message m ON m.workspace_id = $1 AND m.id = s.rowid",
        Dialect::Postgres => "search s JOIN message m ON m.workspace_id = $1 AND m.id = s.message_id",
    }
}

/// The condition that `s` holds what [`matching`] made, given as argument `$n`.
pub(crate) fn holds(dialect: Dialect, n: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("s.search MATCH ${n}"),
        Dialect::Postgres => format!("s.terms @@ CAST(${n} AS TSQUERY)"),
    }
}

/// Messages in sight that hold every word of the query, newest first. The last word may be the beginning of one when
/// `prefix` is set. No words, no hits.
pub async fn messages(conn: &mut Conn, scope: &Scope, query: &str, prefix: bool, limit: usize) -> Result<Vec<Hit>, Error> {
    let mut words = model::text::query_tokens(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let last = words.len() - 1;
    // The fence is walked along with the words, and it stands in every message: alone in the house, nobody needs it.
    if conn.fetch_optional(sql::workspace::ANOTHER, args![scope.workspace]).await?.is_some() {
        words.push(fence(scope.workspace));
    }
    let sight = match &scope.inboxes {
        Inboxes::All => String::new(),
        Inboxes::Only(ids) => format!(" AND c.inbox_id IN {}", list(ids.iter().map(|i| i.raw()))),
    };
    let (from, matches, terms) = match conn.dialect() {
        Dialect::Sqlite => {
            let terms: Vec<String> = words
                .iter()
                .enumerate()
                .map(|(at, w)| format!("\"{}\"{}", w.replace('"', "\"\""), if prefix && at == last { "*" } else { "" }))
                .collect();
            // CROSS JOIN: SQLite begins with the index, whatever it thinks of the other tables.
            ("search s CROSS JOIN message m ON m.workspace_id = $1 AND m.id = s.rowid CROSS", "s.search MATCH $2", terms.join(" AND "))
        }
        Dialect::Postgres => {
            let terms: Vec<String> = words
                .iter()
                .enumerate()
                .map(|(at, w)| format!("'{}'{}", w.replace('\'', "''").replace('\\', "\\\\"), if prefix && at == last { ":*" } else { "" }))
                .collect();
            ("search s JOIN message m ON m.workspace_id = $1 AND m.id = s.message_id", "s.terms @@ CAST($2 AS TSQUERY)", terms.join(" & "))
        }
    };
    let key = match conn.dialect() {
        Dialect::Sqlite => "s.rowid",
        // PostgreSQL takes the beginning of a word for frequent and would walk all messages, newest first. Where the words
        // are rare, a key that has no index leaves it no choice but the words'.
        Dialect::Postgres if is_rare(conn, &terms).await? => "s.message_id + 0",
        Dialect::Postgres => "s.message_id",
    };
    let sql = format!(
        "SELECT m.id, m.conversation_id, m.subject, m.reply_text FROM {from} \
         JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id \
         WHERE {matches}{sight}{} ORDER BY {key} DESC LIMIT {limit}",
        crate::conversation::FOUND
    );
    let rows = conn.fetch_aside(sql, args![scope.workspace, terms]).await?;
    rows.iter()
        .map(|r| Ok(Hit { message: r.id("id")?, conversation: r.id("conversation_id")?, subject: r.text("subject")?, text: r.text("reply_text")? }))
        .collect()
}
