//! Making stored text and HTML ready to show. What is stored is sanitised already; here pictures find their bytes.

use std::fmt::Write as _;

use linkify::{LinkFinder, LinkKind};
use model::message::Attachment;

/// Text as HTML: escaped, with paragraphs, and with links for http, https and mail addresses only.
pub fn text_as_html(text: &str) -> String {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]).url_must_have_scheme(true);
    let mut out = String::new();
    for paragraph in text.replace("\r\n", "\n").split("\n\n").filter(|p| !p.trim().is_empty()) {
        out.push_str("<p>");
        for span in finder.spans(paragraph) {
            let shown = escape(span.as_str()).replace('\n', "<br>");
            match span.kind().and_then(|kind| href(kind, span.as_str())) {
                Some(href) => {
                    out.push_str("<a href=\"");
                    out.push_str(&escape(&href));
                    out.push_str("\" rel=\"noopener noreferrer nofollow\">");
                    out.push_str(&shown);
                    out.push_str("</a>");
                }
                None => out.push_str(&shown),
            }
        }
        out.push_str("</p>");
    }
    out
}

fn href(kind: &LinkKind, found: &str) -> Option<String> {
    if kind == &LinkKind::Email {
        found.parse::<model::EmailAddress>().ok().map(|a| format!("mailto:{a}"))
    } else {
        let url = url::Url::parse(found).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| found.to_owned())
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Sanitised HTML with its inline pictures pointing at our attachments and remote ones switched off (`data-remote-src`).
pub fn html(stored: &str, files: &[Attachment]) -> String {
    let mut out = String::with_capacity(stored.len() + 64);
    let mut rest = stored;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let (tag, after) = rest[at..].split_at(tag_length(&rest[at..]));
        match tag.get(1..4) {
            Some("img") if tag[4..].starts_with([' ', '\t', '\n', '/', '>']) => image(tag, files, &mut out),
            _ => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How long the tag is that a text begins with; a `>` in quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag[4..].trim_end_matches('>').trim_end_matches('/');
    while let Some((name, after)) = rest.split_once('=') {
        // A name without a value before this one changes nothing in a picture.
        let name = name.split_whitespace().last().unwrap_or_default();
        let Some(value) = after.strip_prefix('"').and_then(|a| a.find('"').map(|end| &a[..end])) else { break };
        found.push((name, value));
        rest = &after[value.len() + 2..];
    }
    found
}

fn image(tag: &str, files: &[Attachment], out: &mut String) {
    let mut source = None;
    out.push_str("<img");
    for (name, value) in attributes(tag) {
        match name {
            "data-cid" => source = by_content_id(value, files).or(source),
            "src" => match place(value, files) {
                Some(Place::Here(url)) => source = Some(url),
                Some(Place::Remote) => drop(write!(out, " data-remote-src=\"{value}\"")),
                None => {}
            },
            _ => drop(write!(out, " {name}=\"{value}\"")),
        }
    }
    if let Some(source) = source {
        let _ = write!(out, " src=\"{source}\"");
    }
    out.push('>');
}

enum Place {
    Here(String),
    Remote,
}

fn place(value: &str, files: &[Attachment]) -> Option<Place> {
    const OWN: &str = "/api/v1/attachments/";
    if let Some(id) = value.strip_prefix(OWN) {
        let id = id.split('?').next().unwrap_or_default().parse::<model::AttachmentId>().ok()?;
        return Some(Place::Here(url_of(id)));
    }
    if let Some(cid) = value.strip_prefix("cid:") {
        return by_content_id(cid, files).map(Place::Here);
    }
    let lower = value.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some(Place::Remote);
    }
    let safe = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"];
    safe.iter().any(|s| lower.starts_with(s)).then(|| Place::Here(value.to_owned()))
}

fn by_content_id(value: &str, files: &[Attachment]) -> Option<String> {
    let bare = |id: &str| id.trim_matches(['<', '>', ' ']).to_ascii_lowercase();
    let wanted = bare(&value.replace("&amp;", "&"));
    files.iter().find(|f| f.content_id.as_deref().is_some_and(|id| bare(id) == wanted)).map(|f| url_of(f.id))
}

fn url_of(id: model::AttachmentId) -> String {
    format!("/api/v1/attachments/{id}?inline=1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    fn picture() -> Attachment {
        Attachment {
            id: model::AttachmentId::from_raw(5),
            message: None,
            filename: "a.png".into(),
            content_type: "image/png".into(),
            size: 1,
            inline: true,
            content_id: Some("logo@x".into()),
            sha256: String::new(),
        }
    }

    #[test]
    fn row_11_only_web_and_mail_addresses_become_links() {
        let html = text_as_html("See https://a.example/?q=1&r=\"x and mina@a.example\njavascript://x%0aalert(1) <b>");
        assert!(html.contains("<a href=\"https://a.example/?q=1&amp;r=\" rel="), "{html}");
        assert!(html.contains("<a href=\"mailto:mina@a.example\""));
        for crafted in
            ["javascript:alert(1)", "javascript://a.example/%0aalert(1)", "data:text/html,x", "vbscript://x", "file:///etc/passwd", "<a href=x>"]
        {
            let html = text_as_html(crafted);
            assert!(!html.contains("<a "), "{html}");
        }
        assert!(!text_as_html("https://a.example/\"onmouseover=alert(1)").contains("\"onmouseover"));
    }

    #[test]
    fn a_picture_by_content_id_points_at_its_attachment() {
        let shown = html("<p>Hi <img data-cid=\"LOGO@x\" alt=\"a>b\"> you</p>", &[picture()]);
        assert_eq!(shown, format!("<p>Hi <img alt=\"a>b\" src=\"/api/v1/attachments/{}?inline=1\"> you</p>", picture().id));
    }

    #[test]
    fn row_14_a_remote_picture_is_not_fetched() {
        assert_eq!(html("<img src=\"https://t.example/p.gif\">", &[]), "<img data-remote-src=\"https://t.example/p.gif\">");
        assert_eq!(html("<img data-remote-src=\"https://t.example/p.gif\">", &[]), "<img data-remote-src=\"https://t.example/p.gif\">");
        for odd in ["//t.example/p.gif", "/api/v1/session", "ftp://x/y", "data:image/svg+xml;base64,AA", "javascript:1"] {
            assert_eq!(html(&format!("<img src=\"{odd}\">"), &[]), "<img>", "{odd}");
        }
    }

    #[test]
    fn what_only_looks_like_a_picture_stays() {
        let tricky = "<a title=\"<img src='https://x/'>\">x</a> &lt;img src=\"https://x\"&gt;";
        assert_eq!(html(tricky, &[]), tricky);
        assert_eq!(html("<img", &[]), "<img");
        assert_eq!(html("a < b", &[]), "a < b");
    }
}
