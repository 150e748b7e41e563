//! Text made searchable: the same words on every database.
//!
//! A text is normalised (NFKC, lower case), cut into Unicode words, lightly stemmed in English; Chinese, Japanese and Korean
//! words become pairs of neighbouring characters, so that 환불 finds 환불은 and 환불해. A query goes through the same mill.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest token kept, in characters; longer ones are cut.
const MAX_TOKEN: usize = 40;
/// Most tokens kept of one text.
const MAX_TOKENS: usize = 20_000;

/// The tokens of a text in order. Cost: linear.
pub fn tokens(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let folded: String = text.nfkc().flat_map(char::to_lowercase).filter(|c| *c != '\0').collect();
    let mut out = Vec::new();
    let mut run: Vec<char> = Vec::new();
    for word in folded.unicode_words() {
        if out.len() >= MAX_TOKENS {
            break;
        }
        if word.chars().any(is_cjk) {
            for c in word.chars() {
                if is_cjk(c) {
                    run.push(c);
                } else {
                    pairs(&mut run, &mut out);
                }
            }
            pairs(&mut run, &mut out);
            let rest: String = word.chars().filter(|c| !is_cjk(*c)).collect();
            if !rest.is_empty() {
                out.push(cut(&stemmer.stem(&rest)));
            }
        } else {
            out.push(cut(&stemmer.stem(word)));
        }
    }
    out
}

/// The tokens that a query asks for: as [`tokens`], each once, at most 32.
pub fn query_tokens(query: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for token in tokens(query) {
        if !seen.contains(&token) {
            seen.push(token);
        }
        if seen.len() == 32 {
            break;
        }
    }
    seen
}

fn cut(token: &str) -> String {
    token.chars().take(MAX_TOKEN).collect()
}

fn pairs(run: &mut Vec<char>, out: &mut Vec<String>) {
    match run.as_slice() {
        [] => {}
        [one] => out.push(one.to_string()),
        many => out.extend(many.windows(2).map(|p| p.iter().collect())),
    }
    run.clear();
}

fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x3040..=0x30ff | 0x3130..=0x318f | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x20000..=0x2ffff)
}

/// A short piece of `text` around the first word that a query token is found in, and the ranges (in UTF-16 units of the
/// piece) to highlight.
pub fn snippet(text: &str, query: &[String]) -> (String, Vec<(usize, usize)>) {
    let stemmer = Stemmer::create(Algorithm::English);
    let matches = |word: &str| {
        let folded: String = word.nfkc().flat_map(char::to_lowercase).collect();
        query.iter().any(|q| if q.chars().any(is_cjk) { folded.contains(q.as_str()) } else { cut(&stemmer.stem(&folded)) == *q })
    };
    let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
    let first = words.iter().position(|(_, w)| matches(w)).unwrap_or(0);
    let from = words.get(first.saturating_sub(8)).map_or(0, |(at, _)| *at);
    let to = words.get(first + 20).map_or(text.len(), |(at, _)| *at);
    let mut piece = String::new();
    let mut ranges = Vec::new();
    let mut last = from;
    let push = |piece: &mut String, gap: &str| piece.extend(gap.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
    for (at, word) in words.iter().filter(|(at, _)| (from..to).contains(at)) {
        push(&mut piece, &text[last..*at]);
        let start = piece.encode_utf16().count();
        piece.push_str(word);
        if matches(word) {
            ranges.push((start, piece.encode_utf16().count()));
        }
        last = at + word.len();
    }
    push(&mut piece, &text[last.min(to)..to]);
    (piece, ranges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn english_words_are_stemmed_and_korean_ones_paired() {
        assert_eq!(tokens("Refunds refunded"), ["refund", "refund"]);
        assert_eq!(tokens("환불은"), ["환불", "불은"]);
        for form in ["환불은", "환불을", "환불해 주세요"] {
            assert!(tokens(form).contains(&"환불".to_owned()));
        }
    }

    #[test]
    fn a_snippet_marks_the_hit() {
        let (piece, ranges) = snippet("Please send the refund to me", &query_tokens("refunds"));
        let (from, to) = ranges[0];
        let units: Vec<u16> = piece.encode_utf16().collect();
        assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "refund");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_text_contains_its_own_words(text in ".{0,200}") {
            let all = tokens(&text);
            prop_assert!(query_tokens(&text).iter().all(|t| all.contains(t)));
            let _ = snippet(&text, &query_tokens(&text));
        }
    }
}
