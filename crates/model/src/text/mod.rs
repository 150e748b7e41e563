//! Text made searchable: the same words on every database.
//!
//! A text is normalised (NFKC, lower case), cut into Unicode words, lightly stemmed in English; Chinese, Japanese and Korean
//! words become pairs of neighbouring characters, so that 환불 finds 환불은 and 환불해. A query goes through the same mill, but
//! leaves out what it need not ask for: Korean particles, and pairs that only bridge two others.

mod korean;
mod marks;
mod usual;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

pub use marks::{Marker, snippet};
pub use usual::is_usual;

/// Longest token kept, in characters; longer ones are cut.
const MAX_TOKEN: usize = 40;
/// Most tokens kept of one text.
const MAX_TOKENS: usize = 20_000;
/// Most words that a query asks for; the rest of it is not looked at.
const MAX_ASKED: usize = 16;

/// As words are compared: NFKC, lower case.
pub fn fold(text: &str) -> String {
    if text.chars().all(|c| c.is_ascii() || is_normal(c)) {
        let mut folded = text.to_ascii_lowercase();
        folded.retain(|c| c != '\0');
        return folded;
    }
    normalised(text)
}

/// Characters of most texts here that are as they should be, whatever stands beside them (but for what is not one of these).
fn is_normal(c: char) -> bool {
    matches!(u32::from(c), 0xac00..=0xd7a3 | 0x3041..=0x3096 | 0x30a1..=0x30fa | 0x4e00..=0x9fff | 0x2013 | 0x2014 | 0x2018 | 0x2019 | 0x201c | 0x201d)
}

fn normalised(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| *c != '\0').collect()
}

/// The tokens of a text in order. Cost: linear.
pub fn tokens(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut out = Vec::new();
    for word in fold(text).unicode_words() {
        if out.len() >= MAX_TOKENS {
            break;
        }
        pieces(word, &stemmer, |run| pairs(run).collect(), &mut out);
    }
    out
}

/// The tokens that a query asks for, each once: as [`tokens`], without Korean particles and without pairs that only bridge two
/// others. No more than a few: the rest of a long query is left out.
pub fn query_tokens(query: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut seen = Vec::new();
    for word in fold(query).unicode_words() {
        let mut these = Vec::new();
        pieces(word, &stemmer, |run| apart(korean::without_particle(run)), &mut these);
        for token in these {
            if !seen.contains(&token) {
                seen.push(token);
            }
        }
        if seen.len() >= MAX_ASKED {
            seen.truncate(MAX_ASKED);
            break;
        }
    }
    seen
}

/// Words that begin alike: those from `from` up to, but not with, `to`, in the order of their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Beginning {
    pub from: String,
    pub to: String,
}

/// What a query becomes that somebody may still be typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// What must be found, as [`query_tokens`] makes it.
    pub words: Vec<String>,
    /// What the last of the words may be the beginning of, besides what it is.
    pub beginning: Option<Beginning>,
    /// The last word as it was typed.
    pub last: String,
}

/// Reads a query whose last word may be unfinished. Nothing is unfinished before a blank or a full stop.
pub fn typed(query: &str) -> Typed {
    let folded = fold(query);
    let whole = folded.trim_end_matches(korean::is_letter_alone);
    // A consonant alone is a syllable on its way, unless there is nothing else.
    let folded = if whole.ends_with(is_cjk) { whole } else { &folded };
    let words = query_tokens(folded);
    let last = folded.unicode_words().next_back().unwrap_or_default().to_owned();
    let all = folded.unicode_words().count();
    if last.is_empty() || !folded.ends_with(&*last) || words.is_empty() || all > MAX_ASKED || words.len() == MAX_ASKED {
        return Typed { words, beginning: None, last };
    }
    let beginning = match last.chars().next_back() {
        Some(c) if is_cjk(c) => words.last().and_then(|token| korean::beginning(token)),
        _ if last.chars().any(is_cjk) => None,
        _ => Some(Beginning { to: format!("{}\u{10ffff}", cut(&last)), from: cut(&last) }),
    };
    Typed { words, beginning, last }
}

/// Whether a text holds all of these tokens, or all of them in a row. As asking [`tokens`], but quick to say no.
pub fn holds(text: &str, words: &[String], in_a_row: bool) -> bool {
    if words.is_empty() {
        return false;
    }
    let plain = text.is_ascii();
    let folded = fold(text);
    let may = words
        .iter()
        .all(|w| if w.is_ascii() { folded.contains(beginning(w)) } else { !plain && (w.chars().count() > 2 || folded.contains(w.as_str())) });
    if !may || (in_a_row && plain && words.windows(2).any(|pair| !may_follow(&folded, beginning(&pair[0]), beginning(&pair[1])))) {
        return false;
    }
    let tokens = tokens(&folded);
    if in_a_row { tokens.windows(words.len()).any(|part| part == words) } else { words.iter().all(|w| tokens.contains(w)) }
}

/// What a word has in common with its stem: two letters at its end may differ (happy, happi).
fn beginning(token: &str) -> &str {
    &token[..token.len().saturating_sub(2).clamp(1, 6).min(token.len())]
}

/// Whether a word that begins like one could stand before a word that begins like the other, in a text of ASCII. Quick; says yes
/// too often: where words end is not known to it.
fn may_follow(text: &str, one: &str, other: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices(one).any(|(at, _)| {
        let mut is_past_word = false;
        for (n, byte) in bytes.iter().enumerate().skip(at + one.len()) {
            if bytes[n..].starts_with(other.as_bytes()) {
                return true;
            }
            // Some of these stand within words, as in 3.14 and don't.
            is_past_word |= !byte.is_ascii_alphanumeric() && !b"'_.:,;\"".contains(byte);
            if is_past_word && byte.is_ascii_alphanumeric() {
                return false;
            }
        }
        false
    })
}

/// Cuts one folded word into tokens; `cjk` says what becomes of a run of Chinese, Japanese or Korean.
fn pieces(word: &str, stemmer: &Stemmer, cjk: impl Fn(&[char]) -> Vec<String>, out: &mut Vec<String>) {
    if !word.chars().any(is_cjk) {
        return out.push(cut(&stemmer.stem(word)));
    }
    let letters: Vec<char> = word.chars().collect();
    for run in letters.chunk_by(|a, b| is_cjk(*a) == is_cjk(*b)) {
        if is_cjk(run[0]) {
            out.extend(cjk(run));
        } else {
            let run: String = run.iter().collect();
            out.extend(run.unicode_words().map(|w| cut(&stemmer.stem(w))));
        }
    }
}

fn cut(token: &str) -> String {
    token.chars().take(MAX_TOKEN).collect()
}

/// Every pair of neighbours; one alone stays alone.
fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(run.len().min(2)).map(|p| p.iter().collect())
}

/// As few pairs as cover a run: 배송지연 is 배송 and 지연, so that it finds 배송 지연 as well.
fn apart(run: &[char]) -> Vec<String> {
    let mut out: Vec<String> = run.chunks_exact(2).map(|p| p.iter().collect()).collect();
    if run.len() % 2 == 1 {
        out.push(run[run.len().saturating_sub(2)..].iter().collect());
    }
    out
}

fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x3040..=0x30ff | 0x3130..=0x318f | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x20000..=0x2ffff)
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
    fn a_query_leaves_particles_and_bridges_out() {
        for form in ["환불", "환불은", "환불을", "환불해", "환불해요", "환불에서"] {
            assert_eq!(query_tokens(form), ["환불"], "{form}");
        }
        assert_eq!(query_tokens("배송지연"), ["배송", "지연"]);
        assert_eq!(query_tokens("고객센터"), ["고객", "센터"]);
        assert_eq!(query_tokens("운동화"), ["운동", "동화"]);
        assert_eq!(query_tokens("refunds Refund 환불 환불을"), ["refund", "환불"]);
        assert_eq!(query_tokens("!!! … \u{0}"), Vec::<String>::new());
        assert_eq!(query_tokens(&"word1 word2 word3 ".repeat(1_000)).len(), 3);
        assert_eq!(query_tokens(&(0..1_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")).len(), MAX_ASKED);
    }

    #[test]
    fn the_last_word_may_be_a_beginning() {
        let of = |query: &str| typed(query).beginning.map(|b| (b.from, b.to));
        assert_eq!(of("the ord"), Some(("ord".into(), "ord\u{10ffff}".into())));
        assert_eq!(of("the ord "), None);
        assert_eq!(of("환"), Some(("환".into(), "환\u{10ffff}".into())));
        assert_eq!(of("환부"), Some(("환부".into(), "환붛\u{10ffff}".into())));
        assert_eq!(of("환불"), None);
        assert_eq!(typed("환불ㅇ").words, ["환불"]);
        assert_eq!(typed("").words, Vec::<String>::new());
    }

    #[test]
    fn usual_words_are_known_by_their_tokens() {
        for usual in ["not", "arriv", "parcel", "니다", "pleas"] {
            assert!(is_usual(usual), "{usual}");
        }
        assert!(!is_usual("kettle") && !is_usual("주전"));
    }

    proptest! {
        #[test]
        fn a_text_holds_its_own_words(text in "[a-zA-Z가-힣ⅷＡ-Ｚ '.é]{0,60}", other in "[a-zA-Z가-힣 ]{0,12}") {
            let all = tokens(&text);
            prop_assert!(query_tokens(&text).iter().all(|t| all.contains(t)));
            let asked = query_tokens(&other);
            prop_assert_eq!(holds(&text, &asked, false), !asked.is_empty() && asked.iter().all(|w| all.contains(w)));
            prop_assert!(all.is_empty() || holds(&text, &all, true));
        }

        #[test]
        fn words_in_a_row_are_held_in_a_row(text in "[aby '.,:;_\"\n-]{0,40}", asked in "[aby' .]{1,8}") {
            let (all, asked) = (tokens(&text), tokens(&asked));
            let in_a_row = !asked.is_empty() && all.windows(asked.len()).any(|part| part == asked);
            prop_assert_eq!(holds(&text, &asked, true), in_a_row);
        }

        #[test]
        fn what_is_normal_is_left_as_it_is(text in "[a-zA-Z0-9가-힣ㄱ-ㅣᄀ-ᇿぁ-ヿ\u{3099}一-龥’“—…\0 ]{0,30}") {
            prop_assert_eq!(fold(&text), normalised(&text));
        }

        #[test]
        fn nothing_panics(text in ".{0,200}") {
            let words = typed(&text);
            let all = tokens(&text);
            prop_assert!(words.words.iter().all(|t| all.contains(t)) || text.chars().any(korean::is_letter_alone));
            let _ = snippet(&text, &Marker::new(&words));
        }
    }
}
