//! What is asked of an index: words in a dialect's own language.

use model::WorkspaceId;
use model::text::{Typed, is_usual};

use super::index::{fence, pairs_of, words_between};
use crate::db::Dialect;
use crate::{Conn, Error, args, sql};

/// Most words that a beginning may become.
const MOST_WORDS: usize = 64;

/// One of each of these must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(pub Vec<Vec<String>>);

impl Words {
    /// Each of these must be found.
    pub(crate) fn all(words: Vec<String>) -> Self {
        Self(words.into_iter().map(|w| vec![w]).collect())
    }

    /// What was typed; the last word may become any that is known to begin like it.
    pub(crate) async fn of(conn: &mut Conn, workspace: WorkspaceId, query: &Typed) -> Result<Self, Error> {
        let mut words = Self::all(query.words.clone());
        if let (Some(b), Some(last)) = (&query.beginning, words.0.last_mut()) {
            let mut known = words_between(conn, workspace, &b.from, &b.to, MOST_WORDS).await?;
            if known.is_empty() && query.last.is_ascii() {
                // On the way from a stem to one of its forms: refundi.
                for shorter in (4..query.last.len()).rev().take(3) {
                    known.extend(words_between(conn, workspace, &query.last[..shorter], &format!("{}!", &query.last[..shorter]), 1).await?);
                }
            }
            last.extend(known);
            last.sort_unstable();
            last.dedup();
        }
        Ok(words)
    }

    /// As the index of a dialect is asked.
    pub(crate) fn terms(&self, dialect: Dialect, fence: Option<&str>) -> String {
        let mut all: Vec<String> = self.0.iter().map(|any| one_of(dialect, any)).collect();
        all.extend(fence.map(|f| one_of(dialect, &[f.to_owned()])));
        all.join(if dialect == Dialect::Sqlite { " AND " } else { " & " })
    }
}

fn one_of(dialect: Dialect, any: &[String]) -> String {
    let words: Vec<String> = any.iter().map(|w| quoted(dialect, w)).collect();
    format!("({})", words.join(if dialect == Dialect::Sqlite { " OR " } else { " | " }))
}

fn quoted(dialect: Dialect, word: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("\"{}\"", word.replace('"', "\"\"")),
        Dialect::Postgres => format!("'{}'", word.replace('\'', "''").replace('\\', "\\\\")),
    }
}

/// As an index is asked for all words that begin so.
pub(crate) fn beginning_with(dialect: Dialect, beginning: &str) -> String {
    format!("{}{}", quoted(dialect, beginning), if dialect == Dialect::Sqlite { "*" } else { ":*" })
}

/// As an index is asked for words in a row.
pub(crate) fn in_a_row(dialect: Dialect, words: &[String], fence: Option<&str>) -> String {
    let (row, and) = match dialect {
        Dialect::Sqlite => (quoted(dialect, &words.join(" ")), " AND "),
        Dialect::Postgres => (words.iter().map(|w| quoted(dialect, w)).collect::<Vec<_>>().join(" <-> "), " & "),
    };
    let mut asked = vec![row];
    asked.extend(pairs_of(words).iter().map(|pair| quoted(dialect, pair)));
    asked.extend(fence.map(|f| quoted(dialect, f)));
    format!("({})", asked.join(and))
}

/// As an index is asked for what holds the words, and those in a row that it has as pairs: little else holds that, and to count it
/// is quick.
pub(crate) fn nearly_in_a_row(dialect: Dialect, words: &[String]) -> String {
    let all = words.iter().filter(|w| !is_usual(w) || words.len() == 1).cloned().chain(pairs_of(words));
    let mut all: Vec<String> = all.collect();
    if all.is_empty() {
        all = words.to_vec();
    }
    Words::all(all).terms(dialect, None)
}

/// The fence, where there is another workspace to keep out: alone in the house, every message has it and nobody needs it.
pub(crate) async fn fence_for(conn: &mut Conn, workspace: WorkspaceId) -> Result<Option<String>, Error> {
    Ok(conn.fetch_optional(sql::workspace::ANOTHER, args![workspace]).await?.map(|_| fence(workspace)))
}
