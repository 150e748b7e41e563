//! Which conversations belong together.

use model::conversation_link::{Link, LinkKind};
use model::{AgentId, ConversationId, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// Links two conversations of a workspace; `later` is the one that follows. False when they are linked so already.
/// [`Error::Dangling`] when one of them is not of this workspace.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    later: ConversationId,
    earlier: ConversationId,
    kind: LinkKind,
    by: Option<AgentId>,
) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::conversation_link::INSERT, args![workspace, later, earlier, kind.as_str(), now, by]).await? == 1)
}

/// The links of a conversation, newest first, at most 100. They say nothing about who may see the other end.
pub async fn of_conversation(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<Link>, Error> {
    let rows = conn.fetch_all(sql::conversation_link::OF_CONVERSATION, args![workspace, id]).await?;
    rows.iter()
        .map(|row| {
            let kind = LinkKind::from_word(&row.text("kind")?).ok_or_else(|| Error::Corrupt("column kind".into()))?;
            Ok(Link { other: row.id("id")?, kind, follows: row.flag("follows")?, at: row.time("created_at")? })
        })
        .collect()
}

/// The cases of a problem, in the order of their ids. As [`of_conversation`], it says nothing about sight.
pub async fn cases(conn: &mut Conn, workspace: WorkspaceId, problem: ConversationId, limit: usize) -> Result<Vec<ConversationId>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    conn.fetch_all(sql::conversation_link::CASES, args![workspace, problem, limit]).await?.iter().map(|r| r.id("id")).collect()
}

/// Takes a link away. False when they are not linked so.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, one: ConversationId, other: ConversationId, kind: LinkKind) -> Result<bool, Error> {
    Ok(tx.execute(sql::conversation_link::DELETE, args![workspace, one, other, kind.as_str()]).await? > 0)
}
