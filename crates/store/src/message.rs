//! Messages, each recipient's delivery, and the Message-IDs that later mails refer to.

use model::interactive::Offered;
use model::message::{Attachment, Delivery, DeliveryState, Message, MessageKind, RecipientDelivery, RecipientState};
use model::page::Page;
use model::{Actor, ConversationId, Id, InboxId, MessageId, Scope, WorkspaceId};

use crate::conversation::in_sight;
use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, Value, args, sql};

const COLUMNS: &str = "m.id, m.conversation_id, m.kind, m.author_kind, m.author_id, m.subject, m.text, m.html, m.reply_text, m.from_name, \
    m.from_address, m.recipients, m.rfc_message_id, m.inbound_mail_id, m.created_at, m.sent_at, m.authentication, m.held, m.forwarded_by, \
    m.delivery_state, m.undo_until, m.attempts, m.next_attempt_at";

/// A message with its author's name and its files.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The message.
    pub message: Message,
    /// The agent's or customer's name.
    pub author_name: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// When its author mended it last.
    pub edited_at: Option<model::Timestamp>,
    /// When words or files were taken out of it.
    pub redacted_at: Option<model::Timestamp>,
    /// Whom a note was whispered to: id and name.
    pub whispered_to: Option<(model::AgentId, String)>,
    /// What it offers besides its words.
    pub offered: Option<Offered>,
    /// The message whose offer it answers.
    pub answers: Option<MessageId>,
}

fn from_row(row: &Row) -> Result<Message, Error> {
    let from = match row.maybe_text("from_address")?.and_then(|a| a.parse().ok()) {
        Some(address) => Some(model::Mailbox { name: row.maybe_text("from_name")?, address }),
        None => None,
    };
    let delivery = match row.maybe_text("delivery_state")? {
        Some(state) => Some(Delivery {
            state: DeliveryState::from_stored(&state),
            undo_until: row.maybe_time("undo_until")?,
            attempts: row.int("attempts")?,
            next_attempt_at: row.maybe_time("next_attempt_at")?,
            recipients: Vec::new(),
        }),
        None => None,
    };
    Ok(Message {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        kind: MessageKind::from_stored(&row.text("kind")?),
        author: Actor::from_columns(&row.text("author_kind")?, row.maybe_int("author_id")?),
        subject: row.text("subject")?,
        text: row.text("text")?,
        html: row.maybe_text("html")?,
        reply_text: row.text("reply_text")?,
        from,
        recipients: row.json("recipients")?,
        rfc_message_id: row.maybe_text("rfc_message_id")?,
        inbound_mail: row.maybe_id("inbound_mail_id")?,
        created_at: row.time("created_at")?,
        sent_at: row.maybe_time("sent_at")?,
        delivery,
        authentication: row.maybe_json("authentication")?,
        held: row.flag("held")?,
        forwarded_by: row.maybe_json("forwarded_by")?,
    })
}

/// The messages of a conversation in sight, newest first. `before` starts after that message. Three statements.
pub async fn page(
    conn: &mut Conn,
    scope: &Scope,
    conversation: ConversationId,
    before: Option<MessageId>,
    limit: usize,
) -> Result<Page<Shown>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    let condition = format!("m.conversation_id = $2 AND m.id < $3{} ORDER BY m.id DESC LIMIT {}", in_sight(scope), limit + 1);
    let rows = select(conn, scope, &condition, args![scope.workspace, conversation, before]).await?;
    let page = Page::cut(rows, limit, |m| m.message.id.to_string());
    Ok(Page { items: with_parts(conn, scope.workspace, page.items).await?, next: page.next })
}

/// The public messages of a conversation in sight that are newer than one, oldest first, at most 20.
pub async fn public_since(conn: &mut Conn, scope: &Scope, conversation: ConversationId, since: MessageId) -> Result<Vec<Shown>, Error> {
    let condition = format!("m.conversation_id = $2 AND m.id > $3 AND m.kind IN ('customer', 'reply'){} ORDER BY m.id LIMIT 20", in_sight(scope));
    let rows = select(conn, scope, &condition, args![scope.workspace, conversation, since]).await?;
    with_parts(conn, scope.workspace, rows).await
}

/// Every message of a conversation, oldest first.
pub(crate) async fn all(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<Shown>, Error> {
    let rows = select(conn, &Scope::system(workspace), "m.conversation_id = $2 ORDER BY m.id", args![workspace, conversation]).await?;
    with_parts(conn, workspace, rows).await
}

/// Writes other words into a message, for its readers and for the search.
pub async fn rewrite(tx: &mut Tx, workspace: WorkspaceId, m: &Message) -> Result<(), Error> {
    let words = args![workspace, m.id, m.subject.as_str(), m.text.as_str(), m.html.as_deref(), m.reply_text.as_str()];
    tx.execute(sql::message::REWRITE, words).await?;
    crate::search::remove_message(tx, m.id).await?;
    crate::search::put_message(tx, workspace, m.id, &searchable(m)).await
}

/// One message in sight.
pub async fn get(conn: &mut Conn, scope: &Scope, id: MessageId) -> Result<Option<Shown>, Error> {
    let condition = format!("m.id = $2{}", in_sight(scope));
    let rows = select(conn, scope, &condition, args![scope.workspace, id]).await?;
    Ok(with_parts(conn, scope.workspace, rows).await?.pop())
}

async fn select(conn: &mut Conn, _scope: &Scope, condition: &str, values: Vec<crate::Value>) -> Result<Vec<Shown>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, CASE WHEN m.author_kind = 'agent' THEN a.name ELSE u.name END AS author_name, \
         (SELECT MAX(v.replaced_at) FROM message_version v WHERE v.workspace_id = m.workspace_id AND v.message_id = m.id) AS edited_at, \
         x.at AS redacted_at, s.agent_id AS whispered_id, e.name AS whispered_name, o.content AS offered, o.answers FROM message m \
         JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id \
         LEFT JOIN message_interactive o ON o.workspace_id = m.workspace_id AND o.message_id = m.id \
         LEFT JOIN message_redaction x ON x.workspace_id = m.workspace_id AND x.message_id = m.id \
         LEFT JOIN whisper s ON s.workspace_id = m.workspace_id AND s.message_id = m.id \
         LEFT JOIN agent e ON e.workspace_id = s.workspace_id AND e.id = s.agent_id \
         LEFT JOIN agent a ON m.author_kind = 'agent' AND a.workspace_id = m.workspace_id AND a.id = m.author_id \
         LEFT JOIN customer u ON m.author_kind = 'customer' AND u.workspace_id = m.workspace_id AND u.id = m.author_id \
         WHERE m.workspace_id = $1 AND {condition}"
    );
    let rows = conn.fetch_built(sql, values).await?;
    let shown = |row: &Row| {
        Ok(Shown {
            message: from_row(row)?,
            author_name: row.maybe_text("author_name")?,
            attachments: Vec::new(),
            edited_at: row.maybe_time("edited_at")?,
            redacted_at: row.maybe_time("redacted_at")?,
            whispered_to: row.maybe_id("whispered_id")?.zip(row.maybe_text("whispered_name")?),
            offered: row.maybe_json("offered")?,
            answers: row.maybe_id("answers")?,
        })
    };
    rows.iter().map(shown).collect()
}

async fn with_parts(conn: &mut Conn, workspace: WorkspaceId, mut rows: Vec<Shown>) -> Result<Vec<Shown>, Error> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let ids = conn.ids(rows.iter().map(|m| m.message.id.raw()));
    let find = |rows: &mut Vec<Shown>, id: MessageId| rows.iter().position(|m| m.message.id == id);
    let sql = format!(
        "SELECT message_id, address, state, code, detail, at FROM message_recipient WHERE workspace_id = $1 AND message_id {} ORDER BY address",
        conn.is_one_of(2)
    );
    for row in conn.fetch_built(sql, args![workspace, ids.clone()]).await? {
        if let Some(at) = find(&mut rows, row.id("message_id")?)
            && let Some(delivery) = &mut rows[at].message.delivery
        {
            delivery.recipients.push(RecipientDelivery {
                address: row.text("address")?,
                state: RecipientState::from_stored(&row.text("state")?),
                code: row.maybe_text("code")?,
                detail: row.maybe_text("detail")?,
                at: row.maybe_time("at")?,
            });
        }
    }
    for attachment in crate::attachment::of_messages(conn, workspace, ids).await? {
        if let Some(at) = attachment.message.and_then(|id| find(&mut rows, id)) {
            rows[at].attachments.push(attachment);
        }
    }
    Ok(rows)
}

/// What statement `insert` takes.
pub(crate) fn columns(workspace: WorkspaceId, m: &Message) -> Vec<Value> {
    let (author_kind, author_id) = m.author.columns();
    args![
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
    ]
}

/// Writes a message, its recipients' places in the queue, its Message-ID for threading, and its words for the search.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, m: &Message) -> Result<(), Error> {
    tx.execute(sql::message::INSERT, columns(workspace, m)).await?;
    if m.delivery.is_some() {
        for recipient in m.recipients.all() {
            tx.execute(sql::message::INSERT_RECIPIENT, args![workspace, m.id, recipient.address.folded()]).await?;
        }
    }
    if let Some(id) = &m.rfc_message_id {
        tx.execute(sql::message::REFERENCE, args![workspace, model::token::hash(id), m.conversation, m.id]).await?;
    }
    crate::search::put_message(tx, workspace, m.id, &searchable(m)).await
}

/// What a message is found by.
pub fn searchable(m: &Message) -> String {
    format!("{}\n{}\n{}", m.subject, m.from.as_ref().map_or("", |f| f.label()), m.reply_text)
}

/// Writes how a delivery stands, recipients included.
pub async fn update_delivery(tx: &mut Tx, workspace: WorkspaceId, m: &Message) -> Result<(), Error> {
    let Some(d) = &m.delivery else { return Ok(()) };
    tx.execute(sql::message::UPDATE_DELIVERY, args![workspace, m.id, d.state.as_str(), d.attempts, d.next_attempt_at, m.sent_at, d.undo_until])
        .await?;
    for r in &d.recipients {
        tx.execute(
            sql::message::UPDATE_RECIPIENT,
            args![workspace, m.id, r.address.as_str(), r.state.as_str(), r.code.as_deref(), r.detail.as_deref(), r.at],
        )
        .await?;
    }
    Ok(())
}

/// Moves a scheduled message to another time. False when it is not scheduled.
pub async fn reschedule(tx: &mut Tx, workspace: WorkspaceId, id: MessageId, at: model::Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(sql::message::RESCHEDULE, args![workspace, id, at]).await? == 1)
}

/// Lets a scheduled message go: it is written now, and in the queue. False when it is not scheduled.
pub async fn release(tx: &mut Tx, workspace: WorkspaceId, id: MessageId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::message::RELEASE, args![workspace, id, now]).await? == 1)
}

/// Puts every recipient that has not got the message back into the queue.
pub async fn requeue_recipients(tx: &mut Tx, workspace: WorkspaceId, id: MessageId) -> Result<(), Error> {
    tx.execute(sql::message::REQUEUE_RECIPIENTS, args![workspace, id]).await.map(drop)
}

/// Takes a message out altogether: only for one that was taken back before it left.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: MessageId) -> Result<(), Error> {
    crate::search::remove_message(tx, id).await?;
    tx.execute(sql::message::DELETE, args![workspace, id]).await.map(drop)
}

/// The conversation that a Message-ID was seen in; one of `inbox` before any other.
pub async fn by_reference(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId, message_id: &str) -> Result<Option<ConversationId>, Error> {
    let row = conn.fetch_optional(sql::message::BY_REFERENCE, args![workspace, model::token::hash(message_id), inbox]).await?;
    row.map(|r| r.id("conversation_id")).transpose()
}

/// The conversation of a message.
pub async fn conversation_of(conn: &mut Conn, workspace: WorkspaceId, id: MessageId) -> Result<Option<ConversationId>, Error> {
    let row = conn.fetch_optional(sql::message::CONVERSATION_OF, args![workspace, id]).await?;
    row.map(|r| r.id("conversation_id")).transpose()
}

/// The newest message that the customer wrote or was sent.
pub async fn last_public(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Option<MessageId>, Error> {
    let row = conn.fetch_optional(sql::message::LAST_PUBLIC, args![workspace, conversation]).await?;
    row.map(|r| r.id("id")).transpose()
}

/// Message-IDs of the public messages before one, newest first, at most 20.
pub async fn rfc_ids(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId, before: MessageId) -> Result<Vec<String>, Error> {
    conn.fetch_all(sql::message::RFC_IDS, args![workspace, conversation, before]).await?.iter().map(|r| r.text("rfc_message_id")).collect()
}
