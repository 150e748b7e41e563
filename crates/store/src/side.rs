//! Which side conversations stand beside a conversation.

use model::{ConversationId, Scope, WorkspaceId};

use crate::conversation::{Listed, in_sight, listed, reader, with_names, with_tags};
use crate::{Conn, Error, args, sql};

/// The side conversations of one in sight and of those that it took in, newest first, at most 100. Two statements, and one more
/// for their tags.
pub async fn sides(conn: &mut Conn, scope: &Scope, of: ConversationId) -> Result<Vec<Listed>, Error> {
    let sql = format!(
        "{} WHERE c.workspace_id = $1{} AND c.beside IS NOT NULL AND c.beside IN ({WHOLE}) ORDER BY c.last_activity_at DESC, c.id DESC LIMIT 100",
        with_names("conversation"),
        in_sight(scope)
    );
    let rows = conn.fetch_built(sql, args![scope.workspace, reader(scope), of]).await?;
    let rows = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, scope, rows).await
}

/// Conversation `$3` with all that it took in.
const WHOLE: &str = "WITH RECURSIVE whole (id) AS (SELECT CAST($3 AS BIGINT) UNION SELECT m.id FROM conversation m \
    JOIN whole w ON m.workspace_id = $1 AND m.merged_into = w.id) SELECT id FROM whole";

/// The side conversations that were begun beside one.
pub async fn beside(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::conversation::BESIDE, args![workspace, id]).await?.iter().map(|r| r.id("id")).collect()
}
