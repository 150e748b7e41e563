//! The tree of MIME parts, found in one pass over the bytes, without recursion.

use super::{charset::Hint, header, header::Headers, limits, params, params::Valued};

/// One part of a mail.
#[derive(Debug)]
pub struct Part<'a> {
    /// Its header block.
    pub headers: Headers<'a>,
    /// Content-Type; the token is never empty.
    pub kind: Valued,
    /// No usable Content-Type was given.
    pub untyped: bool,
    /// Content-Disposition.
    pub disposition: Valued,
    /// Its body, still in transfer encoding.
    pub body: &'a [u8],
    /// Indexes of its parts, when it is a multipart.
    pub children: Vec<usize>,
}

impl Part<'_> {
    /// True when the part holds other parts.
    pub fn is_multipart(&self) -> bool {
        !self.children.is_empty()
    }

    /// `filename` of the disposition or `name` of the type.
    pub fn name(&self) -> Option<&str> {
        self.disposition
            .param("filename")
            .or_else(|| self.disposition.param("name"))
            .or_else(|| self.kind.param("name"))
            .or_else(|| self.kind.param("filename"))
    }
}

/// A mail, taken apart.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    /// All parts; the first is the mail itself.
    pub parts: Vec<Part<'a>>,
    /// What was given up, if anything.
    pub fault: Option<&'static str>,
}

struct Open {
    boundary: Vec<u8>,
    part: usize,
    digest: bool,
}

/// Takes a mail apart.
pub fn parse<'a>(raw: &'a [u8], hint: &Hint) -> Tree<'a> {
    let mut tree = Tree::default();
    let mut open: Vec<Open> = Vec::new();
    // Bytes that may still be spent on looking for boundaries that never come.
    let mut lookahead = raw.len().saturating_mul(4);
    let mut pos = add_part(&mut tree, raw, 0, None, hint);
    loop {
        let current = tree.parts.len() - 1;
        if let Some((boundary, digest)) = enter(&tree.parts[current], raw, pos, &open, &mut lookahead, &mut tree.fault) {
            open.push(Open { boundary, part: current, digest });
        }
        let Some(hit) = next_delimiter(raw, pos, &open) else {
            if open.last().is_none_or(|o| o.part != current) {
                tree.parts[current].body = &raw[pos..];
            }
            return tree;
        };
        if open.last().is_none_or(|o| o.part != current) {
            tree.parts[current].body = &raw[pos..hit.body_end.max(pos)];
        }
        let mut hit = hit;
        // Closing delimiters lead on to the epilogue, which is nobody's.
        while hit.closing {
            open.truncate(hit.level);
            let Some(next) = next_delimiter(raw, hit.next, &open) else { return tree };
            hit = next;
        }
        open.truncate(hit.level + 1);
        if tree.parts.len() >= limits::PARTS {
            tree.fault = Some("too many parts");
            return tree;
        }
        let parent = &open[hit.level];
        let (parent, digest) = (parent.part, parent.digest);
        pos = add_part(&mut tree, raw, hit.next, Some((parent, digest)), hint);
    }
}

/// Reads the headers at `pos` and adds the part; returns where its body starts.
fn add_part<'a>(tree: &mut Tree<'a>, raw: &'a [u8], pos: usize, parent: Option<(usize, bool)>, hint: &Hint) -> usize {
    let (headers, body) = header::split(&raw[pos..]);
    if headers.over_limit {
        tree.fault = Some("too many or too long headers");
    }
    let mut kind = headers.get("Content-Type").map(|v| params::parse(v, hint)).unwrap_or_default();
    let untyped = !kind.token.contains('/') || kind.token.starts_with('/') || kind.token.ends_with('/');
    if untyped {
        let meant = match kind.token.as_str() {
            "html" => "text/html",
            "multipart" => "multipart/mixed",
            _ if parent.is_some_and(|(_, digest)| digest) => "message/rfc822",
            _ => "text/plain",
        };
        meant.clone_into(&mut kind.token);
    }
    let disposition = headers.get("Content-Disposition").map(|v| params::parse(v, hint)).unwrap_or_default();
    let index = tree.parts.len();
    tree.parts.push(Part { headers, kind, untyped, disposition, body: &[], children: Vec::new() });
    if let Some((parent, _)) = parent {
        tree.parts[parent].children.push(index);
    }
    pos + body
}

/// The boundary to look for, when this part is a multipart whose parts can be found.
fn enter(part: &Part<'_>, raw: &[u8], pos: usize, open: &[Open], lookahead: &mut usize, fault: &mut Option<&'static str>) -> Option<(Vec<u8>, bool)> {
    if !part.kind.token.starts_with("multipart/") {
        return None;
    }
    if open.len() >= limits::DEPTH {
        *fault = Some("parts nested too deep");
        return None;
    }
    let digest = part.kind.token == "multipart/digest";
    let declared = part.kind.param("boundary").map(|b| b.trim_end().as_bytes().to_vec());
    let mut sniffed = None;
    let mut at = pos;
    while at < raw.len() && *lookahead > 0 {
        let (line, next) = header::line_at(raw, at);
        *lookahead = lookahead.saturating_sub(next - at);
        at = next;
        let Some(rest) = line.strip_prefix(b"--") else { continue };
        if declared.as_deref().is_some_and(|b| delimits(rest, b).is_some()) {
            return declared.map(|b| (b, digest));
        }
        if open.iter().any(|o| delimits(rest, &o.boundary).is_some()) {
            break;
        }
        let rest = rest.trim_ascii_end();
        if sniffed.is_none() && !rest.is_empty() && header::line_at(raw, next).0.get(..8).is_some_and(|l| l.eq_ignore_ascii_case(b"content-")) {
            sniffed = Some(rest.to_vec());
            if declared.is_none() {
                break;
            }
        }
    }
    sniffed.map(|b| (b, digest))
}

struct Hit {
    level: usize,
    closing: bool,
    /// Where the body before it ends.
    body_end: usize,
    /// Where the line after it starts.
    next: usize,
}

fn next_delimiter(raw: &[u8], mut pos: usize, open: &[Open]) -> Option<Hit> {
    if open.is_empty() {
        return None;
    }
    loop {
        if raw[pos..].starts_with(b"--") {
            let (line, next) = header::line_at(raw, pos);
            let found = open.iter().enumerate().rev().find_map(|(level, o)| delimits(&line[2..], &o.boundary).map(|closing| (level, closing)));
            if let Some((level, closing)) = found {
                let mut end = pos;
                if end > 0 && raw[end - 1] == b'\n' {
                    end -= 1;
                    if end > 0 && raw[end - 1] == b'\r' {
                        end -= 1;
                    }
                }
                return Some(Hit { level, closing, body_end: end, next });
            }
        }
        pos += raw[pos..].iter().position(|&b| b == b'\n')? + 1;
    }
}

/// Is this line (without its leading `--`) a delimiter of that boundary, and a closing one?
fn delimits(rest: &[u8], boundary: &[u8]) -> Option<bool> {
    let after = rest.strip_prefix(boundary)?.trim_ascii_end();
    match after {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::format_collect, clippy::case_sensitive_file_extension_comparisons)] // clarity over speed
mod tests {
    use super::*;

    fn shape(raw: &str) -> Vec<(String, String)> {
        parse(raw.as_bytes(), &Hint::default()).parts.iter().map(|p| (p.kind.token.clone(), String::from_utf8_lossy(p.body).into_owned())).collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.into(), b.into())
    }

    #[test]
    fn nested_parts_are_found_even_when_the_inner_one_is_never_closed() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\npre\n--a\nContent-Type: multipart/alternative; boundary=ab\n\n--ab\n\none\n--ab\nContent-Type: text/html\n\ntwo\n--a\n\nthree\n--a--\nepilogue\n";
        assert_eq!(
            shape(raw),
            [
                pair("multipart/mixed", ""),
                pair("multipart/alternative", ""),
                pair("text/plain", "one"),
                pair("text/html", "two"),
                pair("text/plain", "three")
            ]
        );
    }

    #[test]
    fn a_wrong_boundary_is_found_by_sight() {
        let raw = "Content-Type: multipart/mixed; boundary=wrong\n\n--right\nContent-Type: text/plain\n\nhi\n--right--\n";
        assert_eq!(shape(raw)[1], pair("text/plain", "hi"));
    }

    #[test]
    fn a_multipart_without_parts_is_one_body() {
        assert_eq!(shape("Content-Type: multipart/mixed; boundary=x\n\njust text\n"), [pair("multipart/mixed", "just text\n")]);
    }

    #[test]
    fn bombs_are_bounded_and_said() {
        let deep: String = (0..10_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let tree = parse(deep.as_bytes(), &Hint::default());
        assert_eq!((tree.fault, tree.parts.len() < 50), (Some("parts nested too deep"), true));
        let wide = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(100_000));
        let tree = parse(wide.as_bytes(), &Hint::default());
        assert_eq!((tree.fault, tree.parts.len()), (Some("too many parts"), limits::PARTS));
    }
}
