//! Content-Transfer-Encoding, decoded forgivingly: what cannot be decoded is kept, never dropped.

use std::borrow::Cow;

/// Decodes `body` by the value of its Content-Transfer-Encoding field.
pub fn decode<'a>(body: &'a [u8], encoding: Option<&[u8]>) -> Cow<'a, [u8]> {
    let label: String = encoding
        .unwrap_or_default()
        .iter()
        .take(64)
        .take_while(|&&b| b != b';' && b != b'(')
        .filter(|b| b.is_ascii_alphanumeric())
        .map(|&b| char::from(b.to_ascii_lowercase()))
        .collect();
    match label.as_str() {
        "base64" | "xbase64" => base64(body).map_or(Cow::Borrowed(body), Cow::Owned),
        "quotedprintable" => Cow::Owned(quoted_printable(body)),
        "uuencode" | "xuuencode" | "xuue" | "uue" => match super::uuencode::first(body) {
            Some(file) => Cow::Owned(file.data),
            None => Cow::Borrowed(body),
        },
        _ => Cow::Borrowed(body),
    }
}

/// Base64 with anything between its letters skipped; `None` when this is plainly not base64.
///
/// A line of other text after the padding (a footer that some relay put there) ends it.
pub fn base64(body: &[u8]) -> Option<Vec<u8>> {
    let sample = &body[..body.len().min(4096)];
    let (mut letters, mut others) = (0usize, 0usize);
    for &b in sample {
        if base64_value(b).is_some() || b == b'=' {
            letters += 1;
        } else if !b.is_ascii_whitespace() && b != 0 {
            others += 1;
        }
    }
    let words = sample.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii().split(|&b| b == b' ').count();
    if others * 4 > letters || (others > 0 && words > 3) {
        return None;
    }
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0u32, 0u32);
    let mut padded = false;
    for line in body.split(|&b| b == b'\n') {
        if padded && line.trim_ascii().iter().any(|&b| base64_value(b).is_none() && b != b'=') {
            break;
        }
        for &b in line {
            if let Some(v) = base64_value(b) {
                bits = (bits << 6) | u32::from(v);
                held += 6;
                if held >= 8 {
                    held -= 8;
                    out.push((bits >> held) as u8);
                    bits &= (1 << held) - 1;
                }
            } else if b == b'=' {
                // Padding ends a quantum; another block may follow it.
                bits = 0;
                held = 0;
                padded = true;
            }
        }
    }
    Some(out)
}

const fn base64_value(b: u8) -> Option<u8> {
    Some(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Quoted-printable; a `=` that starts no escape stays as it is.
pub fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut i = 0;
    while i < body.len() {
        match body[i] {
            b'=' => {
                if let Some(v) = hex_pair(body.get(i + 1), body.get(i + 2)) {
                    out.push(v);
                    i += 3;
                    continue;
                }
                let mut j = i + 1;
                while j < body.len() && matches!(body[j], b' ' | b'\t' | b'\r') {
                    j += 1;
                }
                if j >= body.len() {
                    break;
                }
                if body[j] == b'\n' {
                    i = j + 1;
                } else {
                    out.push(b'=');
                    i += 1;
                }
            }
            b @ (b' ' | b'\t') => {
                let run = body[i..].iter().take_while(|&&c| matches!(c, b' ' | b'\t')).count();
                let after = &body[i + run..];
                // Blanks at the end of a line were added by a relay.
                if !(after.starts_with(b"\n") || after.starts_with(b"\r\n")) {
                    out.extend_from_slice(&body[i..i + run]);
                }
                let _ = b;
                i += run;
            }
            b => {
                out.push(b);
                i += 1;
            }
        }
    }
    out
}

/// Two hex digits as a byte.
pub fn hex_pair(a: Option<&u8>, b: Option<&u8>) -> Option<u8> {
    let digit = |c: Option<&u8>| c.and_then(|&c| char::from(c).to_digit(16));
    Some((digit(a)? * 16 + digit(b)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_foreign_characters_and_a_footer() {
        let body = b"SGVs\r\n bG8g!\r\nd29ybGQ=\r\n-- \r\nlist footer, plain\r\n";
        assert_eq!(base64(body).unwrap(), b"Hello world");
    }

    #[test]
    fn text_labelled_base64_stays_text() {
        assert_eq!(&*decode(b"Hi, this is: not base64! (really)", Some(b" base64")), b"Hi, this is: not base64! (really)");
    }

    #[test]
    fn two_padded_blocks_are_joined() {
        assert_eq!(base64(b"YQ==\nYg==\n").unwrap(), b"ab");
    }

    #[test]
    fn quoted_printable_keeps_what_it_cannot_read() {
        assert_eq!(quoted_printable(b"1=3D1 =\r\n2 =zz  \r\n=e4="), b"1=1 2 =zz\r\n\xe4");
    }
}
