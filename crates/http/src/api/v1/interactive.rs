//! What a message in a chat offers besides its words, and the answer to it, as the API writes them.

use std::collections::BTreeMap;

use desk::chat::Answer;
use model::interactive::{self as m, Pick};
use model::widget::FieldKind;
use model::{AttachmentId, MessageId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a message offers. At most ten of a sort.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Interactive {
    /// Answers of which the customer presses one, of at most 60 characters.
    QuickReplies {
        #[allow(missing_docs)]
        choices: Vec<String>,
    },
    /// Things to look at.
    Cards {
        #[allow(missing_docs)]
        cards: Vec<Card>,
    },
    /// Questions that are answered together.
    Form {
        #[allow(missing_docs)]
        questions: Vec<Question>,
    },
}

/// A thing to look at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InteractiveCard)]
pub struct Card {
    /// At most 80 characters.
    pub title: String,
    /// At most 300 characters.
    #[serde(default)]
    pub text: Option<String>,
    /// One of the message's files.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub picture: Option<AttachmentId>,
    /// At most three.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// Where a card leads.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InteractiveLink)]
pub struct Link {
    /// At most 40 characters.
    pub label: String,
    /// Begins with `https://` or `http://`.
    pub url: String,
}

/// One question of a form.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InteractiveQuestion)]
#[allow(missing_docs)]
pub struct Question {
    /// At most 120 characters.
    pub label: String,
    /// `text`, `email`, `long_text`, `choice` or `consent`.
    #[schema(value_type = String)]
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A customer's answer: `choice` to answers to press, `form` to questions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// The message that offers it.
    #[schema(value_type = String)]
    pub to: MessageId,
    /// The one that was pressed, as it stands on it.
    pub choice: Option<String>,
    /// By the question's place: `"0"` is the first.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
}

impl AnswerForm {
    /// As the verbs want it.
    pub fn read(self) -> Answer {
        let pick = match self.choice {
            Some(choice) => Pick::Choice { choice },
            None => Pick::Form { form: self.form },
        };
        Answer { to: self.to, pick }
    }
}

impl From<m::Interactive> for Interactive {
    fn from(of: m::Interactive) -> Self {
        match of {
            m::Interactive::QuickReplies { choices } => Self::QuickReplies { choices },
            m::Interactive::Cards { cards } => Self::Cards { cards: cards.into_iter().map(Into::into).collect() },
            m::Interactive::Form { questions } => Self::Form { questions: questions.into_iter().map(Into::into).collect() },
        }
    }
}

impl From<Interactive> for m::Interactive {
    fn from(of: Interactive) -> Self {
        match of {
            Interactive::QuickReplies { choices } => Self::QuickReplies { choices },
            Interactive::Cards { cards } => Self::Cards { cards: cards.into_iter().map(Into::into).collect() },
            Interactive::Form { questions } => Self::Form { questions: questions.into_iter().map(Into::into).collect() },
        }
    }
}

impl From<m::Card> for Card {
    fn from(c: m::Card) -> Self {
        let links = c.links.into_iter().map(|l| Link { label: l.label, url: l.url }).collect();
        Self { title: c.title, text: c.text, picture: c.picture, links }
    }
}

impl From<Card> for m::Card {
    fn from(c: Card) -> Self {
        let links = c.links.into_iter().map(|l| m::Link { label: l.label, url: l.url }).collect();
        Self { title: c.title, text: c.text, picture: c.picture, links }
    }
}

impl From<m::Question> for Question {
    fn from(q: m::Question) -> Self {
        Self { label: q.label, kind: q.kind, required: q.required, choices: q.choices }
    }
}

impl From<Question> for m::Question {
    fn from(q: Question) -> Self {
        Self { label: q.label, kind: q.kind, required: q.required, choices: q.choices }
    }
}
