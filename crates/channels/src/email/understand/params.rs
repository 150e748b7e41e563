//! `Content-Type` and `Content-Disposition`: a token and its parameters, with RFC 2231 and the usual faults.

use super::{charset, charset::Hint, transfer, words};

/// A parsed value.
#[derive(Debug, Clone, Default)]
pub struct Valued {
    /// The token before the parameters, lower case (`text/plain`, `attachment`); empty when there is none.
    pub token: String,
    params: Vec<(String, String)>,
}

impl Valued {
    /// The parameter of that (lower-case) name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }
}

/// Longest value that is read, and most parameters.
const LONGEST: usize = 16 * 1024;
const MOST: usize = 200;

/// Parses a value.
pub fn parse(raw: &[u8], hint: &Hint) -> Valued {
    let raw = words::unfold(&raw[..raw.len().min(LONGEST)]);
    let raw = strip_comments(&raw);
    let end = raw.iter().position(|&b| b == b';').unwrap_or(raw.len());
    let first = raw[..end].trim_ascii();
    // "text/plain charset=x" lacks its semicolon; "name=x" lacks its token.
    let (token, mut rest) = match first.iter().position(u8::is_ascii_whitespace) {
        Some(space) if first[space..].contains(&b'=') => (&first[..space], &raw[words::find(&raw, first).unwrap_or(0) + space..]),
        _ if first.contains(&b'=') && !first.contains(&b'/') => (&b""[..], &raw[..]),
        _ => (first, raw.get(end + 1..).unwrap_or_default()),
    };
    let token = token
        .trim_ascii_end()
        .iter()
        .filter(|b| b.is_ascii_alphanumeric() || b"/-+._!#$&^*".contains(b))
        .map(|b| char::from(b.to_ascii_lowercase()))
        .take(200)
        .collect();
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    while found.len() < MOST {
        let Some((name, value, after)) = next_param(rest) else { break };
        if !name.is_empty() {
            found.push((name, value));
        }
        rest = after;
    }
    Valued { token, params: assemble(&found, hint) }
}

/// Comments are rare, and parentheses in unquoted file names are not: only a comment after a blank and before a `;` or the end goes.
fn strip_comments(raw: &[u8]) -> Vec<u8> {
    let Some(open) = raw.iter().position(|&b| b == b'(') else { return raw.to_vec() };
    let before_params = !raw[..open].contains(&b';') && !raw[..open].contains(&b'=');
    match raw[open..].iter().position(|&b| b == b')') {
        Some(n) if before_params => [&raw[..open], &raw[open + n + 1..]].concat(),
        _ => raw.to_vec(),
    }
}

fn next_param(mut rest: &[u8]) -> Option<(String, Vec<u8>, &[u8])> {
    while let [b';' | b' ' | b',', more @ ..] = rest {
        rest = more;
    }
    if rest.is_empty() {
        return None;
    }
    let stop = rest.iter().position(|b| matches!(b, b'=' | b';'))?;
    let name: String = rest[..stop].trim_ascii().iter().map(|b| char::from(b.to_ascii_lowercase())).collect();
    if rest[stop] == b';' {
        return Some((String::new(), Vec::new(), &rest[stop + 1..]));
    }
    let mut value = rest[stop + 1..].trim_ascii_start();
    if let [b'"', inner @ ..] = value
        && let Some((text, after)) = quoted(inner)
    {
        return Some((name, text, after));
    }
    let end = value.iter().position(|&b| b == b';').unwrap_or(value.len());
    let after = &value[end..];
    value = value[..end].trim_ascii();
    // Two parameters without a semicolon: "charset=utf-8 format=flowed".
    if let Some(space) = value.iter().position(|&b| b == b' ') {
        let next = &value[space + 1..];
        let names = next.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'*')).count();
        if names > 2 && next.get(names) == Some(&b'=') {
            let offset = rest.len() - after.len() - value.len() + space;
            return Some((name, value[..space].to_vec(), &rest[offset.min(rest.len())..]));
        }
    }
    Some((name, value.strip_prefix(b"\"").unwrap_or(value).to_vec(), after))
}

/// The text up to the closing quote. A backslash only escapes quotes and itself: `C:\dir\file` was meant.
fn quoted(inner: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < inner.len() {
        match inner[i] {
            b'\\' if matches!(inner.get(i + 1), Some(b'"' | b'\\')) => {
                out.push(inner[i + 1]);
                i += 1;
            }
            b'"' => {
                // A quote in the middle of a name, not before a semicolon or the end, was not escaped.
                let after = inner[i + 1..].trim_ascii_start();
                if after.is_empty() || after[0] == b';' || !after.contains(&b'"') || looks_like_param(after) {
                    return Some((out, &inner[i + 1..]));
                }
                out.push(b'"');
            }
            b => out.push(b),
        }
        i += 1;
    }
    None
}

fn looks_like_param(text: &[u8]) -> bool {
    let n = text.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'*')).count();
    n > 1 && text.get(n) == Some(&b'=')
}

/// Joins the pieces of RFC 2231 and decodes everything. The extended form of a name wins over the plain one.
fn assemble(found: &[(String, Vec<u8>)], hint: &Hint) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut pieces: Vec<(&str, u32, bool, &[u8])> = Vec::new();
    for (name, value) in found {
        let Some((base, rest)) = name.split_once('*') else { continue };
        let extended = rest.is_empty() || rest.ends_with('*');
        let Ok(index) = (if rest.is_empty() { Ok(0) } else { rest.trim_end_matches('*').parse() }) else { continue };
        pieces.push((base, index, extended, value));
    }
    pieces.sort_by_key(|(_, index, ..)| *index);
    for (base, ..) in &pieces {
        if out.iter().any(|(n, _)| n == base) {
            continue;
        }
        let (mut bytes, mut label) = (Vec::new(), None);
        let mut coded = false;
        for (n, (_, _, extended, value)) in pieces.iter().filter(|(b, ..)| b == base).enumerate() {
            let mut value = *value;
            if n == 0 && *extended {
                let mut split = value.splitn(3, |&b| b == b'\'');
                if let (Some(charset), Some(_), Some(text)) = (split.next(), split.next(), split.next()) {
                    label = Some(String::from_utf8_lossy(charset).into_owned());
                    value = text;
                }
            }
            coded |= *extended;
            if *extended { percent_decode(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        let text = if coded { charset::decode(&bytes, label.as_deref(), hint) } else { words::decode(&bytes, hint) };
        // Encoded-words inside the extended form happen too.
        out.push(((*base).to_owned(), words::decode_text(&text, hint)));
    }
    for (name, value) in found.iter().filter(|(n, _)| !n.contains('*')) {
        if !out.iter().any(|(n, _)| n == name) {
            let text = words::decode(value, hint);
            // Some programs put the extended form under the plain name.
            let text = extended_in_plain(&text, hint).unwrap_or(text);
            out.push((name.clone(), text));
        }
    }
    out
}

fn extended_in_plain(text: &str, hint: &Hint) -> Option<String> {
    let (label, rest) = text.split_once('\'')?;
    let (_, coded) = rest.split_once('\'')?;
    if !coded.contains('%') || !charset::is_known(label) {
        return None;
    }
    let mut bytes = Vec::new();
    percent_decode(coded.as_bytes(), &mut bytes);
    Some(charset::decode(&bytes, Some(label), hint))
}

fn percent_decode(value: &[u8], out: &mut Vec<u8>) {
    let mut i = 0;
    while i < value.len() {
        if value[i] == b'%'
            && let Some(b) = transfer::hex_pair(value.get(i + 1), value.get(i + 2))
        {
            out.push(b);
            i += 3;
        } else {
            out.push(value[i]);
            i += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str) -> Valued {
        parse(raw.as_bytes(), &Hint::default())
    }

    #[test]
    fn pieces_of_a_name_are_joined_and_decoded() {
        let v = of("attachment; filename*1*=%80%EC.pdf; filename*0*=utf-8''%ED%95%9C%EA%B8; filename=x.pdf");
        assert!(v.param("filename").unwrap().starts_with('한'));
        assert_eq!(of("attachment; filename*0=\"a b\"; filename*1=\"c.txt\"").param("filename"), Some("a bc.txt"));
    }

    #[test]
    fn encoded_words_and_raw_bytes_in_names_are_read() {
        assert_eq!(of("image/png; name=\"=?utf-8?Q?gr=C3=BCn.png?=\"").param("name"), Some("grün.png"));
        assert_eq!(parse("x/y; name=견적서.xlsx".as_bytes(), &Hint::default()).param("name"), Some("견적서.xlsx"));
    }

    #[test]
    fn faults_of_punctuation_are_forgiven() {
        assert_eq!(of("text/plain charset=utf-8").param("charset"), Some("utf-8"));
        assert_eq!(of("text/plain; charset=utf-8 format=flowed").param("format"), Some("flowed"));
        assert_eq!(of("text/plain; charset=\"utf-8").param("charset"), Some("utf-8"));
        assert_eq!(of("a/b; name=my file (1).pdf").param("name"), Some("my file (1).pdf"));
        assert_eq!(of("a/b; name=\"a \"b\" c.txt\"; x=y").param("name"), Some("a \"b\" c.txt"));
        assert_eq!(of("Text/HTML (a comment); charset=x").token, "text/html");
        assert_eq!(of("attachment; filename=\"C:\\temp\\a.txt\"").param("filename"), Some("C:\\temp\\a.txt"));
    }
}
