//! Who is there for new work, and the history of it.

use model::availability::{Availability, Because, Capacity, State, Switches};
use model::{AgentId, EventId, Role, Timestamp, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

/// An agent who has said something, with their name and role.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Person {
    pub availability: Availability,
    pub name: String,
    pub role: Role,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Change {
    pub at: Timestamp,
    pub state: State,
    pub reason: Option<String>,
    /// `idle`, `gone` or `shift_over` when nobody chose it.
    pub because: Option<String>,
    /// Who chose it.
    pub by: Option<AgentId>,
}

fn number(row: &Row, name: &str) -> Result<u16, Error> {
    Ok(u16::try_from(row.int(name)?).unwrap_or(u16::MAX))
}

fn from_row(row: &Row) -> Result<Availability, Error> {
    Ok(Availability {
        agent: row.id("agent_id")?,
        state: State::from_stored(&row.text("state")?),
        reason: row.maybe_text("reason")?,
        since: row.time("since")?,
        on: Switches { chat: row.flag("chat_on")?, mail: row.flag("mail_on")? },
        capacity: Capacity { total: number(row, "most_total")?, chat: number(row, "most_chat")?, mail: number(row, "most_mail")? },
        signs_at: row.maybe_time("signs_at")?,
        active_at: row.maybe_time("active_at")?,
        idle_since: row.time("idle_since")?,
        routed_at: row.maybe_time("routed_at")?,
        newcomer_at: row.maybe_time("newcomer_at")?,
        shift_ends_at: row.maybe_time("shift_ends_at")?,
        told: State::from_stored(&row.text("told")?),
    })
}

/// Everybody who may answer and has said something. Cost: O(agents).
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Person>, Error> {
    let rows = conn.fetch_all(sql::availability::LIST, args![workspace]).await?;
    rows.iter().map(|r| Ok(Person { availability: from_row(r)?, name: r.text("name")?, role: r.parsed("role")? })).collect()
}

/// What one agent said.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Option<Availability>, Error> {
    conn.fetch_optional(sql::availability::FIND, args![workspace, agent]).await?.as_ref().map(from_row).transpose()
}

/// Keeps what an agent said. Whose turn was when stays. [`Error::Dangling`] when there is no such agent.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, v: &Availability) -> Result<(), Error> {
    let c = v.capacity;
    let values = args![
        workspace,
        v.agent,
        v.state.as_str(),
        v.reason.as_deref(),
        v.since,
        v.on.chat,
        v.on.mail,
        i64::from(c.total),
        i64::from(c.chat),
        i64::from(c.mail),
        v.signs_at,
        v.active_at,
        v.idle_since,
        v.routed_at,
        v.newcomer_at,
        v.shift_ends_at,
        v.told.as_str(),
    ];
    tx.execute(sql::availability::PUT, values).await.map(drop)
}

/// A sign of an agent's app, or with `touched` of the agent. False when they are not at work by their own word.
pub async fn sign(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, touched: bool) -> Result<bool, Error> {
    let now = tx.now();
    let statement = if touched { sql::availability::TOUCH } else { sql::availability::SIGN };
    Ok(tx.execute(statement, args![workspace, agent, now]).await? == 1)
}

/// An agent was given something, perhaps a newcomer in turn.
pub async fn turn(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, newcomer: bool) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::availability::TURN, args![workspace, agent, now]).await?;
    if newcomer {
        tx.execute(sql::availability::NEWCOMER_TURN, args![workspace, agent, now]).await?;
    }
    Ok(())
}

/// Keeps how it really is now, and writes a line of the history.
pub async fn tell(
    tx: &mut Tx,
    workspace: WorkspaceId,
    agent: AgentId,
    state: State,
    why: (Option<&str>, Option<Because>, Option<AgentId>),
) -> Result<(), Error> {
    let (id, now): (EventId, _) = (tx.new_id(), tx.now());
    let (reason, because, by) = why;
    tx.execute(sql::availability::TELL, args![workspace, agent, state.as_str()]).await?;
    let values = args![workspace, agent, id, now, state.as_str(), reason, because.map(Because::as_str), by];
    tx.execute(sql::availability::NOTE, values).await.map(drop)
}

/// The newest lines of an agent's history. Cost: O(lines), primary key.
pub async fn history(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, limit: usize) -> Result<Vec<Change>, Error> {
    let rows = conn.fetch_all(sql::availability::HISTORY, args![workspace, agent, limit as i64]).await?;
    rows.iter()
        .map(|r| {
            Ok(Change {
                at: r.time("at")?,
                state: State::from_stored(&r.text("state")?),
                reason: r.maybe_text("reason")?,
                because: r.maybe_text("because")?,
                by: r.maybe_id("by_agent_id")?,
            })
        })
        .collect()
}
