//! What single lines of a body are: rules, signatures' first lines, phone footers, code.

use super::phrases::{ABOVE_THIS_LINE, DEVICE_ENDS, DEVICE_STARTS, DEVICE_STEMS, FOOTERS, PRODUCTS};
use crate::email::forward::labels::fold;
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

static WORDS: LazyLock<[Vec<String>; 6]> = LazyLock::new(|| {
    let list = |cell: &'static str| cell.split('|').map(fold).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    [list(DEVICE_STARTS), list(DEVICE_STEMS), list(DEVICE_ENDS), list(PRODUCTS), list(ABOVE_THIS_LINE), list(FOOTERS)]
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
        && words.iter().all(|word| word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-')))
        && !words.iter().any(|word| matches!(*word, "Yes" | "No" | "OK" | "Ok" | "Ja" | "Nein" | "Oui" | "Non"))
}

/// "Sent from my iPhone" and kin.
pub(super) fn is_device_line(line: &str) -> bool {
    let text = line.trim().trim_matches(|c: char| matches!(c, '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '-' | '—' | '–' | '|') || c.is_whitespace());
    if text.is_empty() || text.len() > 240 || text.contains('?') || text.ends_with(':') {
        return false;
    }
    let text = fold(&without_links(text));
    let words: Vec<&str> = text.split(' ').collect();
    if words.len() > 14 {
        return false;
    }
    let starts = |list: &[String]| list.iter().filter(|start| begins_with(&text, start)).map(|start| start.len()).max();
    if let Some(start) = starts(&WORDS[0]) {
        let rest: Vec<&str> = text[start..].split_whitespace().collect();
        let sentence = text.contains([',', '!', ';']) || text.contains(". ");
        return rest.iter().take(3).any(|word| names_a_product(word)) && rest.len() <= 10 && !is_prose(&rest) || !rest.is_empty() && rest.len() <= 5 && !sentence && !is_prose(&rest);
    }
    if words.len() > 9 {
        return false;
    }
    if let Some(start) = starts(&WORDS[1]) {
        let rest: Vec<&str> = text[start..].split_whitespace().collect();
        let stem_is_product = WORDS[3].iter().any(|product| *product == text[..start]);
        let named = rest.iter().take(3).any(|word| names_a_product(word)) || names_a_product(&rest.join(" "));
        if !stem_is_product && named && !is_prose(&rest) {
            return true;
        }
    }
    WORDS[2].iter().any(|end| text.trim_end_matches(['.', '。', '!']).ends_with(end.as_str())) && words.len() <= 7 && names_a_product(&text)
}

/// Words that a product's name does not contain.
fn is_prose(words: &[&str]) -> bool {
    words.iter().skip(1).any(|word| matches!(word.trim_matches([',', '.']), "is" | "was" | "are" | "i" | "you" | "it" | "than" | "then" | "yesterday" | "today" | "that" | "ist" | "war" | "ich" | "und" | "est" | "je" | "es" | "ho"))
}

/// A word of the text must begin where the list's word begins, in scripts that put blanks between words.
fn begins_with(text: &str, start: &str) -> bool {
    text.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric()) || !start.is_ascii() && !start.chars().any(|c| c.is_alphabetic() && u32::from(c) < 0x590))
}

fn names_a_product(text: &str) -> bool {
    WORDS[3].iter().any(|product| {
        text.match_indices(product.as_str()).take(3).any(|(at, _)| !text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()) && (product.len() > 4 || !text[at + product.len()..].starts_with(|c: char| c.is_ascii_alphabetic())))
    })
}

fn without_links(text: &str) -> String {
    text.split_whitespace().map(|word| word.find("<http").or_else(|| word.find("(http")).map_or(word, |at| &word[..at])).filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ")
}

/// "Please type your reply above this line".
pub(super) fn is_reply_marker(line: &str) -> bool {
    let text = line.trim();
    if text.len() < 8 || text.len() > 300 || !text.contains(['-', '#', '=', '_', '*', '~', '—', '–', '[', '(', '↑', '+']) && text.len() > 90 {
        return false;
    }
    let dressed = text.starts_with(|c: char| !c.is_alphanumeric()) && text.ends_with(|c: char| !c.is_alphanumeric());
    let folded = fold(text);
    // Undressed, the words must be the whole line: an author may well write about "this line".
    WORDS[4].iter().any(|words| folded.contains(words.as_str())) && (dressed || folded.split(' ').count() <= 9 && !folded.contains(['?', ',']) && folded.split(' ').any(|word| REPLY_WORDS.iter().any(|reply| word.starts_with(reply))))
}

const REPLY_WORDS: [&str; 24] = [
    "reply", "type", "write", "antwort", "répon", "écri", "respon", "escrib", "rispo", "scriv", "antwoord", "svar", "vasta", "odpow", "odpov", "răsp", "ответ", "напиш", "відп", "απαντ", "yanıt", "cevap",
    "trả", "válasz",
];

/// A line of a mailing list's, a notification's or a virus scanner's footer.
pub(super) fn is_footer(line: &str) -> bool {
    line.len() <= 400 && {
        let folded = fold(line);
        WORDS[5].iter().any(|words| folded.contains(words.as_str()))
    }
}
