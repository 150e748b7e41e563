//! Where the words of a query stand in a text.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use super::{Typed, cut, fold, is_cjk};

/// How much of a text is looked at, in bytes.
const FAR: usize = 100_000;

/// Finds the words of a query in texts.
pub struct Marker {
    stemmer: Stemmer,
    latin: Vec<String>,
    pairs: Vec<String>,
    beginning: Option<(String, String)>,
}

impl Marker {
    /// For this query.
    pub fn new(query: &Typed) -> Self {
        let (pairs, latin) = query.words.iter().cloned().partition(|w: &String| w.chars().any(is_cjk));
        let beginning = query.beginning.as_ref().map(|b| (b.from.clone(), b.to.clone()));
        Self { stemmer: Stemmer::create(Algorithm::English), latin, pairs, beginning }
    }

    fn is_beginning_of(&self, folded: &str) -> bool {
        self.beginning.as_ref().is_some_and(|(from, to)| folded >= from.as_str() && folded < to.as_str())
    }

    /// The parts of one word that were found, in bytes.
    fn within(&self, word: &str) -> Vec<(usize, usize)> {
        let folded = fold(word);
        if !folded.chars().any(is_cjk) {
            let is = !self.latin.is_empty() && (self.is_beginning_of(&folded) || self.latin.contains(&cut(&self.stemmer.stem(&folded))));
            return if is { vec![(0, word.len())] } else { Vec::new() };
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut add = |from: usize, to: usize| match found.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => found.push((from, to)),
        };
        // Folding may change lengths (a syllable in pieces): then the whole word is marked.
        let as_written = folded == word;
        let letters: Vec<(usize, char)> = folded.char_indices().collect();
        for (n, (at, c)) in letters.iter().enumerate() {
            let end = |n: usize| letters.get(n).map_or(folded.len(), |(at, _)| *at);
            let two = &folded[*at..end(n + 2)];
            if self.pairs.iter().any(|p| p == two) || (n + 1 < letters.len() && self.is_beginning_of(two)) {
                add(*at, end(n + 2));
            } else if self.pairs.iter().any(|p| p.chars().eq([*c])) {
                add(*at, end(n + 1));
            }
        }
        if !as_written && !found.is_empty() { vec![(0, word.len())] } else { found }
    }

    /// Every place in a text, in bytes, in order.
    pub fn marks(&self, text: &str) -> Vec<(usize, usize)> {
        let mut far = text.len().min(FAR);
        while !text.is_char_boundary(far) {
            far -= 1;
        }
        let words = text[..far].unicode_word_indices();
        words.flat_map(|(at, word)| self.within(word).into_iter().map(move |(from, to)| (at + from, at + to))).collect()
    }

    /// A whole short text's places, in UTF-16 units.
    pub fn ranges(&self, text: &str) -> Vec<(usize, usize)> {
        let units = |to: usize| text[..to].encode_utf16().count();
        self.marks(text).into_iter().map(|(from, to)| (units(from), units(to))).collect()
    }
}

/// A short piece of `text` where most of the words stand together, in one line, and the ranges (in UTF-16 units of the piece)
/// to highlight. Always plain text.
pub fn snippet(text: &str, marker: &Marker) -> (String, Vec<(usize, usize)>) {
    const BEFORE: usize = 40;
    const LONG: usize = 160;
    let marks = marker.marks(text);
    // The first place from which most places are near.
    let near = |n: usize| marks[n..].iter().take_while(|m| m.0 < marks[n].0 + LONG).count();
    let best = (0..marks.len().min(500)).max_by_key(|n| (near(*n), std::cmp::Reverse(*n)));
    let middle = best.map_or(0, |n| marks[n].0);
    let edge = |mut at: usize, back: bool| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at = if back { at - 1 } else { at + 1 };
        }
        at
    };
    // Whole words, where there are blanks.
    let mut from = edge(middle.saturating_sub(BEFORE), true);
    if from > 0 {
        from = text[from..middle].find(char::is_whitespace).map_or(from, |at| from + at);
    }
    let mut to = edge(middle + LONG, false);
    if to < text.len() {
        to = text[middle..to].rfind(char::is_whitespace).map_or(to, |at| middle + at);
    }
    // A place that the edge would cut stays whole.
    to = marks.iter().find(|m| m.0 < to && m.1 > to).map_or(to, |m| m.1);
    let (mut piece, mut ranges, mut open) = (String::new(), Vec::new(), None);
    let (mut units, mut blank) = (0, true);
    for (at, c) in text[from..to].char_indices().map(|(at, c)| (from + at, c)) {
        if marks.iter().any(|m| m.1 == at)
            && let Some(start) = open.take()
        {
            ranges.push((start, units));
        }
        if marks.iter().any(|m| m.0 == at) {
            open = Some(units);
        }
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        if c == ' ' && std::mem::replace(&mut blank, c == ' ') {
            continue;
        }
        blank = c == ' ';
        piece.push(c);
        units += c.len_utf16();
    }
    ranges.extend(open.map(|start| (start, units)));
    (piece, ranges)
}

#[cfg(test)]
mod tests {
    use super::super::typed;
    use super::*;

    fn marked(text: &str, query: &str) -> (String, Vec<String>) {
        let (piece, ranges) = snippet(text, &Marker::new(&typed(query)));
        let units: Vec<u16> = piece.encode_utf16().collect();
        (piece.clone(), ranges.into_iter().map(|(from, to)| String::from_utf16(&units[from..to]).unwrap()).collect())
    }

    #[test]
    fn a_snippet_marks_words_stems_beginnings_and_pairs() {
        assert_eq!(marked("Please send the refund to me", "refunds").1, ["refund"]);
        assert_eq!(marked("Please send the refund to me", "please ref").1, ["Please", "refund"]);
        assert_eq!(marked("🙂 어제 환불은 받았는데\n배송이 늦어요", "환불을 배송").1, ["환불", "배송"]);
        assert_eq!(marked("환불규정 안내", "환불규정").1, ["환불규정"]);
        assert_eq!(marked("환불 안내", "환부").1, ["환불"]);
        assert_eq!(marked("Nothing here", "refund"), ("Nothing here".into(), vec![]));
    }

    #[test]
    fn a_snippet_is_short_and_one_line_and_begins_where_the_words_are() {
        let text = format!("{}\n\n<b>refund</b>\t\tplease {}", "lorem ipsum ".repeat(500), "dolor ".repeat(500));
        let (piece, marks) = marked(&text, "refund");
        assert!(piece.len() < 260 && piece.contains("<b>refund</b> please") && !piece.contains('\n'), "{piece}");
        assert_eq!(marks, ["refund"]);
    }
}
