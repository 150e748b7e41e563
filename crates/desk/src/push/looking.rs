//! Who looks at what just now, as far as this node has heard.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{AgentId, ConversationId, Presence, PresenceState, Timestamp};

/// A sign of life holds this long; the app repeats it every 30 seconds.
const HOLDS: Duration = Duration::from_secs(45);

/// The conversation in front of each agent. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Looking(Arc<Mutex<HashMap<AgentId, (ConversationId, Timestamp)>>>);

impl Looking {
    /// An agent gave a sign of life.
    pub fn saw(&self, presence: &Presence, now: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, (_, at)| *at + HOLDS > now);
        if presence.state == PresenceState::Left {
            seen.remove(&presence.agent);
        } else {
            seen.insert(presence.agent, (presence.conversation, now));
        }
    }

    /// Whether an agent has a conversation in front of them: their last sign of life came from there, and not long ago.
    pub fn at(&self, agent: AgentId, conversation: ConversationId, now: Timestamp) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&agent).is_some_and(|(last, at)| *last == conversation && *at + HOLDS > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, InboxId, WorkspaceId};

    fn sign(conversation: i64, state: PresenceState) -> Presence {
        let (workspace, inbox, agent) = (WorkspaceId::from_raw(1), InboxId::from_raw(2), AgentId::from_raw(3));
        Presence { workspace, inbox, conversation: ConversationId::from_raw(conversation), agent, name: "Mina".into(), state, internal: false }
    }

    #[test]
    fn the_last_sign_counts_and_for_a_while_only() {
        let (looking, now) = (Looking::default(), "2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap());
        let at = |c: i64, later: u64| looking.at(AgentId::from_raw(3), ConversationId::from_raw(c), now + Duration::from_secs(later));
        looking.saw(&sign(7, PresenceState::Viewing), now);
        assert!(at(7, 44) && !at(7, 45) && !at(8, 0));
        looking.saw(&sign(8, PresenceState::Typing), now + Duration::from_secs(5));
        assert!(at(8, 10) && !at(7, 10), "they went on to another one");
        looking.saw(&sign(8, PresenceState::Left), now + Duration::from_secs(6));
        assert!(!at(8, 10));
    }
}
