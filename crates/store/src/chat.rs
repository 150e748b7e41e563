//! What conversations in the widget have besides.

use std::collections::HashMap;

use model::chat::{Chat, Ended, Hold, Rating};
use model::event::Cursor;
use model::message::Attachment;
use model::visitor::{Page, Visitor};
use model::{Actor, AttachmentId, ConversationId, CustomerId, EmailAddress, Event, Id, MessageId, Timestamp, VisitorId, WorkspaceId};

use crate::blob::Staged;
use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

const COLUMNS: &str = "h.conversation_id, h.inbox_id AS chat_inbox, h.visitor_id, h.identity, h.locale, h.customer_read, h.agent_read, h.hold_until, \
    h.hold_text, h.ended_at, h.ended_by_kind, h.ended_by_id, h.left_at, h.mail, h.mailed, h.mail_due, h.rating, h.rating_comment, h.rated_at, \
    h.form, h.page, h.invitation, h.passed_at";

fn from_row(row: &Row) -> Result<Chat, Error> {
    let ended_by = row.maybe_text("ended_by_kind")?;
    Ok(Chat {
        conversation: row.id("conversation_id")?,
        inbox: row.id("chat_inbox")?,
        visitor: row.id("visitor_id")?,
        identity: row.maybe_text("identity")?,
        locale: row.text("locale")?,
        customer_read: row.maybe_id("customer_read")?,
        agent_read: row.maybe_id("agent_read")?,
        hold: match row.maybe_time("hold_until")? {
            Some(until) => Some(Hold { until, text: row.maybe_text("hold_text")?.unwrap_or_default() }),
            None => None,
        },
        ended: match (row.maybe_time("ended_at")?, ended_by) {
            (Some(at), Some(kind)) => Some(Ended { at, by: Actor::from_columns(&kind, row.maybe_int("ended_by_id")?) }),
            _ => None,
        },
        left_at: row.maybe_time("left_at")?,
        mail: row.maybe_text("mail")?.and_then(|m| m.parse().ok()),
        mailed: row.maybe_id("mailed")?,
        mail_due: row.maybe_time("mail_due")?,
        rating: match (row.maybe_int("rating")?, row.maybe_time("rated_at")?) {
            (Some(score), Some(at)) => Some(Rating { score, comment: row.maybe_text("rating_comment")?, at }),
            _ => None,
        },
        form: row.json("form")?,
        page: row.maybe_json("page")?,
        invitation: row.maybe_json("invitation")?,
        passed_at: row.maybe_time("passed_at")?,
    })
}

/// Makes a conversation a chat.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, c: &Chat) -> Result<(), Error> {
    let values = args![
        workspace,
        c.conversation,
        c.inbox,
        c.visitor,
        c.identity.as_deref(),
        c.locale.as_str(),
        c.mail.as_ref().map(EmailAddress::as_str),
        to_json(&c.form),
        c.page.as_ref().map(to_json),
        c.invitation.as_ref().map(to_json)
    ];
    tx.execute(sql::chat::INSERT, values).await.map(drop)
}

/// The chat of a conversation; none when it is none. Lock the conversation before changing it.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<Chat>, Error> {
    conn.fetch_optional(sql::chat::GET, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Writes a changed one.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, c: &Chat) -> Result<(), Error> {
    let ended = c.ended.map(|e| e.by.columns());
    let values = args![
        workspace,
        c.conversation,
        c.identity.as_deref(),
        c.customer_read,
        c.agent_read,
        c.hold.as_ref().map(|h| h.until),
        c.hold.as_ref().map(|h| h.text.as_str()),
        c.ended.map(|e| e.at),
        ended.map(|(kind, _)| kind),
        ended.and_then(|(_, id)| id),
        c.left_at,
        c.mail.as_ref().map(EmailAddress::as_str),
        c.mailed,
        c.mail_due,
        c.rating.as_ref().map(|r| r.score),
        c.rating.as_ref().and_then(|r| r.comment.as_deref()),
        c.rating.as_ref().map(|r| r.at),
        c.locale.as_str(),
        c.page.as_ref().map(to_json),
        c.passed_at
    ];
    tx.execute(sql::chat::UPDATE, values).await.map(drop)
}

/// Notes that a chat went back to a queue, or on to another; nothing where it is no chat.
pub async fn passed(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::chat::PASSED, args![workspace, id, now]).await.map(drop)
}

/// Notes that an agent's message is only a greeting.
pub async fn greeted(tx: &mut Tx, workspace: WorkspaceId, message: MessageId) -> Result<(), Error> {
    tx.execute(sql::chat::GREETED, args![workspace, message]).await.map(drop)
}

/// Those of some messages that are only greetings. One statement.
pub async fn greetings_among(conn: &mut Conn, workspace: WorkspaceId, messages: &[MessageId]) -> Result<Vec<MessageId>, Error> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT message_id FROM greeting WHERE workspace_id = $1 AND message_id {}", conn.is_one_of(2));
    let ids = conn.ids(messages.iter().map(|m| m.raw()));
    conn.fetch_built(sql, args![workspace, ids]).await?.iter().map(|r| r.id("message_id")).collect()
}

/// What a visitor may see of a chat's conversation, in one row.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The chat.
    pub chat: Chat,
    /// Its conversation's facts.
    pub conversation: model::Conversation,
    /// The assignee's name.
    pub agent_name: Option<String>,
    /// Agents' messages that the customer has not seen.
    pub unread: i64,
    /// The newest words that the customer may see. The conversation's own preview may be of a mail to others.
    pub last_words: Option<String>,
    /// The widget's settings.
    pub settings: model::widget::Settings,
    /// The customer wants to be called.
    pub callback: Option<model::chat::Callback>,
}

/// The condition under which a visitor sees chat `h`; arguments `$2` inbox, `$3` visitor, `$4` identity. One place.
const VISIBLE: &str = "h.workspace_id = $1 AND h.inbox_id = $2 AND (h.visitor_id = $3 OR h.identity = $4)";

/// What agents said to the customer of chat `h`, as messages `m`: in the widget, or by mail to the address that is known. It says in
/// SQL what [`Chat::shows`] says of one message.
const SAID: &str = "m.kind = 'reply' \
    AND m.delivery_state IN ('queued', 'sent', 'failed', 'partly_failed') AND (m.from_address IS NULL OR EXISTS \
    (SELECT 1 FROM message_recipient r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id AND r.address = LOWER(h.mail)))";

/// Messages `m` of chat `h`.
const OF_CHAT: &str = "m.workspace_id = h.workspace_id AND m.conversation_id = h.conversation_id";

async fn select(conn: &mut Conn, condition: &str, values: Vec<crate::Value>) -> Result<Vec<Seen>, Error> {
    let (conversation, chat) = (crate::conversation::COLUMNS, COLUMNS);
    let sql = format!(
        "SELECT {conversation}, {chat}, a.name AS agent_name, w.settings AS widget_settings, \
         k.phone, k.wanted_at, k.at, k.called_at, \
         (SELECT COUNT(*) FROM message m WHERE {OF_CHAT} AND {SAID} AND m.id > COALESCE(h.customer_read, 0)) AS unread, \
         (SELECT m.reply_text FROM message m WHERE {OF_CHAT} AND ({SAID} OR m.kind = 'customer' AND m.held = FALSE \
          AND m.author_kind = 'customer' AND m.author_id = c.customer_id) ORDER BY m.id DESC LIMIT 1) AS last_words \
         FROM chat h JOIN conversation c ON c.workspace_id = h.workspace_id AND c.id = h.conversation_id \
         JOIN widget w ON w.workspace_id = h.workspace_id AND w.inbox_id = h.inbox_id \
         LEFT JOIN agent a ON a.workspace_id = c.workspace_id AND a.id = c.assignee_id \
         LEFT JOIN callback k ON k.workspace_id = h.workspace_id AND k.conversation_id = h.conversation_id \
         WHERE {condition}"
    );
    let rows = conn.fetch_built(sql, values).await?;
    rows.iter()
        .map(|row| {
            Ok(Seen {
                chat: from_row(row)?,
                conversation: crate::conversation::from_row(row)?,
                agent_name: row.maybe_text("agent_name")?,
                unread: row.int("unread")?,
                last_words: row.maybe_text("last_words")?,
                settings: row.json("widget_settings")?,
                callback: if row.maybe_text("phone")?.is_some() { Some(crate::callback::from_row(row)?) } else { None },
            })
        })
        .collect()
}

/// A visitor's chats, the newest first, at most `limit`. Cost: their chats, each with its messages after the last that was read.
pub async fn of_visitor(conn: &mut Conn, workspace: WorkspaceId, v: &Visitor, now: Timestamp, limit: usize) -> Result<Vec<Seen>, Error> {
    let condition = format!("{VISIBLE} ORDER BY h.conversation_id DESC LIMIT {limit}");
    select(conn, &condition, args![workspace, v.inbox, v.id, v.subject(now)]).await
}

/// One chat that a visitor may see.
pub async fn visible(conn: &mut Conn, workspace: WorkspaceId, v: &Visitor, now: Timestamp, id: ConversationId) -> Result<Option<Seen>, Error> {
    let condition = format!("{VISIBLE} AND h.conversation_id = $5");
    Ok(select(conn, &condition, args![workspace, v.inbox, v.id, v.subject(now), id]).await?.pop())
}

/// One chat, for those who have looked already who sees it.
pub async fn seen(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<Seen>, Error> {
    Ok(select(conn, "h.workspace_id = $1 AND h.conversation_id = $2", args![workspace, id]).await?.pop())
}

/// The events of some conversations after a cursor, in the order of the log, up to `limit`, and only what is settled. Cost: the
/// events of these conversations, by index `event_conversation`.
pub async fn events_after(
    conn: &mut Conn,
    workspace: WorkspaceId,
    ids: &[ConversationId],
    cursor: Cursor,
    limit: usize,
) -> Result<Vec<Event>, Error> {
    let sql = events_after_sql(conn, limit);
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![workspace, cursor.txid, cursor.seq, ids]).await?.iter().map(crate::event::from_row).collect()
}

/// The statement of [`events_after`], for those who want to see how a database goes about it.
pub fn events_after_sql(conn: &Conn, limit: usize) -> String {
    let settled = conn.pick("", " AND txid < (SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT))");
    // The `+ 0` keeps the planner on the index of conversations, which is the short way: a chat has few events, the log has many.
    format!(
        "SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data FROM event \
         WHERE workspace_id = $1 AND conversation_id {} AND (txid + 0, seq + 0) > ($2, $3){settled} ORDER BY txid + 0, seq + 0 LIMIT {limit}",
        conn.is_one_of(4)
    )
}

/// Claims a key of a visitor for a message; false when it is taken. Who else tries at the same time waits for the end of this use case.
pub async fn claim_key(
    tx: &mut Tx,
    workspace: WorkspaceId,
    visitor: VisitorId,
    key: &str,
    place: (ConversationId, MessageId),
) -> Result<bool, Error> {
    Ok(tx.execute(sql::chat::CLAIM_KEY, args![workspace, visitor, key, place.0, place.1]).await? == 1)
}

/// The message that was sent with a key.
pub async fn by_key(conn: &mut Conn, workspace: WorkspaceId, visitor: VisitorId, key: &str) -> Result<Option<(ConversationId, MessageId)>, Error> {
    let row = conn.fetch_optional(sql::chat::BY_KEY, args![workspace, visitor, key]).await?;
    row.map(|r| Ok((r.id("conversation_id")?, r.id("message_id")?))).transpose()
}

/// The keys that some messages were sent with.
pub async fn keys_of(conn: &mut Conn, workspace: WorkspaceId, messages: &[MessageId]) -> Result<HashMap<MessageId, String>, Error> {
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT message_id, key FROM chat_key WHERE workspace_id = $1 AND message_id {}", conn.is_one_of(2));
    let ids = conn.ids(messages.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![workspace, ids]).await?.iter().map(|r| Ok((r.id("message_id")?, r.text("key")?))).collect()
}

/// Keeps an upload of a visitor until a message carries it.
pub async fn insert_upload(tx: &mut Tx, workspace: WorkspaceId, a: &Attachment, by: VisitorId, staged: &Staged) -> Result<(), Error> {
    crate::attachment::insert_by(tx, workspace, a, by.raw(), staged).await
}

/// Hangs a visitor's upload on a message. False when it is no free upload of that visitor.
pub async fn attach(tx: &mut Tx, workspace: WorkspaceId, id: AttachmentId, to: MessageId, by: VisitorId) -> Result<bool, Error> {
    Ok(tx.execute(sql::chat::ATTACH, args![workspace, id, to, by]).await? == 1)
}

/// How many uploads of a visitor since a time wait for a message.
pub async fn waiting_uploads(conn: &mut Conn, workspace: WorkspaceId, by: VisitorId, since: Timestamp) -> Result<i64, Error> {
    conn.fetch_one(sql::chat::WAITING_UPLOADS, args![workspace, by, since]).await?.int("n")
}

/// A file by its id, with the message that it hangs on.
pub async fn file(conn: &mut Conn, workspace: WorkspaceId, id: AttachmentId) -> Result<Option<Attachment>, Error> {
    conn.fetch_optional(sql::chat::FILE, args![workspace, id]).await?.as_ref().map(crate::attachment::from_row).transpose()
}

/// Chats of a browser that nobody has proven to be anybody's.
pub async fn unproven(conn: &mut Conn, workspace: WorkspaceId, visitor: VisitorId) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::chat::UNPROVEN, args![workspace, visitor]).await?.iter().map(|r| r.id("conversation_id")).collect()
}

/// Those are this person's from now on.
pub async fn adopt(tx: &mut Tx, workspace: WorkspaceId, visitor: VisitorId, identity: &str) -> Result<(), Error> {
    tx.execute(sql::chat::ADOPT, args![workspace, visitor, identity]).await.map(drop)
}

/// The newest message that both sides can see.
pub async fn newest(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<MessageId>, Error> {
    conn.fetch_one(sql::chat::NEWEST, args![workspace, id]).await?.maybe_id("id")
}

/// Agents' words that are out and newer than a message, oldest first, at most 200.
pub async fn unseen(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ConversationId,
    after: Option<MessageId>,
) -> Result<Vec<(MessageId, Timestamp)>, Error> {
    let rows = conn.fetch_all(sql::chat::UNSEEN, args![workspace, id, after.map_or(0, Id::raw)]).await?;
    rows.iter().map(|r| Ok((r.id("id")?, r.time("created_at")?))).collect()
}

/// A message left in a mail with this Message-ID: answers to it come here.
pub async fn put_reference(tx: &mut Tx, workspace: WorkspaceId, place: (ConversationId, MessageId), rfc_message_id: &str) -> Result<(), Error> {
    tx.execute(sql::chat::REFERENCE, args![workspace, place.1, rfc_message_id]).await?;
    tx.execute(sql::message::REFERENCE, args![workspace, model::token::hash(rfc_message_id), place.0, place.1]).await.map(drop)
}

/// Whether a customer has an address.
pub async fn has_address(conn: &mut Conn, workspace: WorkspaceId, customer: CustomerId, address: &EmailAddress) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::chat::ADDRESS_OF, args![workspace, customer, address.folded()]).await?.is_some())
}

/// What agents see of a chat beside its conversation.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The chat.
    pub chat: Chat,
    /// The visitor has the widget open.
    pub online: bool,
    /// The page it looks at.
    pub page: Option<Page>,
    /// The site has proven who it is.
    pub identified: bool,
}

/// Puts their chats to those that are chats. One statement, where there is any.
pub(crate) async fn join(conn: &mut Conn, workspace: WorkspaceId, rows: &mut [crate::conversation::Listed]) -> Result<(), Error> {
    let is_chat = |c: &model::Conversation| c.channel == model::conversation::Channel::Chat;
    let ids: Vec<ConversationId> = rows.iter().map(|r| &r.conversation).filter(|c| is_chat(c)).map(|c| c.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    for brief in briefs(conn, workspace, &ids).await? {
        if let Some(listed) = rows.iter_mut().find(|r| r.conversation.id == brief.chat.conversation) {
            listed.chat = Some(brief);
        }
    }
    Ok(())
}

/// The chats among some conversations. One statement.
pub(crate) async fn briefs(conn: &mut Conn, workspace: WorkspaceId, ids: &[ConversationId]) -> Result<Vec<Brief>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, v.connected_until, v.page AS visitor_page, v.identity AS visitor_identity FROM chat h \
         LEFT JOIN visitor v ON v.workspace_id = h.workspace_id AND v.id = h.visitor_id \
         WHERE h.workspace_id = $1 AND h.conversation_id {}",
        conn.is_one_of(2)
    );
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![workspace, ids])
        .await?
        .iter()
        .map(|row| {
            let chat = from_row(row)?;
            Ok(Brief {
                online: row.maybe_time("connected_until")?.is_some(),
                page: row.maybe_json("visitor_page")?,
                identified: chat.identity.is_some() && row.maybe_text("visitor_identity")? == chat.identity,
                chat,
            })
        })
        .collect()
}

/// What the customer of a conversation wrote there is another customer's; the conversation itself says so already.
pub async fn change_customer(tx: &mut Tx, workspace: WorkspaceId, before: &model::Conversation, to: CustomerId) -> Result<(), Error> {
    tx.execute(sql::chat::CHANGE_AUTHOR, args![workspace, before.id, before.customer, to]).await?;
    tx.execute(sql::chat::CHANGE_PARTICIPANT, args![workspace, before.id, before.customer, to]).await?;
    if !before.bucket().is_hidden() {
        tx.execute(sql::customer::COUNT, args![workspace, before.customer, -1_i64]).await?;
        tx.execute(sql::customer::COUNT, args![workspace, to, 1_i64]).await?;
    }
    Ok(())
}

/// The agent who answered last.
pub async fn last_author(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<model::AgentId>, Error> {
    conn.fetch_optional(sql::chat::LAST_AUTHOR, args![workspace, id]).await?.map(|r| r.id("author_id")).transpose()
}
