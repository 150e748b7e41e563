//! Where another mail begins inside a body: an attribution, a marker line, a header block.

use super::block::{Block, Evidence, header_line, unquote};
use super::labels;
use crate::email::trim::attribution::{self, Attribution};

/// Seams are looked for this far down. Nobody writes that much above a quote, and machines do.
pub(in crate::email) const MOST_LINES: usize = 4_000;

/// The beginning of another mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::email) enum Seam {
    /// "On …, Ann wrote:".
    Attribution(Attribution),
    /// "-------- Forwarded message --------", with the block below it.
    Forwarded {
        /// The first line after marker and block.
        end: usize,
        /// The header block, when there is one.
        block: Option<Block>,
    },
    /// "-----Original Message-----", with the block below it.
    Original {
        /// The first line after marker and block.
        end: usize,
        /// The header block, when there is one.
        block: Option<Block>,
    },
    /// A header block without a marker.
    Block(Block),
}

impl Seam {
    /// The first line after the seam.
    pub fn end(&self) -> usize {
        match self {
            Self::Attribution(attribution) => attribution.end,
            Self::Forwarded { end, .. } | Self::Original { end, .. } => *end,
            Self::Block(block) => block.end,
        }
    }
}

/// True when the line is marked as a quote.
pub(in crate::email) fn is_quoted(line: &str) -> bool {
    line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('>')
}

/// The seam that begins at this line, if one does.
pub(in crate::email) fn at(lines: &[&str], line: usize) -> Option<Seam> {
    let text = unquote(lines[line]);
    if text.is_empty() {
        return None;
    }
    marker(lines, line).or_else(|| Block::read(lines, line, Evidence::BlockAlone).map(Seam::Block)).or_else(|| {
        // A quote mark inside an address that was broken over lines is not a quote: see `attribution`.
        attribution::read(lines, line, is_quoted).map(Seam::Attribution)
    })
}

const LONGEST_MARKER: usize = 200;

/// The words of a marker line, what follows them on the line, and whether dashes enclose them.
struct Marker<'a> {
    words: &'a str,
    rest: &'a str,
    dashed: bool,
}

fn is_rule(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '*' | '~' | '–' | '—' | '─' | '‐' | '‑' | '―' | '━' | '#' | '+')
}

fn marker_words(line: &str) -> Option<Marker<'_>> {
    let text = unquote(line);
    let inner = text.trim_start_matches(|c: char| is_rule(c) || c.is_whitespace());
    let rule = text[..text.len() - inner.len()].chars().filter(|c| is_rule(*c)).count();
    if rule >= 2 {
        let end = inner
            .char_indices()
            .take(LONGEST_MARKER)
            .zip(inner.chars().skip(1))
            .find(|((_, c), next)| is_rule(*c) && is_rule(*next))
            .map(|((at, _), _)| at);
        let Some(end) = end else {
            return Some(Marker { words: inner, rest: "", dashed: true }).filter(|marker| marker.words.len() <= LONGEST_MARKER);
        };
        let rest = inner[end..].trim_start_matches(is_rule);
        return Some(Marker { words: inner[..end].trim(), rest: rest.trim(), dashed: true });
    }
    (text.len() <= 100 && rule == 0 || rule == 1 && text.len() <= 100).then_some(Marker {
        words: inner.trim_end_matches(is_rule),
        rest: "",
        dashed: false,
    })
}

fn marker(lines: &[&str], line: usize) -> Option<Seam> {
    let marker = marker_words(lines[line])?;
    let bare = marker.words.trim_end_matches([':', '：', ' ', '\u{a0}', '.']);
    let forwarded = labels::says_forwarded(marker.words);
    let original = !forwarded && labels::says_original(marker.words);
    if !forwarded && !original {
        return foreign_marker(&marker, lines, line);
    }
    if !marker.dashed && bare.split_whitespace().count() > 8 {
        return None;
    }
    if !marker.rest.is_empty() && marker.rest.chars().any(char::is_alphanumeric) {
        // The block follows on the same line.
        let mut glued = Block::read(&[marker.rest], 0, Evidence::AfterMarker)?;
        glued.end = line + 1;
        let (end, block) = (line + 1, Some(glued));
        return Some(if forwarded { Seam::Forwarded { end, block } } else { Seam::Original { end, block } });
    }
    let block = next_line(lines, line + 1).and_then(|next| Block::read(lines, next, Evidence::AfterMarker).or_else(|| foreign_block(lines, next)));
    if block.is_none() && !marker.dashed {
        return None;
    }
    let end = block.as_ref().map_or(line + 1, |block| block.end);
    Some(if forwarded { Seam::Forwarded { end, block } } else { Seam::Original { end, block } })
}

/// A marker in words we do not know shows itself by its dashes and by the block right below.
fn foreign_marker(marker: &Marker<'_>, lines: &[&str], line: usize) -> Option<Seam> {
    let worded = marker.words.chars().any(char::is_alphabetic) && marker.words.split_whitespace().count() <= 6;
    if !marker.dashed || !worded {
        return None;
    }
    if !marker.rest.is_empty() {
        let mut block = Block::read(&[marker.rest], 0, Evidence::AfterMarker)?;
        block.end = line + 1;
        return Some(Seam::Original { end: block.end, block: Some(block) });
    }
    if !encloses(lines[line]) {
        return None;
    }
    let block = Block::read(lines, line + 1, Evidence::AfterMarker)?;
    Some(Seam::Original { end: block.end, block: Some(block) })
}

fn encloses(line: &str) -> bool {
    let text = unquote(line);
    text.chars().take_while(|c| is_rule(*c)).count() >= 4 && text.chars().rev().take_while(|c| is_rule(*c)).count() >= 4
}

/// A block in words we do not know, right below a marker that we do know.
fn foreign_block(lines: &[&str], first: usize) -> Option<Block> {
    let mut block = Block { end: first, ..Block::default() };
    for text in lines[first..].iter().take(8).map(|line| unquote(line)) {
        let Some((label, value)) = super::block::label_of(text).filter(|(label, _)| label.chars().count() <= 24) else { break };
        let known = header_line(text).map(|(header, ..)| header);
        let value = Some(value.to_owned());
        match known {
            Some(labels::Header::To) => block.to = value,
            Some(labels::Header::Cc) => block.cc = value,
            Some(labels::Header::Sent) => block.sent = value,
            Some(labels::Header::Subject) => block.subject = value,
            _ if text.contains('@') && block.from.is_none() => {
                label.clone_into(&mut block.from_label);
                block.from = value;
            }
            _ => {}
        }
        block.end += 1;
    }
    (block.from.is_some() && block.end >= first + 3).then_some(block)
}

fn next_line(lines: &[&str], from: usize) -> Option<usize> {
    (from..lines.len().min(from + 5)).find(|line| !unquote(lines[*line]).is_empty())
}
