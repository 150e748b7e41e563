//! What single lines of a body are: rules, signatures' first lines, phone footers, code.

use super::phrases::{ABOVE_THIS_LINE, DEVICE_ENDS, DEVICE_GET, DEVICE_STARTS, DEVICE_STEMS, FOOTERS, INVITING, MY, PRODUCTS};
use crate::email::forward::labels::{Phrases, fold, variants};
use std::sync::LazyLock;

/// Which lines stand in a fenced code block: nothing in there is a quote or a signature.
#[derive(Debug)]
pub(in crate::email) struct Fences(Vec<(usize, usize)>);

impl Fences {
    /// Finds the closed fences.
    pub fn new(lines: &[&str]) -> Self {
        let mut found = Vec::new();
        let mut open = None;
        for (at, line) in lines.iter().enumerate() {
            if line.trim_start().starts_with("```") {
                match open.take() {
                    Some(start) => found.push((start, at)),
                    None => open = Some(at),
                }
            }
        }
        Self(found)
    }

    /// True when the line is a fence or between two. Ask in rising order.
    pub fn contains(&mut self, line: usize) -> bool {
        let next = self.0.partition_point(|(_, end)| *end < line);
        self.0.get(next).is_some_and(|(start, _)| *start <= line)
    }
}

struct Words {
    starts: Phrases,
    stems: Phrases,
    ends: Phrases,
    get: Phrases,
    inviting: Vec<String>,
    my: Phrases,
    products: Vec<String>,
    above: Vec<String>,
    footers: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    starts: Phrases::beginnings(variants(DEVICE_STARTS)),
    stems: Phrases::beginnings(variants(DEVICE_STEMS)),
    ends: Phrases::endings(variants(DEVICE_ENDS)),
    get: Phrases::beginnings(variants(DEVICE_GET)),
    inviting: variants(INVITING).map(fold).collect(),
    my: Phrases::endings(variants(MY)),
    products: variants(PRODUCTS).map(fold).collect(),
    above: variants(ABOVE_THIS_LINE).map(fold).collect(),
    footers: variants(FOOTERS).map(fold).collect(),
});

/// Only dashes, stars and kin: it separates, it says nothing.
pub(super) fn is_rule(line: &str) -> bool {
    let text = line.trim();
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    // U+1427 is what a mail tracker leaves behind.
    text == "\u{1427}" || text.len() > 1 && marks.all(|c| matches!(c, '-' | '_' | '=' | '*' | '#' | '~' | '+' | '—' | '–' | '─' | '━' | '―' | '‐'))
}

/// The delimiter of RFC 3676, exactly.
pub(super) fn is_standard_delimiter(line: &str) -> bool {
    line == "-- "
}

/// What people and programs make of the delimiter.
pub(super) fn is_delimiter(line: &str) -> bool {
    matches!(line.trim(), "--" | "—" | "––" | "__" | "- -" | "—-" | "-—" | "\\--" | "–")
}

/// "-Ann", "--Ann Lee", "— Ann": a name behind a dash, as people sign.
pub(super) fn is_dashed_name(line: &str) -> bool {
    let text = line.trim();
    let name = text.trim_start_matches(['-', '–', '—', '~']);
    let dashes = text.chars().count() - name.chars().count();
    let spaced = name.starts_with(' ');
    let words: Vec<&str> = name.split_whitespace().collect();
    // "- Monday" is an item of a list, "-Ann" hardly is.
    let enough = if spaced && dashes == 1 && text.starts_with('-') { 2 } else { 1 };
    (1..=3).contains(&dashes)
        && (enough..=3).contains(&words.len())
        && text.chars().count() <= 40
        && words
            .iter()
            .all(|word| word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-')))
        && !words.iter().any(|word| matches!(*word, "Yes" | "No" | "OK" | "Ok" | "Ja" | "Nein" | "Oui" | "Non"))
}

/// How sure we are that a phone or a program wrote the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    /// "Sent from my iPhone".
    Certain,
    /// "Sent with Outlook": an author could write that too.
    Likely,
}

/// "Sent from my iPhone" and kin.
pub(super) fn device_line(line: &str) -> Option<Device> {
    let text =
        line.trim().trim_matches(|c: char| matches!(c, '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '-' | '—' | '–' | '|') || c.is_whitespace());
    if text.is_empty() || text.len() > 240 || text.contains('?') || text.ends_with(':') {
        return None;
    }
    let text = fold(&without_links(text));
    let count = text.split(' ').count();
    if count > 14 {
        return None;
    }
    let starts = |list: &Phrases| list.matching(&text).filter(|start| begins_with(&text, start)).map(str::len).max();
    if let Some(start) = starts(&WORDS.starts) {
        let rest: Vec<&str> = text[start..].split_whitespace().collect();
        let sentence = text.contains([',', '!', ';']) || text.contains(". ");
        let named = rest.iter().take(3).any(|word| names_one_of(&WORDS.products, word)) && rest.len() <= 10;
        let mine = WORDS.my.matching(&text[..start]).next().is_some() && !rest.is_empty() && rest.len() <= 5 && !sentence;
        return ((named || mine) && !is_prose(&rest)).then_some(Device::Certain);
    }
    let likely = match (starts(&WORDS.stems), starts(&WORDS.get)) {
        _ if count > 9 => false,
        (Some(start), _) => {
            let rest: Vec<&str> = text[start..].split_whitespace().collect();
            !is_prose(&rest) && rest.iter().take(3).any(|word| names_one_of(&WORDS.products, word)) || names_one_of(&WORDS.products, &rest.join(" "))
        }
        (None, Some(start)) => text[start..].split_whitespace().take(3).any(|word| names_one_of(&WORDS.inviting, word)),
        (None, None) => false,
    };
    let ended =
        || count <= 7 && WORDS.ends.matching(text.trim_end_matches(['.', '。', '!'])).next().is_some() && names_one_of(&WORDS.products, &text);
    (likely || ended()).then_some(Device::Likely)
}

/// Words that a product's name does not contain.
fn is_prose(words: &[&str]) -> bool {
    words.iter().skip(1).any(|word| {
        matches!(
            word.trim_matches([',', '.']),
            "is" | "was"
                | "are"
                | "i"
                | "you"
                | "it"
                | "than"
                | "then"
                | "yesterday"
                | "today"
                | "that"
                | "ist"
                | "war"
                | "ich"
                | "und"
                | "est"
                | "je"
                | "es"
                | "ho"
        )
    })
}

/// A word of the text must begin where the list's word begins, in scripts that put blanks between words.
fn begins_with(text: &str, start: &str) -> bool {
    text.strip_prefix(start).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(|c: char| !c.is_alphanumeric())
            || !start.is_ascii() && !start.chars().any(|c| c.is_alphabetic() && u32::from(c) < 0x590)
    })
}

fn names_one_of(products: &[String], text: &str) -> bool {
    products.iter().any(|product| {
        text.match_indices(product.as_str()).take(3).any(|(at, _)| {
            !text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric())
                && (product.len() > 4 || !text[at + product.len()..].starts_with(|c: char| c.is_ascii_alphabetic()))
        })
    })
}

fn without_links(text: &str) -> String {
    text.split_whitespace()
        .map(|word| word.find("<http").or_else(|| word.find("(http")).map_or(word, |at| &word[..at]))
        .filter(|word| !word.contains("://"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// "Please type your reply above this line".
pub(super) fn is_reply_marker(line: &str) -> bool {
    let text = line.trim();
    if text.len() < 8 || text.len() > 300 || !text.contains(['-', '#', '=', '_', '*', '~', '—', '–', '[', '(', '↑', '+']) && text.len() > 90 {
        return false;
    }
    let dressed = text.starts_with(|c: char| !c.is_alphanumeric()) && text.ends_with(|c: char| !c.is_alphanumeric());
    // Undressed, the words must be the whole line: an author may well write about "this line".
    if !dressed && text.len() > 160 {
        return false;
    }
    let folded = fold(text);
    let undressed_shape = folded.split(' ').count() <= 9
        && !folded.contains(['?', ','])
        && folded.split(' ').any(|word| REPLY_WORDS.iter().any(|reply| word.starts_with(reply)));
    (dressed || undressed_shape) && WORDS.above.iter().any(|words| folded.contains(words.as_str()))
}

const REPLY_WORDS: [&str; 24] = [
    "reply",
    "type",
    "write",
    "antwort",
    "répon",
    "écri",
    "respon",
    "escrib",
    "rispo",
    "scriv",
    "antwoord",
    "svar",
    "vasta",
    "odpow",
    "odpov",
    "răsp",
    "ответ",
    "напиш",
    "відп",
    "απαντ",
    "yanıt",
    "cevap",
    "trả",
    "válasz",
];

/// A line of a mailing list's, a notification's or a virus scanner's footer.
pub(super) fn is_footer(line: &str) -> bool {
    line.len() <= 400 && {
        let folded = fold(line);
        WORDS.footers.iter().any(|words| folded.contains(words.as_str()))
    }
}
