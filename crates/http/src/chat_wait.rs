//! Customers who wait are told how long, as that changes.

use std::collections::{HashMap, HashSet};
use std::sync::Weak;
use std::time::Duration;

use model::routing::Wait;
use model::{ConversationId, WorkspaceId};
use serde_json::json;
use tokio::time::MissedTickBehavior;

use crate::api::v1::widget_view::WidgetWait;
use crate::app::App;
use crate::chat_hub::ChatHub;

/// How often is looked whether it changed.
const EVERY: Duration = Duration::from_secs(3);

/// Tells the streams of this node, until the hub is gone. Cost: what waits in each workspace that has a stream open, each time.
pub async fn tell(hub: Weak<ChatHub>, app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told: HashMap<ConversationId, Wait> = HashMap::new();
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let mut now_told = HashMap::new();
        for (workspace, followed) in hub.followed() {
            match waits(&app, workspace, &followed).await {
                Ok(waits) => now_told.extend(waits),
                Err(error) => tracing::debug!(%error, "waits were not told; next try in 3 s"),
            }
        }
        for (conversation, wait) in &now_told {
            if told.get(conversation) != Some(wait) {
                let data = json!({ "conversation_id": conversation, "wait": WidgetWait::from(*wait) });
                hub.sign(*conversation, "wait", &data);
            }
        }
        told = now_told;
    }
}

async fn waits(app: &App, workspace: WorkspaceId, followed: &HashSet<ConversationId>) -> Result<Vec<(ConversationId, Wait)>, store::Error> {
    let mut conn = app.read().await?;
    let all = desk::routing::waits(&mut conn, workspace, app.now()).await?;
    Ok(all.into_iter().filter(|(id, _)| followed.contains(id)).collect())
}
