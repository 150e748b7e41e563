//! Plain text as safe HTML with links.

use linkify::{LinkFinder, LinkKind};

/// Escapes `text` and makes its http, https and mail addresses links. Line ends stay as they are.
pub fn linkify_text(text: &str) -> String {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for span in finder.spans(text) {
        let shown = html_escape::encode_double_quoted_attribute(span.as_str()).replace('\'', "&#x27;");
        let lower = span.as_str().get(..8).unwrap_or(span.as_str()).to_ascii_lowercase();
        let href = match span.kind() {
            Some(LinkKind::Url) if lower.starts_with("http://") || lower.starts_with("https://") => shown.clone(),
            Some(LinkKind::Email) => format!("mailto:{shown}"),
            _ => {
                out.push_str(&shown);
                continue;
            }
        };
        out.push_str("<a href=\"");
        out.push_str(&href);
        out.push_str("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">");
        out.push_str(&shown);
        out.push_str("</a>");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const REL: &str = "rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

    #[test]
    fn addresses_become_links_and_the_rest_is_escaped() {
        assert_eq!(
            linkify_text("see <https://a.example/?x=1&y=2>, or jane@shop.example!"),
            format!(
                "see &lt;<a href=\"https://a.example/?x=1&amp;y=2\" {REL}>https://a.example/?x=1&amp;y=2</a>&gt;, or <a href=\"mailto:jane@shop.example\" {REL}>jane@shop.example</a>!"
            )
        );
    }

    #[test]
    fn other_schemes_stay_text() {
        for text in ["javascript:alert(1)", "ftp://a.example/x", "data:text/html,hi", "javascript://a.example/%0aalert(1)", "file:///etc/passwd"] {
            assert!(!linkify_text(text).contains("href"), "{text}: {}", linkify_text(text));
        }
    }

    #[test]
    fn markup_cannot_break_out() {
        let html = linkify_text("<img src=x onerror=alert(1)> https://a.example/\"onmouseover=alert(1) 'x'");
        assert!(!html.contains("<img") && !html.contains("\"onmouseover"), "{html}");
    }
}
