//! What visitors are told although nothing happened in their conversation: how long they wait, and who is there.

use std::collections::HashMap;
use std::sync::Weak;
use std::time::Duration;

use model::{ConversationId, InboxId, WorkspaceId};
use serde_json::{Value, json};
use tokio::time::MissedTickBehavior;

use super::{ChatHub, Index, Piece, frame};
use crate::api::v1::widget_view::WidgetWait;
use crate::api::v1::widget_visitor::team;
use crate::app::App;

/// How often waits are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Who is there is looked at each so many times.
const TEAM: u64 = 3;

/// Looks and tells until the hub is gone.
pub(super) async fn tell(hub: Weak<ChatHub>, app: App) {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for turn in 1_u64.. {
        looks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let told = async {
            waits(&hub, &app).await?;
            if turn.is_multiple_of(TEAM) { teams(&hub, &app).await } else { Ok(()) }
        };
        if let Err(error) = told.await {
            tracing::debug!(%error, "visitors are told later how long they wait");
        }
    }
}

/// Tells those who wait what has changed. Cost: one statement for each workspace with somebody who waits here.
pub(super) async fn waits(hub: &ChatHub, app: &App) -> Result<(), store::Error> {
    let mut waiting: HashMap<WorkspaceId, Vec<(ConversationId, Value)>> = HashMap::new();
    {
        let mut index = hub.index();
        let Index { waits, by_conversation, .. } = &mut *index;
        waits.retain(|id, _| by_conversation.contains_key(id));
        for (id, (workspace, last)) in waits {
            waiting.entry(*workspace).or_default().push((*id, last.clone()));
        }
    }
    for (workspace, conversations) in waiting {
        let mut conn = app.read().await?;
        let now: HashMap<_, _> = desk::routing::waits(&mut conn, workspace, app.now()).await?.into_iter().collect();
        drop(conn);
        for (id, last) in conversations {
            let wait = serde_json::to_value(now.get(&id).copied().map(WidgetWait::from)).unwrap_or_default();
            if wait == last {
                continue;
            }
            let bytes = frame(Some("wait"), None, &json!({ "conversation_id": id, "wait": wait }).to_string());
            let mut index = hub.index();
            // Somebody may have taken it meanwhile.
            if let Some(told) = index.waits.get_mut(&id) {
                told.1 = wait;
                index.send(id, || Piece::Sign(bytes.clone()));
            }
        }
    }
    Ok(())
}

/// Tells every open widget of an inbox when somebody came or went.
pub(super) async fn teams(hub: &ChatHub, app: &App) -> Result<(), store::Error> {
    let mut open: HashMap<(WorkspaceId, InboxId), Vec<u64>> = HashMap::new();
    for (id, stream) in &hub.index().streams {
        open.entry((stream.who.workspace, stream.who.inbox)).or_default().push(*id);
    }
    hub.index().teams.retain(|place, _| open.contains_key(place));
    for (place, streams) in open {
        let mut conn = app.read().await?;
        let Some(widget) = store::widget::get(&mut conn, place.0, place.1).await? else { continue };
        let team = serde_json::to_value(team(&mut conn, place.0, &widget, app.now()).await?).unwrap_or_default();
        drop(conn);
        let mut index = hub.index();
        if index.teams.insert(place, team.clone()).as_ref() == Some(&team) {
            continue;
        }
        let bytes = frame(Some("team"), None, &json!({ "team": team }).to_string());
        for id in streams {
            let full = index.streams.get(&id).is_some_and(|s| s.out.try_send(Piece::Sign(bytes.clone())).is_err());
            if full {
                index.remove(id);
            }
        }
    }
    Ok(())
}
