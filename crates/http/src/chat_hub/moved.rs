//! Visitors who move about the sites: agents are told that a list has changed, once a second at most for each inbox.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use model::chat::{VisitorDoes, VisitorSign};
use model::stay::Invited;
use model::{InboxId, VisitorId, WorkspaceId};
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::there::{note_there, tell_online};
use super::{ChatHub, Piece, frame};
use crate::app::App;

/// How often agents are told.
const EVERY: Duration = Duration::from_secs(1);

/// What waits to be told: of each site somebody who moved.
pub(super) type Moved = HashMap<(WorkspaceId, InboxId), VisitorId>;

impl ChatHub {
    /// Somebody came to the site of an inbox, left it, or looks at another page.
    pub fn moved(&self, workspace: WorkspaceId, inbox: InboxId, visitor: VisitorId) {
        self.index().moved.insert((workspace, inbox), visitor);
    }

    /// Another node, or this one, says what a visitor did.
    pub(super) fn hear(self: &Arc<Self>, app: &App, sign: &VisitorSign) {
        let (workspace, visitor) = (sign.workspace, sign.visitor);
        if !self.index().by_visitor.contains_key(&visitor) {
            return;
        }
        let (hub, app) = (self.clone(), app.clone());
        match sign.what {
            // Its last stream there; but here is another one.
            VisitorDoes::Gone {} => drop(tokio::spawn(async move {
                let conversations = hub.conversations_of(visitor);
                note_there(&app, workspace, &[visitor]).await;
                tell_online(&app, workspace, visitor, &conversations, true).await;
            })),
            VisitorDoes::Invited {} => drop(tokio::spawn(async move {
                if let Err(error) = hub.show_invitation(&app, workspace, visitor).await {
                    tracing::debug!(%error, "an invitation is shown when the visitor's stream begins anew");
                }
            })),
            VisitorDoes::Typing { .. } | VisitorDoes::Online { .. } | VisitorDoes::Moved {} => {}
        }
    }

    async fn show_invitation(&self, app: &App, workspace: WorkspaceId, visitor: VisitorId) -> Result<(), store::Error> {
        let stay = store::stay::get(&mut app.read().await?, workspace, visitor).await?;
        let Some(invited) = stay.as_ref().and_then(|s| s.invited(app.now())) else { return Ok(()) };
        let bytes = invitation(invited);
        let mut index = self.index();
        for id in index.by_visitor.get(&visitor).cloned().unwrap_or_default() {
            let full = index.streams.get(&id).is_some_and(|s| s.out.try_send(Piece::Sign(bytes.clone())).is_err());
            if full {
                index.remove(id);
            }
        }
        Ok(())
    }
}

/// The frame of an agent's invitation.
pub fn invitation(invited: &Invited) -> Bytes {
    let initials = model::visitor::initials(&invited.name);
    let data = json!({ "name": invited.name, "initials": initials, "text": invited.text, "at": crate::time::Time(invited.at) });
    frame(Some("invitation"), None, &data.to_string())
}

/// Tells until the hub is gone.
pub(super) async fn tell(hub: Weak<ChatHub>, app: App) {
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let moved = std::mem::take(&mut hub.index().moved);
        for ((workspace, inbox), visitor) in moved {
            app.desk.store.tell_visitor(VisitorSign { workspace, inbox, conversation: None, visitor, what: VisitorDoes::Moved {} });
        }
    }
}
