//! HTML that is safe to store and to show: an allow-list, never a deny-list.

/// Sanitises what an agent wrote in the composer (or in a signature): formatting, lists, links, tables, inline images by
/// `cid:` or from our own attachments. A fixed point: sanitising twice changes nothing.
pub fn sanitize_composed(html: &str) -> String {
    composed().clean(html).to_string()
}

/// The same for a note, which may name colleagues: `data-mention` on a `span`. Replies never carry it.
pub fn sanitize_note(html: &str) -> String {
    let mut builder = composed();
    builder.add_tag_attributes("span", ["data-mention"]);
    builder.clean(html).to_string()
}

fn composed() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(
            [
                "a",
                "b",
                "strong",
                "i",
                "em",
                "u",
                "s",
                "p",
                "br",
                "div",
                "span",
                "ul",
                "ol",
                "li",
                "blockquote",
                "pre",
                "code",
                "h1",
                "h2",
                "h3",
                "hr",
                "img",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
            ]
            .into(),
        )
        .generic_attributes(std::collections::HashSet::new())
        .tag_attributes(std::collections::HashMap::from([
            ("a", ["href", "title"].into()),
            ("img", ["src", "alt", "width", "height"].into()),
            ("table", ["border", "cellpadding", "cellspacing"].into()),
            ("td", ["colspan", "rowspan"].into()),
            ("th", ["colspan", "rowspan"].into()),
        ]))
        .url_schemes(["http", "https", "mailto", "cid"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// Plain text as HTML paragraphs.
pub fn from_text(text: &str) -> String {
    let paragraph = |words: &str| html_escape::encode_text(words).replace('\n', "<br>");
    let inner: Vec<String> = text.replace("\r\n", "\n").split("\n\n").map(paragraph).collect();
    format!("<p>{}</p>", inner.join("</p><p>"))
}

/// HTML as plain text: what a person reads. Good enough for the text part of what agents compose. A picture is told by its
/// description, a table by lines of cells.
pub fn to_text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    let mut in_cell = false;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let Some(end) = tag_end(&rest[at..]) else { break };
        let inner = &rest[at + 1..at + end];
        let tag = inner.trim_start_matches('/').split([' ', '/']).next().unwrap_or("").to_ascii_lowercase();
        match (tag.as_str(), inner.starts_with('/')) {
            ("img", _) => {
                if let Some(alt) = alt_of(inner) {
                    out.push('[');
                    out.push_str(alt);
                    out.push(']');
                }
            }
            ("td" | "th", true) => {
                in_cell = false;
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\t');
            }
            ("td" | "th", false) => in_cell = true,
            // A cell is a part of its line.
            ("p" | "br" | "div" | "li", _) if in_cell && out.ends_with(|c: char| !c.is_whitespace()) => out.push(' '),
            ("p" | "br" | "div" | "li", _) if in_cell => {}
            ("br", _) | ("div" | "li" | "tr" | "pre", true) => out.push('\n'),
            ("p" | "h1" | "h2" | "h3" | "blockquote" | "ul" | "ol" | "table", true) => out.push_str("\n\n"),
            ("li", false) => out.push_str("- "),
            _ => {}
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    let plain = html_escape::decode_html_entities(&out).replace('\u{a0}', " ");
    let mut lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|l| l.is_empty()) {
        lines.pop();
    }
    let mut text = String::new();
    let mut blank = false;
    for line in lines {
        if line.is_empty() && (blank || text.is_empty()) {
            continue;
        }
        blank = line.is_empty();
        text.push_str(line);
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// Where the tag ends that a text begins with; a `>` in quotes does not end it.
pub(crate) fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

fn alt_of(tag: &str) -> Option<&str> {
    let (_, after) = tag.split_once(" alt=\"")?;
    after.split_once('"').map(|(alt, _)| alt.trim()).filter(|alt| !alt.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_styles_and_events_are_gone() {
        let clean = sanitize_composed("<p style=\"x\" onclick=\"y\">Hi<script>alert(1)</script><svg onload=z></svg></p>");
        assert_eq!(clean, "<p>Hi</p>");
        assert_eq!(sanitize_composed(&clean), clean);
    }

    #[test]
    fn text_and_html_say_the_same() {
        assert_eq!(to_text(&from_text("Hello <you>\n& me\n\nBye")), "Hello <you>\n& me\n\nBye");
    }

    #[test]
    fn a_picture_is_told_by_its_description_and_a_table_by_its_lines() {
        assert_eq!(to_text("<p>See <img src=\"cid:a\" alt=\"a > b\"> and <img src=\"cid:b\" alt=\"\"></p>"), "See [a > b] and");
        let table = "<table border=\"1\"><tbody><tr><th><p>Jar</p></th><th><p>Price</p></th></tr><tr><td><p>Moon</p></td><td><p>40</p></td></tr></tbody></table><p>Bye</p>";
        assert_eq!(to_text(table), "Jar\tPrice\nMoon\t40\n\nBye");
        assert_eq!(sanitize_composed(table), table);
    }
}
