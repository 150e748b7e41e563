//! Finds a mail that was forwarded by hand, by the header block that the mail program wrote above it.

pub(in crate::email) mod block;
pub(in crate::email) mod labels;
pub(in crate::email) mod languages;
pub(in crate::email) mod people;
pub(in crate::email) mod seam;

#[cfg(test)]
mod tests;

use super::mail::{Forwarded, Mailbox};
use super::trim::{Trimmed, attribution, lines::Fences, trim};
use block::Block;
use labels::Prefix;
use seam::Seam;

/// A forwarded mail and the words of the person who forwarded it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What stands above the forwarded mail.
    pub above: String,
    /// The forwarded mail.
    pub forwarded: Forwarded,
    /// What was forwarded, as it stands in the body: everything below `above`.
    pub below: String,
}

/// The forwarded mail in this body, if there is one.
pub fn find(subject: Option<&str>, text: &str) -> Option<Forwarded> {
    locate(subject, text).map(|found| found.forwarded)
}

/// The forwarded mail, if there is one, and the body in two parts. Above a forward only the forwarder's own text is the reply.
pub fn separate(subject: Option<&str>, text: &str) -> (Option<Forwarded>, Trimmed) {
    let Some(found) = locate(subject, text) else { return (None, trim(text)) };
    let mut own = trim(&found.above);
    if !own.quoted.is_empty() {
        own.quoted.push_str("\n\n");
    }
    own.quoted.push_str(&found.below);
    (Some(found.forwarded), own)
}

/// The forwarded mail in this body, and what the forwarder wrote above it. Of nested forwards it is the outermost.
///
/// Cost: linear in the length of `text`.
pub fn locate(subject: Option<&str>, text: &str) -> Option<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let (first, seam) = first_seam(&lines)?;
    let above = lines[..first].join("\n").trim_matches(['\u{feff}', '\n']).trim_end().to_owned();
    let (prefix, bare_subject) = subject.map_or((None, ""), labels::prefix);
    let alone = !above.chars().any(char::is_alphanumeric);
    let forwarded = match seam {
        Seam::Forwarded { block: Some(block), .. } => from_block(&block, &lines),
        Seam::Original { block: Some(block), .. } | Seam::Block(block) => {
            is_forward(subject, prefix, &block, alone).then(|| from_block(&block, &lines))?
        }
        Seam::Attribution(found) => {
            let quoted = lines[first..].iter().skip(found.end - first).find(|line| !line.trim().is_empty()).is_some_and(|line| seam::is_quoted(line));
            let (prefix, bare_subject) = match prefix {
                None if alone => unknown_prefix(bare_subject),
                known => (known, bare_subject),
            };
            if prefix != Some(Prefix::Forward) || quoted && !alone {
                return None;
            }
            let (from, date) = attribution::author(&found.text)?;
            Forwarded {
                from: Some(from),
                subject: Some(bare_subject.to_owned()).filter(|subject| !subject.is_empty()),
                date,
                text: body(&lines[found.end..], usize::from(quoted)),
                ..Forwarded::default()
            }
        }
        Seam::Forwarded { block: None, .. } | Seam::Original { block: None, .. } => return None,
    };
    Some(Found { above, forwarded, below: lines[first..].join("\n") })
}

// A quoted block may stand below one quoted line that says "forwarded" in words we do not know.
const MOST_LINES_ABOVE: usize = 1;

/// The first place where another mail begins. Within quotes only the first lines can be one: a program that forwards
/// quotes the whole block, and anything further down belongs to an answered mail.
fn first_seam(lines: &[&str]) -> Option<(usize, Seam)> {
    let mut fences = Fences::new(lines);
    let mut quoted_lines = 0;
    for (at, line) in lines.iter().enumerate().take(seam::MOST_LINES) {
        if line.trim().is_empty() || fences.contains(at) {
            continue;
        }
        let quoted = seam::is_quoted(line);
        if quoted && quoted_lines > MOST_LINES_ABOVE {
            continue;
        }
        if let Some(seam) = seam::at(lines, at) {
            return Some((at, seam));
        }
        // An empty quoted line comes before the block in some programs.
        quoted_lines += usize::from(quoted && !block::unquote(line).is_empty());
    }
    None
}

/// Programs write the same block above an answer and above a forward; the subject tells which it is.
fn is_forward(subject: Option<&str>, prefix: Option<Prefix>, block: &Block, alone: bool) -> bool {
    match prefix {
        Some(Prefix::Forward) => true,
        Some(Prefix::Reply) => false,
        Some(Prefix::Either) => !block_is_in(block, &["fi", "et"]),
        None => alone || prefixed(subject, block.subject.as_deref()),
    }
}

fn block_is_in(block: &Block, codes: &[&str]) -> bool {
    labels::languages_of_author(&block.from_label).iter().any(|language| codes.contains(&language.code))
}

/// "Xyz: Hello" over "Hello": a prefix in a language that we do not know, and it is no answer's.
fn prefixed(outer: Option<&str>, inner: Option<&str>) -> bool {
    let (Some(outer), Some(inner)) = (outer.map(labels::fold), inner.map(labels::fold)) else { return false };
    !inner.is_empty()
        && outer.strip_suffix(&inner).is_some_and(|prefix| {
            let prefix = prefix.trim_end();
            prefix.ends_with([':', '：']) && prefix.chars().count() <= 12 && prefix.chars().next().is_some_and(char::is_alphabetic)
        })
}

/// "Xyz: Hello": with nothing of their own above the mail, nobody answers with that.
fn unknown_prefix(subject: &str) -> (Option<Prefix>, &str) {
    match subject.split_once(": ") {
        Some((word, rest)) if word.chars().count() <= 14 && word.chars().all(char::is_alphabetic) => (Some(Prefix::Forward), rest.trim()),
        _ => (None, subject),
    }
}

fn from_block(block: &Block, lines: &[&str]) -> Forwarded {
    let people = |list: &Option<String>| list.as_deref().map(people::mailboxes).unwrap_or_default();
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let quoted = block.end > 0 && lines.get(block.end - 1).is_some_and(|line| seam::is_quoted(line));
    let from: Option<Mailbox> = block.from.as_deref().and_then(people::mailbox);
    Forwarded {
        from,
        to: people(&block.to),
        cc: people(&block.cc),
        subject: filled(&block.subject),
        date: filled(&block.sent),
        text: body(lines.get(block.end..).unwrap_or_default(), if quoted { quote_depth(lines[block.end - 1]) } else { 0 }),
    }
}

fn quote_depth(line: &str) -> usize {
    line.chars().take_while(|c| *c == '>' || c.is_whitespace()).filter(|c| *c == '>').count()
}

/// The forwarded text without the quote marks that the program added, and without what the forwarder wrote below.
fn body(lines: &[&str], depth: usize) -> String {
    let end = if depth == 0 {
        lines.len()
    } else {
        let last = lines.iter().rposition(|line| seam::is_quoted(line)).map_or(0, |last| last + 1);
        // A line that was wrapped after quoting follows without a blank line.
        lines[last..].iter().position(|line| line.trim().is_empty()).map_or(lines.len(), |blank| last + blank)
    };
    let text = lines[..end].iter().map(|line| less_quoted(line, depth)).collect::<Vec<_>>().join("\n");
    text.trim_matches(|c: char| c == '\n' || c == '\r').trim_end().to_owned()
}

fn less_quoted(line: &str, depth: usize) -> &str {
    let mut rest = line;
    for _ in 0..depth {
        match rest.trim_start().strip_prefix('>') {
            Some(inner) => rest = inner,
            None => break,
        }
    }
    if depth > 0 && rest.len() < line.len() { rest.strip_prefix(' ').unwrap_or(rest) } else { rest }
}
