//! What one mail may cost. A mail over a limit is still understood as far as the limit lets us, and says so in `error`.

/// Header fields read from one header block; the rest of the block is skipped.
pub const HEADER_FIELDS: usize = 2_000;
/// Bytes of one header value that are read.
pub const HEADER_VALUE: usize = 128 * 1024;
/// Mailboxes read from one kind of address header.
pub const ADDRESSES: usize = 2_000;
/// Message-IDs kept from References.
pub const REFERENCES: usize = 500;
/// How deep multiparts may nest before the rest becomes one attachment.
pub const DEPTH: usize = 30;
/// Parts read from one mail.
pub const PARTS: usize = 1_000;
/// Bytes of plain text kept for one mail.
pub const TEXT: usize = 2 * 1024 * 1024;
/// Bytes of HTML kept for one mail.
pub const HTML: usize = 4 * 1024 * 1024;
/// Bytes of a body part that are decoded as text.
pub const BODY_PART: usize = 8 * 1024 * 1024;
/// Bytes handed to the guesser of unlabelled charsets.
pub const CHARSET_SAMPLE: usize = 64 * 1024;
/// Embedded messages and digests that a mail may hold before the third-party parser sees its headers only:
/// that parser frees nested messages recursively.
pub const EMBEDDED_MESSAGES: usize = 64;
/// Boundary lines that a mail may hold before the third-party parser sees its headers only.
pub const DELIMITERS: usize = 5_000;
/// Bytes of address headers that the third-party parser may see.
pub const FOREIGN_HEADER_BYTES: usize = 512 * 1024;
/// Nesting of blocks that the conversion of HTML to text keeps track of.
pub const HTML_DEPTH: usize = 200;

/// Cuts `text` to at most `max` bytes at a character boundary; true when something was cut.
pub fn cut(text: &mut String, max: usize) -> bool {
    if text.len() <= max {
        return false;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    true
}
