//! Cuts quotes and signatures off a reply, never the author's own words.

pub(in crate::email) mod attribution;
pub(in crate::email) mod lines;
mod phrases;

#[cfg(test)]
mod tests;

use super::forward::seam::{self, Seam};
use lines::{Device, Fences};

/// A body in two parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// What the author wrote.
    pub reply: String,
    /// What was folded away.
    pub quoted: String,
}

/// What a line is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Blank,
    /// The author's.
    Own,
    /// Marked with `>`.
    Quote,
    /// An attribution or marker whose quote is marked with `>`.
    Introduction,
    /// Signature, phone footer, list footer.
    Signature,
    /// From a header block or marker to the end.
    Below,
}

// A signature longer than this is no signature, unless the standard delimiter says so.
const LONGEST_SIGNATURE: usize = 15;
const LONGEST_FOOTER: usize = 8;
// Below a line that a phone may have written, only this much is cut with it.
const LONGEST_TAIL: usize = 4;
// A quoted line at least this long was probably wrapped by the program that sent it.
const WRAPPED_FROM: usize = 60;

/// Splits a plain-text body. When unsure, keeps the author's words.
///
/// Every line of `reply` and `quoted` is a line of `text`. Cost: linear in the length of `text`.
pub fn trim(text: &str) -> Trimmed {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    let mut parts = quotes_and_seams(&lines);
    join_wrapped_quotes(&lines, &mut parts);
    list_footer(&lines, &mut parts);
    sign_off(&lines, &mut parts);
    let keep_quotes = quotes_are_answered(&lines, &parts);
    let mut kept: Vec<bool> = parts.iter().map(|part| matches!(part, Part::Own | Part::Blank) || *part == Part::Quote && keep_quotes).collect();
    drop_loose_ends(&lines, &parts, &mut kept);
    if !kept.iter().zip(&parts).any(|(kept, part)| *kept && *part == Part::Own) && !only_signed(&parts) {
        // Nothing but a quote, or a mail that only looks like one: show it all.
        return Trimmed { reply: join(&lines, |_| true), quoted: String::new() };
    }
    Trimmed { reply: join(&lines, |at| kept[at]), quoted: join(&lines, |at| !kept[at]) }
}

fn quotes_and_seams(lines: &[&str]) -> Vec<Part> {
    let mut parts = vec![Part::Own; lines.len()];
    let mut fences = Fences::new(lines);
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if fences.contains(at) {
            at += 1;
            continue;
        }
        if line.trim().is_empty() {
            parts[at] = Part::Blank;
        } else if seam::is_quoted(line) {
            parts[at] = Part::Quote;
        } else if at >= seam::MOST_LINES {
            // The rest is the author's, or a quote that is marked.
        } else if lines::is_reply_marker(line) {
            let quote_follows = next_is_quoted(lines, at + 1);
            if !quote_follows {
                parts[at..].fill(Part::Below);
                break;
            }
            parts[at] = Part::Introduction;
        } else if let Some(seam) = seam::at(lines, at) {
            let end = seam.end().clamp(at + 1, lines.len());
            let below = match seam {
                // With the quote marked, the author may go on below it.
                Seam::Attribution(_) => !next_is_quoted(lines, end),
                Seam::Forwarded { block, .. } | Seam::Original { block, .. } => {
                    let marked =
                        if block.is_none() { next_is_quoted(lines, end) } else { lines[at + 1..end].iter().any(|line| seam::is_quoted(line)) };
                    !marked
                }
                Seam::Block(_) => true,
            };
            if below {
                parts[at..].fill(Part::Below);
                break;
            }
            parts[at..end].fill(Part::Introduction);
            at = end;
            continue;
        }
        at += 1;
    }
    parts
}

fn next_is_quoted(lines: &[&str], from: usize) -> bool {
    lines[from..].iter().take(6).find(|line| !line.trim().is_empty()).is_some_and(|line| seam::is_quoted(line))
}

/// A long quoted line that was wrapped goes on in a line without a mark.
fn join_wrapped_quotes(lines: &[&str], parts: &mut [Part]) {
    let mut long_quote = false;
    for at in 0..parts.len() {
        match parts[at] {
            Part::Quote => long_quote = lines[at].trim_end().chars().count() >= WRAPPED_FROM,
            Part::Own if long_quote && lines[at].starts_with(char::is_lowercase) && goes_on(lines, at) => {
                parts[at] = Part::Quote;
                long_quote = false;
            }
            _ => long_quote = false,
        }
    }
}

/// True when the line ends the sentence of the quoted line above it. A short answer to a question does not.
fn goes_on(lines: &[&str], at: usize) -> bool {
    let above = lines[at - 1].trim_end();
    match lines.get(at + 1) {
        Some(next) if seam::is_quoted(next) => !above.ends_with(['?', '？', ':']),
        Some(next) if !next.trim().is_empty() => false,
        _ => !above.ends_with(['?', '？', ':', '.', '!', '。']),
    }
}

/// Marks signatures: from a delimiter or a phone's line to the next quote or the end.
fn sign_off(lines: &[&str], parts: &mut [Part]) {
    let mut fences = Fences::new(lines);
    let mut start = 0;
    while start < parts.len() {
        if parts[start] != Part::Own {
            start += 1;
            continue;
        }
        let end = (start..parts.len()).find(|at| !matches!(parts[*at], Part::Own | Part::Blank)).unwrap_or(parts.len());
        let mut left = parts[start..end].iter().filter(|part| **part == Part::Own).count();
        let mut cut = None;
        for at in start..end {
            if parts[at] == Part::Own && !fences.contains(at) {
                let signs = lines::is_standard_delimiter(lines[at])
                    || lines::is_delimiter(lines[at]) && left <= LONGEST_SIGNATURE
                    || match lines::device_line(lines[at]) {
                        Some(Device::Certain) => true,
                        Some(Device::Likely) => left <= LONGEST_TAIL && (at == start || parts[at - 1] == Part::Blank),
                        None => false,
                    };
                if signs {
                    cut = Some(at);
                    break;
                }
                left -= 1;
            } else if parts[at] == Part::Own {
                left -= 1;
            }
        }
        if let Some(cut) = cut.or_else(|| dashed_name(lines, &parts[..end], start)) {
            for part in &mut parts[cut..end] {
                if *part == Part::Own {
                    *part = Part::Signature;
                }
            }
        }
        start = end;
    }
}

/// The line of a name behind a dash, when it stands alone at the end of the author's text.
fn dashed_name(lines: &[&str], parts: &[Part], start: usize) -> Option<usize> {
    let last = start + parts[start..].iter().rposition(|part| *part == Part::Own)?;
    let alone = last > start && lines[last - 1].trim().is_empty() && lines::is_dashed_name(lines[last]);
    let before = lines[start..last].iter().rev().find(|line| !line.trim().is_empty())?;
    // Below a list or an announcement it is one more item.
    let item = before.trim_start().starts_with(['-', '–', '—', '*', '•']) || before.trim_end().ends_with([':', '：']);
    (alone && !item).then_some(last)
}

/// A mailing list's footer stands below a rule at the very end.
fn list_footer(lines: &[&str], parts: &mut [Part]) {
    let Some(last) = parts.iter().rposition(|part| *part == Part::Own) else { return };
    let mut seen = 0;
    let mut footer = false;
    for at in (0..=last).rev() {
        match parts[at] {
            Part::Blank => {}
            Part::Own if seen < LONGEST_FOOTER => {
                seen += 1;
                footer = footer || lines::is_footer(lines[at]);
                if footer && lines::is_rule(lines[at]) && lines[at].trim().len() >= 3 {
                    for part in &mut parts[at..=last] {
                        if *part == Part::Own {
                            *part = Part::Signature;
                        }
                    }
                    return;
                }
            }
            _ => return,
        }
    }
}

/// True when the author answers between the quotes: then the quotes are part of the answer.
fn quotes_are_answered(lines: &[&str], parts: &[Part]) -> bool {
    let (mut answers, mut quotes, mut introduced, mut last) = (0, 0, false, None);
    let mut own_first = false;
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Own if last != Some(Part::Own) => {
                if quotes > 0 {
                    answers += 1;
                } else {
                    own_first = true;
                }
                last = Some(Part::Own);
            }
            Part::Quote if last != Some(Part::Quote) => {
                // Some programs mark the introduction as a quote too.
                introduced = introduced || quotes < seam::MOST_LINES && seam::at(lines, at).is_some();
                quotes += 1;
                last = Some(Part::Quote);
            }
            Part::Introduction => introduced = true,
            _ => {}
        }
    }
    // One quote on top, or one that a program introduced, is the mail that is answered as a whole.
    answers > 0 && (quotes > 1 && (answers > 1 || !introduced) || own_first && !introduced)
}

/// Cuts quotes that nothing follows, and rules left at the end.
fn drop_loose_ends(lines: &[&str], parts: &[Part], kept: &mut [bool]) {
    let mut fences = Fences::new(lines);
    for at in (0..kept.len()).rev() {
        match parts[at] {
            Part::Quote => kept[at] = false,
            Part::Own if kept[at] => {
                let loose = !fences.contains(at)
                    && lines::is_rule(lines[at])
                    && parts.iter().zip(lines).any(|(part, line)| *part == Part::Own && !lines::is_rule(line));
                if !loose {
                    break;
                }
                kept[at] = false;
            }
            _ => {}
        }
    }
}

/// True when the body is nothing but a short signature ("Sent from my phone" below a photo).
fn only_signed(parts: &[Part]) -> bool {
    let signature = parts.iter().filter(|part| **part == Part::Signature).count();
    parts.iter().all(|part| matches!(part, Part::Signature | Part::Blank)) && signature <= 6
}

/// The chosen lines, without blanks at either end and without holes where others were.
fn join(lines: &[&str], chosen: impl Fn(usize) -> bool) -> String {
    let mut text = String::new();
    let mut gap = false;
    let mut blank = 0_usize;
    for (at, line) in lines.iter().enumerate() {
        if !chosen(at) {
            gap = !text.is_empty();
            continue;
        }
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if !text.is_empty() {
            let breaks = if gap { 1 } else { blank };
            text.extend(std::iter::repeat_n('\n', breaks + 1));
        }
        (gap, blank) = (false, 0);
        text.push_str(line);
    }
    text.truncate(text.trim_end().len());
    text
}
