//! What an IMAP server sends, cut into responses and read into values, within limits. Reading may be interrupted at
//! any await without losing a byte.

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncReadExt;

use super::session::ImapError;
use crate::email::dial::Stream;

/// Longest line without its literals: room for the numbers of a very large mailbox.
const MAX_LINE: usize = 8 * 1024 * 1024;
/// Deepest list.
const MAX_DEPTH: usize = 32;

/// Collects bytes until a response is whole.
#[derive(Debug, Default)]
pub(super) struct Reader {
    buffer: BytesMut,
    /// Where the current line (after the last literal) begins.
    line: usize,
    /// Up to where that line was searched for its end.
    searched: usize,
}

impl Reader {
    /// Reads one response: a line with the literals it announces, none longer than `max_literal`.
    pub(super) async fn next(&mut self, stream: &mut Box<dyn Stream>, max_literal: usize) -> Result<Bytes, ImapError> {
        loop {
            if let Some(end) = self.whole(max_literal)? {
                let response = self.buffer.split_to(end).freeze();
                (self.line, self.searched) = (0, 0);
                return Ok(response);
            }
            let missing = self.line.saturating_sub(self.buffer.len());
            self.buffer.reserve(missing.max(8 * 1024));
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ImapError::Closed);
            }
        }
    }

    /// True when bytes are waiting that nobody has read.
    pub(super) fn has_input(&self) -> bool {
        !self.buffer.is_empty()
    }

    fn whole(&mut self, max_literal: usize) -> Result<Option<usize>, ImapError> {
        loop {
            if self.line > self.buffer.len() {
                return Ok(None);
            }
            let from = self.searched.max(self.line);
            let Some(end) = self.buffer[from..].iter().position(|&b| b == b'\n').map(|at| from + at + 1) else {
                self.searched = self.buffer.len();
                if self.buffer.len() - self.line > MAX_LINE {
                    return Err(ImapError::Nonsense("a line without end"));
                }
                return Ok(None);
            };
            match announced_literal(&self.buffer[self.line..end]) {
                Some(size) if size > max_literal => return Err(ImapError::Nonsense("a text larger than was asked for")),
                Some(size) => {
                    self.line = end + size;
                    self.searched = self.line;
                }
                None => return Ok(Some(end)),
            }
        }
    }
}

/// The size in `{123}` at the end of a line.
fn announced_literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let open = line.iter().rposition(|&b| b == b'{')?;
    std::str::from_utf8(&line[open + 1..]).ok()?.trim_end_matches('+').parse().ok()
}

/// A value in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// An atom, a number, a flag, or `BODY[]`.
    Atom(String),
    /// A quoted string or literal.
    Text(Bytes),
    /// A list in parentheses.
    List(Vec<Value>),
}

impl Value {
    pub(super) fn atom(&self) -> Option<&str> {
        match self {
            Self::Atom(atom) => Some(atom),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<u32> {
        self.atom()?.parse().ok()
    }
}

/// Reads the values of a response.
pub(super) fn values(response: &Bytes) -> Result<Vec<Value>, ImapError> {
    let mut parser = Parser { all: response, at: 0 };
    let values = parser.list(0)?;
    if parser.at < response.len() { Err(ImapError::Nonsense("a closing bracket too many")) } else { Ok(values) }
}

struct Parser<'a> {
    all: &'a Bytes,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.all.get(self.at).copied()
    }

    /// Values until a closing bracket (left in place) or the end.
    fn list(&mut self, depth: usize) -> Result<Vec<Value>, ImapError> {
        if depth > MAX_DEPTH {
            return Err(ImapError::Nonsense("lists too deep"));
        }
        let mut found = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\r' | b'\n' => self.at += 1,
                b')' => break,
                b'(' => {
                    self.at += 1;
                    found.push(Value::List(self.list(depth + 1)?));
                    if self.peek() != Some(b')') {
                        return Err(ImapError::Nonsense("a list without end"));
                    }
                    self.at += 1;
                }
                b'"' => found.push(self.quoted()?),
                b'{' => found.push(self.literal()?),
                _ => found.push(self.atom()),
            }
        }
        Ok(found)
    }

    fn quoted(&mut self) -> Result<Value, ImapError> {
        let mut text = Vec::new();
        self.at += 1;
        loop {
            match self.peek() {
                None | Some(b'\r' | b'\n') => return Err(ImapError::Nonsense("a quoted text without end")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Value::Text(text.into()));
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.extend(self.peek());
                }
                Some(other) => text.push(other),
            }
            self.at += 1;
        }
    }

    fn literal(&mut self) -> Result<Value, ImapError> {
        let rest = &self.all[self.at..];
        let end = rest.iter().position(|&b| b == b'\n').map(|at| at + 1);
        let size = end.and_then(|end| announced_literal(&rest[..end]));
        let (Some(end), Some(size)) = (end, size) else { return Err(ImapError::Nonsense("a text without size")) };
        let start = self.at + end;
        if start + size > self.all.len() {
            return Err(ImapError::Nonsense("a text shorter than announced"));
        }
        self.at = start + size;
        Ok(Value::Text(self.all.slice(start..start + size)))
    }

    fn atom(&mut self) -> Value {
        let start = self.at;
        let mut in_section = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\r' | b'\n' => break,
                b'[' => in_section = true,
                b']' => in_section = false,
                b' ' | b'(' | b')' | b'"' if !in_section => break,
                _ => {}
            }
            self.at += 1;
        }
        Value::Atom(String::from_utf8_lossy(&self.all[start..self.at]).into_owned())
    }
}

/// A folder name as IMAP writes it: modified UTF-7 (RFC 3501 5.1.3).
pub(super) fn folder_name(name: &str) -> String {
    use base64::{Engine, alphabet::IMAP_MUTF7, engine::general_purpose::NO_PAD};
    let engine = base64::engine::GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let mut out = String::new();
    let mut foreign = Vec::new();
    let close = |foreign: &mut Vec<u8>, out: &mut String| {
        if !foreign.is_empty() {
            out.push('&');
            out.push_str(&engine.encode(&*foreign));
            out.push('-');
            foreign.clear();
        }
    };
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            close(&mut foreign, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| foreign.extend(unit.to_be_bytes()));
        }
    }
    close(&mut foreign, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(wire: &'static str) -> Vec<Value> {
        values(&Bytes::from_static(wire.as_bytes())).expect("values")
    }

    #[test]
    fn a_fetch_response_is_read() {
        let values = read("* 3 FETCH (UID 7 FLAGS (\\Seen $x) INTERNALDATE \" 1-Jan-2026 00:00:00 +0000\" BODY[] {3}\r\na)\n)\r\n");
        assert_eq!(values[..3], [Value::Atom("*".into()), Value::Atom("3".into()), Value::Atom("FETCH".into())]);
        let Value::List(items) = &values[3] else { panic!("{values:?}") };
        assert_eq!(items[1].number(), Some(7));
        assert_eq!(items[7], Value::Text(Bytes::from_static(b"a)\n")));
    }

    #[test]
    fn a_section_may_hold_brackets_and_spaces() {
        assert_eq!(read("BODY[HEADER.FIELDS (A B)] NIL")[0], Value::Atom("BODY[HEADER.FIELDS (A B)]".into()));
    }

    #[test]
    fn nonsense_is_an_error_not_a_panic() {
        for wire in ["(", ")", "\"", "{5}\r\nab", "(\"a\\", "{99999999999999999999}\r\n", "(((())"] {
            assert!(values(&Bytes::from_static(wire.as_bytes())).is_err(), "{wire}");
        }
        let deep = "(".repeat(100_000);
        assert!(values(&Bytes::from(deep)).is_err());
    }

    #[tokio::test]
    async fn responses_arrive_in_any_pieces() {
        let wire = b"* OK hi\r\n* 1 FETCH (BODY[] {12}\r\nhello\r\n\r\n{9} {2}\r\nxx)\r\na1 OK\r\n";
        for piece in 1..wire.len() {
            let (mut near, far) = tokio::io::duplex(piece);
            let task = tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut near, wire).await });
            let mut stream: Box<dyn Stream> = Box::new(far);
            let mut reader = Reader::default();
            let mut lengths = Vec::new();
            for _ in 0..3 {
                lengths.push(reader.next(&mut stream, 100).await.expect("a response").len());
            }
            assert_eq!(lengths, [9, 47, 7], "in pieces of {piece}");
            drop(task);
        }
    }

    #[tokio::test]
    async fn a_literal_larger_than_allowed_is_refused_before_it_is_read() {
        let (mut near, far) = tokio::io::duplex(100);
        tokio::io::AsyncWriteExt::write_all(&mut near, b"* 1 FETCH (BODY[] {1000000}\r\n").await.expect("written");
        let mut stream: Box<dyn Stream> = Box::new(far);
        assert!(matches!(Reader::default().next(&mut stream, 1000).await, Err(ImapError::Nonsense(_))));
    }

    #[test]
    fn folder_names_are_written_in_modified_utf7() {
        assert_eq!(folder_name("INBOX/R&D"), "INBOX/R&-D");
        assert_eq!(folder_name("받은편지함"), "&vBvHQNO4ycDVaA-");
        assert_eq!(folder_name("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    }
}
