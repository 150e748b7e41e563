//! The line above a quote that says who wrote it: "On 3 May 2026 at 10:00, Ann <ann@example.org> wrote:".

use super::phrases::{FILLERS, OPENINGS, WROTE_ANYWHERE, WROTE_AT_END};
use crate::email::forward::labels::{Phrases, fold, variants};
use crate::email::forward::people;
use crate::email::mail::Mailbox;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// An attribution that spans `lines[start..end]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::email) struct Attribution {
    /// The first line after it.
    pub end: usize,
    /// Its text on one line.
    pub text: String,
}

const MOST_LINES: usize = 6;
const LONGEST: usize = 400;

struct Shapes {
    time: Option<Regex>,
    date: Option<Regex>,
    address: Option<Regex>,
    stamp: Option<Regex>,
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes {
    time: Regex::new(r"\b\d{1,2}\s?[:.h]\s?\d{2}\b|\d{1,2}[時时시]\s?\d{1,2}").ok(),
    date: Regex::new(r"\b(?:19|20)\d{2}\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\d{4}\s?[年년]|\d{1,2}\s?[月월]").ok(),
    address: Regex::new(r"[^\s<>()\[\]]@[^\s<>()\[\]]").ok(),
    stamp: Regex::new(r"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:?\d{2}\s+\S").ok(),
});

struct Words {
    openings: Phrases,
    anywhere: Vec<String>,
    at_end: Phrases,
    fillers: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    openings: Phrases::beginnings(variants(OPENINGS)),
    anywhere: variants(WROTE_ANYWHERE).map(fold).collect(),
    at_end: Phrases::endings(variants(WROTE_AT_END)),
    fillers: variants(FILLERS).map(fold).collect(),
});

fn matches(shape: Option<&Regex>, text: &str) -> bool {
    shape.is_some_and(|shape| shape.is_match(text))
}

/// Reads an attribution that begins at `lines[at]`; `quoted` tells whether a line is marked as a quote.
pub(in crate::email) fn read(lines: &[&str], at: usize, quoted: impl Fn(&str) -> bool) -> Option<Attribution> {
    let first = bare(lines[at]);
    if first.is_empty() || first.len() > LONGEST || !may_begin(first) && !is_name_above_its_address(lines, at) {
        return None;
    }
    sentence(lines, at, first, quoted).or_else(|| {
        // Gmail's old form, whose address and colon got lost.
        let stamped = matches(SHAPES.stamp.as_ref(), first) && first.split_whitespace().count() <= 10 && !first.ends_with(['.', '!', '?']);
        stamped.then(|| Attribution { end: at + 1, text: first.to_owned() })
    })
}

fn sentence(lines: &[&str], at: usize, first: &str, quoted: impl Fn(&str) -> bool) -> Option<Attribution> {
    let mut text = String::new();
    let mut line = at;
    while line < lines.len() && line < at + MOST_LINES {
        let piece = bare(lines[line]);
        if piece.is_empty() {
            // Some programs break the line around "<": only then does an attribution cross a blank line.
            let next = lines.get(line + 1).map_or("", |next| next.trim());
            if !next.starts_with('<') || text.ends_with(':') {
                return None;
            }
            line += 1;
            continue;
        }
        if line > at && quoted(lines[line]) && !quoted(lines[at]) && !unclosed(&text) {
            return None;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(if line > at { piece } else { first });
        if text.len() > LONGEST {
            return None;
        }
        line += 1;
        if ends(&text) && is_attribution(&text, || next_is_quoted(lines, line, &quoted)) {
            // A line of the author's must not be drawn into the attribution below it.
            return (line == at + 1 || is_name_above_its_address(lines, at) || !begins_later(lines, at, line))
                .then_some(Attribution { end: line, text });
        }
        if text.ends_with([':', '：', '!', '?'])
            || line == at + 1 && !(begins(&fold(first)) || first.contains('@') || is_name_above_its_address(lines, at))
        {
            return None;
        }
    }
    None
}

fn begins_later(lines: &[&str], at: usize, end: usize) -> bool {
    let first = bare(lines[at]);
    if opens(&fold(first)) && first.chars().any(char::is_numeric) {
        return false;
    }
    (at + 1..end).any(|later| {
        let text = lines[later..end].iter().map(|line| bare(line)).collect::<Vec<_>>().join(" ");
        begins(&fold(&text)) && is_attribution(&text, || false)
    })
}

/// A paragraph that begins with a name and goes on with `<address>` in the next line, where a program broke it.
fn is_name_above_its_address(lines: &[&str], at: usize) -> bool {
    let opens_paragraph = at == 0 || bare(lines[at - 1]).is_empty();
    let name = bare(lines[at]);
    let broken = lines.get(at + 1).is_some_and(|next| next.trim_start_matches(['>', ' ']).starts_with('<') && next.contains('@'));
    opens_paragraph && broken && name.split_whitespace().count() <= 6 && name.ends_with(char::is_alphanumeric)
}

fn next_is_quoted(lines: &[&str], from: usize, quoted: &impl Fn(&str) -> bool) -> bool {
    lines[from..].iter().take(4).find(|line| !line.trim().is_empty()).is_some_and(|line| quoted(line))
}

/// Without quote marks, BOM and the dashes or stars around it ("---- On … wrote ----").
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'))
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '-' | '*' | '_' | '–' | '—' | '‐' | '|'))
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '_' | '–' | '—' | '‐'))
}

fn unclosed(text: &str) -> bool {
    let count = |mark: char| text.matches(mark).count();
    count('<') > count('>') || count('(') > count(')')
}

/// A cheap test that most lines fail.
fn may_begin(first: &str) -> bool {
    if first.contains('@') || first.ends_with([':', '：']) || ends(first) {
        return true;
    }
    // Over several lines, the first begins with "On" and the like or with the date.
    first.chars().any(char::is_numeric) && begins(&fold(first))
}

fn opens(folded: &str) -> bool {
    WORDS.openings.matching(folded).any(|word| {
        let rest = &folded[word.len()..];
        // "on", "le" and kin are words; "在" and "ב" stick to what follows.
        rest.starts_with([' ', ',', ':', '.']) || !word.is_ascii() && word.chars().count() <= 2 && rest.starts_with(|c: char| !c.is_alphabetic())
    })
}

/// "Ann wrote in message news:…" and "In article <…>, Ann says…" end in three dots.
fn is_usenet(folded: &str) -> bool {
    folded.ends_with("...") && (folded.contains(" wrote in message ") || folded.starts_with("in article "))
}

fn ends(text: &str) -> bool {
    let tail = text.len().saturating_sub(60);
    text.ends_with([':', '：']) || text.ends_with("...") || text.ends_with('>') || verb_at_end(&fold(&text[text.ceil_char_boundary(tail)..]))
}

fn verb_at_end(folded: &str) -> bool {
    let text = folded.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '-' | '*' | '\u{a0}'));
    WORDS.at_end.matching(text).any(|verb| {
        let last = text[..text.len() - verb.len()].chars().next_back();
        !verb.chars().next().is_some_and(is_spaced_script) || last.is_none_or(|c| !c.is_alphanumeric())
    })
}

fn verb_anywhere(folded: &str) -> bool {
    WORDS.anywhere.iter().any(|verb| {
        folded.match_indices(verb.as_str()).take(4).any(|(at, _)| {
            !verb.chars().next().is_some_and(is_spaced_script)
                || !folded[..at].chars().next_back().is_some_and(char::is_alphanumeric)
                    && !folded[at + verb.len()..].chars().next().is_some_and(char::is_alphanumeric)
        })
    })
}

/// Scripts that put blanks between words.
fn is_spaced_script(c: char) -> bool {
    !matches!(c, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Weighs what the text shows: a beginning ("On", a date), a time, an address, a verb, a colon, a quote below.
fn is_attribution(text: &str, quote_follows: impl Fn() -> bool) -> bool {
    let folded = fold(text);
    let words = folded.split(' ').count();
    if words > 45 {
        return false;
    }
    let colon = text.ends_with([':', '：']) || is_usenet(&folded);
    let address = matches(SHAPES.address.as_ref(), text);
    let time = matches(SHAPES.time.as_ref(), text);
    let date = matches(SHAPES.date.as_ref(), text);
    let last_verb = verb_at_end(&folded);
    let begins = begins(&folded);
    let dated = date || day_and_time(text, time);
    let said = || last_verb || verb_before_a_moment(&folded) || verb_anywhere(&folded) && !everyday(&folded);
    // Without a verb the address closes it: a line of a log may name one anywhere.
    let closed_by_address = || address && text.trim_end_matches([':', '：', ' ', '\u{a0}']).ends_with(['>', ')', '＞', ']']);
    if begins && dated && (closed_by_address() && (colon || said()) || colon && said() || last_verb && address) {
        return true;
    }
    if colon && address && (last_verb && words <= 12 || (time || date) && words <= 25 && said()) {
        return true;
    }
    // "Ann wrote on 5.5.2026 9:14:", the moment last.
    if colon && date && time && words <= 12 && ends_with_a_time(&folded) && said() {
        return true;
    }
    // "Ann on 5.5.2026 at 9:14 wrote:"
    if colon && date && time && words <= 12 && last_verb {
        return true;
    }
    let weaker = colon && (date && time || address && (time || date || words <= 8) || last_verb && words <= 12) || last_verb && begins && dated;
    weaker && quote_follows()
}

/// "Ann wrote (5 May 2026, 9:14):"
fn verb_before_a_moment(folded: &str) -> bool {
    folded
        .trim_end_matches([':', '：', ' '])
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("))
        .is_some_and(|(sentence, moment)| moment.contains(char::is_numeric) && verb_at_end(sentence))
}

fn begins(folded: &str) -> bool {
    opens(folded) || begins_with_a_date(folded)
}

/// "5 May at 10:00": a day and a time without a year.
fn day_and_time(text: &str, time: bool) -> bool {
    time && text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(|c: char| c.is_numeric())).count() >= 3
}

/// English says "wrote" in the middle of any sentence; before a date it is an attribution.
fn everyday(folded: &str) -> bool {
    folded.match_indices(" wrote ").any(|(at, verb)| {
        let rest = folded[at + verb.len()..].trim_start_matches("on ").trim_start_matches("at ");
        !rest.starts_with(char::is_numeric)
    })
}

fn ends_with_a_time(folded: &str) -> bool {
    let last = folded.trim_end_matches([':', '：', ' ']).rsplit(' ').next().unwrap_or_default();
    last.contains(char::is_numeric) || matches!(last, "am" | "pm" | "uhr" | "h")
}

/// "3 May …", "2026-05-03 …", "Mon, 3 May …", "понеділок, 3 травня …".
fn begins_with_a_date(folded: &str) -> bool {
    let mut words = folded.split(' ');
    let starts = |word: Option<&str>| word.is_some_and(|word| word.trim_start_matches(['(', '"']).starts_with(char::is_numeric));
    let Some(first) = words.next() else { return false };
    let second = words.next();
    starts(Some(first)) || (first.ends_with([',', '.']) || first.chars().count() <= 4) && (starts(second) || starts(words.next()))
}

/// Who wrote, and when, according to an attribution that names an address.
pub(in crate::email) fn author(text: &str) -> Option<(Mailbox, Option<String>)> {
    let text = text.trim_end_matches([':', '：', ' ']);
    let at = text.find('@')?;
    let start = text[..at].rfind(|c: char| c.is_whitespace() || matches!(c, '<' | '(' | '[' | '"' | ':'))?;
    let address = people::mailbox(&text[start..])?.address?;
    let before = text[..start].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '(' | '[' | ':')).trim_end_matches("mailto");
    let name = quoted_name(before).or_else(|| plain_name(before));
    Some((Mailbox { name: name.filter(|name| !people::is_address(name)), address: Some(address) }, moment(text)))
}

fn quoted_name(before: &str) -> Option<String> {
    let before = before.trim_end_matches([' ', '<', '(', '[', '\u{a0}']);
    let close = before.chars().next_back()?;
    if !matches!(close, '"' | '”' | '“' | '»' | '›' | '’') {
        return None;
    }
    let inner = before[..before.len() - close.len_utf8()].trim_end();
    let open = inner.rfind(['"', '„', '“', '«', '‹', '‘', '”'])?;
    people::clean_name(&inner[open..])
}

/// What stands between the date and the address, less the words that belong to the sentence.
fn plain_name(before: &str) -> Option<String> {
    let mut words: Vec<&str> = before.split_whitespace().collect();
    let after_date = words.iter().rposition(|word| word.chars().any(char::is_numeric)).map_or(0, |last| last + 1);
    words.drain(..after_date);
    while let Some(first) = words.first() {
        let plain = fold(first.trim_matches([',', '(', ')', '.', ':']));
        if WORDS.fillers.contains(&plain) || WORDS.fillers.contains(&fold(first)) || plain.is_empty() {
            words.remove(0);
        } else {
            break;
        }
    }
    while words.last().is_some_and(|last| WORDS.fillers.contains(&fold(last)) && words.len() > 1) {
        words.pop();
    }
    people::clean_name(&words.join(" "))
}

/// The date and time as written.
fn moment(text: &str) -> Option<String> {
    let date = SHAPES.date.as_ref()?.find(text)?;
    let time = SHAPES.time.as_ref().and_then(|shape| shape.find_at(text, date.end()));
    let end = time.map_or(date.end(), |time| if time.start() - date.end() < 20 { time.end() } else { date.end() });
    text.get(date.start()..end).map(str::to_owned)
}
