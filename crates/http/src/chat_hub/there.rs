//! Which visitors are there: told to agents and noted in the store, so that every node knows.

use std::collections::HashMap;
use std::sync::Weak;
use std::time::Duration;

use model::chat::{VisitorDoes, VisitorSign};
use model::{ConversationId, VisitorId, WorkspaceId};
use tokio::time::MissedTickBehavior;

use super::{ChatHub, Who};
use crate::app::App;

/// How often is told who is there, and looked whether tokens are still good.
const TICK: Duration = Duration::from_secs(45);
/// For how long a visitor counts as there without another tick.
const THERE: jiff::SignedDuration = jiff::SignedDuration::from_secs(180);
/// A page that is loaded again is away for less than this.
const RELOAD: Duration = Duration::from_secs(5);

/// A visitor's last stream here was closed: unless it comes back at once, it is away.
pub(super) async fn left(hub: Weak<ChatHub>, app: App, who: Who, conversations: Vec<ConversationId>) {
    tokio::time::sleep(RELOAD).await;
    let Some(hub) = hub.upgrade() else { return };
    if hub.index().by_visitor.contains_key(&who.visitor) {
        return;
    }
    let written = async {
        let mut tx = app.begin().await?;
        store::visitor::disconnected(&mut tx, who.workspace, who.visitor).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::debug!(%error, "it was not noted that a visitor left");
    }
    tell_online(&app, who.workspace, who.visitor, &conversations, false).await;
    if who.live {
        hub.moved(who.workspace, who.inbox, who.visitor);
    }
    // It may be open on another node, which then says so: what we wrote was about this one.
    let (workspace, inbox, visitor) = (who.workspace, who.inbox, who.visitor);
    app.desk.store.tell_visitor(VisitorSign { workspace, inbox, conversation: None, visitor, what: VisitorDoes::Gone {} });
}

/// Tells agents that a customer has the widget open, or no longer, in their newest conversations.
pub(super) async fn tell_online(app: &App, workspace: WorkspaceId, visitor: VisitorId, conversations: &[ConversationId], online: bool) {
    let Ok(mut conn) = app.read().await else { return };
    for id in conversations.iter().take(5) {
        if let Ok(Some(inbox)) = store::participant::inbox_of(&mut conn, workspace, *id).await {
            app.desk.store.tell_visitor(VisitorSign { workspace, inbox, conversation: Some(*id), visitor, what: VisitorDoes::Online { online } });
        }
    }
}

pub(super) async fn note_there(app: &App, workspace: WorkspaceId, visitors: &[VisitorId]) {
    let written = async {
        let mut tx = app.begin().await?;
        let until = tx.now() + THERE;
        store::visitor::connected(&mut tx, workspace, visitors, until).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::debug!(%error, "it was not noted that visitors are there");
    }
}

/// Says now and then who is there, and lets go of those whose token is no longer good.
pub(super) async fn tick(hub: Weak<ChatHub>, app: App) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let mut open: HashMap<WorkspaceId, HashMap<VisitorId, (bool, Vec<String>)>> = HashMap::new();
        for stream in hub.index().streams.values() {
            let seen = open.entry(stream.who.workspace).or_default().entry(stream.who.visitor).or_default();
            seen.0 |= stream.who.live || !stream.conversations.is_empty();
            seen.1.push(stream.who.token_hash.clone());
        }
        for (workspace, visitors) in open {
            let wrote: Vec<VisitorId> = visitors.iter().filter(|(_, (wrote, _))| *wrote).map(|(id, _)| *id).collect();
            for some in wrote.chunks(500) {
                note_there(&app, workspace, some).await;
            }
            let all: Vec<VisitorId> = visitors.keys().copied().collect();
            for some in all.chunks(500) {
                let Ok(mut conn) = app.read().await else { continue };
                let Ok(good) = store::visitor::tokens(&mut conn, workspace, some, app.now()).await else { continue };
                let good: HashMap<VisitorId, String> = good.into_iter().collect();
                for id in some {
                    if visitors[id].1.iter().any(|hash| good.get(id) != Some(hash)) {
                        hub.expire(*id);
                    }
                }
            }
        }
    }
}

impl ChatHub {
    /// The conversations that show in a visitor's streams here.
    pub(super) fn conversations_of(&self, visitor: VisitorId) -> Vec<ConversationId> {
        let index = self.index();
        let ids = index.by_visitor.get(&visitor).cloned().unwrap_or_default();
        ids.first().and_then(|id| index.streams.get(id)).map(|s| s.conversations.clone()).unwrap_or_default()
    }
}
