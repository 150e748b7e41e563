//! A visitor's stay on the site: which pages it saw, what the site said of it. Kept only where the inbox wants to know and the visitor
//! agreed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::visitor::Page;
use crate::{AgentId, VisitorId};

/// Who is away for longer begins another stay.
pub const BREAK: SignedDuration = SignedDuration::from_mins(30);
/// Most attributes of a visitor.
pub const MOST_ATTRIBUTES: usize = 20;
/// Pages that are remembered.
pub const MOST_PAGES: usize = 20;
/// Events that are remembered.
pub const MOST_EVENTS: usize = 50;
/// Longest text of an attribute, in characters.
pub const LONGEST_TEXT: usize = 200;
/// For how long an agent's invitation stands.
pub const INVITED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// What a site says of a visitor: a text, a number, or yes and no.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum Fact {
    Bool(bool),
    Number(f64),
    Text(String),
}

/// Facts by their names.
pub type Facts = BTreeMap<String, Fact>;

/// A page that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Step {
    pub url: String,
    pub title: String,
    pub at: Timestamp,
}

/// Something happened on the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Happening {
    pub name: String,
    #[serde(default)]
    pub attributes: Facts,
    pub at: Timestamp,
}

/// An agent's words to a visitor who has not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Invited {
    pub by: AgentId,
    /// As customers see the agent's name.
    pub name: String,
    pub text: String,
    pub at: Timestamp,
}

/// A stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// Whose.
    pub visitor: VisitorId,
    /// Which one of this visitor's: from 1.
    pub number: i64,
    /// Began.
    pub began_at: Timestamp,
    /// The page of now was opened.
    pub page_at: Timestamp,
    /// Last heard of.
    pub seen_at: Timestamp,
    /// Pages seen.
    pub pages: i64,
    /// The last of them, oldest first.
    pub trail: Vec<Step>,
    /// What the site says. Nobody has proven it: any visitor can say so.
    pub attributes: Facts,
    /// What happened lately, oldest first.
    pub events: Vec<Happening>,
    /// Words of an agent that wait for an answer.
    pub invitation: Option<Invited>,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A name.
    #[error("A name begins with a letter and has at most 40 letters, digits, '_', '-' and '.'.")]
    Name,
    /// A value.
    #[error("A value is a text of at most 200 characters in one line, a number, or true or false.")]
    Value,
    /// Too many of them.
    #[error("At most 20 attributes.")]
    TooMany,
}

/// Whether attributes and events may have a name.
pub fn is_name(name: &str) -> bool {
    let rest = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    name.len() <= 40 && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && name.bytes().all(rest)
}

/// Whether a value can be kept.
fn fits(fact: &Fact) -> bool {
    match fact {
        Fact::Bool(_) => true,
        Fact::Number(n) => n.is_finite() && n.abs() < 1e15,
        Fact::Text(text) => text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control),
    }
}

/// Facts that can be kept.
///
/// # Errors
/// The first that does not fit.
pub fn check(facts: &Facts) -> Result<(), Unfit> {
    if facts.len() > MOST_ATTRIBUTES {
        return Err(Unfit::TooMany);
    }
    for (name, fact) in facts {
        if !is_name(name) {
            return Err(Unfit::Name);
        }
        if !fits(fact) {
            return Err(Unfit::Value);
        }
    }
    Ok(())
}

fn keep_last<T>(list: &mut Vec<T>, most: usize) {
    let over = list.len().saturating_sub(most);
    list.drain(..over);
}

impl Stay {
    /// The first of a visitor.
    pub fn new(visitor: VisitorId, now: Timestamp) -> Self {
        Self {
            visitor,
            number: 1,
            began_at: now,
            page_at: now,
            seen_at: now,
            pages: 0,
            trail: Vec::new(),
            attributes: Facts::new(),
            events: Vec::new(),
            invitation: None,
        }
    }

    /// A sign of life: after a long silence it is another stay.
    pub fn wake(&mut self, now: Timestamp) {
        if now.duration_since(self.seen_at) > BREAK {
            let before = self.trail.drain(..).count();
            self.number += i64::from(before > 0 || self.pages > 0);
            self.began_at = now;
            self.page_at = now;
            self.pages = 0;
        }
        self.seen_at = now;
    }

    /// The visitor looks at a page; whether it is another than before.
    pub fn look(&mut self, page: &Page, now: Timestamp) -> bool {
        if let Some(last) = self.trail.last_mut().filter(|last| last.url == page.url) {
            last.title.clone_from(&page.title);
            return false;
        }
        self.trail.push(Step { url: page.url.clone(), title: page.title.clone(), at: now });
        keep_last(&mut self.trail, MOST_PAGES);
        self.pages += 1;
        self.page_at = now;
        true
    }

    /// The site says something of the visitor; none takes it back.
    ///
    /// # Errors
    /// [`Unfit`], and then nothing is changed.
    pub fn say(&mut self, facts: BTreeMap<String, Option<Fact>>) -> Result<(), Unfit> {
        let mut all = self.attributes.clone();
        for (name, fact) in facts {
            match fact {
                Some(fact) => drop(all.insert(name, fact)),
                None => drop(all.remove(&name)),
            }
        }
        check(&all)?;
        self.attributes = all;
        Ok(())
    }

    /// Something happened.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn happen(&mut self, name: String, attributes: Facts, now: Timestamp) -> Result<(), Unfit> {
        if !is_name(&name) {
            return Err(Unfit::Name);
        }
        check(&attributes)?;
        self.events.push(Happening { name, attributes, at: now });
        keep_last(&mut self.events, MOST_EVENTS);
        Ok(())
    }

    /// Words of an agent that still wait for an answer.
    pub fn invited(&self, now: Timestamp) -> Option<&Invited> {
        self.invitation.as_ref().filter(|i| now.duration_since(i.at) < INVITED_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id as _;

    fn at(minute: i64) -> Timestamp {
        "2026-11-23T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
    }

    fn page(url: &str) -> Page {
        Page { url: format!("https://shop.example/{url}"), title: url.into(), referrer: String::new() }
    }

    #[test]
    fn pages_are_counted_once_each_and_the_last_twenty_are_remembered() {
        let mut stay = Stay::new(VisitorId::from_raw(1), at(0));
        assert!(stay.look(&page("a"), at(0)));
        assert!(!stay.look(&page("a"), at(1)));
        for n in 0..30 {
            stay.wake(at(n));
            stay.look(&page(&n.to_string()), at(n));
        }
        assert_eq!((stay.pages, stay.trail.len(), stay.page_at), (31, MOST_PAGES, at(29)));
    }

    #[test]
    fn who_comes_back_after_half_an_hour_begins_another_stay() {
        let mut stay = Stay::new(VisitorId::from_raw(1), at(0));
        stay.look(&page("a"), at(0));
        stay.wake(at(30));
        assert_eq!((stay.number, stay.pages, stay.began_at), (1, 1, at(0)));
        stay.wake(at(61));
        assert_eq!((stay.number, stay.pages, stay.began_at), (2, 0, at(61)));
    }

    #[test]
    fn what_a_site_says_is_bounded() {
        let mut stay = Stay::new(VisitorId::from_raw(1), at(0));
        let one = |name: &str, fact: Fact| BTreeMap::from([(name.to_owned(), Some(fact))]);
        assert_eq!(stay.say(one("cart_value", Fact::Number(120.5))), Ok(()));
        assert_eq!(stay.say(one("9", Fact::Bool(true))), Err(Unfit::Name));
        assert_eq!(stay.say(one("<b>", Fact::Bool(true))), Err(Unfit::Name));
        assert_eq!(stay.say(one("a", Fact::Text("x".repeat(201)))), Err(Unfit::Value));
        assert_eq!(stay.say(one("a", Fact::Number(f64::INFINITY))), Err(Unfit::Value));
        assert_eq!(stay.say((0..20).map(|n| (format!("a{n}"), Some(Fact::Bool(true)))).collect()), Err(Unfit::TooMany));
        assert_eq!(stay.say(BTreeMap::from([("cart_value".to_owned(), None)])), Ok(()));
        assert!(stay.attributes.is_empty());
        for n in 0..60 {
            stay.happen(format!("e{n}"), Facts::new(), at(0)).unwrap();
        }
        assert_eq!((stay.events.len(), stay.events[0].name.as_str()), (MOST_EVENTS, "e10"));
    }

    #[test]
    fn facts_keep_their_kind_in_json() {
        let facts = Facts::from([("a".into(), Fact::Bool(true)), ("b".into(), Fact::Number(2.0)), ("c".into(), Fact::Text("2".into()))]);
        assert_eq!(serde_json::from_str::<Facts>(&serde_json::to_string(&facts).unwrap()).unwrap(), facts);
    }
}
