//! What an agent wants to be reminded of, and when. Nobody else sees it.

use jiff::Timestamp;

use crate::{AgentId, Conversation, ConversationId, ReminderId};

/// Most reminders of one agent that wait in one conversation.
pub const MOST: usize = 20;
/// Longest words of a reminder, in characters.
pub const LONGEST: usize = 500;

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Id.
    pub id: ReminderId,
    /// Whose.
    pub agent: AgentId,
    /// Of what.
    pub conversation: ConversationId,
    /// When it comes.
    pub at: Timestamp,
    /// What the agent wrote for themselves; may be empty.
    pub words: String,
    /// It comes only when the customer has not written by then.
    pub unless_answered: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it came, or was found to be no longer needed.
    pub done_at: Option<Timestamp>,
}

impl Reminder {
    /// Whether the agent still wants to hear of it.
    pub fn is_wanted(&self, conversation: &Conversation) -> bool {
        !(self.unless_answered && conversation.last_customer_at.is_some_and(|wrote| wrote > self.created_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;
    use crate::conversation::tests::conversation;

    #[test]
    fn an_answer_makes_only_that_reminder_needless_that_waits_for_one() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut reminder = Reminder {
            id: ReminderId::from_raw(1),
            agent: AgentId::from_raw(1),
            conversation: ConversationId::from_raw(1),
            at: at("2026-11-23T09:00:00Z"),
            words: String::new(),
            unless_answered: true,
            created_at: at("2026-11-22T10:00:00Z"),
            done_at: None,
        };
        let mut c = conversation();
        c.last_customer_at = Some(at("2026-11-22T09:00:00Z"));
        assert!(reminder.is_wanted(&c));
        c.last_customer_at = Some(at("2026-11-22T11:00:00Z"));
        assert!(!reminder.is_wanted(&c));
        reminder.unless_answered = false;
        assert!(reminder.is_wanted(&c));
    }
}
