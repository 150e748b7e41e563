//! Words that must go, wherever and however they are written.

use crate::Refusal;

/// What stands in their place. Its length says nothing of theirs.
pub const BLOCK: &str = "█████";
/// Most words or phrases at once.
const MOST: usize = 20;
/// Longest phrase, in characters.
const LONGEST: usize = 2_000;
/// Shortest, spaces not counted: less would blacken half of every message.
const SHORTEST: usize = 3;

/// Phrases to take out. Spaces, line breaks, marks of quoting and the size of letters do not matter.
#[derive(Debug, Clone)]
pub struct Words(Vec<Vec<char>>);

/// A character of what a reader sees: where it stands in the source.
struct Seen {
    from: usize,
    to: usize,
    char: char,
}

fn folded(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).map(folded).collect()
}

impl Words {
    /// At most 20 phrases of at least three characters.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when one is too short or too long, or there are too many.
    pub fn new(list: &[String]) -> Result<Self, Refusal> {
        if list.len() > MOST {
            return Err(Refusal::invalid("words", "too_many", "20 phrases are the most at once."));
        }
        let mut all = Vec::new();
        for phrase in list {
            let chars = bare(phrase);
            if chars.len() < SHORTEST {
                return Err(Refusal::invalid("words", "too_short", "Choose at least three characters."));
            }
            if chars.len() > LONGEST {
                return Err(Refusal::invalid("words", "too_long", "2,000 characters are the most."));
            }
            all.push(chars);
        }
        // The longest first: a phrase within another leaves nothing of it.
        all.sort_by_key(|chars| std::cmp::Reverse(chars.len()));
        Ok(Self(all))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A plain text without them; none when they do not stand in it.
    pub fn without(&self, text: &str) -> Option<String> {
        let mut seen = Vec::new();
        let mut begins = true;
        for (from, c) in text.char_indices() {
            let mark = begins && (c == '>' || c == '|');
            begins = c == '\n' || begins && (mark || c.is_whitespace());
            if !mark && !c.is_whitespace() {
                seen.push(Seen { from, to: from + c.len_utf8(), char: folded(c) });
            }
        }
        let cuts = self.cuts(&seen, text, false);
        (!cuts.is_empty()).then(|| apply(text, cuts))
    }

    /// Sanitised HTML without them, also where a phrase runs over several elements; a tag that carries one in an attribute
    /// keeps nothing but its name. None when they do not stand in it.
    pub fn without_html(&self, html: &str) -> Option<String> {
        let mut seen = Vec::new();
        let mut tags = Vec::new();
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            if rest.starts_with('<') {
                let length = crate::html::tag_end(rest).map_or(rest.len(), |end| end + 1);
                let tag = &rest[..length];
                if self.are_in(&html_escape::decode_html_entities(tag)) || self.are_in(&percent_decoded(tag)) {
                    let name: String = tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
                    tags.push((at, at + length, if tag.starts_with("</") { tag.to_owned() } else { format!("<{name}>") }));
                }
                at += length;
                continue;
            }
            let Some(first) = rest.chars().next() else { break };
            let entity = (first == '&').then(|| rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| &rest[..=end])).flatten();
            let length = entity.map_or(first.len_utf8(), str::len);
            let shown = entity.map_or_else(|| first.to_string(), |e| html_escape::decode_html_entities(e).into_owned());
            for c in shown.chars().filter(|c| !c.is_whitespace()) {
                seen.push(Seen { from: at, to: at + length, char: folded(c) });
            }
            at += length;
        }
        let mut cuts = self.cuts(&seen, html, true);
        cuts.extend(tags);
        cuts.sort_by_key(|(from, _, _)| *from);
        (!cuts.is_empty()).then(|| apply(html, cuts))
    }

    fn are_in(&self, text: &str) -> bool {
        let chars = bare(text);
        self.0.iter().any(|phrase| chars.windows(phrase.len()).any(|w| w == phrase))
    }

    /// What to cut from the source, in its order. Tags (where there are any) that stand within a phrase stay.
    fn cuts(&self, seen: &[Seen], source: &str, tagged: bool) -> Vec<(usize, usize, String)> {
        let mut gone = vec![0_u8; seen.len()];
        for phrase in &self.0 {
            for (at, whole) in seen.windows(phrase.len()).enumerate() {
                if whole.iter().map(|s| s.char).eq(phrase.iter().copied()) {
                    // Where phrases overlap, all of both goes.
                    gone[at] = if gone[at] == 0 { 1 } else { 2 };
                    gone[at + 1..at + phrase.len()].fill(2);
                }
            }
        }
        let mut cuts: Vec<(usize, usize, String)> = Vec::new();
        for (s, mark) in seen.iter().zip(gone) {
            match (mark, cuts.last_mut()) {
                (0, _) => {}
                (1, _) => cuts.push((s.from, s.to, BLOCK.to_owned())),
                // One entity may stand for several characters.
                (_, Some(last)) if s.from < last.1 => {}
                (_, Some(last)) if !(tagged && source[last.1..s.from].contains('<')) => last.1 = s.to,
                _ => cuts.push((s.from, s.to, String::new())),
            }
        }
        cuts
    }
}

fn apply(source: &str, cuts: Vec<(usize, usize, String)>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (from, to, with) in cuts {
        if from < at {
            continue;
        }
        out.push_str(&source[at..from]);
        out.push_str(&with);
        at = to;
    }
    out.push_str(&source[at..]);
    out
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Words {
        Words::new(&list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn row_32_words_are_found_however_they_are_written() {
        let card = words(&["4111 1111"]);
        for text in ["4111 1111", "41111111", "4111\n1111", "> 4111\n> 1111", "4111\u{a0}1111"] {
            let left = card.without(text).unwrap();
            assert!(!left.contains("11"), "{left}");
        }
        assert_eq!(words(&["Secret"]).without("My SECRET is safe").unwrap(), format!("My {BLOCK} is safe"));
        assert_eq!(card.without("4111 2222"), None);
        assert_eq!(words(&["12345", "45678"]).without("No. 12345678.").unwrap(), format!("No. {BLOCK}."));
    }

    #[test]
    fn row_32_words_are_found_across_elements_entities_and_in_attributes() {
        let card = words(&["4111 1111", "a&b@c.example"]);
        assert_eq!(card.without_html("<p>No. 41<b>11</b>&nbsp;1111!</p>").unwrap(), format!("<p>No. {BLOCK}<b></b>&nbsp;!</p>"));
        assert_eq!(card.without_html("<p>No. 4111 1111, please</p>").unwrap(), format!("<p>No. {BLOCK}, please</p>"));
        assert_eq!(card.without_html("<p>a&amp;b@c.example</p>").unwrap(), format!("<p>{BLOCK}</p>"));
        assert_eq!(card.without_html("<a href=\"https://x/?n=4111%201111\">x</a>").unwrap(), "<a>x</a>");
        assert_eq!(card.without_html("<img alt=\"4111 1111\" src=\"cid:x\">").unwrap(), "<img>");
        assert_eq!(card.without_html("<p>4111</p><p>2222</p>"), None);
    }

    #[test]
    fn too_short_too_long_and_too_many_are_refused() {
        assert!(Words::new(&["a b".into()]).is_err());
        assert!(Words::new(&["x".repeat(2_001)]).is_err());
        assert!(Words::new(&vec!["abc".to_owned(); 21]).is_err());
    }

    #[test]
    fn row_32_nothing_of_a_phrase_is_left_wherever_it_stands() {
        let around = ["", " ", "x", "<b>", "&amp;", ";", "&", "<", "\n> ", "가", "12"];
        let all = words(&["98765"]);
        for before in around {
            for after in around {
                let text = format!("{before}98765{after}");
                let left = all.without(&text).unwrap();
                assert!(!left.contains("98765"), "{left}");
                let html = crate::html::sanitize_composed(&crate::html::from_text(&text));
                let left = all.without_html(&html).unwrap();
                assert!(!crate::html::to_text(&left).contains("98765"), "{left}");
                assert_eq!(all.without_html(&left), None);
            }
        }
    }
}
