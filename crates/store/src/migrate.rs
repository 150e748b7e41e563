//! Brings a database to this version's schema. Each step is one transaction: killed at any point, the next start goes on.

use crate::db::{Conn, Dialect};
use crate::{Error, args};

/// Every step, oldest first: its name and its text. Never edited once released: add another.
pub const STEPS: &[(&str, &str)] = &[
    ("0001_foundation", include_str!("../migrations/0001_foundation.sql")),
    ("0002_conversation_link", include_str!("../migrations/0002_conversation_link.sql")),
    ("0003_view", include_str!("../migrations/0003_view.sql")),
    ("0004_saved_reply", include_str!("../migrations/0004_saved_reply.sql")),
    ("0005_conversation_work", include_str!("../migrations/0005_conversation_work.sql")),
    ("0006_bulk", include_str!("../migrations/0006_bulk.sql")),
    ("0007_field", include_str!("../migrations/0007_field.sql")),
    ("0008_side_conversation", include_str!("../migrations/0008_side_conversation.sql")),
    ("0010_search", include_str!("../migrations/0010_search.sql")),
    ("0011_conversation_status", include_str!("../migrations/0011_conversation_status.sql")),
    ("0013_company", include_str!("../migrations/0013_company.sql")),
    ("0015_push", include_str!("../migrations/0015_push.sql")),
    ("0016_resumable", include_str!("../migrations/0016_resumable.sql")),
    ("0017_chat", include_str!("../migrations/0017_chat.sql")),
    ("0018_routing", include_str!("../migrations/0018_routing.sql")),
    ("0019_desk", include_str!("../migrations/0019_desk.sql")),
    ("0020_chat_work", include_str!("../migrations/0020_chat_work.sql")),
    ("0021_visitor", include_str!("../migrations/0021_visitor.sql")),
    ("0022_interactive", include_str!("../migrations/0022_interactive.sql")),
];

/// The statements of a step in a dialect.
pub fn statements(step: &str, dialect: Dialect) -> Vec<String> {
    let words: [(&str, &str); 8] = match dialect {
        Dialect::Sqlite => [
            ("{bytes}", "BLOB"),
            ("{clustered}", "WITHOUT ROWID"),
            ("{bytewise}", ""),
            ("{domain_of_address}", "substr(address_folded, instr(address_folded, '@') + 1)"),
            ("{event_table}", crate::dialect::sqlite::EVENT_TABLE),
            ("{search_table}", crate::dialect::sqlite::SEARCH_TABLE),
            ("{search_more}", crate::dialect::sqlite::SEARCH_MORE),
            ("{search_again}", crate::dialect::sqlite::SEARCH_AGAIN),
        ],
        Dialect::Postgres => [
            ("{bytes}", "BYTEA"),
            ("{clustered}", ""),
            ("{bytewise}", "COLLATE \"C\""),
            ("{domain_of_address}", "substr(address_folded, strpos(address_folded, '@') + 1)"),
            ("{event_table}", crate::dialect::postgres::EVENT_TABLE),
            ("{search_table}", crate::dialect::postgres::SEARCH_TABLE),
            ("{search_more}", crate::dialect::postgres::SEARCH_MORE),
            ("{search_again}", crate::dialect::postgres::SEARCH_AGAIN),
        ],
    };
    let without_comments: String = step.lines().filter(|l| !l.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    let filled = words.iter().fold(without_comments, |text, (word, with)| text.replace(word, with));
    filled.split(';').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

/// Applies the steps that are missing. The caller has opened a transaction that no other migration can pass.
pub(crate) async fn run(conn: &mut Conn) -> Result<usize, Error> {
    conn.execute("CREATE TABLE IF NOT EXISTS schema_step (name TEXT PRIMARY KEY, at TEXT NOT NULL)", args![]).await?;
    let mut applied = 0;
    for (name, step) in STEPS {
        if conn.fetch_optional("SELECT name FROM schema_step WHERE name = $1", args![*name]).await?.is_some() {
            continue;
        }
        for statement in statements(step, conn.dialect()) {
            conn.execute_built(&statement, args![]).await?;
        }
        // Words are made here and not in SQL.
        match *name {
            "0010_search" => crate::search::fill(conn).await?,
            "0019_desk" => {
                crate::search::fill_again(conn).await?;
                crate::company::fill_paths(conn).await?;
            }
            _ => {}
        }
        conn.execute("INSERT INTO schema_step (name, at) VALUES ($1, CURRENT_TIMESTAMP)", args![*name]).await?;
        applied += 1;
    }
    Ok(applied)
}

/// Names of the steps that this version knows.
pub fn known() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(name, _)| *name)
}
