//! Conversations with the names that a list row shows.

use model::tag::{Color, Tag};
use model::{CompanyId, Conversation, ConversationId, Id, Scope};

use super::row::{COLUMNS, from_row};
use super::sight::{in_sight, reader};
use crate::{Conn, Error, Row, args};

/// A conversation with the names that a list row shows.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The conversation.
    pub conversation: Conversation,
    /// Requester's name.
    pub customer_name: String,
    /// Requester's main address.
    pub customer_email: Option<String>,
    /// Requester's language.
    pub customer_language: Option<String>,
    /// Requester's company: id and name.
    pub company: Option<(CompanyId, String)>,
    /// Inbox's name.
    pub inbox_name: String,
    /// Inbox's address.
    pub inbox_address: String,
    /// Assignee's name.
    pub assignee_name: Option<String>,
    /// Team's name.
    pub team_name: Option<String>,
    /// Name and colour of its status of the workspace's own.
    pub custom_status: Option<(String, Color)>,
    /// The reader has not seen the customer's last message.
    pub unread: bool,
    /// Tags.
    pub tags: Vec<Tag>,
    /// The conversation that it stands beside: id, number and subject.
    pub beside: Option<(ConversationId, i64, String)>,
    /// What it has as a chat.
    pub chat: Option<crate::chat::Brief>,
}

/// Puts the names to conversations that `from` gives as `c`: a table or a subquery of [`COLUMNS`].
pub(crate) fn with_names(from: &str) -> String {
    format!(
        "SELECT {COLUMNS}, u.name AS customer_name, u.email AS customer_email, u.language AS customer_language, \
         k.id AS company_id, k.name AS company_name, i.name AS inbox_name, \
         i.address AS inbox_address, a.name AS assignee_name, t.name AS team_name, r.read_at, w.name AS custom_name, w.color AS custom_color, \
         p.number AS beside_number, p.subject AS beside_subject \
         FROM {from} c \
         JOIN customer u ON u.workspace_id = $1 AND u.id = c.customer_id \
         LEFT JOIN company k ON k.workspace_id = $1 AND k.id = u.company_id \
         JOIN inbox i ON i.workspace_id = $1 AND i.id = c.inbox_id \
         LEFT JOIN agent a ON a.workspace_id = $1 AND a.id = c.assignee_id \
         LEFT JOIN team t ON t.workspace_id = $1 AND t.id = c.team_id \
         LEFT JOIN custom_status w ON w.workspace_id = $1 AND w.id = c.custom_status_id \
         LEFT JOIN conversation p ON p.workspace_id = $1 AND p.id = c.beside \
         LEFT JOIN read_state r ON r.workspace_id = $1 AND r.agent_id = $2 AND r.conversation_id = c.id"
    )
}

pub(crate) fn listed(row: &Row) -> Result<Listed, Error> {
    let conversation = from_row(row)?;
    let read_at = row.maybe_time("read_at")?;
    Ok(Listed {
        unread: conversation.is_unread(read_at),
        custom_status: row
            .maybe_text("custom_name")?
            .map(|name| Ok::<_, Error>((name, Color::from_stored(&row.text("custom_color")?))))
            .transpose()?,
        beside: match conversation.beside {
            Some(id) => Some((id, row.maybe_int("beside_number")?.unwrap_or_default(), row.maybe_text("beside_subject")?.unwrap_or_default())),
            None => None,
        },
        conversation,
        customer_name: row.text("customer_name")?,
        customer_email: row.maybe_text("customer_email")?,
        customer_language: row.maybe_text("customer_language")?,
        company: match row.maybe_id("company_id")? {
            Some(id) => Some((id, row.maybe_text("company_name")?.unwrap_or_default())),
            None => None,
        },
        inbox_name: row.text("inbox_name")?,
        inbox_address: row.text("inbox_address")?,
        assignee_name: row.maybe_text("assignee_name")?,
        team_name: row.maybe_text("team_name")?,
        tags: Vec::new(),
        chat: None,
    })
}

pub(crate) async fn with_tags(conn: &mut Conn, scope: &Scope, mut rows: Vec<Listed>) -> Result<Vec<Listed>, Error> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let ids = conn.ids(rows.iter().map(|r| r.conversation.id.raw()));
    let sql = format!(
        "SELECT ct.conversation_id, g.id, g.name, g.color FROM conversation_tag ct \
         JOIN tag g ON g.workspace_id = ct.workspace_id AND g.id = ct.tag_id \
         WHERE ct.workspace_id = $1 AND ct.conversation_id {} ORDER BY g.name_folded",
        conn.is_one_of(2)
    );
    let found = conn.fetch_built(sql, args![scope.workspace, ids]).await?;
    for row in &found {
        let at: ConversationId = row.id("conversation_id")?;
        if let Some(listed) = rows.iter_mut().find(|r| r.conversation.id == at) {
            listed.tags.push(crate::tag::from_row(row)?);
        }
    }
    crate::chat::join(conn, scope.workspace, &mut rows).await?;
    Ok(rows)
}

/// Some conversations, in no order; those out of sight are left out. Two statements.
pub async fn listed_by_ids(conn: &mut Conn, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<Listed>, Error> {
    let sql = format!("{} WHERE c.workspace_id = $1{} AND c.id {}", with_names("conversation"), in_sight(scope), conn.is_one_of(3));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    let rows = conn.fetch_built(sql, args![scope.workspace, reader(scope), ids]).await?;
    let rows = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, scope, rows).await
}

/// One conversation ready to draw; none when it does not exist or is out of sight.
pub async fn listed_by_id(conn: &mut Conn, scope: &Scope, id: ConversationId) -> Result<Option<Listed>, Error> {
    Ok(listed_by_ids(conn, scope, &[id]).await?.pop())
}
