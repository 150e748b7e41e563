//! Files that old programs put into the text itself: `begin 644 name` … `end`.

use super::header::line_at;

/// A file found in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct UuFile {
    /// Its name, raw.
    pub name: Vec<u8>,
    /// Its content.
    pub data: Vec<u8>,
}

/// The first file in `text`.
pub fn first(text: &[u8]) -> Option<UuFile> {
    all(text, 1).into_iter().next()
}

/// Up to `max` files in `text`.
pub fn all(text: &[u8], max: usize) -> Vec<UuFile> {
    let mut found = Vec::new();
    let mut pos = 0;
    while pos < text.len() && found.len() < max {
        let (line, next) = line_at(text, pos);
        pos = next;
        let Some(name) = begin(line) else { continue };
        if let Some((data, end)) = lines(text, pos) {
            found.push(UuFile { name: name.to_vec(), data });
            pos = end;
        }
    }
    found
}

fn begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let space = rest.iter().position(|&b| b == b' ')?;
    let (mode, name) = rest.split_at(space);
    let name = name.trim_ascii();
    ((3..=4).contains(&mode.len()) && mode.iter().all(|b| (b'0'..=b'7').contains(b)) && !name.is_empty()).then_some(name)
}

fn lines(text: &[u8], mut pos: usize) -> Option<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    while pos < text.len() {
        let (line, next) = line_at(text, pos);
        pos = next;
        if line == b"end" {
            return (!out.is_empty()).then_some((out, pos));
        }
        let Some(&first) = line.first() else { continue };
        let want = usize::from(first.wrapping_sub(32) & 63);
        // Lines may be shorter (blanks at the end got lost) but hardly longer than they say.
        if line.len() > want.div_ceil(3) * 4 + 3 || line.iter().any(|b| !(32..=96).contains(b)) {
            return None;
        }
        let start = out.len();
        for quad in line[1..].chunks(4) {
            let v = |i: usize| quad.get(i).map_or(0, |b| u32::from(b.wrapping_sub(32) & 63));
            let n = v(0) << 18 | v(1) << 12 | v(2) << 6 | v(3);
            out.extend_from_slice(&[(n >> 16) as u8, (n >> 8) as u8, n as u8]);
        }
        out.resize(start + want, 0);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_between_words_is_found() {
        let text = b"see below\nbegin 644 a.txt\n#0V%T\n`\nend\nbye\n";
        assert_eq!(first(text).unwrap(), UuFile { name: b"a.txt".to_vec(), data: b"Cat".to_vec() });
    }

    #[test]
    fn a_sentence_that_begins_so_is_no_file() {
        assert_eq!(first(b"begin 644 things today\nand then end\n"), None);
    }
}
