//! `winmail.dat`: Outlook's envelope (MS-OXTNEF) around attachments.
//!
//! Read by hand because files with other code pages, wrong checksums or attachments kept as MAPI properties are common.

use super::{charset, charset::Hint};

/// What an envelope held.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// Its files.
    pub attachments: Vec<File>,
    /// The message as plain text, if it is in there.
    pub text: String,
    /// The message as HTML, if it is in there.
    pub html: String,
}

/// One file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Long name where there is one.
    pub name: String,
    /// Media type, or empty.
    pub content_type: String,
    /// Content-ID.
    pub content_id: Option<String>,
    /// Bytes.
    pub data: Vec<u8>,
}

const SIGNATURE: u32 = 0x223e_9f78;
const MOST_FILES: usize = 200;

/// Is this such an envelope, by its type or name?
pub fn is_tnef(content_type: &str, name: &str) -> bool {
    matches!(content_type, "application/ms-tnef" | "application/vnd.ms-tnef" | "application/x-ms-tnef")
        || name.eq_ignore_ascii_case("winmail.dat")
        || name.eq_ignore_ascii_case("win.dat")
}

/// Unpacks an envelope; `None` when it is none.
pub fn unpack(data: &[u8]) -> Option<Unpacked> {
    let mut r = Reader { data, pos: 0 };
    if r.u32()? != SIGNATURE {
        return None;
    }
    r.take(2)?;
    let mut out = Unpacked::default();
    let mut code_page: Option<String> = None;
    let mut file: Option<File> = None;
    // A cut envelope still gives the files before the cut.
    while let Some((level, id, value)) = attribute(&mut r) {
        match (level, id & 0xffff) {
            (1, 0x9007) => code_page = value.first_chunk::<4>().map(|b| format!("cp{}", u32::from_le_bytes(*b))),
            // attBody, attMAPIProps of the message.
            (1, 0x800c) => out.text = text8(value, code_page.as_deref()),
            (1, 0x9003) => {
                let _ = properties(value, |id, kind, bytes| match id {
                    0x1000 if out.text.is_empty() => out.text = text(kind, bytes, code_page.as_deref()),
                    0x1013 if out.html.is_empty() => out.html = text(kind, bytes, code_page.as_deref()),
                    _ => {}
                });
            }
            // attAttachRendData: a new file begins.
            (2, 0x9002) => {
                out.attachments.extend(file.take());
                if out.attachments.len() >= MOST_FILES {
                    break;
                }
                file = Some(File::default());
            }
            (2, 0x8010) => {
                let f = file.get_or_insert_default();
                if f.name.is_empty() {
                    f.name = text8(value, code_page.as_deref());
                }
            }
            (2, 0x800f) => value.clone_into(&mut file.get_or_insert_default().data),
            (2, 0x9005) => {
                // A broken property list keeps what came before the fault.
                let file = file.get_or_insert_default();
                let _ = properties(value, |id, kind, bytes| file_property(file, id, kind, bytes, code_page.as_deref()));
            }
            _ => {}
        }
    }
    out.attachments.extend(file);
    out.attachments.retain(|f| !f.data.is_empty());
    Some(out)
}

fn attribute<'a>(r: &mut Reader<'a>) -> Option<(u8, u32, &'a [u8])> {
    let level = r.take(1)?[0];
    let id = r.u32()?;
    let len = r.u32()? as usize;
    let value = r.take(len)?;
    r.take(2)?; // checksum: many writers get it wrong
    Some((level, id, value))
}

/// What a property says about its file.
fn file_property(file: &mut File, id: u16, kind: u16, bytes: &[u8], code_page: Option<&str>) {
    let text = || text(kind, bytes, code_page);
    match id {
        0x3707 => file.name = text(),
        0x3001 | 0x3704 if file.name.is_empty() => file.name = text(),
        0x370e => file.content_type = text().to_ascii_lowercase(),
        0x3712 => file.content_id = Some(text().trim_matches(['<', '>']).to_owned()).filter(|t| !t.is_empty()),
        0x3701 if kind == 0x102 && file.data.is_empty() => bytes.clone_into(&mut file.data),
        // An embedded message or OLE object: sixteen bytes of interface id come first.
        0x3701 if kind == 0x0d && file.data.is_empty() => bytes.get(16..).unwrap_or_default().clone_into(&mut file.data),
        _ => {}
    }
}

fn text(kind: u16, bytes: &[u8], code_page: Option<&str>) -> String {
    if kind == 0x1f { text16(bytes) } else { text8(bytes, code_page) }
}

/// Reads a list of MAPI properties: `each` gets id, type and bytes.
fn properties(value: &[u8], mut each: impl FnMut(u16, u16, &[u8])) -> Option<()> {
    let mut r = Reader { data: value, pos: 0 };
    let count = r.u32()?;
    for _ in 0..count.min(500) {
        let (kind, id) = (r.u16()?, r.u16()?);
        if id >= 0x8000 {
            named(&mut r)?;
        }
        let multi = kind & 0x1000 != 0;
        let kind = kind & 0x0fff;
        let variable = matches!(kind, 0x1e | 0x1f | 0x102 | 0x0d);
        let values = if variable || multi { r.u32()? } else { 1 };
        for _ in 0..values.min(1_000) {
            let bytes = match kind {
                0x02 | 0x0b | 0x03 | 0x04 | 0x0a => r.take(4)?,
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => r.take(8)?,
                0x48 => r.take(16)?,
                _ if variable => {
                    let len = r.u32()? as usize;
                    let bytes = r.take(len)?;
                    r.take((4 - len % 4) % 4);
                    bytes
                }
                _ => return None,
            };
            each(id, kind, bytes);
        }
    }
    Some(())
}

/// Skips the name of a named property.
fn named(r: &mut Reader<'_>) -> Option<()> {
    r.take(16)?;
    if r.u32()? == 0 {
        r.take(4)?;
    } else {
        let len = r.u32()? as usize;
        r.take(len)?;
        r.take((4 - len % 4) % 4);
    }
    Some(())
}

fn text8(bytes: &[u8], code_page: Option<&str>) -> String {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    charset::decode(&bytes[..end], code_page, &Hint::default())
}

fn text16(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.trim_end_matches('\0').to_owned()
}

struct Reader<'a> {
    data: &'a [u8],
    pos: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let bytes = self.data.get(self.pos..self.pos.checked_add(n)?)?;
        self.pos += n;
        Some(bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.first_chunk().map(|b| u16::from_le_bytes(*b))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().map(|b| u32::from_le_bytes(*b))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn put(out: &mut Vec<u8>, level: u8, id: u32, value: &[u8]) {
        out.push(level);
        out.extend(id.to_le_bytes());
        out.extend((value.len() as u32).to_le_bytes());
        out.extend(value);
        out.extend([0, 0]);
    }

    /// An envelope with one file, its long name in a MAPI property.
    pub(crate) fn envelope() -> Vec<u8> {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend([1, 0]);
        put(&mut out, 1, 0x0006_9007, &949u32.to_le_bytes().into_iter().chain([0; 4]).collect::<Vec<_>>());
        put(&mut out, 2, 0x0006_9002, &[0; 14]);
        put(&mut out, 2, 0x0001_8010, b"LONGNA~1.TXT\0");
        put(&mut out, 2, 0x0006_800f, b"content");
        let mut props = 1u32.to_le_bytes().to_vec();
        let name: Vec<u8> = "긴 이름.txt\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        props.extend(0x1fu16.to_le_bytes());
        props.extend(0x3707u16.to_le_bytes());
        props.extend(1u32.to_le_bytes());
        props.extend((name.len() as u32).to_le_bytes());
        props.extend(&name);
        props.extend(std::iter::repeat_n(0, (4 - name.len() % 4) % 4));
        put(&mut out, 2, 0x0006_9005, &props);
        out
    }

    #[test]
    fn a_file_keeps_its_long_name() {
        let files = unpack(&envelope()).unwrap().attachments;
        assert_eq!(files, [File { name: "긴 이름.txt".into(), data: b"content".to_vec(), ..File::default() }]);
    }

    #[test]
    fn the_message_inside_is_read() {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend([1, 0]);
        let mut props = 1u32.to_le_bytes().to_vec();
        props.extend(0x102u16.to_le_bytes());
        props.extend(0x1013u16.to_le_bytes());
        props.extend(1u32.to_le_bytes());
        props.extend(8u32.to_le_bytes());
        props.extend(b"<p>hi\0\0\0");
        put(&mut out, 1, 0x0002_800c, b"plain words\0");
        put(&mut out, 1, 0x0006_9003, &props);
        let unpacked = unpack(&out).unwrap();
        assert_eq!((unpacked.text.as_str(), unpacked.html.as_str()), ("plain words", "<p>hi"));
    }

    #[test]
    fn a_cut_envelope_gives_what_is_whole() {
        let all = envelope();
        for n in 0..all.len() {
            let _ = unpack(&all[..n]);
        }
        assert_eq!(unpack(&all[..all.len() - 3]).unwrap().attachments[0].data, b"content");
    }
}
