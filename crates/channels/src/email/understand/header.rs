//! Splits a header block into fields, as forgiving as mail in the wild needs.

use super::limits;

/// One header field, still folded and encoded.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name as written, without trailing blanks.
    pub name: &'a [u8],
    /// Everything after the colon, folds included.
    pub value: &'a [u8],
}

/// A header block.
#[derive(Debug, Clone, Default)]
pub struct Headers<'a> {
    fields: Vec<Field<'a>>,
    /// Fields were left out because there were too many, or a value was cut.
    pub over_limit: bool,
}

impl<'a> Headers<'a> {
    /// The first field of that name.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// All fields of that name, top to bottom.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name.as_bytes())).map(|f| f.value)
    }

    /// True when there is no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// How far a field may be behind a line that is none.
const LOOKAHEAD: usize = 16 * 1024;

/// Reads the header block at the start of `raw`; returns it and where the body starts.
///
/// Lines that are no field continue the one above (some programs fold without indenting), unless no further field
/// follows them: then the empty line is missing and the body starts there.
pub fn split(raw: &[u8]) -> (Headers<'_>, usize) {
    let mut headers = Headers::default();
    let mut pos = 0;
    let mut open: Option<(&[u8], usize, usize)> = None; // name, start of value, end of value
    // A wrong line is only looked beyond once, so that a block full of them stays linear.
    let mut fields_follow_until = 0;
    while pos < raw.len() {
        let (line, next) = line_at(raw, pos);
        if line.is_empty() {
            pos = next;
            break;
        }
        if matches!(line[0], b' ' | b'\t') && open.is_some() {
            if line.iter().all(|b| matches!(b, b' ' | b'\t')) && !field_follows(raw, next) && starts_text(raw, next) {
                // A line of blanks that nothing but text follows was meant as the empty line.
                pos = next;
                break;
            }
            if let Some(o) = open.as_mut() {
                o.2 = pos + line.len();
            }
        } else if let Some(colon) = colon_of_field(line) {
            // Blanks before the very first name are forgiven.
            flush(&mut headers, raw, open.take());
            open = Some((line[..colon].trim_ascii(), pos + colon + 1, pos + line.len()));
        } else if line.starts_with(b"From ") || line.starts_with(b">From ") {
            // mbox separator
        } else if line.starts_with(b"--") {
            // A delimiter: the empty line is missing.
            break;
        } else if fields_follow_until > pos {
            if let Some(o) = open.as_mut() {
                o.2 = pos + line.len();
            }
        } else if let Some(at) = next_field(raw, next) {
            fields_follow_until = at;
            if let Some(o) = open.as_mut() {
                o.2 = pos + line.len();
            }
        } else {
            break;
        }
        pos = next;
    }
    flush(&mut headers, raw, open);
    (headers, pos.min(raw.len()))
}

/// The line at `pos` without its end, and where the next one starts. CR LF, LF and CR CR LF all end a line.
pub fn line_at(raw: &[u8], pos: usize) -> (&[u8], usize) {
    let rest = &raw[pos..];
    match rest.iter().position(|&b| b == b'\n') {
        Some(n) => {
            let mut end = n;
            while end > 0 && rest[end - 1] == b'\r' {
                end -= 1;
            }
            (&rest[..end], pos + n + 1)
        }
        None => (rest.strip_suffix(b"\r").unwrap_or(rest), raw.len()),
    }
}

fn flush<'a>(headers: &mut Headers<'a>, raw: &'a [u8], field: Option<(&'a [u8], usize, usize)>) {
    let Some((name, start, end)) = field else { return };
    if headers.fields.len() >= limits::HEADER_FIELDS {
        headers.over_limit = true;
        return;
    }
    let mut value = raw.get(start..end).unwrap_or_default();
    if value.len() > limits::HEADER_VALUE {
        value = &value[..limits::HEADER_VALUE];
        headers.over_limit = true;
    }
    headers.fields.push(Field { name, value });
}

/// Where the colon is, when the line looks like `Name: value` (blanks before the colon are forgiven).
fn colon_of_field(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(200).position(|&b| b == b':')?;
    let name = line[..colon].trim_ascii();
    let fine = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    // "http://…" in a stray line is no field.
    (fine && !line[colon + 1..].starts_with(b"//")).then_some(colon)
}

fn field_follows(raw: &[u8], pos: usize) -> bool {
    pos < raw.len() && colon_of_field(line_at(raw, pos).0).is_some()
}

fn starts_text(raw: &[u8], pos: usize) -> bool {
    pos >= raw.len() || !matches!(raw[pos], b' ' | b'\t')
}

/// Where the next field before the empty line starts.
fn next_field(raw: &[u8], mut pos: usize) -> Option<usize> {
    let end = raw.len().min(pos + LOOKAHEAD);
    while pos < end {
        let (line, next) = line_at(raw, pos);
        if line.is_empty() {
            return None;
        }
        if colon_of_field(line).is_some_and(|c| c > 1 && line[..c].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_')) {
            return Some(pos);
        }
        pos = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
        split(raw.as_bytes()).0.get(name).map(|v| std::str::from_utf8(v).unwrap())
    }

    #[test]
    fn folded_values_stay_together() {
        assert_eq!(value("Subject: a\r\n b\r\nTo: c\r\n\r\nx", "subject"), Some(" a\r\n b"));
    }

    #[test]
    fn a_fold_without_indent_is_forgiven_when_fields_follow() {
        assert_eq!(value("Subject: a\nb c\nTo: d\n\nx", "subject"), Some(" a\nb c"));
    }

    #[test]
    fn a_missing_empty_line_starts_the_body() {
        let raw = b"Subject: a\nHello you\nbye\n";
        let (h, body) = split(raw);
        assert_eq!(h.get("Subject"), Some(&b" a"[..]));
        assert_eq!(&raw[body..], b"Hello you\nbye\n");
    }

    #[test]
    fn a_first_field_that_is_indented_is_read() {
        assert_eq!(value(" From: a\nSubject: b\n\nx", "from"), Some(" a"));
    }

    #[test]
    fn an_mbox_line_is_skipped() {
        assert_eq!(value("From a@b Sat Jan 3\nSubject: x\n\n", "Subject"), Some(" x"));
    }

    #[test]
    fn too_many_fields_are_said() {
        let raw = "X: y\n".repeat(limits::HEADER_FIELDS + 5);
        assert!(split(raw.as_bytes()).0.over_limit);
    }
}
