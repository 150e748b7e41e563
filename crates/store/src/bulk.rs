//! Loads whole conversations by the thousand, with all that the use cases keep beside them: counts, words for the search,
//! participants, references, read states. For importers, demos and benchmarks; nothing is announced as an event.

use std::collections::{BTreeMap, BTreeSet};

use model::message::Message;
use model::{AgentId, CompanyId, Conversation, CustomerId, EmailAddress, Id, Mailbox, Timestamp, WorkspaceId};

use crate::conversation::{Place, count, place};
use crate::db::Dialect;
use crate::search::Index;
use crate::{Error, Tx, Value, args, message, search, sql};

/// A customer to load.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Person {
    pub id: CustomerId,
    pub name: String,
    pub address: EmailAddress,
    pub language: Option<&'static str>,
    pub company: Option<CompanyId>,
    pub created_at: Timestamp,
}

/// A conversation to load, with its messages, oldest first. Its own counters and times say what is in it.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Whole {
    pub conversation: Conversation,
    pub participants: Vec<(Mailbox, Option<CustomerId>)>,
    pub messages: Vec<Message>,
    /// Agents who have read it, and until when.
    pub read: Vec<(AgentId, Timestamp)>,
}

/// Rows of one table, written many at a time by the statement that writes one.
struct Rows {
    /// `INSERT INTO … VALUES`.
    head: &'static str,
    /// One row, `($1, …)`.
    row: &'static str,
    /// What stands behind the rows: `ON CONFLICT …`.
    tail: &'static str,
    width: usize,
    values: Vec<Value>,
}

impl Rows {
    /// From a statement that inserts one row, with its arguments in order.
    fn of(insert: &'static str) -> Self {
        let (head, rest) = insert.split_at(insert.find("VALUES").map_or(insert.len(), |at| at + "VALUES".len()));
        let rest = rest.trim_start();
        let (row, tail) = rest.split_at(end_of_row(rest));
        Self { head, row, tail, width: row.matches('$').count(), values: Vec::new() }
    }

    fn push(&mut self, values: Vec<Value>) {
        debug_assert_eq!(values.len(), self.width, "{}", self.head);
        self.values.extend(values);
    }

    async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        // SQLite is called row by row: nothing is saved by fewer calls. PostgreSQL is a round trip away: few different
        // lengths, so that the statements stay prepared.
        let lengths = match tx.dialect() {
            Dialect::Sqlite => vec![1],
            Dialect::Postgres => vec![2_400 / self.width, 8, 1],
        };
        let mut left = self.values.into_iter();
        for rows in lengths {
            let sql = statement(self.head, self.row, self.tail, rows);
            while left.len() >= rows * self.width {
                tx.execute_built(&sql, left.by_ref().take(rows * self.width).collect()).await?;
            }
        }
        Ok(())
    }
}

/// Where the bracket closes that a text begins with.
fn end_of_row(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn statement(head: &str, row: &str, tail: &str, rows: usize) -> String {
    let mut sql = head.to_owned();
    let mut n = 0;
    for at in 0..rows {
        sql.push_str(if at == 0 { " " } else { ", " });
        let mut pieces = row.split('$');
        sql.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            n += 1;
            sql.push_str(&format!("${n}{}", piece.trim_start_matches(|c: char| c.is_ascii_digit())));
        }
    }
    sql.push_str(tail);
    sql
}

/// Makes ready for loading much: fewer, longer merges of the search index on SQLite; no index on PostgreSQL until [`after`].
pub async fn before(tx: &mut Tx) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => {
            tx.execute("PRAGMA cache_size = -262144", args![]).await?;
            tx.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 67108864)", args![]).await.map(drop)
        }
        Dialect::Postgres => tx.execute("DROP INDEX IF EXISTS search_terms", args![]).await.map(drop),
    }
}

/// Puts back what [`before`] changed, and lets the database look at what it holds now.
pub async fn after(tx: &mut Tx) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => {
            tx.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 1048576)", args![]).await?;
            tx.execute("INSERT INTO search (search) VALUES ('optimize')", args![]).await?;
            tx.execute("ANALYZE", args![]).await.map(drop)
        }
        Dialect::Postgres => {
            tx.execute("SET LOCAL statement_timeout = 0", args![]).await?;
            tx.execute("SET LOCAL maintenance_work_mem = '512MB'", args![]).await?;
            tx.execute(crate::dialect::postgres::SEARCH_INDEX, args![]).await?;
            tx.execute("ANALYZE", args![]).await.map(drop)
        }
    }
}

/// Adds customers.
pub async fn customers(tx: &mut Tx, workspace: WorkspaceId, people: &[Person]) -> Result<(), Error> {
    let mut rows = Rows::of(sql::customer::INSERT);
    let mut emails = Rows::of(sql::customer::INSERT_EMAIL);
    for p in people {
        rows.push(args![workspace, p.id, &p.name, p.name.to_lowercase(), p.address.as_str(), p.language, p.created_at, p.created_at, p.company]);
        emails.push(args![workspace, p.address.folded(), p.address.as_str(), p.id, false, model::company::path(p.address.domain())]);
    }
    rows.write(tx).await?;
    emails.write(tx).await?;
    for p in people {
        search::put_customer(tx, workspace, p.id, &p.name, [p.address.as_str()]).await?;
    }
    Ok(())
}

/// Conversations ready to be written. Making it needs no database, so that it can be done beside the writing of the last one.
pub struct Batch {
    workspace: WorkspaceId,
    /// In the order of writing: conversations, what stands beside them, messages and what stands beside those.
    rows: [Rows; 8],
    words: BTreeSet<String>,
    views: BTreeMap<Place, i64>,
    of_customer: BTreeMap<i64, i64>,
    highest: i64,
}

impl Batch {
    /// Some thousand conversations in one batch are best, in order of their ids.
    pub fn new(dialect: Dialect, workspace: WorkspaceId, all: &[Whole]) -> Self {
        let (mut views, mut of_customer, mut highest) = (BTreeMap::new(), BTreeMap::new(), 0);
        for Whole { conversation: c, .. } in all {
            *views.entry(place(c)).or_default() += 1;
            if !c.bucket().is_hidden() {
                *of_customer.entry(c.customer.raw()).or_default() += 1;
            }
            highest = highest.max(c.number);
        }
        let mut messages: Vec<&Message> = all.iter().flat_map(|w| &w.messages).collect();
        // The search index is far quicker when ids only rise.
        messages.sort_unstable_by_key(|m| m.id);
        let (participants, read) = beside(workspace, all);
        let mut known = BTreeSet::new();
        let [bodies, recipients, references, words] = message_rows(dialect, workspace, &messages, &mut known);
        let subjects = subject_rows(dialect, workspace, all, &mut known);
        let rows = [conversation_rows(workspace, all), participants, read, bodies, recipients, references, words, subjects];
        Self { workspace, rows, words: known, views, of_customer, highest }
    }

    /// Adds the conversations with everything in them.
    pub async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        for rows in self.rows {
            rows.write(tx).await?;
        }
        tx.learn(self.workspace, self.words);
        for (place, n) in self.views {
            count(tx, self.workspace, place, n).await?;
        }
        for (customer, n) in self.of_customer {
            tx.execute(crate::sql::customer::COUNT, args![self.workspace, customer, n]).await?;
        }
        raise_number(tx, self.workspace, self.highest).await
    }
}

fn conversation_rows(workspace: WorkspaceId, all: &[Whole]) -> Rows {
    let mut rows = Rows::of(sql::conversation::INSERT);
    for Whole { conversation, .. } in all {
        rows.push(crate::conversation::columns(workspace, conversation));
    }
    rows
}

async fn raise_number(tx: &mut Tx, workspace: WorkspaceId, highest: i64) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => {
            let sql = "INSERT INTO counter (workspace_id, name, value) VALUES ($1, 'conversation', $2) \
                ON CONFLICT (workspace_id, name) DO UPDATE SET value = MAX(counter.value, excluded.value)";
            tx.execute(sql, args![workspace, highest]).await.map(drop)
        }
        Dialect::Postgres => {
            let sequence = format!("conversation_number_{}", workspace.raw());
            tx.fetch_built(format!("SELECT setval('{sequence}', GREATEST({highest}, (SELECT last_value FROM {sequence})))"), args![]).await.map(drop)
        }
    }
}

fn beside(workspace: WorkspaceId, all: &[Whole]) -> (Rows, Rows) {
    let mut participants = Rows::of(sql::participant::ADD);
    let mut read = Rows::of(sql::read_state::PUT);
    for whole in all {
        let c = &whole.conversation;
        for (who, customer) in &whole.participants {
            participants.push(args![workspace, c.id, who.address.folded(), who.address.as_str(), who.name.as_deref(), *customer, c.created_at]);
        }
        for (agent, at) in &whole.read {
            read.push(args![workspace, *agent, c.id, *at]);
        }
    }
    (participants, read)
}

fn subject_rows(dialect: Dialect, workspace: WorkspaceId, all: &[Whole], known: &mut BTreeSet<String>) -> Rows {
    let mut rows = Rows::of(Index::Subjects.put(dialect));
    let mut all: Vec<&Conversation> = all.iter().map(|w| &w.conversation).collect();
    all.sort_unstable_by_key(|c| c.id);
    for c in all {
        let words = model::text::tokens(&c.subject);
        rows.push(args![c.id, search::terms(dialect, Index::Subjects, workspace, &words)]);
        known.extend(words);
    }
    rows
}

fn message_rows(dialect: Dialect, workspace: WorkspaceId, messages: &[&Message], known: &mut BTreeSet<String>) -> [Rows; 4] {
    let mut rows = Rows::of(sql::message::INSERT);
    let mut recipients = Rows::of("INSERT INTO message_recipient (workspace_id, message_id, address, state) VALUES ($1, $2, $3, $4)");
    let mut references = Rows::of(sql::message::REFERENCE);
    let mut words = Rows::of(Index::Messages.put(dialect));
    for m in messages {
        rows.push(message::columns(workspace, m));
        for r in m.delivery.iter().flat_map(|d| &d.recipients) {
            recipients.push(args![workspace, m.id, r.address.as_str(), r.state.as_str()]);
        }
        if let Some(id) = &m.rfc_message_id {
            references.push(args![workspace, model::token::hash(id), m.conversation, m.id]);
        }
        let these = model::text::tokens(&message::searchable(m));
        words.push(args![m.id, search::terms(dialect, Index::Messages, workspace, &these)]);
        for word in these {
            if !known.contains(&word) {
                known.insert(word);
            }
        }
    }
    [rows, recipients, references, words]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_for_one_row_becomes_one_for_many() {
        let rows = Rows::of("INSERT INTO t (a, b, c)\nVALUES ($1, CAST($2 AS TEXT), 0)\nON CONFLICT (a) DO NOTHING");
        assert_eq!(rows.width, 2);
        let sql = statement(rows.head, rows.row, rows.tail, 2);
        assert_eq!(sql, "INSERT INTO t (a, b, c)\nVALUES ($1, CAST($2 AS TEXT), 0), ($3, CAST($4 AS TEXT), 0)\nON CONFLICT (a) DO NOTHING");
    }
}
