//! What a conversation in the widget has besides: who sees it there, what they have read, whether it is held or over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{DeliveryState, Message, MessageKind};
use crate::visitor::Page;
use crate::{Actor, AgentId, Conversation, ConversationId, EmailAddress, InboxId, MessageId, VisitorId, WorkspaceId};

/// Longest message of a visitor, in characters.
pub const LONGEST: usize = 10_000;
/// Longest preview of what a visitor is writing, in characters.
pub const PREVIEW: usize = 500;
/// Most files of one message.
pub const MOST_FILES: usize = 10;

/// A conversation in the widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whose widget.
    pub inbox: InboxId,
    /// The browser that began it.
    pub visitor: VisitorId,
    /// Who the site said that it is: they see it in every browser of theirs.
    pub identity: Option<String>,
    /// Language tag of the visitor.
    pub locale: String,
    /// The newest message that the customer has seen.
    pub customer_read: Option<MessageId>,
    /// The newest message that an agent has seen.
    pub agent_read: Option<MessageId>,
    /// On hold.
    pub hold: Option<Hold>,
    /// Over.
    pub ended: Option<Ended>,
    /// Since when the customer does not wait in the widget: answers go by mail.
    pub left_at: Option<Timestamp>,
    /// Where answers go by mail.
    pub mail: Option<EmailAddress>,
    /// Up to this message, agents' words that nobody saw went by mail.
    pub mailed: Option<MessageId>,
    /// A job looks then whether words have to go by mail.
    pub mail_due: Option<Timestamp>,
    /// What the customer thought of it.
    pub rating: Option<Rating>,
    /// Answers to what was asked before.
    pub form: BTreeMap<String, String>,
    /// The page that it began on, where the visitor agreed.
    pub page: Option<Page>,
    /// The words that it answers, where we spoke first.
    pub invitation: Option<Invitation>,
    /// When it last went back to a queue, or on to another: until somebody has it, the customer waits.
    pub passed_at: Option<Timestamp>,
}

/// Words that were said first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What was said.
    pub text: String,
    /// By which rule, as it was named then.
    pub rule: Option<String>,
    /// By which agent.
    pub agent: Option<AgentId>,
    /// The agent's name as the customer saw it.
    pub name: Option<String>,
}

/// A customer who wants to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Callback {
    /// As they wrote it; not proven.
    pub phone: String,
    /// When it suits them.
    pub wanted_at: Option<Timestamp>,
    pub at: Timestamp,
    /// An agent has called.
    pub called_at: Option<Timestamp>,
}

impl Callback {
    /// They wait for the call, and not in the line: nobody has called yet, and they have written nothing since they asked.
    pub fn is_awaited(&self, last_words: Option<Timestamp>) -> bool {
        self.called_at.is_none() && last_words.is_none_or(|at| at <= self.at)
    }
}

/// On hold: the customer was told until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Hold {
    pub until: Timestamp,
    pub text: String,
}

/// It is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Ended {
    pub at: Timestamp,
    pub by: Actor,
}

/// What the customer thought of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Rating {
    /// 1 to 5.
    pub score: i64,
    pub comment: Option<String>,
    pub at: Timestamp,
}

/// Where a chat stands, as the customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatState {
    /// Nobody has it yet.
    Waiting,
    /// Somebody has it.
    Active,
    /// Somebody has it and asked for patience.
    OnHold,
    /// Over.
    Ended,
}

impl ChatState {
    /// As in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::OnHold => "on_hold",
            Self::Ended => "ended",
        }
    }
}

impl Chat {
    /// Where it stands.
    pub fn state(&self, conversation: &Conversation) -> ChatState {
        let is_done = matches!(conversation.status, crate::Status::Resolved { .. });
        if self.ended.is_some() || is_done || conversation.merged_into.is_some() {
            ChatState::Ended
        } else if self.hold.is_some() {
            ChatState::OnHold
        } else if conversation.assignee.is_some() || conversation.last_reply_at.is_some_and(|reply| self.passed_at.is_none_or(|at| at < reply)) {
            ChatState::Active
        } else {
            ChatState::Waiting
        }
    }

    /// Whether the customer may see a message of the conversation: their own words, and what was said to them. Never a note, a delivery
    /// report, what has not left, what was sent to others only, nor what others wrote.
    pub fn shows(&self, conversation: &Conversation, m: &Message) -> bool {
        let is_theirs = |who: &crate::Mailbox| self.mail.as_ref().is_some_and(|mail| mail.folded() == who.address.folded());
        match m.kind {
            MessageKind::Customer => !m.held && m.author == Actor::Customer(conversation.customer),
            MessageKind::Reply => {
                let is_out = m
                    .delivery
                    .as_ref()
                    .is_none_or(|d| !matches!(d.state, DeliveryState::UndoWindow | DeliveryState::Scheduled | DeliveryState::Cancelled));
                let to = &m.recipients;
                is_out && (to.all().next().is_none() || to.to.iter().chain(&to.cc).any(is_theirs))
            }
            MessageKind::Note | MessageKind::Automatic | MessageKind::Bounce => false,
        }
    }

    /// Answers show in the widget at once. Otherwise they go by mail.
    pub fn is_reachable(&self) -> bool {
        self.left_at.is_none()
    }
}

/// An address as much as its owner needs to know it by: `a•••@example.com`.
pub fn masked(address: &EmailAddress) -> String {
    format!("{}•••@{}", address.local().chars().next().unwrap_or('•'), address.domain())
}

/// A phone number as much as its owner needs to know it by: `•••5678`.
pub fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    format!("•••{}", digits[digits.len().saturating_sub(4)..].iter().collect::<String>())
}

/// A sign of life of a customer in the widget. Told to others and never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorSign {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The conversation's inbox: only who sees it hears of this.
    pub inbox: InboxId,
    /// Where; none when it is about the site and not about a conversation.
    pub conversation: Option<ConversationId>,
    /// Who.
    pub visitor: VisitorId,
    /// What.
    pub what: VisitorDoes,
}

/// What a customer does in the widget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum VisitorDoes {
    /// Writes, or no longer.
    Typing {
        /// Writes.
        typing: bool,
        /// What it is so far, where the inbox wants to know.
        text: Option<String>,
    },
    /// Opened the widget, or closed it.
    Online {
        /// It is open.
        online: bool,
    },
    /// Somebody came to the site of the inbox, left it, or looks at another page: of several, one is told.
    Moved {},
    /// An agent has said something to a visitor who has not written.
    Invited {},
    /// Its last stream on some node was closed.
    Gone {},
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_awaited_until_it_is_made_or_the_customer_writes_again() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let asked = Callback { phone: "+82 10-1234-5678".into(), wanted_at: None, at: at(10), called_at: None };
        assert!(asked.is_awaited(Some(at(5))));
        assert!(!asked.is_awaited(Some(at(11))), "who writes waits for an answer");
        assert!(!Callback { called_at: Some(at(20)), ..asked }.is_awaited(Some(at(5))));
    }

    #[test]
    fn an_address_is_masked_but_for_its_first_letter_and_its_domain() {
        assert_eq!(masked(&"mina.park@shop.example".parse().unwrap()), "m•••@shop.example");
        assert_eq!(masked_phone("+82 10-1234-5678"), "•••5678");
    }
}
