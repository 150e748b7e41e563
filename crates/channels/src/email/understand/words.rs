//! Header values as text: unfolding, encoded-words (RFC 2047) and their common faults, raw 8-bit.

use super::{charset, charset::Hint, transfer};

/// The value as one line of text.
pub fn decode(raw: &[u8], hint: &Hint) -> String {
    one_line(&decode_unfolded(&unfold(raw), hint))
}

/// Decodes the encoded-words in text that was unfolded and freed of raw 8-bit before.
pub fn decode_text(text: &str, hint: &Hint) -> String {
    if text.contains("=?") { decode_unfolded(text.as_bytes(), hint) } else { text.to_owned() }
}

/// Line ends and other control characters become blanks, runs of them one.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Takes the line ends out of a folded value.
pub fn unfold(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for &b in raw.trim_ascii() {
        match b {
            b'\r' => {}
            b'\n' => {
                if !out.ends_with(b" ") {
                    out.push(b' ');
                }
            }
            b'\t' => out.push(b' '),
            _ => out.push(b),
        }
    }
    out
}

/// Bytes of encoded-words that share a charset: a character may be split between two of them.
struct Run {
    charset: String,
    bytes: Vec<u8>,
}

fn decode_unfolded(raw: &[u8], hint: &Hint) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut run: Option<Run> = None;
    let mut plain = 0; // start of text not yet written
    let mut i = 0;
    while let Some(offset) = find(&raw[i..], b"=?") {
        let at = i + offset;
        let closable = find(&raw[at + 2..], b"?=").is_some();
        let Some(word) = parse_word(raw, at) else {
            if !closable {
                break;
            }
            i = at + 2;
            continue;
        };
        let between = &raw[plain..at];
        if run.is_some() && between.iter().all(u8::is_ascii_whitespace) {
            // White space between encoded-words belongs to the coding, not to the text.
        } else {
            finish(&mut out, run.take(), hint);
            out.push_str(&charset::decode(between, None, hint));
        }
        if let Some(r) = run.as_mut().filter(|r| r.charset.eq_ignore_ascii_case(&word.charset)) {
            r.bytes.extend_from_slice(&word.bytes);
        } else {
            finish(&mut out, run.take(), hint);
            run = Some(Run { charset: word.charset, bytes: word.bytes });
        }
        plain = word.end;
        i = word.end;
    }
    finish(&mut out, run, hint);
    out.push_str(&charset::decode(&raw[plain..], None, hint));
    out
}

fn finish(out: &mut String, run: Option<Run>, hint: &Hint) {
    if let Some(run) = run {
        out.push_str(&charset::decode(&run.bytes, Some(&run.charset), hint));
    }
}

struct Word {
    charset: String,
    bytes: Vec<u8>,
    end: usize,
}

/// An encoded-word at `at`. Blanks inside and a missing `?=` at the end of the value are forgiven.
fn parse_word(raw: &[u8], at: usize) -> Option<Word> {
    let rest = &raw[at + 2..];
    let q = rest.iter().take(60).position(|&b| b == b'?')?;
    let label = rest[..q].split(|&b| b == b'*').next()?.trim_ascii();
    if label.is_empty() || !label.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.' | b'(' | b')' | b'+' | b'"')) {
        return None;
    }
    let coding = rest.get(q + 1).map(u8::to_ascii_lowercase)?;
    if rest.get(q + 2) != Some(&b'?') || !matches!(coding, b'q' | b'b') {
        return None;
    }
    let text = &rest[q + 3..];
    let (len, closing) = if let Some(n) = end_of_text(text, coding) {
        (n, 2)
    } else if text.is_empty() || find(text, b"=?").is_some() {
        return None;
    } else {
        // Cut off: what is left is coded text.
        (text.iter().position(|b| matches!(b, b'<' | b'>' | b'"')).unwrap_or(text.len()), 0)
    };
    let coded = &text[..len];
    let bytes = if coding == b'b' { base64(coded) } else { q_decode(coded) };
    Some(Word { charset: String::from_utf8_lossy(label).into_owned(), bytes, end: at + 2 + q + 3 + len + closing })
}

/// Where the text of the word ends. A `?=` that is followed by two hex digits in Q coding was an unescaped question mark.
fn end_of_text(text: &[u8], coding: u8) -> Option<usize> {
    let mut from = 0;
    for _ in 0..16 {
        let at = from + find(&text[from..], b"?=")?;
        let escape = coding == b'q'
            && transfer::hex_pair(text.get(at + 2), text.get(at + 3)).is_some()
            && text.get(at + 2..at + 4).is_some_and(|h| h.iter().any(u8::is_ascii_digit) && h.iter().all(|b| !b.is_ascii_lowercase()));
        if !escape || find(&text[at + 2..], b"?=").is_none() {
            return Some(at);
        }
        // Only a real escape when another end follows before the next word starts.
        let next_start = find(&text[at + 2..], b"=?").unwrap_or(usize::MAX);
        let next_end = find(&text[at + 2..], b"?=").unwrap_or(usize::MAX);
        if next_end > next_start {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn base64(coded: &[u8]) -> Vec<u8> {
    let compact: Vec<u8> = coded.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    transfer::base64(&compact).unwrap_or_else(|| coded.to_vec())
}

fn q_decode(coded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(coded.len());
    let mut i = 0;
    while i < coded.len() {
        match coded[i] {
            b'_' => out.push(b' '),
            b'=' => {
                if let Some(b) = transfer::hex_pair(coded.get(i + 1), coded.get(i + 2)) {
                    out.push(b);
                    i += 2;
                } else {
                    out.push(b'=');
                }
            }
            b => out.push(b),
        }
        i += 1;
    }
    out
}

/// Where `needle` first is in `hay`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        decode(raw.as_bytes(), &Hint::default())
    }

    #[test]
    fn a_character_split_between_two_words_is_whole_again() {
        assert_eq!(text("=?UTF-8?B?7ZmY67Y=?=\r\n =?utf-8?B?iCDsmpTssq0=?="), "환불 요청");
        assert_eq!(text("=?utf-8?Q?gr=C3?= =?utf-8?Q?=BC=C3=9Fe?="), "grüße");
    }

    #[test]
    fn words_with_faults_are_read() {
        assert_eq!(text("=?utf-8?Q?a b=20c?="), "a b c");
        assert_eq!(text("Re:=?utf-8?q?=C3=A4?=b"), "Re:äb");
        assert_eq!(text("=?utf-8?Q?=C3=A4rger"), "ärger");
        assert_eq!(text("=?utf-8*de?Q?=C3=A4?="), "ä");
        assert_eq!(text("=?iso-8859-1?Q?Was_nun?=?="), "Was nun?=");
    }

    #[test]
    fn what_only_looks_coded_stays() {
        assert_eq!(text("1 =? 2 ?= 3"), "1 =? 2 ?= 3");
    }

    #[test]
    fn raw_eight_bit_takes_the_hint() {
        let hint = Hint { label: Some("euc-kr".into()), country: None };
        assert_eq!(decode(b" \xc8\xaf\xba\xd2", &hint), "환불");
        assert_eq!(decode("환불".as_bytes(), &hint), "환불");
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(text(" a\r\n\tb\r\n  c"), "a b c");
    }
}
