//! From bytes to text: the declared charset when it fits, otherwise the best guess.
//!
//! Order: stateful 7-bit encodings by their escapes, valid UTF-8, the declared charset, a guess by statistics,
//! windows-1252. U+FFFD only appears when it was sent.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{limits, stateful};

/// What the surroundings say about bytes that carry no (or a wrong) label.
#[derive(Debug, Clone, Default)]
pub struct Hint {
    /// Charset that a neighbouring part declares.
    pub label: Option<String>,
    /// Country part of the sender's domain, such as `kr`.
    pub country: Option<String>,
}

/// Decodes a body or header value.
pub fn decode(bytes: &[u8], label: Option<&str>, hint: &Hint) -> String {
    let label = label.map(normalize).filter(|l| !says_nothing(l));
    let text = if let Some(text) = utf16_by_bom(bytes) {
        text
    } else if let Some(text) = label.as_deref().and_then(|l| by_form(bytes, l)) {
        text
    } else if let Some(text) = stateful::by_escapes(bytes) {
        text
    } else if bytes.is_ascii() {
        bytes.iter().map(|&b| char::from(b)).collect()
    } else {
        eight_bit(bytes, label.as_deref(), hint)
    };
    clean(text)
}

/// True when the label names a charset that we know how to read.
pub fn is_known(label: &str) -> bool {
    let label = normalize(label);
    !says_nothing(&label) && (by_form(b"", &label).is_some() || by_label(&label).is_some())
}

/// Lower case, without quotes, blanks and what follows a semicolon.
fn normalize(label: &str) -> String {
    let label = label.split([';', ',']).next().unwrap_or_default();
    label.trim().trim_matches(['"', '\'', '=', ' ']).chars().take(60).collect::<String>().to_ascii_lowercase()
}

/// Labels that programs write when they do not know either.
fn says_nothing(label: &str) -> bool {
    matches!(
        label,
        "" | "us-ascii"
            | "ascii"
            | "us_ascii"
            | "ansi_x3.4-1968"
            | "8bit"
            | "7bit"
            | "binary"
            | "none"
            | "default"
            | "unknown"
            | "unknown-8bit"
            | "x-unknown"
            | "iso-8859-1:1987 (unknown)"
            | "default_charset"
            | "x-user-defined"
    )
}

/// Encodings that are known by their form, not by their high bytes.
fn by_form(bytes: &[u8], label: &str) -> Option<String> {
    let flat: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    if flat.starts_with("iso2022jp") || flat == "csiso2022jp" || flat == "jis" || flat == "cp50220" || flat == "cp50221" || flat == "cp50222" {
        return bytes.iter().all(|&b| b < 0x80).then(|| stateful::iso_2022_jp(bytes));
    }
    if flat.starts_with("iso2022kr") || flat.starts_with("iso2022cn") || flat == "csiso2022kr" {
        return bytes.iter().all(|&b| b < 0x80).then(|| stateful::iso_2022_kr_cn(bytes));
    }
    match flat.as_str() {
        "hzgb2312" | "hz" => Some(stateful::hz(bytes)),
        "utf7" | "unicode11utf7" | "xunicode20utf7" => Some(stateful::utf7(bytes)),
        "utf16" | "utf16le" | "unicode" | "ucs2" | "iso10646ucs2" | "csunicode" => {
            looks_utf16(bytes).then(|| utf16(bytes, guess_big_endian(bytes, flat == "utf16")))
        }
        "utf16be" => looks_utf16(bytes).then(|| utf16(bytes, true)),
        "utf32" | "utf32le" | "utf32be" => utf32(bytes, flat != "utf32le"),
        _ => None,
    }
}

/// The encoding of a label, with the spellings that mail programs use beyond the WHATWG list.
fn by_label(label: &str) -> Option<&'static Encoding> {
    let flat: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let wider = match flat.as_str() {
        "utf8" | "utf8sig" | "utf8mb4" | "unicode11utf8" | "xutf8" | "cp65001" => Some(UTF_8),
        "cp949" | "ms949" | "uhc" | "xwindows949" | "windows949" | "euckr" | "ksc5601" | "ksc56011987" | "ksc56011992" | "kscode"
        | "csksc56011987" | "ksc5636" | "ksx1001" | "johab" | "949" => Some(EUC_KR),
        "gb2312" | "gb231280" | "gbk" | "gb18030" | "gb180302000" | "gb180302022" | "cp936" | "ms936" | "xgbk" | "euccn" | "chinese" | "csgb2312"
        | "936" | "54936" => Some(GB18030),
        "big5" | "cnbig5" | "big5hkscs" | "cp950" | "ms950" | "xxbig5" | "big5eten" | "950" => Some(BIG5),
        "sjis" | "shiftjis" | "xsjis" | "mskanji" | "cp932" | "ms932" | "windows31j" | "cswindows31j" | "932" | "shiftjis2004" => Some(SHIFT_JIS),
        "eucjp" | "xeucjp" | "eucjpms" | "eucjpwin" | "ujis" | "cp51932" => Some(EUC_JP),
        "latin1" | "iso88591" | "88591" | "l1" | "isolatin1" | "cp1252" | "windows1252" | "ansi" | "1252" | "win1252" | "westerneuropean"
        | "xansi" => Some(WINDOWS_1252),
        _ => None,
    };
    wider
        .or_else(|| Encoding::for_label(label.as_bytes()))
        .or_else(|| Encoding::for_label(flat.as_bytes()))
        .or_else(|| dashed(&flat))
        .filter(|e| *e != encoding_rs::REPLACEMENT)
}

/// `iso885915`, `cp1251`, `win1250` and the like, however they were spelt.
fn dashed(flat: &str) -> Option<&'static Encoding> {
    if let Some(n) = flat.strip_prefix("iso8859").or_else(|| flat.strip_prefix("8859")) {
        return Encoding::for_label(format!("iso-8859-{n}").as_bytes());
    }
    let n = flat
        .strip_prefix("windows")
        .or_else(|| flat.strip_prefix("xcp"))
        .or_else(|| flat.strip_prefix("win"))
        .or_else(|| flat.strip_prefix("cp"))
        .or_else(|| flat.strip_prefix("ms"))?;
    Encoding::for_label(format!("windows-{n}").as_bytes())
}

fn eight_bit(bytes: &[u8], label: Option<&str>, hint: &Hint) -> String {
    let declared = label.and_then(by_label);
    let multibyte = declared.is_some_and(is_multibyte);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // A few two-byte letters may as well be a legacy multi-byte charset that says so.
        if !multibyte || utf8_is_certain(text) {
            return text.to_owned();
        }
    } else if declared.is_none_or(|d| d == UTF_8 || !multibyte) && mostly_utf8(bytes) {
        return utf8_with_strays(bytes);
    }
    if let Some(encoding) = declared.filter(|e| *e != UTF_8)
        && !likely_mislabelled(bytes, encoding, hint)
        && let Some(text) = strictly(encoding, bytes)
    {
        return text;
    }
    if declared.is_none() {
        if let Some(decoder) = label.and_then(|l| mail_parser::decoders::charsets::map::charset_decoder(l.as_bytes())) {
            return decoder(bytes);
        }
        if let Some(encoding) = hint.label.as_deref().map(normalize).as_deref().and_then(by_label).filter(|e| *e != UTF_8)
            && let Some(text) = strictly(encoding, bytes)
            && (is_multibyte(encoding) || !likely_mislabelled(bytes, encoding, hint))
        {
            return text;
        }
    }
    if let Some(encoding) = declared.filter(|e| is_multibyte(e)) {
        // A stray byte in a long text does not make the label wrong.
        let (text, faults) = patched(encoding, bytes);
        if faults * 10 <= text.chars().filter(|c| !c.is_ascii()).count() {
            return text;
        }
    }
    let guess = guess(bytes, hint);
    if let Some(text) = strictly(guess, bytes) {
        return text;
    }
    // Nothing fits without a fault: the candidate with the fewest faults.
    [declared, Some(guess), Some(WINDOWS_1252)]
        .into_iter()
        .flatten()
        .filter(|e| *e != UTF_8)
        .map(|e| patched(e, bytes))
        .min_by_key(|(_, faults)| *faults)
        .map_or_else(|| utf8_with_strays(bytes), |(text, _)| text)
}

fn is_multibyte(e: &'static Encoding) -> bool {
    [EUC_KR, GBK, GB18030, BIG5, SHIFT_JIS, EUC_JP].contains(&e)
}

/// Decodes without a single fault, or not at all.
fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).filter(|t| !t.contains('\u{fffd}')).map(Cow::into_owned)
}

/// Decodes; bytes without a meaning become what windows-1252 makes of them.
fn patched(encoding: &'static Encoding, bytes: &[u8]) -> (String, usize) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(bytes.len() * 2);
    let (mut pos, mut faults) = (0, 0);
    while pos < bytes.len() {
        let rest = &bytes[pos..];
        out.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 4) + 16);
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut out, true);
        pos += read;
        match result {
            encoding_rs::DecoderResult::InputEmpty => break,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(bad, after) => {
                faults += 1;
                let end = pos.saturating_sub(usize::from(after));
                let start = end.saturating_sub(usize::from(bad));
                if end < bytes.len() || encoding != UTF_8 {
                    out.push_str(&WINDOWS_1252.decode_without_bom_handling(&bytes[start..end]).0);
                }
                decoder = encoding.new_decoder_without_bom_handling();
                if result_needs_stop(pos, bytes.len()) {
                    break;
                }
            }
        }
    }
    (out, faults)
}

const fn result_needs_stop(pos: usize, len: usize) -> bool {
    pos >= len
}

/// Enough or long enough sequences that chance is no explanation.
fn utf8_is_certain(text: &str) -> bool {
    let (mut sequences, mut long) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()).take(8) {
        sequences += 1;
        long += usize::from(c.len_utf8() > 2);
    }
    sequences >= 4 || (long > 0 && long == sequences)
}

/// UTF-8 with a few wrong bytes in it (cut sequences, a pasted latin-1 footer).
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // A sequence that the end cut off counts for UTF-8, not against it.
    if good == 0 { bad <= 1 && ends_mid_sequence(bytes) } else { good >= bad * 2 }
}

fn ends_mid_sequence(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(e) if e.error_len().is_none() && bytes.len() - e.valid_up_to() >= 2)
}

fn utf8_with_strays(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    let mut left = bytes.len();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        left -= chunk.valid().len() + chunk.invalid().len();
        // A character that the end of the text cut in two cannot be guessed.
        let cut_off = left == 0 && chunk.invalid().first().is_some_and(|b| *b >= 0xe0 && chunk.invalid().len() > 1 || (0xc2..=0xf4).contains(b));
        if !cut_off {
            out.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    out
}

/// A Western label on bytes that are mostly high: many programs label whatever they have as latin-1.
fn likely_mislabelled(bytes: &[u8], declared: &'static Encoding, hint: &Hint) -> bool {
    if declared != WINDOWS_1252 && declared.name() != "ISO-8859-15" {
        return false;
    }
    let sample = &bytes[..bytes.len().min(limits::CHARSET_SAMPLE)];
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    let letters = high + sample.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if high < 8 || high * 10 < letters * 4 {
        return false;
    }
    let guess = guess(bytes, hint);
    guess != WINDOWS_1252 && !guess.name().starts_with("ISO-8859-1") && strictly(guess, sample_at_boundary(sample)).is_some()
}

/// The sample up to its last ASCII byte, so that no multi-byte character is cut.
fn sample_at_boundary(sample: &[u8]) -> &[u8] {
    let end = sample.iter().rposition(u8::is_ascii_whitespace).map_or(sample.len(), |n| n + 1);
    &sample[..end]
}

fn guess(bytes: &[u8], hint: &Hint) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(limits::CHARSET_SAMPLE)], true);
    let tld = hint.country.as_deref().filter(|t| t.bytes().all(|b| b.is_ascii_lowercase())).map(str::as_bytes);
    detector.guess(tld, Utf8Detection::Deny)
}

fn utf16_by_bom(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] if rest.len() >= 2 => Some(utf16(rest, false)),
        [0xfe, 0xff, rest @ ..] if rest.len() >= 2 => Some(utf16(rest, true)),
        _ => None,
    }
}

/// A UTF-16 label on 8-bit text is common; real UTF-16 has many zero bytes or is valid as such and not as UTF-8.
fn looks_utf16(bytes: &[u8]) -> bool {
    bytes.is_empty() || bytes.contains(&0) || (bytes.len().is_multiple_of(2) && !bytes.is_ascii() && std::str::from_utf8(bytes).is_err())
}

fn guess_big_endian(bytes: &[u8], unsure: bool) -> bool {
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even == odd { unsure } else { even > odd }
}

fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn utf32(bytes: &[u8], big_endian: bool) -> Option<String> {
    let text: Option<String> = bytes
        .chunks_exact(4)
        .map(|c| {
            let c = [c[0], c[1], c[2], c[3]];
            char::from_u32(if big_endian { u32::from_be_bytes(c) } else { u32::from_le_bytes(c) })
        })
        .collect();
    text.filter(|t| !t.is_empty() || bytes.is_empty())
}

/// Without byte order mark, NUL and other control characters that no text needs.
fn clean(text: String) -> String {
    let unwanted = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')) || c == '\u{feff}';
    if text.contains(unwanted) { text.replace(unwanted, "") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(bytes: &[u8], label: Option<&str>) -> String {
        decode(bytes, label, &Hint::default())
    }

    #[test]
    fn utf8_wins_over_a_western_label() {
        assert_eq!(plain("Grüße".as_bytes(), Some("iso-8859-1")), "Grüße");
    }

    #[test]
    fn a_declared_korean_charset_is_used_in_all_its_spellings() {
        let bytes = EUC_KR.encode("환불 요청드립니다 똠방각하").0;
        for label in ["euc-kr", "ks_c_5601-1987", "cp949", "MS949", "\"UHC\"", "x-windows-949"] {
            assert_eq!(plain(&bytes, Some(label)), "환불 요청드립니다 똠방각하", "{label}");
        }
    }

    #[test]
    fn a_korean_text_labelled_latin_1_is_recognised() {
        let text = "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.";
        assert_eq!(plain(&EUC_KR.encode(text).0, Some("iso-8859-1")), text);
    }

    #[test]
    fn unlabelled_japanese_and_chinese_are_guessed() {
        let ja = "お世話になっております。先日注文した商品がまだ届いておりません。";
        assert_eq!(plain(&SHIFT_JIS.encode(ja).0, None), ja);
        assert_eq!(plain(&EUC_JP.encode(ja).0, Some("us-ascii")), ja);
        let zh = "您好，我上周订购的商品还没有收到，请帮我查询一下物流信息。谢谢！";
        assert_eq!(plain(&GB18030.encode(zh).0, None), zh);
    }

    #[test]
    fn broken_utf8_keeps_its_good_letters() {
        assert_eq!(plain(b"gr\xc3\xbc\xc3\x9fe \xe4 end", Some("utf-8")), "grüße ä end");
        assert_eq!(plain(b"\xed\x95\x9c\xea\xb8\x80 cut \xed\x95", Some("utf-8")), "한글 cut ");
    }

    #[test]
    fn latin_1_under_a_utf8_label_is_read_as_latin_1() {
        assert_eq!(plain(b"sch\xf6ne Gr\xfc\xdfe aus K\xf6ln", Some("utf-8")), "schöne Grüße aus Köln");
    }

    #[test]
    fn a_charset_with_faults_has_no_replacement_characters() {
        let mut bytes = EUC_KR.encode("주문 번호를 알려 주세요").0.into_owned();
        bytes.push(0xff);
        bytes.extend_from_slice(b" ok");
        let text = plain(&bytes, Some("euc-kr"));
        assert!(text.starts_with("주문 번호를") && !text.contains('\u{fffd}'), "{text}");
    }

    #[test]
    fn utf16_is_read_by_its_mark() {
        assert_eq!(plain(b"\xff\xfeh\0i\0", None), "hi");
    }

    #[test]
    fn code_pages_of_old_terminals_are_known() {
        assert_eq!(plain(b"\x81ber", Some("ibm850")), "über");
        assert_eq!(plain(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("cp-1251")), "Привет");
    }
}
