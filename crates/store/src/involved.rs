//! How many open conversations an agent follows or is named in.

use model::{AgentId, Scope};

use crate::conversation::in_sight;
use crate::{Conn, Error, args};

/// The newest that are looked at: what somebody followed a thousand conversations ago is counted no more.
const LOOKED_AT: usize = 1_000;

/// Open ones, as the views of the same names hold them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Involved {
    pub following: i64,
    pub mentions: i64,
}

/// The counts of an agent, among the newest thousand of each. Cost: two short index ranges and as many look-ups by key.
pub async fn counts(conn: &mut Conn, scope: &Scope, agent: AgentId) -> Result<Involved, Error> {
    let sight = in_sight(scope);
    let following = format!(
        "SELECT f.conversation_id FROM follower f WHERE f.workspace_id = $1 AND f.agent_id = $2 ORDER BY f.conversation_id DESC LIMIT {LOOKED_AT}"
    );
    let mentions = format!(
        "SELECT m.conversation_id FROM (SELECT n.message_id FROM mention n WHERE n.workspace_id = $1 AND n.agent_id = $2 \
         ORDER BY n.message_id DESC LIMIT {LOOKED_AT}) n JOIN message m ON m.workspace_id = $1 AND m.id = n.message_id"
    );
    let mut counted = [0, 0];
    for (n, those) in counted.iter_mut().zip([following, mentions]) {
        let sql = format!("SELECT COUNT(*) AS n FROM conversation c WHERE c.workspace_id = $1{sight} AND +c.bucket = 0 AND c.id IN ({those})");
        *n = conn.fetch_built(sql, args![scope.workspace, agent]).await?.first().map_or(Ok(0), |r| r.int("n"))?;
    }
    Ok(Involved { following: counted[0], mentions: counted[1] })
}
