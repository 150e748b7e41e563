//! Loads whole conversations by the thousand, with all that the use cases keep beside them: counts, words for the search,
//! participants, references, read states. For importers, demos and benchmarks; nothing is announced as an event.

use std::collections::BTreeMap;

use model::message::Message;
use model::{AgentId, Conversation, CustomerId, EmailAddress, Id, Mailbox, Timestamp, WorkspaceId};

use crate::db::Dialect;
use crate::row::to_json;
use crate::{Error, Tx, Value, args, message, search};

/// A customer to load.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Person {
    pub id: CustomerId,
    pub name: String,
    pub address: EmailAddress,
    pub language: Option<&'static str>,
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

/// Rows of one table, written many at a time.
struct Rows {
    /// `INSERT INTO … VALUES`.
    head: &'static str,
    /// One row, with `?` for each value.
    row: &'static str,
    width: usize,
    values: Vec<Value>,
}

impl Rows {
    fn new(head: &'static str, row: &'static str) -> Self {
        Self { head, row, width: row.matches('?').count(), values: Vec::new() }
    }

    fn push(&mut self, values: Vec<Value>) {
        debug_assert_eq!(values.len(), self.width, "{}", self.head);
        self.values.extend(values);
    }

    async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        // Few different lengths, so that the statements stay prepared.
        let most = 2_400 / self.width;
        let mut left = self.values.into_iter();
        while left.len() > 0 {
            let rows = if left.len() >= most * self.width { most } else { (left.len() / self.width).min(8) };
            let rows = if left.len() < 8 * self.width { 1 } else { rows };
            let values: Vec<Value> = left.by_ref().take(rows * self.width).collect();
            tx.execute_built(statement(self.head, self.row, rows), values).await?;
        }
        Ok(())
    }
}

fn statement(head: &str, row: &str, rows: usize) -> String {
    let mut sql = head.to_owned();
    let mut n = 0;
    for at in 0..rows {
        sql.push_str(if at == 0 { " " } else { ", " });
        for c in row.chars() {
            if c == '?' {
                n += 1;
                sql.push_str(&format!("${n}"));
            } else {
                sql.push(c);
            }
        }
    }
    sql
}

/// Makes ready for loading much: fewer, longer merges of the search index on SQLite; no index on PostgreSQL until [`after`].
pub async fn before(tx: &mut Tx) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 67108864)", args![]).await.map(drop),
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
            tx.execute("CREATE INDEX IF NOT EXISTS search_terms ON search USING GIN (terms)", args![]).await?;
            tx.execute("ANALYZE", args![]).await.map(drop)
        }
    }
}

/// Adds customers.
pub async fn customers(tx: &mut Tx, workspace: WorkspaceId, people: &[Person]) -> Result<(), Error> {
    let mut rows = Rows::new(
        "INSERT INTO customer (workspace_id, id, name, name_folded, email, language, notes, created_at, last_seen_at, \
         conversation_count, version) VALUES",
        "(?, ?, ?, ?, ?, ?, '', ?, ?, 0, 1)",
    );
    let mut emails = Rows::new("INSERT INTO customer_email (workspace_id, address_folded, address, customer_id, verified) VALUES", "(?, ?, ?, ?, ?)");
    for p in people {
        rows.push(args![workspace, p.id, &p.name, p.name.to_lowercase(), p.address.as_str(), p.language, p.created_at, p.created_at]);
        emails.push(args![workspace, p.address.folded(), p.address.as_str(), p.id, false]);
    }
    rows.write(tx).await?;
    emails.write(tx).await
}

/// Adds conversations with everything in them. Some thousand in one call are best, in order of their ids.
pub async fn conversations(tx: &mut Tx, workspace: WorkspaceId, all: &[Whole]) -> Result<(), Error> {
    let mut rows = Rows::new(
        "INSERT INTO conversation (workspace_id, id, number, version, inbox_id, customer_id, subject, channel, status, status_time, bucket, \
         priority, assignee_id, team_id, preview, message_count, reply_token, created_at, updated_at, last_activity_at, last_customer_at, \
         last_reply_at, waiting_since, merged_into, shelf, shelf_at, shelf_by) VALUES",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for Whole { conversation: c, .. } in all {
        let status = c.status.kind();
        rows.push(args![
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
            c.shelf.map(|s| s.at()),
            c.shelf.and_then(|s| s.by().agent())
        ]);
    }
    rows.write(tx).await?;
    count(tx, workspace, all).await?;
    beside(tx, workspace, all).await?;
    let mut messages: Vec<&Message> = all.iter().flat_map(|w| &w.messages).collect();
    // The search index is far quicker when ids only rise.
    messages.sort_unstable_by_key(|m| m.id);
    write_messages(tx, workspace, &messages).await
}

async fn count(tx: &mut Tx, workspace: WorkspaceId, all: &[Whole]) -> Result<(), Error> {
    let mut views: BTreeMap<[i64; 5], i64> = BTreeMap::new();
    let mut of_customer: BTreeMap<i64, i64> = BTreeMap::new();
    let mut highest = 0;
    for Whole { conversation: c, .. } in all {
        let slot = (c.id.raw() >> 22) % 8;
        let key = [c.inbox.raw(), c.team.map_or(0, Id::raw), c.assignee.map_or(0, Id::raw), c.bucket().as_i64(), slot];
        *views.entry(key).or_default() += 1;
        if !c.bucket().is_hidden() {
            *of_customer.entry(c.customer.raw()).or_default() += 1;
        }
        highest = highest.max(c.number);
    }
    for ([inbox, team, assignee, bucket, slot], n) in views {
        tx.execute(crate::sql::conversation::COUNT, args![workspace, inbox, team, assignee, bucket, slot, n]).await?;
    }
    for (customer, n) in of_customer {
        tx.execute(crate::sql::customer::COUNT, args![workspace, customer, n]).await?;
    }
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

async fn beside(tx: &mut Tx, workspace: WorkspaceId, all: &[Whole]) -> Result<(), Error> {
    let mut participants = Rows::new(
        "INSERT INTO participant (workspace_id, conversation_id, address_folded, address, name, customer_id, added_at) VALUES",
        "(?, ?, ?, ?, ?, ?, ?)",
    );
    let mut read = Rows::new("INSERT INTO read_state (workspace_id, agent_id, conversation_id, read_at) VALUES", "(?, ?, ?, ?)");
    for whole in all {
        let c = &whole.conversation;
        for (who, customer) in &whole.participants {
            participants.push(args![workspace, c.id, who.address.folded(), who.address.as_str(), who.name.as_deref(), *customer, c.created_at]);
        }
        for (agent, at) in &whole.read {
            read.push(args![workspace, *agent, c.id, *at]);
        }
    }
    participants.write(tx).await?;
    read.write(tx).await
}

async fn write_messages(tx: &mut Tx, workspace: WorkspaceId, messages: &[&Message]) -> Result<(), Error> {
    let dialect = tx.dialect();
    let mut rows = Rows::new(
        "INSERT INTO message (workspace_id, id, conversation_id, kind, author_kind, author_id, subject, text, html, reply_text, from_name, \
         from_address, recipients, rfc_message_id, inbound_mail_id, created_at, sent_at, authentication, held, forwarded_by, delivery_state, \
         undo_until, attempts, next_attempt_at) VALUES",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)",
    );
    let mut recipients = Rows::new("INSERT INTO message_recipient (workspace_id, message_id, address, state) VALUES", "(?, ?, ?, ?)");
    let mut references = Rows::new("INSERT INTO mail_reference (workspace_id, hash, conversation_id, message_id) VALUES", "(?, ?, ?, ?)");
    let mut words = match dialect {
        Dialect::Sqlite => Rows::new("INSERT INTO search (rowid, terms) VALUES", "(?, ?)"),
        Dialect::Postgres => Rows::new("INSERT INTO search (message_id, terms) VALUES", "(?, CAST(? AS TSVECTOR))"),
    };
    for m in messages {
        let (author_kind, author_id) = m.author.columns();
        rows.push(args![
            workspace,
            m.id,
            m.conversation,
            m.kind.as_str(),
            author_kind,
            author_id,
            m.subject.as_str(),
            m.text.as_str(),
            m.html.as_deref(),
            m.reply_text.as_str(),
            m.from.as_ref().and_then(|f| f.name.as_deref()),
            m.from.as_ref().map(|f| f.address.as_str()),
            to_json(&m.recipients),
            m.rfc_message_id.as_deref(),
            m.inbound_mail,
            m.created_at,
            m.sent_at,
            m.authentication.as_ref().map(to_json),
            m.held,
            m.forwarded_by.as_ref().map(to_json),
            m.delivery.as_ref().map(|d| d.state.as_str()),
            m.delivery.as_ref().and_then(|d| d.undo_until)
        ]);
        for r in m.delivery.iter().flat_map(|d| &d.recipients) {
            recipients.push(args![workspace, m.id, r.address.as_str(), r.state.as_str()]);
        }
        if let Some(id) = &m.rfc_message_id {
            references.push(args![workspace, model::token::hash(id), m.conversation, m.id]);
        }
        words.push(args![m.id, search::terms(dialect, workspace, &message::searchable(m))]);
    }
    rows.write(tx).await?;
    recipients.write(tx).await?;
    references.write(tx).await?;
    words.write(tx).await
}
