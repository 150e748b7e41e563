//! Looks words up in the table of [`languages`](super::languages).

use super::languages::{EITHER, EVERYWHERE, FORWARDS, LANGUAGES, Language, REPLIES};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Which header a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::email) enum Header {
    /// The author.
    From,
    /// The recipients.
    To,
    /// The copied recipients.
    Cc,
    /// When it was sent.
    Sent,
    /// What it is about.
    Subject,
    /// A header that we know but do not use.
    Other,
}

/// What a subject prefix says about the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::email) enum Prefix {
    /// `Re:` and kin.
    Reply,
    /// `Fwd:` and kin.
    Forward,
    /// `VS:` answers in Finnish and Estonian but forwards in Danish and Norwegian.
    Either,
}

struct Words {
    labels: HashMap<String, Header>,
    authors: HashMap<String, Vec<&'static Language>>,
    original: Phrases,
    forwarded: Phrases,
    prefixes: HashMap<String, Prefix>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let original = Phrases::beginnings(LANGUAGES.iter().flat_map(|language| variants(language.original)));
    let forwarded = Phrases::beginnings(LANGUAGES.iter().flat_map(|language| variants(language.forwarded)));
    let mut words = Words { labels: HashMap::new(), authors: HashMap::new(), original, forwarded, prefixes: HashMap::new() };
    for language in LANGUAGES {
        for (labels, header) in language.labels() {
            for label in variants(labels) {
                words.labels.entry(fold(label)).or_insert(header);
            }
        }
        for label in variants(language.from) {
            words.authors.entry(fold(label)).or_default().push(language);
        }
    }
    for (labels, header) in EVERYWHERE {
        for label in variants(labels) {
            words.labels.entry(fold(label)).or_insert(header);
        }
    }
    for (list, prefix) in [(EITHER, Prefix::Either), (REPLIES, Prefix::Reply), (FORWARDS, Prefix::Forward)] {
        for word in variants(list) {
            words.prefixes.entry(fold(word)).or_insert(prefix);
        }
    }
    words
});

impl Language {
    /// The five label lists with what they name.
    pub fn labels(&self) -> [(&'static str, Header); 5] {
        [(self.from, Header::From), (self.to, Header::To), (self.cc, Header::Cc), (self.sent, Header::Sent), (self.subject, Header::Subject)]
    }
}

/// The variants of one table cell.
pub(in crate::email) fn variants(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('|').map(str::trim).filter(|word| !word.is_empty())
}

/// Lower case, one space between words, no invisible characters, no Arabic vowel signs: the form in which words are compared.
pub(in crate::email) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let visible = word
            .chars()
            .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ad}' | '\u{640}' | '\u{64b}'..='\u{652}'));
        folded.extend(visible.flat_map(char::to_lowercase));
    }
    folded
}

/// What header this label (the text before the colon) names, in any language.
pub(in crate::email) fn header(label: &str) -> Option<Header> {
    let folded = fold(label);
    // "Kopie (CC)": what stands in brackets only repeats.
    WORDS.labels.get(&folded).or_else(|| WORDS.labels.get(folded.split_once('(')?.0.trim_end())).copied()
}

/// True when these words say "original message".
pub(in crate::email) fn says_original(words: &str) -> bool {
    says(words, &WORDS.original)
}

/// True when these words say "forwarded message".
pub(in crate::email) fn says_forwarded(words: &str) -> bool {
    says(words, &WORDS.forwarded)
}

/// The words may be followed by who and when ("Forwarded by Ann on 3 May").
fn says(words: &str, list: &Phrases) -> bool {
    let words = fold(words);
    let words = words.trim_end_matches([':', '：', ' ']);
    list.matching(words).any(|known| !words[known.len()..].starts_with(char::is_alphanumeric))
}

/// The languages in which this label names the author.
pub(in crate::email) fn languages_of_author(label: &str) -> &'static [&'static Language] {
    WORDS.authors.get(&fold(label)).map_or(&[], Vec::as_slice)
}

/// Phrases that a text may begin or end with, found by their first or last two letters.
pub(in crate::email) struct Phrases {
    by_edge: HashMap<(char, char), Vec<String>>,
    at_end: bool,
}

impl Phrases {
    /// Phrases to look for at the beginning.
    pub fn beginnings(phrases: impl Iterator<Item = &'static str>) -> Self {
        Self::new(phrases, false)
    }

    /// Phrases to look for at the end.
    pub fn endings(phrases: impl Iterator<Item = &'static str>) -> Self {
        Self::new(phrases, true)
    }

    fn new(phrases: impl Iterator<Item = &'static str>, at_end: bool) -> Self {
        let mut by_edge: HashMap<(char, char), Vec<String>> = HashMap::new();
        for phrase in phrases.map(fold).filter(|phrase| !phrase.is_empty()) {
            by_edge.entry(edge(&phrase, at_end)).or_default().push(phrase);
        }
        Self { by_edge, at_end }
    }

    /// The phrases that this folded text begins (or ends) with.
    pub fn matching<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let (first, second) = edge(text, self.at_end);
        let single = self.by_edge.get(&(first, '\0')).filter(|_| second != '\0');
        let found = single.into_iter().chain(self.by_edge.get(&(first, second))).flatten();
        found.map(String::as_str).filter(move |phrase| if self.at_end { text.ends_with(phrase) } else { text.starts_with(phrase) })
    }
}

fn edge(text: &str, at_end: bool) -> (char, char) {
    let mut chars = text.chars();
    let mut next = || if at_end { chars.next_back() } else { chars.next() }.unwrap_or('\0');
    (next(), next())
}

/// The first prefix of a subject, and what follows it.
pub(in crate::email) fn prefix(subject: &str) -> (Option<Prefix>, &str) {
    let subject = subject.trim();
    let Some((word, rest)) = subject.split_once([':', '：']) else { return (None, subject) };
    let plain = fold(word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | '*' | '.')));
    let plain = plain.trim_start_matches(['[', '(']).trim();
    match WORDS.prefixes.get(plain) {
        Some(prefix) => (Some(*prefix), rest.trim()),
        None => (None, subject),
    }
}
