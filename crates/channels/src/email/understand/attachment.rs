//! Parts that are not the body: their names, types and bytes.

use md5::{Digest, Md5};

use crate::email::mail::Attachment;

use super::{
    charset::Hint,
    header, limits,
    parts::{Part, Tree},
    tnef, transfer, uuencode, words,
};

/// Longest file name, in characters.
const LONGEST_NAME: usize = 200;

/// What an Outlook envelope among the parts says, for mails that say nothing outside of it: plain text and HTML.
pub fn enveloped_body(tree: &Tree<'_>, indexes: &[usize]) -> Option<(String, String)> {
    indexes.iter().map(|&i| &tree.parts[i]).filter(|p| tnef::is_tnef(&p.kind.token, p.name().unwrap_or_default())).find_map(|p| {
        let mut unpacked = tnef::unpack(&transfer::decode(p.body, p.headers.get("Content-Transfer-Encoding")))?;
        limits::cut(&mut unpacked.text, limits::TEXT);
        limits::cut(&mut unpacked.html, limits::HTML);
        (!unpacked.text.trim().is_empty() || !unpacked.html.trim().is_empty()).then_some((unpacked.text, unpacked.html))
    })
}

/// The attachments of a mail. `html` decides which of them are shown inline.
pub fn read(tree: &Tree<'_>, indexes: &[usize], plain_parts: &[usize], html: Option<&str>, hint: &Hint) -> Vec<Attachment> {
    let shown = html.map(Shown::in_html).unwrap_or_default();
    let mut out = Vec::new();
    for &index in indexes {
        let part = &tree.parts[index];
        let attachment = one(part, &shown, hint);
        if tnef::is_tnef(&attachment.content_type, &attachment.filename)
            && let Some(files) = tnef::unpack(&attachment.data)
            && !files.attachments.is_empty()
        {
            out.extend(files.attachments.into_iter().map(|f| {
                let inline = f.content_id.as_deref().is_some_and(|id| shown.has(id));
                made(&f.name, f.content_type, f.content_id, inline, f.data)
            }));
            continue;
        }
        out.push(attachment);
    }
    for &index in plain_parts {
        let part = &tree.parts[index];
        if words::find(part.body, b"begin ").is_some() {
            let bytes = transfer::decode(part.body, part.headers.get("Content-Transfer-Encoding"));
            out.extend(uuencode::all(&bytes, 100).into_iter().map(|f| made(&words::decode(&f.name, hint), String::new(), None, false, f.data)));
        }
    }
    unique_names(&mut out);
    out
}

fn one(part: &Part<'_>, shown: &Shown, hint: &Hint) -> Attachment {
    let data = transfer::decode(part.body, part.headers.get("Content-Transfer-Encoding")).into_owned();
    let content_id = part
        .headers
        .get("Content-ID")
        .map(|v| words::decode(v, hint))
        .map(|v| v.trim_matches(['<', '>', ' ', '"']).to_owned())
        .filter(|v| !v.is_empty());
    let location = part.headers.get("Content-Location").map(|v| words::decode(v, hint).replace(' ', ""));
    let inline = content_id.as_deref().is_some_and(|id| shown.has(id)) || location.as_deref().is_some_and(|l| shown.has(l));
    let mut kind = part.kind.token.clone();
    if part.untyped && part.name().is_some() {
        "application/octet-stream".clone_into(&mut kind);
    }
    let name = part.name().map(safe_name).filter(|n| !n.is_empty()).or_else(|| from_contents(part, &kind, &data, hint)).unwrap_or_default();
    made(&name, kind, content_id, inline, data)
}

fn made(name: &str, content_type: String, content_id: Option<String>, inline: bool, data: Vec<u8>) -> Attachment {
    let name = safe_name(name);
    let content_type = if content_type.is_empty() { type_of_name(&name).to_owned() } else { content_type };
    let filename = if name.is_empty() { format!("{}{}", stem_of_type(&content_type), extension_of(&content_type)) } else { name };
    Attachment { filename, content_type, size: data.len(), md5: md5_hex(&data), inline, content_id, data }
}

/// A name for a part that has none: the subject of an embedded mail, or its description.
fn from_contents(part: &Part<'_>, kind: &str, data: &[u8], hint: &Hint) -> Option<String> {
    if matches!(kind, "message/rfc822" | "message/global" | "message/news") {
        let subject = header::split(data).0.get("Subject").map(|v| words::decode(v, hint)).unwrap_or_default();
        let subject: String = safe_name(&subject.replace(['/', '\\'], "-"));
        return Some(format!("{}.eml", if subject.is_empty() { "message" } else { subject.trim_end_matches('.') }));
    }
    let described =
        part.headers.get("Content-Description").map(|v| safe_name(&words::decode(v, hint))).filter(|d| !d.is_empty() && d.chars().count() <= 100)?;
    let extension = extension_of(kind);
    let has_extension = described.rsplit_once('.').is_some_and(|(_, e)| (1..=5).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric()));
    Some(if has_extension { described } else { format!("{described}{extension}") })
}

/// Only the last part of a path, without characters that no file name needs.
fn safe_name(name: &str) -> String {
    let name = words::one_line(name);
    let name = name.rsplit(['/', '\\']).find(|p| !p.trim().is_empty()).unwrap_or_default();
    let unwanted = |c: char| {
        c.is_control()
            || matches!(c, '<' | '>' | '"' | '|' | '?' | '*' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = name.chars().map(|c| if c == ':' { '-' } else { c }).filter(|c| !unwanted(*c)).collect();
    let name = name.trim().trim_start_matches('.').trim();
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    // The extension outlives the cut.
    let extension = name.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 10).map(|e| format!(".{e}")).unwrap_or_default();
    let keep = LONGEST_NAME - extension.chars().count();
    name.chars().take(keep).collect::<String>() + &extension
}

/// `a.txt`, `a (2).txt`, `a (3).txt`.
fn unique_names(all: &mut [Attachment]) {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for attachment in all {
        let key = attachment.filename.to_lowercase();
        let mut n = seen.get(&key).copied().unwrap_or(0);
        if n > 0 {
            let (stem, extension) = match attachment.filename.rsplit_once('.') {
                Some((s, e)) if !s.is_empty() => (s.to_owned(), format!(".{e}")),
                _ => (attachment.filename.clone(), String::new()),
            };
            loop {
                n += 1;
                let name = format!("{stem} ({n}){extension}");
                if seen.insert(name.to_lowercase(), 1).is_none() {
                    attachment.filename = name;
                    break;
                }
            }
        } else {
            n = 1;
        }
        seen.insert(key, n);
    }
}

/// Which cids and locations an HTML body refers to.
#[derive(Default)]
struct Shown(std::collections::HashSet<String>);

impl Shown {
    fn in_html(html: &str) -> Self {
        let mut found = std::collections::HashSet::new();
        let lower_at = |i: usize| html.as_bytes().get(i..i + 4).is_some_and(|b| b.eq_ignore_ascii_case(b"cid:"));
        for (i, _) in html.match_indices(':') {
            if i < 3 || !lower_at(i - 3) || found.len() > 5_000 {
                continue;
            }
            let rest = &html[i + 1..];
            let end = rest.bytes().take(1_000).position(|b| matches!(b, b'"' | b'\'' | b'>' | b' ' | b')' | b'\n')).unwrap_or(0);
            found.insert(Self::key(&rest[..end]));
        }
        for (i, _) in html.match_indices("src=").chain(html.match_indices("SRC=")).take(5_000) {
            let rest = html[i + 4..].trim_start_matches(['"', '\'']);
            let end = rest.bytes().take(1_000).position(|b| matches!(b, b'"' | b'\'' | b'>' | b' ')).unwrap_or(0);
            found.insert(Self::key(&rest[..end]));
        }
        found.remove("");
        Self(found)
    }

    fn has(&self, id: &str) -> bool {
        self.0.contains(&Self::key(id))
    }

    /// Percent-escapes and entities undone, letters' case dropped.
    fn key(id: &str) -> String {
        let id = super::html_tokens::unescape(id);
        let mut bytes = Vec::new();
        let raw = id.as_bytes();
        let mut i = 0;
        while i < raw.len() {
            if raw[i] == b'%'
                && let Some(b) = transfer::hex_pair(raw.get(i + 1), raw.get(i + 2))
            {
                bytes.push(b);
                i += 3;
            } else {
                bytes.push(raw[i]);
                i += 1;
            }
        }
        String::from_utf8_lossy(&bytes).trim_matches(['<', '>', ' ']).to_lowercase()
    }
}

/// MD5 as lower-case hex.
fn md5_hex(data: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Md5::digest(data))
}

const TYPES: &[(&str, &str)] = &[
    ("text/plain", ".txt"),
    ("image/jpeg", ".jpg"),
    ("image/jpg", ".jpg"),
    ("image/pjpeg", ".jpg"),
    ("image/png", ".png"),
    ("image/gif", ".gif"),
    ("image/bmp", ".bmp"),
    ("image/tiff", ".tiff"),
    ("image/webp", ".webp"),
    ("image/heic", ".heic"),
    ("image/svg+xml", ".svg"),
    ("application/pdf", ".pdf"),
    ("application/zip", ".zip"),
    ("application/x-zip-compressed", ".zip"),
    ("application/gzip", ".gz"),
    ("application/json", ".json"),
    ("application/xml", ".xml"),
    ("application/rtf", ".rtf"),
    ("application/msword", ".doc"),
    ("application/vnd.ms-excel", ".xls"),
    ("application/vnd.ms-powerpoint", ".ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
    ("application/pgp-signature", ".asc"),
    ("application/pgp-encrypted", ".asc"),
    ("application/pgp-keys", ".asc"),
    ("application/pkcs7-signature", ".p7s"),
    ("application/x-pkcs7-signature", ".p7s"),
    ("application/pkcs7-mime", ".p7m"),
    ("application/x-pkcs7-mime", ".p7m"),
    ("application/ms-tnef", ".dat"),
    ("application/ics", ".ics"),
    ("audio/mpeg", ".mp3"),
    ("audio/wav", ".wav"),
    ("audio/x-wav", ".wav"),
    ("audio/ogg", ".ogg"),
    ("audio/mp4", ".m4a"),
    ("audio/amr", ".amr"),
    ("video/mp4", ".mp4"),
    ("video/quicktime", ".mov"),
    ("video/mpeg", ".mpeg"),
    ("video/3gpp", ".3gp"),
    ("message/rfc822", ".eml"),
    ("message/global", ".eml"),
    ("message/delivery-status", ".txt"),
    ("message/disposition-notification", ".txt"),
    ("message/feedback-report", ".txt"),
    ("text/rfc822-headers", ".txt"),
    ("text/html", ".html"),
    ("text/css", ".css"),
    ("text/csv", ".csv"),
    ("text/calendar", ".ics"),
    ("text/vcard", ".vcf"),
    ("text/x-vcard", ".vcf"),
    ("text/directory", ".vcf"),
    ("text/xml", ".xml"),
    ("text/markdown", ".md"),
    ("text/rtf", ".rtf"),
];

fn extension_of(kind: &str) -> &'static str {
    TYPES.iter().find(|(t, _)| *t == kind).map_or_else(|| if kind.starts_with("text/") { ".txt" } else { ".bin" }, |(_, e)| e)
}

fn type_of_name(name: &str) -> &'static str {
    let lower = name.to_lowercase();
    TYPES.iter().find(|(_, e)| lower.ends_with(e)).map_or("application/octet-stream", |(t, _)| t)
}

fn stem_of_type(kind: &str) -> &'static str {
    match kind {
        "text/calendar" | "application/ics" => "invite",
        "text/vcard" | "text/x-vcard" | "text/directory" => "contact",
        "message/delivery-status" => "delivery-status",
        "text/rfc822-headers" => "message-headers",
        "application/pgp-signature" => "signature",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime",
        "application/pgp-encrypted" => "encrypted",
        "application/ms-tnef" => "winmail",
        _ => match kind.split('/').next() {
            Some("image") => "image",
            Some("audio") => "audio",
            Some("video") => "video",
            Some("message") => "message",
            Some("text") => "text",
            _ => "attachment",
        },
    }
}

#[cfg(test)]
#[allow(clippy::format_collect, clippy::case_sensitive_file_extension_comparisons)] // clarity over speed
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_keep_their_extension() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\me\\a\r\nb.pdf"), "a b.pdf");
        assert_eq!(safe_name(".htaccess"), "htaccess");
        assert_eq!(safe_name("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        let long = safe_name(&("견".repeat(400) + ".xlsx"));
        assert!(long.ends_with(".xlsx") && long.chars().count() == LONGEST_NAME);
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut all: Vec<Attachment> =
            ["a.txt", "A.txt", "a (2).txt", "b", "b"].iter().map(|n| Attachment { filename: (*n).into(), ..Attachment::default() }).collect();
        unique_names(&mut all);
        let names: Vec<&str> = all.iter().map(|a| a.filename.as_str()).collect();
        assert_eq!(names.len(), names.iter().map(|n| n.to_lowercase()).collect::<std::collections::HashSet<_>>().len(), "{names:?}");
        assert_eq!(names[..2], ["a.txt", "A (2).txt"]);
    }

    #[test]
    fn a_cid_is_found_escaped_or_not() {
        let shown = Shown::in_html("<img src=\"cid:Part%201@x\"><img src='CID:b&amp;c'>");
        assert!(shown.has("part 1@x") && shown.has("b&c") && !shown.has("other"));
    }
}
