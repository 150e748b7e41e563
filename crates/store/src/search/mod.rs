//! Full-text search: words are made in Rust (see [`model::text`]), so both databases find the same, and what was found is put
//! in order here, so both show it in the same order.

mod index;
mod ranked;
mod words;

pub(crate) use index::{Index, fill, fill_again, put_customer, put_customer_again, put_message, put_subject, remove_message, remove_subject, terms};
pub use index::{forget, forget_unheld};
pub use ranked::{Asked, Found, Hit, Order, by_number, conversations, customers, messages};
pub(crate) use words::{Words, fence_for, in_a_row, nearly_in_a_row};

use crate::db::Dialect;

/// The index `s` and the messages `m` that it leads to, in workspace `$1`: to read which conversations they are in.
pub(crate) fn from(dialect: Dialect) -> &'static str {
    match dialect {
        // CROSS JOIN: SQLite begins with the index, whatever it thinks of the other table. Of the messages no more is wanted than
        // that index has; left to itself, SQLite takes the one of the key and then reads each message.
        Dialect::Sqlite => "search s CROSS JOIN message m INDEXED BY message_place ON m.workspace_id = $1 AND m.id = s.rowid",
        Dialect::Postgres => "search s JOIN message m ON m.workspace_id = $1 AND m.id = s.message_id",
    }
}

/// The condition that `s` of an index holds what [`Words::terms`] or [`in_a_row`] made, given as argument `$n`.
pub(crate) fn holds(index: Index, dialect: Dialect, n: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("s.{} MATCH ${n}", index.table()),
        Dialect::Postgres => format!("s.terms @@ CAST(${n} AS TSQUERY)"),
    }
}

/// The same where the plan begins with the words anyway: PostgreSQL reads the argument once, and not anew for each row that it looks
/// at, but does not guess how many rows hold it.
pub(crate) fn holds_read_once(index: Index, dialect: Dialect, n: usize) -> String {
    match dialect {
        Dialect::Sqlite => holds(index, dialect, n),
        Dialect::Postgres => format!("s.terms @@ (SELECT CAST(${n} AS TSQUERY))"),
    }
}
