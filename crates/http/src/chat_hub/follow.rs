//! What happens in the log and among the agents, handed to the streams that it shows in.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use model::chat::ChatState;
use model::{Actor, ConversationId, EventKind, MessageId, Presence, PresenceState, VisitorId, WorkspaceId};
use serde_json::json;
use tokio::sync::{broadcast, mpsc};

use super::there::note_there;
use super::{ChatHub, Index, Piece, frame};
use crate::api::v1::stream::name;
use crate::api::v1::widget_stream::{WidgetItem, frames};
use crate::api::v1::{widget_view, widget_visitor};
use crate::app::App;
use crate::hub::{Entry, Signal};
use crate::problem::Result;

/// The message that an event shows, should the visitor see it.
pub fn shows_message(kind: &EventKind) -> Option<MessageId> {
    match kind {
        EventKind::MessageReceived { message }
        | EventKind::MessageReplied { message }
        | EventKind::MessageRedacted { message, .. }
        | EventKind::MessageDeliveryChanged { message, .. } => Some(*message),
        _ => None,
    }
}

/// Whether a conversation looks different to its visitor after an event.
pub fn shows_conversation(kind: &EventKind) -> bool {
    shows_message(kind).is_some()
        || matches!(
            kind,
            EventKind::ChatStarted { .. }
                | EventKind::ChatSeen { .. }
                | EventKind::ChatUpdated { .. }
                | EventKind::ChatEnded { .. }
                | EventKind::ChatCallbackRequested { .. }
                | EventKind::ChatCalled {}
                | EventKind::ConversationAssigned { .. }
                | EventKind::ConversationStatusChanged { .. }
        )
}

/// An event, its conversation, and what will show of it.
pub(super) type Rendering = (Arc<Entry>, ConversationId, tokio::task::JoinHandle<Result<Option<Rendered>, store::Error>>);

/// The frames of an event, and how long the customer waits, while they do.
pub(super) type Rendered = (Bytes, Option<serde_json::Value>);

/// Follows the log and the agents until the hub is gone.
pub(super) async fn follow(hub: Weak<ChatHub>, app: App, mut signals: broadcast::Receiver<Signal>, work: mpsc::Sender<Rendering>) {
    loop {
        let signal = signals.recv().await;
        let Some(hub) = hub.upgrade() else { return };
        match signal {
            Ok(Signal::Event(entry)) => {
                let event = &entry.event;
                let Some(conversation) = event.conversation else { continue };
                if !shows_conversation(&event.kind) {
                    continue;
                }
                if let EventKind::ChatStarted { visitor } = event.kind {
                    hub.started_chat(&app, event.workspace, visitor, event.actor, conversation);
                }
                if hub.index().by_conversation.contains_key(&conversation) {
                    let (app, of) = (app.clone(), entry.clone());
                    let rendering = tokio::spawn(async move { render(&app, &of, conversation).await });
                    if work.send((entry, conversation, rendering)).await.is_err() {
                        return;
                    }
                }
            }
            Ok(Signal::Presence(presence)) => hub.show_typing(&presence),
            Ok(Signal::Visitor(sign)) => hub.hear(&app, &sign),
            // Whoever is open here may have missed something: they come back and read it from the log.
            Err(broadcast::error::RecvError::Lagged(_)) => hub.index().cut_all(),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

impl Index {
    fn cut_all(&mut self) {
        let ids: Vec<u64> = self.streams.keys().copied().collect();
        for id in ids {
            self.remove(id);
        }
    }
}

impl ChatHub {
    /// A conversation began: the streams of its browser, and of the same person elsewhere, follow it from now on.
    fn started_chat(&self, app: &App, workspace: WorkspaceId, visitor: VisitorId, by: Actor, conversation: ConversationId) {
        let mut index = self.index();
        let mut ids = index.by_visitor.get(&visitor).cloned().unwrap_or_default();
        if let Actor::Customer(customer) = by {
            ids.extend(index.by_person.get(&customer).into_iter().flatten());
        }
        for id in &ids {
            index.add(*id, conversation);
        }
        let here = index.by_visitor.contains_key(&visitor);
        drop(index);
        if here {
            let app = app.clone();
            tokio::spawn(async move { note_there(&app, workspace, &[visitor]).await });
        }
    }

    /// An agent types, or does so no longer.
    fn show_typing(&self, p: &Presence) {
        let mut index = self.index();
        if !index.by_conversation.contains_key(&p.conversation) {
            index.typing.remove(&(p.conversation, p.agent));
            return;
        }
        let types = p.state == PresenceState::Typing && !p.internal;
        let changed = if types {
            index.typing.insert((p.conversation, p.agent));
            true
        } else {
            index.typing.remove(&(p.conversation, p.agent))
        };
        if changed {
            let name = model::visitor::given_name(&p.name);
            let data = json!({ "conversation_id": p.conversation, "name": name, "typing": types }).to_string();
            let piece = frame(Some("typing"), None, &data);
            index.send(p.conversation, || Piece::Sign(piece.clone()));
        }
    }
}

/// Hands what events show to the streams, in the order of the log.
pub(super) async fn show(hub: Weak<ChatHub>, mut rendered: mpsc::Receiver<Rendering>) {
    while let Some((entry, conversation, rendering)) = rendered.recv().await {
        let Some(hub) = hub.upgrade() else { return };
        let event = &entry.event;
        match rendering.await.unwrap_or_else(|e| Err(store::Error::Other(e.to_string()))) {
            Ok(Some((bytes, wait))) => {
                let mut index = hub.index();
                if let (EventKind::MessageReplied { .. }, Actor::Agent(agent)) = (&event.kind, event.actor) {
                    index.typing.remove(&(conversation, agent));
                }
                index.send(conversation, || Piece::Of(event.cursor, bytes.clone()));
                match wait {
                    Some(wait) => drop(index.waits.insert(conversation, (event.workspace, wait))),
                    None => drop(index.waits.remove(&conversation)),
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "visitors' streams are cut: what happened could not be read");
                let mut index = hub.index();
                for id in index.by_conversation.get(&conversation).cloned().unwrap_or_default() {
                    index.remove(id);
                }
            }
        }
    }
}

/// An event as frames, as any visitor of its conversation sees it.
async fn render(app: &App, entry: &Entry, conversation: ConversationId) -> Result<Option<Rendered>, store::Error> {
    let event = &entry.event;
    let mut conn = app.read().await?;
    let Some(seen) = store::chat::seen(&mut conn, event.workspace, conversation).await? else { return Ok(None) };
    let mut items = Vec::new();
    if let Some(id) = shows_message(&event.kind) {
        let key = store::chat::keys_of(&mut conn, event.workspace, &[id]).await?.remove(&id);
        drop(conn);
        let payload = entry.payload(&app.desk.store).await?;
        if let Some(message) = payload.message.as_ref().and_then(|shown| widget_view::message(&seen, shown, key)) {
            items.push(WidgetItem::Message { conversation_id: conversation.to_string(), message: Box::new(message) });
        }
        conn = app.read().await?;
    }
    let wait = widget_visitor::wait_of(&mut conn, event.workspace, &seen, app.now()).await?;
    let age = store::upkeep::fact(&mut conn, store::upkeep::RESTORED).await?;
    let waits = seen.chat.state(&seen.conversation) == ChatState::Waiting;
    let told = waits.then(|| serde_json::to_value(&wait).unwrap_or_default());
    items.push(WidgetItem::Conversation { conversation: Box::new(widget_view::conversation(&seen, wait)) });
    Ok(Some((frames(&items, &name(age.as_deref(), event.cursor)).concat().into(), told)))
}
