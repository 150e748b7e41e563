//! What is written down to be found: words of messages, subjects and customers.

use std::collections::HashSet;

use model::customer::Customer;
use model::text::is_usual;
use model::{ConversationId, CustomerId, Id, MessageId, WorkspaceId};

use crate::db::{Dialect, Indexing};
use crate::{Conn, Error, Tx, Value, args, dialect};

/// What can be found by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    Messages,
    Subjects,
    Customers,
}

impl Index {
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Messages => "search",
            Self::Subjects => "search_subject",
            Self::Customers => "search_customer",
        }
    }

    /// The column of the id.
    pub(crate) fn key(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            (Dialect::Sqlite, _) => "rowid",
            (Dialect::Postgres, Self::Messages) => "message_id",
            (Dialect::Postgres, _) => "id",
        }
    }

    pub(crate) fn put(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            (Dialect::Sqlite, Self::Messages) => dialect::sqlite::SEARCH_PUT,
            (Dialect::Sqlite, Self::Subjects) => dialect::sqlite::SUBJECT_PUT,
            (Dialect::Sqlite, Self::Customers) => dialect::sqlite::CUSTOMER_PUT,
            (Dialect::Postgres, Self::Messages) => dialect::postgres::SEARCH_PUT,
            (Dialect::Postgres, Self::Subjects) => dialect::postgres::SUBJECT_PUT,
            (Dialect::Postgres, Self::Customers) => dialect::postgres::CUSTOMER_PUT,
        }
    }
}

/// The word that keeps workspaces apart within an index.
pub(crate) fn fence(workspace: WorkspaceId) -> String {
    format!("w{}w", workspace.raw())
}

/// Two usual words in a row, as one word that nobody types: which of four million it is. Many texts hold both of them, few hold
/// them in a row; by this one those are found without a look at the others. Where one of two words is not usual, the index finds
/// its few texts as quickly.
fn pair(one: &str, other: &str) -> Option<String> {
    if !(is_usual(one) && is_usual(other)) {
        return None;
    }
    // FNV-1a. It stands in the indexes: a change of it needs a step that fills them anew.
    let bytes = one.bytes().chain(std::iter::once(0)).chain(other.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 32)) as u32;
    let part = |bits: u32| char::from_u32(0xe000 + bits).unwrap_or('\u{e000}');
    Some([part(hash >> 20), part((hash >> 8) & 0x3ff)].iter().collect())
}

/// The pairs of some words in a row, each once.
pub(crate) fn pairs_of(words: &[String]) -> Vec<String> {
    let mut pairs: Vec<String> = words.windows(2).filter_map(|two| pair(&two[0], &two[1])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Words as an index of a dialect takes them.
pub(crate) fn terms(dialect: Dialect, index: Index, workspace: WorkspaceId, words: &[String]) -> String {
    // A tsvector's positions end at 16383, and a lexeme holds at most 256 of them.
    let words = if dialect == Dialect::Postgres { &words[..words.len().min(16_000)] } else { words };
    let pairs = if index == Index::Customers { Vec::new() } else { pairs_of(words) };
    let fence = fence(workspace);
    let all = std::iter::once(&fence).chain(words);
    let mut terms = String::new();
    match dialect {
        Dialect::Sqlite => {
            for word in all.chain(&pairs) {
                terms.push_str(word);
                terms.push(' ');
            }
        }
        Dialect::Postgres => {
            for (at, word) in all.enumerate() {
                terms.push_str(&format!("'{}':{} ", word.replace('\'', "''").replace('\\', "\\\\"), at + 1));
            }
            for pair in &pairs {
                terms.push_str(&format!("'{pair}' "));
            }
        }
    }
    terms
}

/// A customer's words: the name, and the address in pieces (`mina.kim@haru.example` by mina, kim, haru).
pub(crate) fn of_customer<'a>(name: &str, addresses: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words = model::text::tokens(name);
    for address in addresses {
        words.extend(model::text::tokens(&address.replace(['@', '.', '-', '_', '+'], " ")));
        words.extend(address.split('@').next().map(|local| model::text::fold(local).replace(|c: char| !c.is_alphanumeric(), "")));
    }
    words.retain(|w| !w.is_empty());
    words
}

async fn put(tx: &mut Tx, index: Index, workspace: WorkspaceId, id: i64, words: &[String]) -> Result<(), Error> {
    let terms = terms(tx.dialect(), index, workspace, words);
    match tx.dialect() {
        Dialect::Sqlite => tx.index(Indexing::Put(index, id, terms)),
        Dialect::Postgres => drop(tx.execute(index.put(Dialect::Postgres), args![id, terms]).await?),
    }
    Ok(())
}

/// Adds a message's words.
pub(crate) async fn put_message(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, text: &str) -> Result<(), Error> {
    let words = model::text::tokens(text);
    put(tx, Index::Messages, workspace, message.raw(), &words).await?;
    tx.learn(workspace, words);
    Ok(())
}

/// Writes a conversation's subject.
pub(crate) async fn put_subject(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId, subject: &str) -> Result<(), Error> {
    let words = model::text::tokens(subject);
    put(tx, Index::Subjects, workspace, id.raw(), &words).await?;
    tx.learn(workspace, words);
    Ok(())
}

/// Writes a customer's name and addresses.
pub(crate) async fn put_customer<'a>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CustomerId,
    name: &str,
    addresses: impl IntoIterator<Item = &'a str>,
) -> Result<(), Error> {
    put(tx, Index::Customers, workspace, id.raw(), &of_customer(name, addresses)).await
}

/// Writes a customer anew, with the addresses that are stored.
pub(crate) async fn put_customer_again(tx: &mut Tx, workspace: WorkspaceId, customer: &Customer) -> Result<(), Error> {
    let rows = tx.fetch_all(crate::sql::customer::EMAILS, args![workspace, customer.id]).await?;
    let addresses: Vec<String> = rows.iter().map(|r| r.text("address")).collect::<Result<_, _>>()?;
    put_customer(tx, workspace, customer.id, &customer.name, addresses.iter().map(String::as_str)).await
}

/// Takes a message's words out.
pub(crate) async fn remove_message(tx: &mut Tx, message: MessageId) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.index(Indexing::Remove(Index::Messages, message.raw())),
        Dialect::Postgres => drop(tx.execute(dialect::postgres::SEARCH_REMOVE, args![message]).await?),
    }
    Ok(())
}

/// Takes a subject out.
pub(crate) async fn remove_subject(tx: &mut Tx, id: ConversationId) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.index(Indexing::Remove(Index::Subjects, id.raw())),
        Dialect::Postgres => drop(tx.execute(dialect::postgres::SUBJECT_REMOVE, args![id]).await?),
    }
    Ok(())
}

/// Writes the subjects and customers that were there before their indexes.
pub(crate) async fn fill(conn: &mut Conn) -> Result<(), Error> {
    let dialect = conn.dialect();
    for (index, sql) in [
        (Index::Subjects, "SELECT workspace_id, id, subject AS name, '' AS addresses FROM conversation WHERE id > $1 ORDER BY id LIMIT 1000"),
        (
            Index::Customers,
            "SELECT u.workspace_id, u.id, u.name, COALESCE((SELECT {all} FROM customer_email e WHERE e.workspace_id = u.workspace_id \
             AND e.customer_id = u.id), '') AS addresses FROM customer u WHERE u.id > $1 ORDER BY u.id LIMIT 1000",
        ),
    ] {
        let sql = sql.replace("{all}", conn.pick("group_concat(e.address, ' ')", "string_agg(e.address, ' ')"));
        let mut after = 0;
        loop {
            let rows = conn.fetch_built(sql.clone(), args![after]).await?;
            for row in &rows {
                let (name, addresses) = (row.text("name")?, row.text("addresses")?);
                let words = if index == Index::Subjects { model::text::tokens(&name) } else { of_customer(&name, addresses.split(' ')) };
                after = row.int("id")?;
                let terms = terms(dialect, index, WorkspaceId::from_raw(row.int("workspace_id")?), &words);
                conn.execute(index.put(dialect), args![after, terms]).await?;
            }
            if rows.len() < 1_000 {
                break;
            }
        }
    }
    Ok(())
}

/// Writes all messages and subjects into their indexes, which are empty.
pub(crate) async fn fill_again(conn: &mut Conn) -> Result<(), Error> {
    let workspaces: Vec<WorkspaceId> =
        conn.fetch_all("SELECT id FROM workspace ORDER BY id", args![]).await?.iter().map(|r| r.id("id")).collect::<Result<_, _>>()?;
    for workspace in workspaces {
        for (index, sql) in [
            (
                Index::Subjects,
                "SELECT id, subject, '' AS label, '' AS body FROM conversation WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT 1000",
            ),
            (
                Index::Messages,
                "SELECT id, subject, COALESCE(NULLIF(TRIM(from_name), ''), from_address, '') AS label, reply_text AS body FROM message \
                 WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT 1000",
            ),
        ] {
            let mut after = 0;
            loop {
                let rows = conn.fetch_all(sql, args![workspace, after]).await?;
                for row in &rows {
                    let words = model::text::tokens(&format!("{}\n{}\n{}", row.text("subject")?, row.text("label")?, row.text("body")?));
                    after = row.int("id")?;
                    let terms = terms(conn.dialect(), index, workspace, &words);
                    conn.execute(index.put(conn.dialect()), args![after, terms]).await?;
                }
                if rows.len() < 1_000 {
                    break;
                }
            }
        }
    }
    if conn.dialect() == Dialect::Postgres {
        conn.execute(dialect::postgres::SEARCH_INDEX, args![]).await?;
    }
    Ok(())
}

/// Words of a workspace that begin so, the short ones first, for they are the usual ones.
pub(crate) async fn words_between(conn: &mut Conn, workspace: WorkspaceId, from: &str, to: &str, most: usize) -> Result<Vec<String>, Error> {
    let sql = format!("SELECT word FROM search_word WHERE workspace_id = $1 AND word >= $2 AND word < $3 ORDER BY LENGTH(word), word LIMIT {most}");
    let values: Vec<Value> = args![workspace, from, to];
    conn.fetch_built(sql, values).await?.iter().map(|r| r.text("word")).collect()
}

/// Forgets those of some words that neither a message nor a subject of the workspace holds. How many. Cost: two look-ups for each.
pub async fn forget_unheld(tx: &mut Tx, workspace: WorkspaceId, words: &[String]) -> Result<usize, Error> {
    let fence = super::fence_for(tx, workspace).await?;
    if tx.dialect() == Dialect::Postgres {
        // For one row alone, PostgreSQL would rather read the whole table than the index.
        tx.execute("SET LOCAL enable_seqscan = off", args![]).await?;
    }
    let mut gone = Vec::new();
    for word in words {
        let terms = super::Words::all(vec![word.clone()]).terms(tx.dialect(), fence.as_deref());
        let mut held = false;
        for index in [Index::Messages, Index::Subjects] {
            let sql = format!("SELECT 1 AS one FROM {} s WHERE {} LIMIT 1", index.table(), super::holds(index, tx.dialect(), 1));
            held = held || !tx.fetch_built(sql, args![terms.as_str()]).await?.is_empty();
        }
        if !held {
            tx.execute(crate::sql::search::FORGET_WORD, args![workspace, word.as_str()]).await?;
            gone.push(word.clone());
        }
    }
    tx.unlearn(workspace, &gone);
    Ok(gone.len())
}

/// Forgets the words of a text that another one in its place does not hold: they must be kept nowhere. Until they are written
/// again they are found as whole words only.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, before: &str, after: &str) -> Result<(), Error> {
    let kept: HashSet<String> = model::text::tokens(after).into_iter().collect();
    let mut gone: Vec<String> = model::text::tokens(before).into_iter().filter(|w| !kept.contains(w)).collect();
    gone.sort_unstable();
    gone.dedup();
    for word in &gone {
        tx.execute(crate::sql::search::FORGET_WORD, args![workspace, word.as_str()]).await?;
    }
    tx.unlearn(workspace, &gone);
    Ok(())
}
