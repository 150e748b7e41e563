//! Encodings that switch charsets by escapes and use 7-bit bytes only.
//!
//! They are turned into their 8-bit kin first, which makes broken or doubled escapes harmless and
//! lets us read the extensions (JIS X 0212, half-width kana, NEC rows) that strict decoders refuse.

use encoding_rs::{EUC_JP, EUC_KR, GB18030, UTF_16BE};

#[derive(Clone, Copy, PartialEq)]
enum Set {
    Ascii,
    Kanji,
    Supplement,
    Kana,
}

/// Recognises unlabelled ISO-2022 text by its escapes.
pub fn by_escapes(bytes: &[u8]) -> Option<String> {
    if !bytes.is_ascii() {
        return None;
    }
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
    if !bytes.contains(&0x1b) {
        return None;
    }
    if has(b"\x1b$)C") || has(b"\x1b$)A") {
        return Some(iso_2022_kr_cn(bytes));
    }
    (has(b"\x1b$B") || has(b"\x1b$@") || has(b"\x1b(J") || has(b"\x1b(I") || has(b"\x1b$(")).then(|| iso_2022_jp(bytes))
}

/// ISO-2022-JP with its extensions (-1, -2, -3, -MS).
pub fn iso_2022_jp(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut set, mut shifted) = (Set::Ascii, false);
    let mut i = 0;
    while i < bytes.len() {
        let b = bytes[i];
        if b == 0x1b
            && let Some((next, len)) = jp_escape(&bytes[i..])
        {
            set = next;
            i += len;
            continue;
        }
        match b {
            0x0e => shifted = true,
            0x0f => shifted = false,
            b'\n' | b'\r' => {
                // A line always starts in ASCII, also where the closing escape was lost.
                set = Set::Ascii;
                out.push(b);
            }
            0x1b => {}
            0x21..=0x5f if set == Set::Kana || shifted => out.extend_from_slice(&[0x8e, b | 0x80]),
            0x21..=0x7e if set == Set::Kanji || set == Set::Supplement => {
                let Some(&second) = bytes.get(i + 1).filter(|c| (0x21..=0x7e).contains(*c)) else {
                    i += 1;
                    continue;
                };
                if set == Set::Supplement {
                    out.push(0x8f);
                }
                out.extend_from_slice(&[b | 0x80, second | 0x80]);
                i += 1;
            }
            _ => out.push(b),
        }
        i += 1;
    }
    EUC_JP.decode_without_bom_handling(&out).0.into_owned()
}

fn jp_escape(rest: &[u8]) -> Option<(Set, usize)> {
    Some(match rest {
        [_, b'(', b'I', ..] => (Set::Kana, 3),
        [_, b'(', b'B' | b'J' | b'H', ..] => (Set::Ascii, 3),
        [_, b'$', b'(', b'D', ..] => (Set::Supplement, 4),
        [_, b'$', b'(', b'@' | b'B' | b'O' | b'Q', ..] => (Set::Kanji, 4),
        [_, b'$', b'@' | b'B', ..] | [_, b'&', b'@', ..] => (Set::Kanji, 3),
        _ => return None,
    })
}

/// ISO-2022-KR and the GB 2312 part of ISO-2022-CN: between SO and SI the bytes are the 8-bit charset without its high bit.
pub fn iso_2022_kr_cn(bytes: &[u8]) -> String {
    let chinese = bytes.windows(4).any(|w| w == b"\x1b$)A");
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut i = 0;
    while i < bytes.len() {
        match &bytes[i..] {
            [0x1b, b'$', b')' | b'*', _, ..] => i += 3,
            [0x0e, ..] => shifted = true,
            [0x0f, ..] => shifted = false,
            [b @ (b'\n' | b'\r'), ..] => {
                shifted = false;
                out.push(*b);
            }
            [b @ 0x21..=0x7e, ..] if shifted => out.push(b | 0x80),
            [b, ..] => out.push(*b),
            [] => {}
        }
        i += 1;
    }
    let encoding = if chinese { GB18030 } else { EUC_KR };
    encoding.decode_without_bom_handling(&out).0.into_owned()
}

/// HZ-GB-2312: `~{` … `~}`.
pub fn hz(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut chinese = false;
    let mut i = 0;
    while i < bytes.len() {
        match &bytes[i..] {
            [b'~', b'{', ..] => {
                chinese = true;
                i += 1;
            }
            [b'~', b'}', ..] => {
                chinese = false;
                i += 1;
            }
            [b'~', b'~', ..] if !chinese => {
                out.push(b'~');
                i += 1;
            }
            [b'~', b'\n', ..] => i += 1,
            [b @ (b'\n' | b'\r'), ..] => {
                chinese = false;
                out.push(*b);
            }
            [b @ 0x21..=0x7e, ..] if chinese => out.push(b | 0x80),
            [b, ..] => out.push(*b),
            [] => {}
        }
        i += 1;
    }
    GB18030.decode_without_bom_handling(&out).0.into_owned()
}

/// UTF-7 (RFC 2152).
pub fn utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] != b'+' {
            let run = bytes[i..].iter().take_while(|b| **b != b'+').count();
            out.push_str(&String::from_utf8_lossy(&bytes[i..i + run]));
            i += run;
            continue;
        }
        let run = bytes[i + 1..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
        let coded = &bytes[i + 1..i + 1 + run];
        let closed = bytes.get(i + 1 + run) == Some(&b'-');
        if coded.is_empty() {
            out.push('+');
        } else {
            let units = super::transfer::base64(coded).unwrap_or_default();
            out.push_str(&UTF_16BE.decode_without_bom_handling(&units[..units.len() / 2 * 2]).0);
        }
        i += 1 + run + usize::from(closed);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_with_doubled_and_lost_escapes_is_read() {
        assert_eq!(iso_2022_jp(b"\x1b$B%O%m\x1b(B\x1b$B!<\x1b(B!"), "ハロー!");
        assert_eq!(iso_2022_jp(b"\x1b$B%O%m!<\nok"), "ハロー\nok");
    }

    #[test]
    fn circled_digits_and_half_width_kana_are_read() {
        assert_eq!(iso_2022_jp(b"\x1b$B-!\x1b(I1\x1b(B"), "①ｱ");
    }

    #[test]
    fn seven_bit_korean_and_chinese_are_read() {
        assert_eq!(by_escapes(b"\x1b$)C\x0eGQ1[\x0f ok").as_deref(), Some("한글 ok"));
        assert_eq!(hz(b"~{VPND~} ok"), "中文 ok");
        assert_eq!(utf7(b"+ZYeB9FH6ckh5Pg-, 1 +- 2"), "文致出版社, 1 + 2");
    }
}
