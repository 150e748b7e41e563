//! Visitors: browsers that opened a widget.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::stay::Facts;
use crate::{CustomerId, EmailAddress, Id as _, InboxId, VisitorId};

/// How long somebody stays identified without a new proof by the site.
pub const IDENTIFIED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a visitor who never wrote is remembered.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A browser that opened a widget.
#[derive(Debug, Clone, PartialEq)]
pub struct Visitor {
    /// Id.
    pub id: VisitorId,
    /// Whose widget.
    pub inbox: InboxId,
    /// The customer that it became when it wrote or was identified.
    pub customer: Option<CustomerId>,
    /// Who the site said it is, until when that counts.
    pub identity: Option<(String, Timestamp)>,
    /// The name it gave.
    pub name: Option<String>,
    /// The address it gave. Not proven.
    pub email: Option<EmailAddress>,
    /// Language tag.
    pub locale: String,
    /// The page it looks at, where it agreed that we know.
    pub page: Option<Page>,
    /// First seen.
    pub created_at: Timestamp,
    /// Last seen.
    pub seen_at: Timestamp,
    /// A stream is open at least until then, unless its node died.
    pub connected_until: Option<Timestamp>,
    /// What the site said of it in its signed identity.
    pub proven: Facts,
}

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Page {
    pub url: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub referrer: String,
}

impl Page {
    /// Cut to what is worth keeping; none when it is no address of the web.
    pub fn tidy(self) -> Option<Self> {
        let is_web = self.url.starts_with("https://") || self.url.starts_with("http://");
        let cut = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect::<String>();
        let referrer = if self.referrer.starts_with("http") { cut(&self.referrer, 1_000) } else { String::new() };
        is_web.then(|| Self { url: cut(&self.url, 1_000), title: cut(&self.title, 200), referrer })
    }
}

impl Visitor {
    /// Four digits by which people tell those apart who have no name.
    pub fn number(&self) -> u64 {
        // The id's bits are in order of time: mixed, two who come one after the other do not look alike.
        let number = (self.id.raw() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        1_000 + number % 9_000
    }

    /// Who the site says it is, while that counts.
    pub fn subject(&self, now: Timestamp) -> Option<&str> {
        self.identity.as_ref().filter(|(_, until)| *until > now).map(|(subject, _)| subject.as_str())
    }

    /// Its identity has run out: its token is good for nothing until the site proves it again.
    pub fn has_run_out(&self, now: Timestamp) -> bool {
        self.identity.as_ref().is_some_and(|(_, until)| *until <= now)
    }

    /// A stream is open.
    pub fn is_connected(&self, now: Timestamp) -> bool {
        self.connected_until.is_some_and(|until| until > now)
    }
}

/// What a customer sees of an agent's name: the given name. Hangul names begin with the family name.
pub fn given_name(name: &str) -> String {
    const TWO: [&str; 9] = ["남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방", "어금"];
    let hangul = |w: &str| !w.is_empty() && w.chars().all(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c));
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [one] if hangul(one) && one.chars().count() > 2 => {
            let skip = if one.chars().count() > 3 && TWO.iter().any(|f| one.starts_with(f)) { 2 } else { 1 };
            one.chars().skip(skip).collect()
        }
        [family, given] if hangul(family) && hangul(given) => (*given).to_owned(),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

/// One or two letters for a picture that is not there.
pub fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|w| w.chars().next()).filter(|c| c.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_see_given_names() {
        for (name, given) in
            [("Mina Park", "Mina"), ("김민지", "민지"), ("남궁민수", "민수"), ("김 민지", "민지"), ("허준", "허준"), ("Cher", "Cher"), ("", "")]
        {
            assert_eq!(given_name(name), given);
        }
        assert_eq!((initials("Mina Park"), initials("민지")), ("MP".into(), "민".into()));
    }

    #[test]
    fn a_page_is_a_page_of_the_web() {
        let page = |url: &str| Page { url: url.into(), title: "a\nb".into(), referrer: "javascript:1".into() }.tidy();
        assert_eq!(page("https://shop.example/cart").map(|p| (p.title, p.referrer)), Some(("ab".into(), String::new())));
        assert_eq!(page("javascript:alert(1)"), None);
        assert_eq!(page("file:///etc/passwd"), None);
    }
}
