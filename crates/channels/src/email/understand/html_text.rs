//! HTML to plain text that reads well: paragraphs, lists, tables, quotes, links, preformatted text.
//!
//! One pass over a forgiving tokenizer; no tree, no recursion, linear in the input.

use super::{
    html_tokens::{Token, Tokens},
    limits,
};

/// What an open element changes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Block {
    /// Nothing but its line breaks.
    Plain,
    Quote,
    List {
        ordered: bool,
        next: u32,
    },
    Pre,
    Cell,
    Link,
    /// Its content is not shown.
    Hidden,
}

struct Frame {
    tag: String,
    block: Block,
    /// Where the text of a link starts in the output.
    start: usize,
    href: String,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks owed before the next word.
    breaks: usize,
    /// A blank is owed before the next word.
    space: bool,
    quotes: usize,
    /// How deep the empty lines that are owed are quoted.
    between: usize,
    at_line_start: bool,
    lists: usize,
    /// A list marker was just written: the item starts on its line.
    after_marker: bool,
}

/// Converts `html`; the result has no trailing blanks and at most one empty line in a row.
pub fn convert(html: &str) -> String {
    let text = run(html, true);
    // An element like `<title>` or `<select>` that never ends hides everything: then show what it hides.
    if text.is_empty() { run(html, false) } else { text }
}

fn run(html: &str, hide: bool) -> String {
    let mut w = Writer { at_line_start: true, ..Writer::default() };
    let mut frames: Vec<Frame> = Vec::new();
    let (mut pre, mut hidden) = (0usize, 0usize);
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => {
                if hidden > 0 {
                    continue;
                }
                let text = super::html_tokens::unescape(text);
                if pre > 0 { w.preformatted(&text) } else { w.words(&text) }
            }
            Token::Open { name, attributes, closed } => {
                if hidden > 0 && (closed || is_void(&name)) {
                    continue;
                }
                match name.as_str() {
                    "br" => w.line_break(),
                    "hr" => {
                        w.owe(1);
                        w.words("---");
                        w.owe(1);
                    }
                    "img" => {
                        let alt = attributes.get("alt").unwrap_or_default();
                        let alt = alt.trim();
                        // Pictures that carry words only; a file name is none.
                        if !alt.is_empty()
                            && alt.chars().count() <= 200
                            && !alt.starts_with("cid:")
                            && attributes.get("width").is_none_or(|v| v != "1")
                        {
                            w.words(&format!("[{alt}]"));
                        }
                    }
                    _ if is_void(&name) || closed && name != "a" => {}
                    _ => {
                        implied_close(&name, &mut frames, &mut w, &mut pre, &mut hidden);
                        let block = open(&name, &attributes, &mut frames, &mut w);
                        let block =
                            if hide || block != Block::Hidden || matches!(name.as_str(), "style" | "script" | "head") { block } else { Block::Plain };
                        match block {
                            Block::Pre => pre += 1,
                            Block::Hidden => hidden += 1,
                            Block::Quote => w.quotes += 1,
                            Block::List { .. } => w.lists += 1,
                            _ => {}
                        }
                        if frames.len() < limits::HTML_DEPTH || block == Block::Hidden && hidden == 1 {
                            let href = attributes.get("href").unwrap_or_default();
                            frames.push(Frame { tag: name, block, start: w.out.len(), href });
                        } else {
                            undo(block, &mut w, &mut pre, &mut hidden);
                        }
                    }
                }
            }
            Token::Close(name) => {
                if name == "p" && !frames.iter().any(|f| f.tag == "p") || name == "br" {
                    w.owe(1);
                }
                let found = frames.iter().rposition(|f| f.tag == name);
                // A stray end tag must not close the table or quote around it.
                if let Some(n) = found
                    && (n + 12 >= frames.len() || !frames[n + 1..].iter().any(|f| matches!(f.block, Block::Quote | Block::Cell)))
                {
                    while frames.len() > n {
                        if let Some(frame) = frames.pop() {
                            close(&frame, &mut w, &mut pre, &mut hidden);
                        }
                    }
                }
            }
        }
        if w.out.len() > limits::TEXT * 2 {
            break;
        }
    }
    while let Some(frame) = frames.pop() {
        close(&frame, &mut w, &mut pre, &mut hidden);
    }
    tidy(&w.out)
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "base"
            | "area"
            | "col"
            | "wbr"
            | "embed"
            | "source"
            | "track"
            | "param"
            | "o:p"
            | "basefont"
            | "frame"
    )
}

/// Elements that a new one of the same sort ends without an end tag.
fn implied_close(name: &str, frames: &mut Vec<Frame>, w: &mut Writer, pre: &mut usize, hidden: &mut usize) {
    let ends: &[&str] = match name {
        "li" => &["li", "p"],
        "tr" => &["td", "th", "tr", "p"],
        "td" | "th" => &["td", "th", "p"],
        "dt" | "dd" => &["dt", "dd", "p"],
        "option" => &["option"],
        "p" | "div" | "table" | "ul" | "ol" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "pre" => &["p"],
        "body" => &["head", "title"],
        _ => return,
    };
    while let Some(top) = frames.last() {
        if !ends.contains(&top.tag.as_str()) || matches!(top.block, Block::Quote) {
            break;
        }
        if let Some(frame) = frames.pop() {
            close(&frame, w, pre, hidden);
        }
    }
}

fn open(name: &str, attributes: &super::html_tokens::Attributes<'_>, frames: &mut [Frame], w: &mut Writer) -> Block {
    match name {
        "head" | "style" | "script" | "title" | "template" | "noscript" | "iframe" | "object" | "select" | "svg" | "math" | "audio" | "video"
        | "textarea" => Block::Hidden,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            // The first paragraph of a list item or cell stays on its line.
            let first_in_item = frames.last().is_some_and(|f| matches!(f.tag.as_str(), "li" | "td" | "th") && f.start == w.out.len());
            if !first_in_item {
                w.owe(if name == "p" && outlook_paragraph(attributes) { 1 } else { 2 });
            }
            Block::Plain
        }
        "blockquote" => {
            w.owe(if is_indent(attributes) { 1 } else { 2 });
            if is_indent(attributes) { Block::Plain } else { Block::Quote }
        }
        "pre" | "listing" | "xmp" => {
            w.owe(2);
            Block::Pre
        }
        "ul" | "ol" | "dir" | "menu" => {
            w.owe(if w.lists == 0 { 2 } else { 1 });
            let next = attributes.get("start").and_then(|v| v.parse().ok()).unwrap_or(1);
            Block::List { ordered: name == "ol", next }
        }
        "li" => {
            w.after_marker = false;
            w.owe(1);
            let list = frames.iter_mut().rev().find_map(|f| match &mut f.block {
                Block::List { ordered, next } => Some((*ordered, next)),
                _ => None,
            });
            match list {
                Some((true, next)) => {
                    w.marker(&format!("{next}. "));
                    *next = next.saturating_add(1);
                }
                _ => w.marker("* "),
            }
            Block::Plain
        }
        "td" | "th" => Block::Cell,
        "a" => Block::Link,
        "tr" | "div" | "section" | "article" | "header" | "footer" | "address" | "center" | "form" | "fieldset" | "dl" | "dt" | "dd" | "figure"
        | "table" | "figcaption" | "main" | "nav" | "aside" | "caption" | "body" => {
            w.owe(1);
            Block::Plain
        }
        _ => Block::Plain,
    }
}

/// Outlook writes every line as a paragraph without margins.
fn outlook_paragraph(attributes: &super::html_tokens::Attributes<'_>) -> bool {
    attributes
        .get("class")
        .is_some_and(|c| c.starts_with("Mso") || c.starts_with("xMso") || c.starts_with("x_Mso") || c.starts_with("elementToProof"))
        || attributes.get("style").is_some_and(|s| {
            let s: String = s.chars().filter(|c| !c.is_whitespace()).collect();
            s.contains("margin:0") || s.contains("margin-bottom:0")
        })
}

/// Some editors indent with `<blockquote style="margin: 0 0 0 40px; border: none">`.
fn is_indent(attributes: &super::html_tokens::Attributes<'_>) -> bool {
    attributes.get("type").is_none()
        && attributes.get("style").is_some_and(|s| {
            let s: String = s.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            s.contains("border:none") && s.contains("padding:0")
        })
}

fn undo(block: Block, w: &mut Writer, pre: &mut usize, hidden: &mut usize) {
    match block {
        Block::Pre => *pre -= 1,
        Block::Hidden => *hidden -= 1,
        Block::Quote => w.quotes -= 1,
        Block::List { .. } => w.lists -= 1,
        _ => {}
    }
}

fn close(frame: &Frame, w: &mut Writer, pre: &mut usize, hidden: &mut usize) {
    undo(frame.block, w, pre, hidden);
    match frame.tag.as_str() {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if *hidden == 0 => w.owe(1),
        "a" => w.link(frame),
        _ => match frame.block {
            Block::Quote | Block::Pre => w.owe(2),
            Block::List { .. } => {
                w.after_marker = false;
                w.owe(if w.lists == 0 { 2 } else { 1 });
            }
            Block::Cell => w.cell(),
            _ => {
                if matches!(
                    frame.tag.as_str(),
                    "tr" | "table"
                        | "div"
                        | "li"
                        | "section"
                        | "article"
                        | "header"
                        | "footer"
                        | "address"
                        | "center"
                        | "form"
                        | "dl"
                        | "dt"
                        | "dd"
                        | "figure"
                        | "main"
                        | "caption"
                        | "body"
                ) {
                    w.owe(1);
                }
            }
        },
    }
}

impl Writer {
    /// Asks for at least that many line breaks before the next word.
    fn owe(&mut self, n: usize) {
        if !self.out.is_empty() && !self.after_marker {
            self.between = if self.breaks == 0 { self.quotes } else { self.between.min(self.quotes) };
            self.breaks = self.breaks.max(n);
        }
        self.space = false;
    }

    /// Starts a list item.
    fn marker(&mut self, marker: &str) {
        self.settle();
        self.out.push_str(&"  ".repeat(self.lists.saturating_sub(1).min(20)));
        self.out.push_str(marker);
        self.at_line_start = true;
        self.after_marker = true;
    }

    fn line_break(&mut self) {
        self.after_marker = false;
        if self.at_line_start && self.breaks == 0 && self.out.is_empty() {
            return;
        }
        self.settle();
        self.newline();
    }

    fn newline(&mut self) {
        let end = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(end);
        self.out.push('\n');
        self.prefix(self.quotes);
    }

    fn prefix(&mut self, quotes: usize) {
        for _ in 0..quotes.min(20) {
            self.out.push_str("> ");
        }
        self.at_line_start = true;
        self.space = false;
    }

    /// Pays the line breaks that are owed.
    fn settle(&mut self) {
        if self.breaks == 0 {
            if self.out.is_empty() {
                self.prefix(self.quotes);
            }
            return;
        }
        // A `<br>` just before has paid one already.
        let paid = self.out.rsplit('\n').take(3).take_while(|l| l.bytes().all(|b| matches!(b, b'>' | b' '))).count();
        let paid = if self.out.contains('\n') { paid } else { 0 };
        let due = self.breaks.saturating_sub(paid);
        self.breaks = 0;
        if due == 0 {
            // Already on a fresh line; its quote depth may have changed.
            if let Some(n) = self.out.rfind('\n') {
                self.out.truncate(n + 1);
                self.prefix(self.quotes);
            }
        }
        for n in 0..due {
            let quotes = if n + 1 < due { self.between.min(self.quotes) } else { self.quotes };
            let end = self.out.trim_end_matches([' ', '\t']).len();
            self.out.truncate(end);
            self.out.push('\n');
            self.prefix(quotes);
        }
    }

    fn words(&mut self, text: &str) {
        for (n, word) in text.split([' ', '\t', '\n', '\r', '\u{c}']).enumerate() {
            if n > 0 && !self.at_line_start {
                self.space = true;
            }
            if word.is_empty() {
                continue;
            }
            self.settle();
            if self.space && !self.at_line_start {
                self.out.push(' ');
            }
            self.space = false;
            self.at_line_start = false;
            self.after_marker = false;
            self.out.push_str(word);
        }
    }

    fn preformatted(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n");
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.settle();
                self.newline();
            }
            if !line.is_empty() {
                self.settle();
                self.after_marker = false;
                self.out.push_str(line);
                self.at_line_start = false;
            }
        }
    }

    /// Cells of a row are parted by a blank; layout tables have one cell a row and are not noticed.
    fn cell(&mut self) {
        if self.breaks == 0 && !self.at_line_start {
            self.space = true;
        }
    }

    /// Adds where a link leads, unless its text says so.
    fn link(&mut self, frame: &Frame) {
        let href = frame.href.trim();
        let web =
            href.get(..7).is_some_and(|h| h.eq_ignore_ascii_case("http://")) || href.get(..8).is_some_and(|h| h.eq_ignore_ascii_case("https://"));
        if !web || frame.start >= self.out.len() || href.len() > 2_000 {
            return;
        }
        let shown = self.out[frame.start..].trim();
        let bare =
            |s: &str| s.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.").trim_end_matches('/').to_lowercase();
        if shown.is_empty() || bare(shown) == bare(href) || shown.contains(href) {
            return;
        }
        let address = format!("<{}>", href.replace([' ', '\n', '\r', '<', '>'], "%20"));
        self.space = true;
        let breaks = std::mem::take(&mut self.breaks);
        self.words(&address);
        self.breaks = breaks;
    }
}

/// No trailing blanks, at most one empty line in a row, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n') {
        let line = line.trim_end_matches([' ', '\t', '\u{a0}', '\u{200b}']);
        let bare = line.trim_matches(['>', ' ']).is_empty();
        if bare {
            empty += 1;
            if empty > 1 {
                continue;
            }
        } else {
            empty = 0;
        }
        out.push_str(line);
        out.push('\n');
    }
    out.trim_matches('\n').replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::convert;

    #[test]
    fn paragraphs_and_breaks_become_lines() {
        assert_eq!(convert("<p>a  b\n c</p><p>d<br>e</p>f<div>g</div>h"), "a b c\n\nd\ne\nf\ng\nh");
        assert_eq!(convert("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>"), "a\n\nb");
    }

    #[test]
    fn quotes_are_marked_at_every_depth() {
        assert_eq!(convert("me<blockquote>you<blockquote>her</blockquote>you</blockquote>me"), "me\n\n> you\n>\n> > her\n>\n> you\n\nme");
        assert_eq!(convert("<blockquote><p>a</p><p>b</p></blockquote>"), "> a\n>\n> b");
    }

    #[test]
    fn an_indent_is_no_quote() {
        assert_eq!(convert("<blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px;\">mine</blockquote>"), "mine");
    }

    #[test]
    fn lists_are_numbered_and_nested() {
        assert_eq!(convert("<ol><li>a<li><p>b</p><ul><li>c</ul><li>d</ol>after"), "1. a\n2. b\n  * c\n3. d\n\nafter");
    }

    #[test]
    fn links_say_where_they_lead_once() {
        assert_eq!(
            convert("<a href='https://a.example/x'>here</a>, <a href='https://a.example'>a.example</a>"),
            "here <https://a.example/x>, a.example"
        );
        assert_eq!(convert("<a href='mailto:jane@x.example'>Jane</a> <a href='#top'>up</a> <a href='javascript:x'>no</a>"), "Jane up no");
        assert_eq!(convert("<a href='https://a.example'><img src=logo.png></a>x"), "x");
    }

    #[test]
    fn entities_are_read_with_and_without_semicolon() {
        assert_eq!(
            convert("a&nbsp;b &lt;c&gt; &amp;amp; &#8364;&#128; &uuml &nbspx &unknown; &#xD;&#0;"),
            "a b <c> &amp; €€ ü  x &unknown; \u{fffd}"
        );
    }

    #[test]
    fn nothing_is_lost_to_broken_markup() {
        assert_eq!(convert("<title>never closed <b>words"), "never closed words");
        assert_eq!(convert("1 < 2 and <3 > 2 <"), "1 < 2 and <3 > 2 <");
        assert_eq!(convert("a<!-- never closed > b"), "a b");
        assert_eq!(convert("</div></table>a</p>b<td>c"), "a\nbc");
        assert_eq!(convert("<a href=\"x>words"), "<a href=\"x>words".get(11..).unwrap_or_default());
    }

    #[test]
    fn hidden_elements_stay_hidden() {
        assert_eq!(convert("<style>p{}</style><script>x</script><head><title>t</title></head>a"), "a");
    }

    #[test]
    fn preformatted_text_keeps_its_form() {
        assert_eq!(convert("a<pre>  x\n    y &amp; z\n</pre>b"), "a\n\n  x\n    y & z\n\nb");
    }
}
