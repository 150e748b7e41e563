//! Header values as they go over the wire: encoded words (RFC 2047), parameters (RFC 2231), folded lines.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Where a line should end, and where it must.
const SOFT: usize = 76;
const HARD: usize = 900;

/// Bytes of text in one encoded word: 60 base64 characters and 12 of frame stay under the 75 allowed.
const WORD: usize = 45;

/// Collects one header, folding between tokens.
pub(super) struct Header {
    line: String,
    column: usize,
}

impl Header {
    pub(super) fn new(name: &str) -> Self {
        Self { line: format!("{name}:"), column: name.len() + 1 }
    }

    /// Adds a token after a space, or on a new line when it does not fit.
    pub(super) fn token(&mut self, token: &str) {
        if self.column + 1 + token.len() > SOFT && self.column > 1 {
            self.line.push_str("\r\n ");
            self.column = 1;
        } else {
            self.line.push(' ');
            self.column += 1;
        }
        self.line.push_str(token);
        self.column += token.len();
    }

    /// The header with its line end.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.line.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

/// True when text can stand in a header as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..0x7f).contains(&b))
        && !text.contains("=?")
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && text.split(' ').all(|word| !word.is_empty() && word.len() < HARD)
}

/// Unstructured text (Subject).
pub(super) fn text(header: &mut Header, text: &str) {
    if is_plain(text) {
        for word in text.split(' ') {
            header.token(word);
        }
    } else {
        encoded_words(header, text);
    }
}

/// A display name before an address.
pub(super) fn display_name(header: &mut Header, name: &str) {
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    if !is_plain(name) {
        encoded_words(header, name);
    } else if name.split(' ').all(|word| word.bytes().all(atom)) {
        for word in name.split(' ') {
            header.token(word);
        }
    } else {
        header.token(&format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")));
    }
}

fn encoded_words(header: &mut Header, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let mut cut = rest.len().min(WORD);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let (word, after) = rest.split_at(cut);
        header.token(&format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
}

/// `; name=value` as RFC 2231 says: quoted when plain and short, percent-encoded UTF-8 in pieces otherwise.
pub(super) fn parameter(name: &str, value: &str) -> String {
    let plain = value.bytes().all(|b| (b' '..0x7f).contains(&b));
    if plain && value.len() <= 60 {
        return format!("; {name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut pieces = vec![String::new()];
    for c in value.chars() {
        let mut encoded = String::new();
        let mut buffer = [0; 4];
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        let full = pieces.last().is_some_and(|piece| piece.len() + encoded.len() > 50);
        if full {
            pieces.push(encoded);
        } else if let Some(piece) = pieces.last_mut() {
            piece.push_str(&encoded);
        }
    }
    if let [only] = pieces.as_slice() {
        return format!("; {name}*=UTF-8''{only}");
    }
    pieces.iter().enumerate().fold(String::new(), |mut all, (n, piece)| {
        let charset = if n == 0 { "UTF-8''" } else { "" };
        let _ = write!(all, "; {name}*{n}*={charset}{piece}");
        all
    })
}

/// A domain in ASCII (`xn--…`); `None` when it is not a domain.
pub(super) fn idn(domain: &str) -> Option<String> {
    match url::Host::parse(domain) {
        // Case is kept where nothing had to be encoded.
        Ok(url::Host::Domain(name)) if !domain.contains('%') => Some(if domain.is_ascii() { domain.to_owned() } else { name }),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Header)) -> String {
        let mut header = Header::new("Subject");
        write(&mut header);
        let mut out = Vec::new();
        header.finish(&mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn plain_text_stays_plain_and_folds() {
        let subject = "word ".repeat(40);
        let out = written(|h| text(h, subject.trim()));
        assert!(out.lines().all(|line| line.len() <= 78), "{out}");
        assert_eq!(out.replace("\r\n ", " ").trim_end(), format!("Subject: {}", subject.trim()));
    }

    #[test]
    fn korean_is_cut_between_characters() {
        let subject = "환불이 아직 처리되지 않았습니다 ".repeat(10);
        let out = written(|h| text(h, &subject));
        assert!(out.lines().all(|line| line.len() <= 78), "{out}");
        let mut mail = out.into_bytes();
        mail.extend_from_slice(b"\r\n");
        let parsed = mail_parser::MessageParser::default().parse(&mail).expect("a mail");
        assert_eq!(parsed.subject(), Some(subject.as_str()));
    }

    #[test]
    fn text_that_looks_encoded_is_encoded() {
        assert!(written(|h| text(h, "=?UTF-8?B?aGk=?=")).contains("=?UTF-8?B?PT9VVEYt"));
    }

    #[test]
    fn names_with_specials_are_quoted() {
        assert_eq!(written(|h| display_name(h, "Shop, \"Inc\" <a>")), "Subject: \"Shop, \\\"Inc\\\" <a>\"\r\n");
        assert_eq!(written(|h| display_name(h, "Ada Lovelace")), "Subject: Ada Lovelace\r\n");
    }
}
