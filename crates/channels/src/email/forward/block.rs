//! The header block above a quoted or forwarded mail: `From: … Sent: … To: … Subject: …`, in any language.

use super::labels::{self, Header};

/// A header block and where it ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::email) struct Block {
    /// The first line after the block.
    pub end: usize,
    /// How the author is labelled.
    pub from_label: String,
    /// The author.
    pub from: Option<String>,
    /// The recipients.
    pub to: Option<String>,
    /// The copied recipients.
    pub cc: Option<String>,
    /// The date.
    pub sent: Option<String>,
    /// The subject.
    pub subject: Option<String>,
}

/// How much a block must show to count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::email) enum Evidence {
    /// Nothing else says that a mail begins here.
    BlockAlone,
    /// A line before it says "original message" or "forwarded message".
    AfterMarker,
}

// A block is a handful of lines; the bound keeps a mail full of labels linear.
const MOST_LINES: usize = 30;
const LONGEST_LABEL: usize = 40;
const LONGEST_GLUED: usize = 8_000;

/// The text of a line without quote marks and the blanks around them.
pub(in crate::email) fn unquote(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c.is_whitespace() || c == '\u{feff}').trim_end()
}

/// `Label: value`, with the bold marks that HTML leaves in plain text.
pub(in crate::email) fn label_of(line: &str) -> Option<(&str, &str)> {
    let line = unquote(line);
    let (at, colon) = line.char_indices().take(LONGEST_LABEL + 1).find(|(_, c)| matches!(c, ':' | '：'))?;
    let label = line[..at].trim_matches(is_decoration);
    let value = line[at + colon.len_utf8()..].trim_matches(is_decoration);
    (!label.is_empty()).then_some((label, value))
}

fn is_decoration(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '|' | '•')
}

/// The header that this line gives, if its label is known.
pub(in crate::email) fn header_line(line: &str) -> Option<(Header, &str, &str)> {
    let (label, value) = label_of(line)?;
    Some((labels::header(label)?, label, value))
}

fn names_people(header: Header) -> bool {
    matches!(header, Header::From | Header::To | Header::Cc)
}

/// A list of people that was broken after "," or "<" goes on in the next line.
fn is_unfinished(list: &str) -> bool {
    list.ends_with([',', ';', '<']) || list.matches('<').count() > list.matches('>').count()
}

fn looks_like_a_header(line: &str) -> bool {
    label_of(line).is_some_and(|(label, value)| {
        !value.starts_with("//")
            && label.split_whitespace().count() <= 3
            && label.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '\'' | '’'))
    })
}

impl Block {
    fn slot(&mut self, header: Header) -> Option<&mut Option<String>> {
        match header {
            Header::From => Some(&mut self.from),
            Header::To => Some(&mut self.to),
            Header::Cc => Some(&mut self.cc),
            Header::Sent => Some(&mut self.sent),
            Header::Subject => Some(&mut self.subject),
            Header::Other => None,
        }
    }

    fn kinds(&self) -> usize {
        [&self.from, &self.to, &self.cc, &self.sent, &self.subject].iter().filter(|value| value.is_some()).count()
    }

    fn names_an_address(&self) -> bool {
        [&self.from, &self.to].iter().any(|value| value.as_deref().is_some_and(|value| value.contains('@')))
    }

    fn complete(&self) -> bool {
        self.from.is_some() && self.subject.is_some() && (self.sent.is_some() || self.to.is_some())
    }

    fn convinces(&self, evidence: Evidence) -> bool {
        match evidence {
            Evidence::BlockAlone => self.from.is_some() && self.kinds() >= 3 && (self.complete() || self.names_an_address() && self.sent.is_some()),
            Evidence::AfterMarker => self.from.is_some() && (self.kinds() >= 2 || self.names_an_address()),
        }
    }

    /// Reads a block whose first line is `lines[at]`.
    pub fn read(lines: &[&str], at: usize, evidence: Evidence) -> Option<Self> {
        let first = lines.get(at)?;
        Self::glued(first, at).or_else(|| Self::lined(lines, at, evidence))
    }

    fn lined(lines: &[&str], at: usize, evidence: Evidence) -> Option<Self> {
        header_line(lines[at])?;
        let mut block = Self::default();
        let mut open: Option<Header> = None;
        let mut line = at;
        let stop = lines.len().min(at + MOST_LINES);
        while line < stop {
            let text = unquote(lines[line]);
            if text.is_empty() {
                let next = lines[line..stop].iter().take(3).position(|next| !unquote(next).is_empty());
                let goes_on = next.and_then(|next| header_line(lines[line + next])).is_some_and(|(header, ..)| !block.has(header));
                if block.complete() || !goes_on {
                    break;
                }
                line += 1;
                continue;
            }
            if let Some((header, label, value)) = header_line(lines[line]) {
                if block.has(header) && header != Header::Other {
                    break;
                }
                if header == Header::From {
                    label.clone_into(&mut block.from_label);
                }
                if let Some(slot) = block.slot(header) {
                    *slot = Some(value.to_owned());
                }
                open = Some(header);
            } else {
                if let Some(value) =
                    open.filter(|_| open.is_some_and(names_people)).and_then(|header| block.slot(header)?.as_mut()).filter(|list| is_unfinished(list))
                {
                    value.push(' ');
                    value.push_str(text);
                    line += 1;
                    continue;
                }
                // A folded value or a header of unknown name goes on only when another header follows.
                let followed = lines[line + 1..stop]
                    .iter()
                    .take(4)
                    .take_while(|next| !unquote(next).is_empty())
                    .any(|next| header_line(next).is_some_and(|(header, ..)| !block.has(header) && header != Header::Other));
                if !followed {
                    break;
                }
                if looks_like_a_header(text) {
                    open = None;
                } else if let Some(Some(value)) = open.and_then(|header| block.slot(header)) {
                    value.push(' ');
                    value.push_str(text);
                }
            }
            line += 1;
        }
        block.end = line;
        block.convinces(evidence).then_some(block)
    }

    fn has(&self, header: Header) -> bool {
        match header {
            Header::From => self.from.is_some(),
            Header::To => self.to.is_some(),
            Header::Cc => self.cc.is_some(),
            Header::Sent => self.sent.is_some(),
            Header::Subject => self.subject.is_some(),
            Header::Other => false,
        }
    }

    /// Reads a block that HTML left on one line: `From: A <a@b>To: C <c@d>Sent: today Subject: Hello`.
    fn glued(line: &str, at: usize) -> Option<Self> {
        let line = unquote(line);
        let (header, label, _) = header_line(line)?;
        if header != Header::From {
            return None;
        }
        let line = &line[..line.floor_char_boundary(LONGEST_GLUED)];
        labels::languages_of_author(label).iter().filter_map(|language| Self::glued_in(line, language.labels(), at)).max_by_key(Self::kinds)
    }

    fn glued_in(line: &str, table: [(&'static str, Header); 5], at: usize) -> Option<Self> {
        let mut found: Vec<(usize, usize, Header)> = Vec::new();
        let known = table.into_iter().chain([("Cc|CC", Header::Cc)]);
        for (list, header) in known {
            let first =
                labels::variants(list).filter_map(|label| find_label(line, label, header)).min_by_key(|(start, end)| (*start, usize::MAX - end));
            if let Some((start, end)) = first {
                found.push((start, end, header));
            }
        }
        found.sort_by_key(|(start, ..)| *start);
        found.dedup_by_key(|(_, end, _)| *end);
        let complete = matches!(found.first(), Some((_, _, Header::From))) && matches!(found.last(), Some((_, _, Header::Subject)));
        if !complete || found.len() < 3 {
            return None;
        }
        let mut block = Self { end: at + 1, ..Self::default() };
        for (index, (start, end, header)) in found.iter().enumerate() {
            let stop = found.get(index + 1).map_or(line.len(), |(next, ..)| *next);
            let value = line.get(*end..stop)?.trim_matches(is_decoration);
            if *header == Header::From {
                line[*start..*end].trim_end_matches(|c: char| c == ':' || c == '：' || c.is_whitespace()).clone_into(&mut block.from_label);
            }
            if let Some(slot) = block.slot(*header) {
                slot.get_or_insert_with(|| value.to_owned());
            }
        }
        block.convinces(Evidence::BlockAlone).then_some(block)
    }
}

/// Where `label:` stands in a line, preferring a place where a word begins.
fn find_label(line: &str, label: &str, header: Header) -> Option<(usize, usize)> {
    let mut inside_a_word = None;
    for (start, _) in line.match_indices(label) {
        let rest = &line[start + label.len()..];
        let spaces = rest.len() - rest.trim_start().len();
        // "Reply-To:" is not "To:".
        if line[..start].ends_with('-') {
            continue;
        }
        let Some(colon) = rest[spaces..].chars().next().filter(|c| matches!(c, ':' | '：')) else { continue };
        let place = (start, start + label.len() + spaces + colon.len_utf8());
        let begins_a_word = !line[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        if begins_a_word || header == Header::From && start == 0 {
            return Some(place);
        }
        // The date ends in a time zone without a blank: "09:26:50 CETSubject: …".
        if label.len() >= 4 && inside_a_word.is_none() {
            inside_a_word = Some(place);
        }
    }
    inside_a_word
}
