//! How the queues stand now, for supervisors.

use axum::extract::State;
use model::{AgentId, QueueId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::availability::{Capacity, Load, Switches};
use crate::app::App;
use crate::json::Json;
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live_board))
}

/// A queue now and today.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BoardQueue {
    #[schema(value_type = String)]
    pub id: QueueId,
    pub name: String,
    /// It is within its hours.
    pub open: bool,
    /// How many wait for an answer, offered ones included.
    pub waiting: i64,
    /// Since when the first of them does.
    pub longest_since: Option<Time>,
    /// How many wait for a call instead: they are not among those.
    pub calls: i64,
    /// Agents who work in it and are on-line.
    pub online: i64,
    /// How many came today.
    pub offered: i64,
    /// How many of those an agent has answered …
    pub answered: i64,
    /// … how many in time …
    pub answered_in_time: i64,
    /// … which is so many seconds.
    pub answer_seconds: u32,
    /// `answered_in_time` of all that came, from 0 to 1; null when nothing came.
    pub service_level: Option<f64>,
    /// Mean seconds until the answer, of those that were answered; null when none was.
    pub average_answer_seconds: Option<i64>,
    /// How many went away before an answer.
    pub abandoned: i64,
    /// `abandoned` of all that came, from 0 to 1; null when nothing came.
    pub abandonment: Option<f64>,
}

/// An agent now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BoardAgent {
    #[schema(value_type = String)]
    pub id: AgentId,
    pub name: String,
    /// How it really is: `online`, `away`, `busy`, `transfers_only` or `offline`.
    pub state: &'static str,
    /// Why nobody chose that: `idle`, `gone` or `shift_over`.
    pub because: Option<&'static str>,
    pub reason: Option<String>,
    pub since: Time,
    pub on: Switches,
    pub capacity: Capacity,
    pub load: Load,
}

/// Everything on the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveBoard {
    /// Now, by our clock.
    pub at: Time,
    /// Since when it is today, where the workspace is.
    pub since: Time,
    /// The queues in their order.
    pub queues: Vec<BoardQueue>,
    /// Everybody who ever said whether they are there, by name.
    pub agents: Vec<BoardAgent>,
}

fn part(of: i64, all: i64) -> Option<f64> {
    (all > 0).then(|| (of as f64 / all as f64 * 1_000.0).round() / 1_000.0)
}

impl From<desk::routing::QueueToday> for BoardQueue {
    fn from(q: desk::routing::QueueToday) -> Self {
        let t = q.today;
        Self {
            id: q.id,
            name: q.name,
            open: q.open,
            waiting: q.waiting,
            longest_since: q.longest_since.map(Time),
            calls: q.calls,
            online: q.online,
            offered: t.offered,
            answered: t.answered,
            answered_in_time: q.in_time,
            answer_seconds: q.answer_seconds,
            service_level: part(q.in_time, t.offered),
            average_answer_seconds: (t.answered > 0).then(|| t.answered_after / t.answered / 1_000),
            abandoned: t.abandoned,
            abandonment: part(t.abandoned, t.offered),
        }
    }
}

impl From<desk::routing::AgentNow> for BoardAgent {
    fn from(a: desk::routing::AgentNow) -> Self {
        Self {
            id: a.id,
            name: a.name,
            state: a.state.as_str(),
            because: a.because.map(model::availability::Because::as_str),
            reason: a.reason,
            since: Time(a.since),
            on: a.on.into(),
            capacity: a.capacity.into(),
            load: a.load.into(),
        }
    }
}

/// How the queues stand now and did today, and who is there.
#[utoipa::path(get, path = "/live-board", tag = "routing", responses((status = 200, body = LiveBoard), Problems))]
async fn live_board(State(app): State<App>, caller: Caller) -> Result<Json<LiveBoard>> {
    let now = app.now();
    let board = desk::routing::board(&mut app.read().await?, &caller.scope, now).await?;
    Ok(Json(LiveBoard {
        at: Time(now),
        since: Time(board.since),
        queues: board.queues.into_iter().map(Into::into).collect(),
        agents: board.agents.into_iter().map(Into::into).collect(),
    }))
}
