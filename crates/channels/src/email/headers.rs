//! The header block of a raw mail, field by field, without changing a byte.

use std::borrow::Cow;

/// One field, folded lines included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// Lower case matters to nobody: compare with [`Field::is`].
    pub(crate) name: &'a [u8],
    /// Everything after the colon, unfolded by nobody yet.
    pub(crate) value: &'a [u8],
    /// From its first byte to its line end.
    start: usize,
    end: usize,
}

impl Field<'_> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The fields of the header block, in order. What is no field is skipped.
pub(crate) fn fields(raw: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let start = at;
        at = line_end(raw, at);
        if matches!(&raw[start..at], b"\r\n" | b"\n") {
            break;
        }
        while matches!(raw.get(at), Some(b' ' | b'\t')) {
            at = line_end(raw, at);
        }
        let field = &raw[start..at];
        if let Some(colon) = field.iter().position(|&b| b == b':') {
            found.push(Field { name: field[..colon].trim_ascii(), value: &field[colon + 1..], start, end: at });
        }
    }
    found
}

fn line_end(raw: &[u8], from: usize) -> usize {
    raw[from..].iter().position(|&b| b == b'\n').map_or(raw.len(), |at| from + at + 1)
}

/// The mail without the fields that `unwanted` names; the same bytes when there are none.
pub(crate) fn without(raw: &[u8], unwanted: impl Fn(&Field<'_>) -> bool) -> Cow<'_, [u8]> {
    let mut kept: Option<Vec<u8>> = None;
    let mut copied = 0;
    for field in fields(raw).iter().filter(|field| unwanted(field)) {
        let out = kept.get_or_insert_with(|| Vec::with_capacity(raw.len()));
        out.extend_from_slice(&raw[copied..field.start]);
        copied = field.end;
    }
    match kept {
        None => Cow::Borrowed(raw),
        Some(mut out) => {
            out.extend_from_slice(&raw[copied..]);
            Cow::Owned(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unwanted_fields_go_and_the_body_stays() {
        let raw = b"A: 1\r\nx-b : 2\r\n folded\r\nC: 3\r\n\r\nX-B: body\r\n";
        let out = without(raw, |field| field.is("X-B"));
        assert_eq!(&out[..], b"A: 1\r\nC: 3\r\n\r\nX-B: body\r\n");
        assert!(matches!(without(raw, |field| field.is("Z")), Cow::Borrowed(_)));
    }

    #[test]
    fn strange_blocks_do_no_harm() {
        for raw in [&b""[..], b"\r\n", b" x", b":", b"no colon\r\n", b"A: 1", b"\n\n\n", b" \r\n \r\nX: y"] {
            let _ = fields(raw);
        }
        assert_eq!(fields(b" folded first\r\nA: 1\n\nB: 2").len(), 1);
    }
}
