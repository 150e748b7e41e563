//! The leaves of a mail's part tree, as text where they are text.

use std::borrow::Cow;

use mail_parser::{Message, MimeHeaders, PartType};

use super::headers;

/// No more text than this is read from one part.
const CAP: usize = 64 * 1024;
/// No more parts than this are read.
const MOST: usize = 64;

/// One leaf.
pub(super) struct Piece<'x> {
    /// Media type in lower case, `text/plain` when none is declared.
    pub media_type: String,
    /// Its text (decoded, capped); empty for pictures and the like.
    pub text: String,
    /// The mail inside, for `message/rfc822`.
    pub nested: Option<&'x Message<'x>>,
}

/// The leaves in order; those of nested mails are not among them.
pub(super) struct Pieces<'x> {
    pub list: Vec<Piece<'x>>,
}

impl<'x> Pieces<'x> {
    /// Reads the leaves of a mail.
    pub fn of(parsed: &'x Message<'_>) -> Self {
        // A nested mail never outlives its outer mail, so the shorter lifetime serves for both.
        let parsed: &'x Message<'x> = parsed;
        let list = parsed
            .parts
            .iter()
            .filter(|part| !matches!(part.body, PartType::Multipart(_)))
            .take(MOST)
            .map(|part| piece(part, &parsed.raw_message))
            .collect();
        Self { list }
    }

    /// The first leaf of this media type.
    pub fn find(&self, media_type: &str) -> Option<&Piece<'x>> {
        self.list.iter().find(|piece| piece.media_type == media_type)
    }

    /// The mail's own words: its text leaves before any returned mail (the HTML ones only where there is no plain text).
    pub fn notice(&self) -> String {
        let own = || {
            self.list
                .iter()
                .take_while(|piece| piece.nested.is_none() && !is_returned(&piece.media_type))
                .filter(|piece| !is_report(&piece.media_type))
        };
        let plain: Vec<&str> =
            own().filter(|p| p.media_type != "text/html").map(|p| p.text.as_str()).filter(|text| !text.trim().is_empty()).collect();
        if !plain.is_empty() {
            return cap(&plain.join("\n")).to_owned();
        }
        own().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// `message/delivery-status` and its kin.
pub(super) fn is_report(media_type: &str) -> bool {
    matches!(media_type, "message/delivery-status" | "message/global-delivery-status" | "message/feedback-report")
}

/// The returned mail or its header.
pub(super) fn is_returned(media_type: &str) -> bool {
    matches!(
        media_type,
        "message/rfc822" | "message/global" | "message/rfc822-headers" | "text/rfc822-headers" | "message/global-headers" | "message/partial"
    )
}

/// At most [`CAP`] bytes of a text, cut at a character.
pub(super) fn cap(text: &str) -> &str {
    &text[..text.floor_char_boundary(CAP)]
}

fn piece<'x>(part: &'x mail_parser::MessagePart<'x>, raw: &[u8]) -> Piece<'x> {
    let media_type = part.content_type().map_or_else(|| "text/plain".to_owned(), headers::media_type);
    let text = match &part.body {
        PartType::Text(text) if text.contains('\u{fffd}') && part.encoding == mail_parser::Encoding::None => {
            let bytes = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
            guess(&bytes[..bytes.len().min(CAP)])
        }
        PartType::Text(text) => decode_escapes(cap(text)).into_owned(),
        PartType::Html(html) => cap(&mail_parser::decoders::html::html_to_text(cap(html))).to_owned(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) if looks_like_text(&media_type, bytes) => {
            let bytes = &bytes[..bytes.len().min(CAP)];
            decode_escapes(&String::from_utf8_lossy(bytes)).into_owned()
        }
        _ => String::new(),
    };
    Piece { media_type, text: text.replace('\r', ""), nested: part.message() }
}

fn looks_like_text(media_type: &str, bytes: &[u8]) -> bool {
    (media_type.starts_with("message/") || media_type.starts_with("text/") || media_type == "application/octet-stream")
        && !bytes.iter().take(512).any(|byte| *byte == 0)
}

/// Reports often carry undeclared ISO-2022-JP or ISO-2022-KR; their escape sequences give them away.
fn decode_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains("\u{1b}$") {
        return Cow::Borrowed(text);
    }
    let (decoded, _, broken) = encoding_rs::ISO_2022_JP.decode(text.as_bytes());
    if broken { Cow::Borrowed(text) } else { Cow::Owned(decoded.into_owned()) }
}

/// Text whose declared charset was wrong.
fn guess(bytes: &[u8]) -> String {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow).decode(bytes).0.into_owned()
}
