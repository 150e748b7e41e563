//! Which parts are the body, and the body as text and as HTML.

use super::{
    charset,
    charset::Hint,
    flowed, html_text, limits,
    parts::{Part, Tree},
    transfer,
};

/// What the mail says, and which parts are left over.
#[derive(Debug, Default)]
pub struct Body {
    /// Plain text.
    pub text: String,
    /// HTML, when some part is HTML.
    pub html: Option<String>,
    /// Indexes of the parts that are not body, in order.
    pub attachments: Vec<usize>,
    /// Transfer-decoded text parts, for files hidden in them.
    pub plain_parts: Vec<usize>,
    /// What was cut, if anything.
    pub fault: Option<&'static str>,
}

/// A piece of the body, in reading order.
enum Piece {
    Plain(usize),
    Html(usize),
    /// The same words twice.
    Both {
        plain: Vec<usize>,
        html: Vec<usize>,
    },
}

struct Collector<'t, 'a> {
    tree: &'t Tree<'a>,
    attachments: Vec<usize>,
    hint: &'t Hint,
}

/// Finds and decodes the body.
pub fn read(tree: &Tree<'_>, hint: &Hint) -> Body {
    let mut body = Body::default();
    if tree.parts.is_empty() {
        return body;
    }
    let mut collector = Collector { tree, attachments: Vec::new(), hint };
    let mut pieces = collector.collect(0);
    if pieces.is_empty()
        && let Some(n) = collector.attachments.iter().position(|&i| may_be_body(&tree.parts[i]))
    {
        // Nothing but a named text: it is the message all the same, and stays a file when it was meant as one.
        let index = collector.attachments[n];
        if tree.parts[index].disposition.token != "attachment" {
            collector.attachments.remove(n);
        }
        pieces.push(if is_html(&tree.parts[index]) { Piece::Html(index) } else { Piece::Plain(index) });
    }
    if pieces.is_empty() {
        // A report without words for people: what it says to machines is better than nothing.
        let report = collector.attachments.iter().find(|&&i| tree.parts[i].kind.token == "message/delivery-status");
        pieces.extend(report.map(|i| Piece::Plain(*i)));
    }
    let (mut texts, mut htmls, mut any_html) = (Vec::new(), Vec::new(), false);
    for piece in &pieces {
        match piece {
            Piece::Plain(i) => {
                let text = plain(&tree.parts[*i], hint);
                htmls.push(text_as_html(&text));
                texts.push(text);
                body.plain_parts.push(*i);
            }
            Piece::Html(i) => {
                let html = decoded(&tree.parts[*i], hint);
                texts.push(html_text::convert(&html));
                htmls.push(html);
                any_html = true;
            }
            Piece::Both { plain: plains, html } => {
                let html = html.iter().map(|i| decoded(&tree.parts[*i], hint)).collect::<Vec<_>>().join("\n");
                let text = join(plains.iter().map(|i| plain(&tree.parts[*i], hint)));
                texts.push(if says_nothing(&text, &html) { html_text::convert(&html) } else { text });
                htmls.push(html);
                body.plain_parts.extend(plains);
                any_html = true;
            }
        }
    }
    body.text = join(texts);
    body.html = any_html.then(|| htmls.join("\n"));
    if limits::cut(&mut body.text, limits::TEXT) || body.html.as_mut().is_some_and(|h| limits::cut(h, limits::HTML)) {
        body.fault = Some("body too long, its end was cut");
    }
    collector.attachments.sort_unstable();
    body.attachments = collector.attachments;
    body
}

fn join(texts: impl IntoIterator<Item = String>) -> String {
    let mut out = String::new();
    for text in texts {
        let text = text.trim_end();
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(text);
    }
    out
}

impl Collector<'_, '_> {
    /// Depth is bounded by [`limits::DEPTH`].
    fn collect(&mut self, index: usize) -> Vec<Piece> {
        let part = &self.tree.parts[index];
        if !part.is_multipart() {
            return self.leaf(index).into_iter().collect();
        }
        let children = part.children.clone();
        match part.kind.token.as_str() {
            "multipart/alternative" => self.alternative(&children),
            "multipart/related" => self.related(&children),
            _ => self.in_order(&children),
        }
    }

    fn leaf(&mut self, index: usize) -> Option<Piece> {
        let part = &self.tree.parts[index];
        if part.kind.token.starts_with("multipart/") {
            // Its parts could not be found: the text is better than nothing.
            return (!part.body.trim_ascii().is_empty()).then_some(Piece::Plain(index));
        }
        let is_body = may_be_body(part) && part.disposition.token != "attachment" && part.name().is_none();
        if !is_body {
            self.attachments.push(index);
            return None;
        }
        Some(if is_html(part) { Piece::Html(index) } else { Piece::Plain(index) })
    }

    fn in_order(&mut self, children: &[usize]) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        for &child in children {
            for piece in self.collect(child) {
                // Some programs send text and HTML side by side without calling them alternatives.
                if let (Piece::Html(html), Some(Piece::Plain(plain))) = (&piece, out.last())
                    && self.same_words(*plain, *html)
                {
                    let both = Piece::Both { plain: vec![*plain], html: vec![*html] };
                    out.pop();
                    out.push(both);
                    continue;
                }
                out.push(piece);
            }
        }
        out
    }

    fn alternative(&mut self, children: &[usize]) -> Vec<Piece> {
        let (mut plain, mut html): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for &child in children {
            if is_other_rendering(&self.tree.parts[child]) {
                continue;
            }
            let pieces = self.collect(child);
            let (mut plain_here, mut html_here) = (Vec::new(), Vec::new());
            let has_html = pieces.iter().any(|p| !matches!(p, Piece::Plain(_)));
            for piece in pieces {
                match piece {
                    // Words between the HTML pieces of one alternative belong to it.
                    Piece::Plain(i) if has_html => html_here.push(i),
                    Piece::Plain(i) => plain_here.push(i),
                    Piece::Html(i) => html_here.push(i),
                    Piece::Both { plain, html } => {
                        plain_here.extend(plain);
                        html_here.extend(html);
                    }
                }
            }
            // The last alternative of a sort is the best one; empty ones are none.
            if plain_here.iter().any(|i| !self.is_blank(*i)) {
                // Two plain texts that differ are two texts, whatever their container says.
                if let ([old], [new]) = (&plain[..], &plain_here[..])
                    && !self.repeats(*old, *new)
                {
                    plain.extend(plain_here);
                } else {
                    plain = plain_here;
                }
            }
            if html_here.iter().any(|i| !self.is_blank(*i)) {
                html = html_here;
            }
        }
        match (plain.is_empty(), html.is_empty()) {
            (true, true) => Vec::new(),
            (false, true) => plain.into_iter().map(Piece::Plain).collect(),
            (true, false) => html.into_iter().map(|i| if is_html(&self.tree.parts[i]) { Piece::Html(i) } else { Piece::Plain(i) }).collect(),
            (false, false) => vec![Piece::Both { plain, html }],
        }
    }

    /// The first child is shown; later texts are only body when nothing marks them as resources.
    fn related(&mut self, children: &[usize]) -> Vec<Piece> {
        let mut out = Vec::new();
        for (n, &child) in children.iter().enumerate() {
            let part = &self.tree.parts[child];
            let resource = part.headers.get("Content-ID").is_some() || part.headers.get("Content-Location").is_some();
            let blank_before = !out.iter().any(|p| matches!(p, Piece::Html(_) | Piece::Both { .. }));
            if n > 0 && !part.is_multipart() && resource && !(blank_before && is_html(part)) {
                self.attachments.push(child);
            } else {
                out.extend(self.collect(child));
            }
        }
        if let [Piece::Plain(plain), Piece::Html(html)] = out[..] {
            return vec![Piece::Both { plain: vec![plain], html: vec![html] }];
        }
        out
    }

    fn is_blank(&self, index: usize) -> bool {
        let part = &self.tree.parts[index];
        if part.body.len() > 4_096 {
            return false;
        }
        let text = decoded(part, self.hint);
        let has_picture = text.contains("<img") || text.contains("<IMG");
        let text = if is_html(part) { html_text::convert(&text) } else { text };
        text.trim().is_empty() && !has_picture
    }

    /// Does the second plain part say what the first one says?
    fn repeats(&self, old: usize, new: usize) -> bool {
        let letters = |index: usize, most: usize| {
            plain(&self.tree.parts[index], self.hint).chars().filter(|c| c.is_alphanumeric()).take(most).collect::<String>()
        };
        letters(new, 20_000).contains(&letters(old, 200))
    }

    fn same_words(&self, plain_index: usize, html_index: usize) -> bool {
        let (a, b) = (&self.tree.parts[plain_index], &self.tree.parts[html_index]);
        if a.body.len() > 200_000 || b.body.len() > 1_000_000 {
            return false;
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).take(400).collect::<String>();
        let one = letters(&plain(a, self.hint));
        let two = letters(&html_text::convert(&decoded(b, self.hint)));
        !one.is_empty() && (one == two || one.len() > 40 && common_prefix(&one, &two) * 2 >= one.len())
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

fn is_html(part: &Part<'_>) -> bool {
    matches!(part.kind.token.as_str(), "text/html" | "application/xhtml+xml")
}

fn may_be_body(part: &Part<'_>) -> bool {
    matches!(
        part.kind.token.as_str(),
        "text/plain" | "text/html" | "text/enriched" | "text/richtext" | "text/markdown" | "text/x-markdown" | "application/xhtml+xml" | "text/text"
    )
}

/// The same message again for other devices; not worth a place in the list of attachments.
fn is_other_rendering(part: &Part<'_>) -> bool {
    matches!(part.kind.token.as_str(), "text/x-amp-html" | "text/watch-html" | "text/x-watch-html")
}

/// A plain part as text: decoded, line ends made `\n`, flowed lines joined.
fn plain(part: &Part<'_>, hint: &Hint) -> String {
    let text = decoded(part, hint);
    if matches!(part.kind.token.as_str(), "text/enriched" | "text/richtext") {
        return html_text::convert(&text.replace("<<", "&lt;").replace("\n\n", "<br>"));
    }
    if part.kind.param("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
        return flowed::unflow(&text, part.kind.param("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes")));
    }
    text
}

/// A text part in Unicode, with `\n` as line end.
pub fn decoded(part: &Part<'_>, hint: &Hint) -> String {
    let mut bytes = transfer::decode(part.body, part.headers.get("Content-Transfer-Encoding"));
    if bytes.len() > limits::BODY_PART {
        bytes.to_mut().truncate(limits::BODY_PART);
    }
    let mut label = part.kind.param("charset").map(str::to_owned);
    if label.as_deref().is_none_or(|l| !charset::is_known(l)) && is_html(part) {
        label = charset_of_html(&bytes).or(label);
    }
    let text = charset::decode(&bytes, label.as_deref(), hint);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// What `<meta charset>` or its older form says.
fn charset_of_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let at = head.find("charset=")? + 8;
    let label: String =
        head[at..].trim_start_matches(['"', '\'', ' ']).chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    charset::is_known(&label).then_some(label)
}

/// A text alternative that only tells the reader to open the HTML one, or is empty.
fn says_nothing(text: &str, html: &str) -> bool {
    let letters = |c: &char| c.is_alphanumeric();
    let short = text.chars().filter(letters).take(301).count();
    if short == 0 {
        return true;
    }
    if short > 300 || html.len() < 1_000 {
        return false;
    }
    let long = html_text::convert(html);
    if long.chars().filter(letters).count() < short * 5 {
        return false;
    }
    // Its words would be in the HTML too, if they were the author's.
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).take(60).collect();
    let shared = words.iter().filter(|w| long.contains(**w)).count();
    shared * 2 < words.len()
}

fn text_as_html(text: &str) -> String {
    format!("<div>{}</div>", html_escape::encode_text(text).replace('\n', "<br>\n"))
}
