//! A forgiving HTML tokenizer: enough to read text out of mail, never to decide what is safe.

use std::borrow::Cow;

/// A piece of HTML.
#[derive(Debug)]
pub enum Token<'a> {
    /// Text, entities still in it.
    Text(&'a str),
    /// A start tag.
    Open {
        /// Its name, lower case.
        name: String,
        /// Its attributes.
        attributes: Attributes<'a>,
        /// It ended in `/>`.
        closed: bool,
    },
    /// An end tag.
    Close(String),
}

/// The attributes of a start tag, read when asked for.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a>(&'a str);

impl Attributes<'_> {
    /// True when there are more attributes than any honest tag has; browsers' parsers compare each with each.
    pub fn are_too_many(&self) -> bool {
        let (mut quote, mut separators, mut before) = (0u8, 0usize, 0u8);
        for b in self.0.bytes() {
            match b {
                _ if quote != 0 && b == quote => {
                    quote = 0;
                    separators += 1;
                }
                _ if quote != 0 => {}
                b'"' | b'\'' if before == b'=' => quote = b,
                b'/' | b'"' | b'\'' | b' ' | b'\t' | b'\n' | b'\r' | 0x0c => separators += 1,
                _ => {}
            }
            before = b;
        }
        separators > 3_000
    }

    /// The value of the attribute of that (lower-case) name, entities decoded.
    pub fn get(&self, wanted: &str) -> Option<String> {
        let mut rest = self.0;
        for _ in 0..100 {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            if rest.is_empty() || end == 0 && !rest.starts_with('=') {
                return None;
            }
            let name = &rest[..end];
            let after = rest[end..].trim_start();
            let Some(value) = after.strip_prefix('=') else {
                rest = &rest[end.max(1)..];
                continue;
            };
            let value = value.trim_start();
            let (value, next) = match value.as_bytes().first() {
                Some(&q @ (b'"' | b'\'')) => {
                    let inner = &value[1..];
                    match inner.find(char::from(q)) {
                        Some(n) => (&inner[..n], &inner[n + 1..]),
                        None => (inner, ""),
                    }
                }
                _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            if name.eq_ignore_ascii_case(wanted) {
                return Some(unescape(value).into_owned());
            }
            rest = next;
        }
        None
    }
}

/// The tokens of a text.
pub struct Tokens<'a> {
    rest: &'a str,
    /// The element whose raw text comes next (`style`, `script`, …).
    raw: Option<&'static str>,
    /// No `>` is left: everything more is text.
    no_more_tags: bool,
    /// No `-->` is left.
    no_more_comments: bool,
    /// How often a tag whose quotes never close may still be looked for to the end.
    patience: u8,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `html`.
    pub fn new(html: &'a str) -> Self {
        Self { rest: html, raw: None, no_more_tags: false, no_more_comments: false, patience: 8 }
    }

    fn text(&mut self, len: usize) -> Token<'a> {
        let (text, rest) = self.rest.split_at(len);
        self.rest = rest;
        Token::Text(text)
    }

    /// Skips to after the next `>`; without one nothing more is markup.
    fn skip_tag(&mut self) {
        match self.rest.find('>') {
            Some(n) => self.rest = &self.rest[n + 1..],
            None => self.no_more_tags = true,
        }
    }
}

impl Tokens<'_> {
    /// Where the tag ends, `>` in quoted values left aside; the next `>` where a quote never closes.
    fn tag_end(&mut self, body: &str) -> Option<usize> {
        if self.patience > 0 {
            let mut quote = 0u8;
            let mut after_equals = false;
            for (i, b) in body.bytes().enumerate() {
                match b {
                    b'"' | b'\'' if quote == 0 && after_equals => quote = b,
                    b if quote != 0 && b == quote => quote = 0,
                    b'>' if quote == 0 => return Some(i),
                    _ => {}
                }
                if !b.is_ascii_whitespace() {
                    after_equals = b == b'=';
                }
            }
            self.patience -= 1;
        }
        body.find('>')
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some(name) = self.raw.take() {
                // A title that never ends would swallow the mail.
                let end = find_close(self.rest, name).unwrap_or(if matches!(name, "style" | "script") { self.rest.len() } else { 0 });
                if end > 0 {
                    return Some(self.text(end));
                }
            }
            if self.no_more_tags {
                return Some(self.text(self.rest.len()));
            }
            let Some(start) = self.rest.find('<') else { return Some(self.text(self.rest.len())) };
            if start > 0 {
                return Some(self.text(start));
            }
            let after = &self.rest[1..];
            let first = after.bytes().next().unwrap_or(b' ');
            if after.starts_with("!--") {
                // "<!-->" is a whole comment, and one that is never closed ends at the next ">".
                let end = if self.no_more_comments { None } else { self.rest[2..].find("-->") };
                if let Some(n) = end {
                    self.rest = &self.rest[2 + n + 3..];
                } else {
                    self.no_more_comments = true;
                    self.skip_tag();
                }
                continue;
            }
            if first == b'!' || first == b'?' {
                self.skip_tag();
                continue;
            }
            let closing = first == b'/';
            let body = if closing { &after[1..] } else { after };
            if !body.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) {
                if closing && !body.is_empty() {
                    self.skip_tag();
                    continue;
                }
                return Some(self.text(1));
            }
            let Some(end) = self.tag_end(body) else {
                let end = self.rest.find('>').unwrap_or(self.rest.len());
                return Some(self.text(end));
            };
            let tag = &body[..end];
            self.rest = &body[end + 1..];
            let name_end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
            let name = tag[..name_end].to_ascii_lowercase();
            if closing {
                return Some(Token::Close(name));
            }
            self.raw = match name.as_str() {
                "style" => Some("style"),
                "script" => Some("script"),
                "title" => Some("title"),
                "textarea" => Some("textarea"),
                "xmp" => Some("xmp"),
                _ => None,
            };
            return Some(Token::Open { name, attributes: Attributes(tag.get(name_end..).unwrap_or_default()), closed: tag.ends_with('/') });
        }
    }
}

fn find_close(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(n) = text[from..].find("</") {
        let at = from + n;
        if text.as_bytes().get(at + 2..at + 2 + name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// Decodes entities, those without a semicolon too.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = without_semicolon(text);
    let decoded = html_escape::decode_html_entities(&text).into_owned();
    Cow::Owned(decoded)
}

/// Adds the semicolon that old programs leave out after the most common entities, and reads windows-1252 numbers.
fn without_semicolon(text: &str) -> String {
    const NAMES: &[&str] = &[
        "nbsp", "amp", "lt", "gt", "quot", "copy", "reg", "auml", "ouml", "uuml", "Auml", "Ouml", "Uuml", "szlig", "eacute", "egrave", "agrave",
        "ccedil",
    ];
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(n) = rest.find('&') {
        out.push_str(&rest[..n]);
        rest = &rest[n + 1..];
        if let Some(number) = rest.strip_prefix('#') {
            let hex = number.starts_with(['x', 'X']);
            let digits = &number[usize::from(hex)..];
            let len = digits.bytes().take(8).take_while(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() }).count();
            if let Some(c) = u32::from_str_radix(&digits[..len], if hex { 16 } else { 10 }).ok().and_then(number_to_char) {
                if c == '&' {
                    out.push_str("&amp;");
                } else {
                    out.push(c);
                }
                rest = &digits[len..];
                rest = rest.strip_prefix(';').unwrap_or(rest);
                continue;
            }
        }
        out.push('&');
        let len = rest.bytes().take(10).take_while(u8::is_ascii_alphanumeric).count();
        if rest.as_bytes().get(len) != Some(&b';')
            && let Some(name) = NAMES.iter().find(|name| rest.starts_with(**name) && (len == name.len() || **name == "nbsp"))
        {
            out.push_str(name);
            out.push(';');
            rest = &rest[name.len()..];
        }
    }
    out.push_str(rest);
    out
}

fn number_to_char(n: u32) -> Option<char> {
    match n {
        0 => Some('\u{fffd}'),
        0x80..=0x9f => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[n as u8]).0.chars().next(),
        _ => char::from_u32(n).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')),
    }
}
