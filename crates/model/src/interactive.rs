//! What an agent's message in a chat offers besides its words: answers to press, cards, questions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::widget::FieldKind;
use crate::{AttachmentId, EmailAddress};

/// Most answers to press, cards, and questions of one message.
pub const MOST: usize = 10;
/// Most links of a card.
pub const MOST_LINKS: usize = 3;

/// What a message offers. One message offers one sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Interactive {
    /// Answers of which the customer presses one.
    QuickReplies {
        /// What they say, in one line each.
        choices: Vec<String>,
    },
    /// Things to look at: products, articles, places.
    Cards {
        /// In order.
        cards: Vec<Card>,
    },
    /// Questions that are answered together.
    Form {
        /// In order.
        questions: Vec<Question>,
    },
}

/// A thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// What it is.
    pub title: String,
    /// More of it.
    #[serde(default)]
    pub text: Option<String>,
    /// One of the message's files.
    #[serde(default)]
    pub picture: Option<AttachmentId>,
    /// Where it leads.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// Where a card leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What stands on it.
    pub label: String,
    /// An address that begins with `https://` or `http://`.
    pub url: String,
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    pub label: String,
    /// What sort of answer.
    pub kind: FieldKind,
    /// It must be answered.
    #[serde(default)]
    pub required: bool,
    /// Answers to choose from.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// What is kept of a message that offers something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// What it offers.
    pub interactive: Interactive,
    /// The agent's words alone, as sanitised HTML: the message's own HTML tells the offer as well, for where nothing can be pressed.
    pub words: String,
}

/// What the customer made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pick {
    /// The answer that they pressed.
    Choice {
        /// As it stands on it.
        choice: String,
    },
    /// What they filled in: by the question's place, from `"0"`.
    Form {
        /// Only what was answered.
        form: BTreeMap<String, String>,
    },
}

/// Why it cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Fault {
    pub code: &'static str,
    pub detail: String,
}

fn fault(code: &'static str, detail: impl Into<String>) -> Result<(), Fault> {
    Err(Fault { code, detail: detail.into() })
}

fn line(what: &str, text: &str, most: usize) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return fault("missing", format!("{what}: write something."));
    }
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return fault("too_long", format!("{what}: at most {most} characters, in one line."));
    }
    Ok(())
}

fn distinct(what: &str, choices: &[String], least: usize) -> Result<(), Fault> {
    if choices.len() < least || choices.len() > MOST {
        return fault("too_many", format!("{what}: {least} to {MOST} answers."));
    }
    for (at, choice) in choices.iter().enumerate() {
        line(what, choice, 60)?;
        if choices[..at].contains(choice) {
            return fault("taken", format!("{what}: {choice:?} is there twice."));
        }
    }
    Ok(())
}

impl Interactive {
    /// Whether it can be sent with a message that has these files.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, files: &[AttachmentId]) -> Result<(), Fault> {
        match self {
            Self::QuickReplies { choices } => distinct("choices", choices, 1),
            Self::Cards { cards } if cards.is_empty() || cards.len() > MOST => fault("too_many", format!("cards: 1 to {MOST}.")),
            Self::Cards { cards } => cards.iter().try_for_each(|card| card.check(files)),
            Self::Form { questions } if questions.is_empty() || questions.len() > MOST => fault("too_many", format!("questions: 1 to {MOST}.")),
            Self::Form { questions } => questions.iter().try_for_each(Question::check),
        }
    }

    /// What the customer's answer reads as, where it fits: the choice, or a line for each question that was answered. `yes` and `no`
    /// stand for a tick.
    ///
    /// # Errors
    /// The first [`Fault`]: another sort of answer, one that was not offered, a question that has to be answered.
    pub fn words_of(&self, pick: &Pick, (yes, no): (&str, &str)) -> Result<String, Fault> {
        let unfit = || Fault { code: "invalid", detail: "This answer was not offered.".into() };
        match (self, pick) {
            (Self::QuickReplies { choices }, Pick::Choice { choice }) => choices.iter().find(|c| *c == choice).cloned().ok_or_else(unfit),
            (Self::Form { questions }, Pick::Form { form }) => {
                let mut lines = Vec::with_capacity(questions.len());
                for (at, question) in questions.iter().enumerate() {
                    let answer = form.get(&at.to_string()).map(|a| a.trim()).unwrap_or_default();
                    if answer.is_empty() || (question.kind == FieldKind::Consent && answer != "true") {
                        if question.required {
                            return Err(Fault { code: "missing", detail: format!("{}: this field is needed.", question.label) });
                        }
                        if answer.is_empty() {
                            continue;
                        }
                    }
                    if !question.kind.takes(answer, &question.choices) {
                        return Err(Fault { code: "invalid", detail: format!("{}: this answer does not fit.", question.label) });
                    }
                    let answer = match (question.kind, answer) {
                        (FieldKind::Consent, "true") => yes,
                        (FieldKind::Consent, _) => no,
                        (_, answer) => answer,
                    };
                    lines.push(format!("{}: {answer}", question.label));
                }
                if lines.is_empty() { Err(Fault { code: "missing", detail: "Answer something.".into() }) } else { Ok(lines.join("\n")) }
            }
            _ => Err(unfit()),
        }
    }

    /// The first address among the answers.
    pub fn address_in(&self, pick: &Pick) -> Option<EmailAddress> {
        let (Self::Form { questions }, Pick::Form { form }) = (self, pick) else { return None };
        let mails = questions.iter().enumerate().filter(|(_, q)| q.kind == FieldKind::Email);
        mails.filter_map(|(at, _)| form.get(&at.to_string())?.trim().parse().ok()).next()
    }
}

impl Card {
    fn check(&self, files: &[AttachmentId]) -> Result<(), Fault> {
        line("title", &self.title, 80)?;
        if self.text.as_ref().is_some_and(|t| t.chars().count() > 300) {
            return fault("too_long", "text: at most 300 characters.");
        }
        if self.picture.is_some_and(|picture| !files.contains(&picture)) {
            return fault("not_found", "picture: it is none of the message's files.");
        }
        if self.links.len() > MOST_LINKS {
            return fault("too_many", format!("links: at most {MOST_LINKS}."));
        }
        self.links.iter().try_for_each(|link| {
            line("label", &link.label, 40)?;
            let is_web = link.url.strip_prefix("https://").or_else(|| link.url.strip_prefix("http://"));
            let is_clean = link.url.len() <= 2_000 && !link.url.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>'));
            match is_web {
                Some(rest) if is_clean && !rest.is_empty() && !rest.starts_with('/') => Ok(()),
                _ => fault("invalid", "url: an address that begins with https:// or http://."),
            }
        })
    }
}

impl Question {
    fn check(&self) -> Result<(), Fault> {
        line("label", &self.label, 120)?;
        match self.kind {
            FieldKind::Choice => distinct("choices", &self.choices, 1),
            _ if self.choices.is_empty() => Ok(()),
            _ => fault("invalid", "choices: only a choice has choices."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    fn question(label: &str, kind: FieldKind, required: bool) -> Question {
        Question { label: label.into(), kind, required, choices: Vec::new() }
    }

    fn filled(answers: &[(&str, &str)]) -> Pick {
        Pick::Form { form: answers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect() }
    }

    #[test]
    fn a_pressed_answer_is_one_of_those_that_were_offered() {
        let offer = Interactive::QuickReplies { choices: vec!["Refund".into(), "교환".into()] };
        let press = |choice: &str| offer.words_of(&Pick::Choice { choice: choice.into() }, ("", ""));
        assert_eq!(press("교환").unwrap(), "교환");
        assert_eq!(press("Money").unwrap_err().code, "invalid");
        assert_eq!(offer.words_of(&filled(&[("0", "Refund")]), ("", "")).unwrap_err().code, "invalid");
    }

    #[test]
    fn a_form_reads_as_a_line_for_each_answer_and_insists_on_what_is_needed() {
        let questions =
            vec![question("Order", FieldKind::Text, true), question("Mail", FieldKind::Email, false), question("Agree", FieldKind::Consent, false)];
        let form = Interactive::Form { questions };
        let all = filled(&[("0", " 4711 "), ("1", "a@b.example"), ("2", "true"), ("9", "x")]);
        assert_eq!(form.words_of(&all, ("yes", "no")).unwrap(), "Order: 4711\nMail: a@b.example\nAgree: yes");
        assert_eq!(form.address_in(&all).unwrap().as_str(), "a@b.example");
        assert_eq!(form.words_of(&filled(&[("1", "a@b.example")]), ("", "")).unwrap_err().code, "missing");
        assert_eq!(form.words_of(&filled(&[("0", "1"), ("1", "nobody")]), ("", "")).unwrap_err().code, "invalid");
    }

    #[test]
    fn what_cannot_be_shown_is_not_sent() {
        let card = |url: &str, picture: Option<i64>| Interactive::Cards {
            cards: vec![Card {
                title: "Boots".into(),
                text: None,
                picture: picture.map(AttachmentId::from_raw),
                links: vec![Link { label: "Look".into(), url: url.into() }],
            }],
        };
        let files = [AttachmentId::from_raw(1)];
        assert_eq!(card("https://shop.example/a?b=c&d", Some(1)).check(&files), Ok(()));
        assert_eq!(card("https://shop.example", Some(2)).check(&files).unwrap_err().code, "not_found");
        for bad in ["javascript:alert(1)", "//evil.example", "https://", "https:///x", "https://a b", "https://a\"><b>", "data:text/html,x"] {
            assert_eq!(card(bad, None).check(&files).unwrap_err().code, "invalid", "{bad}");
        }
        let offer = |choices: &[&str]| Interactive::QuickReplies { choices: choices.iter().map(|c| (*c).to_owned()).collect() }.check(&[]);
        assert_eq!(offer(&[]).unwrap_err().code, "too_many");
        assert_eq!(offer(&["a", "a"]).unwrap_err().code, "taken");
        assert_eq!(offer(&["a", " "]).unwrap_err().code, "missing");
        assert_eq!(offer(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]).unwrap_err().code, "too_many");
    }
}
