//! The header fields of one mail, as text.

use std::borrow::Cow;

use mail_parser::{HeaderName, HeaderValue, Message};

/// The top header fields: lower-case names, unfolded values, in order.
pub(super) struct Headers {
    fields: Vec<(String, String)>,
    /// Decoded subject, empty when there is none.
    pub subject: String,
    /// The author's address, lower case, empty when there is none.
    pub from: String,
    /// The author's display name and the raw field.
    pub from_words: String,
    /// All addresses the mail was sent to, lower case.
    pub to: Vec<String>,
    /// Media type such as `multipart/report`, lower case.
    pub media_type: String,
    /// The `report-type` parameter, lower case.
    pub report_type: String,
}

impl Headers {
    /// Reads the top fields of a mail.
    pub fn of(parsed: &Message<'_>) -> Self {
        let list = parsed.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        let raw: &[u8] = parsed.raw_message.as_ref();
        let fields: Vec<(String, String)> = list
            .iter()
            .map(|header| {
                let value = raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
                (header.name.as_str().to_ascii_lowercase(), unfold(&String::from_utf8_lossy(value)))
            })
            .collect();
        let addresses = |name: HeaderName<'static>| -> Vec<(String, String)> {
            list.iter()
                .filter(|header| header.name == name)
                .filter_map(|header| header.value.as_address())
                .flat_map(mail_parser::Address::iter)
                .map(|a| (a.address().unwrap_or_default().to_lowercase(), a.name().unwrap_or_default().to_owned()))
                .collect()
        };
        let authors = addresses(HeaderName::From);
        let raw_from = fields.iter().find(|(name, _)| name == "from").map(|(_, value)| value.as_str()).unwrap_or_default();
        let from_words = format!("{} {raw_from}", authors.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" "));
        let mut to: Vec<String> = addresses(HeaderName::To).into_iter().map(|(address, _)| address).collect();
        to.extend(addresses(HeaderName::Cc).into_iter().map(|(address, _)| address));
        let content_type = list.iter().find(|header| header.name == HeaderName::ContentType).and_then(|header| header.value.as_content_type());
        let subject = list
            .iter()
            .rev()
            .find(|header| header.name == HeaderName::Subject)
            .map(|header| match &header.value {
                HeaderValue::Text(text) => Cow::Borrowed(text.as_ref()),
                HeaderValue::TextList(texts) => Cow::Owned(texts.join(" ")),
                _ => Cow::Borrowed(""),
            })
            .unwrap_or_default()
            .into_owned();
        Self {
            subject,
            from: authors.into_iter().map(|(address, _)| address).find(|address| !address.is_empty()).unwrap_or_default(),
            from_words,
            to,
            media_type: content_type.map(media_type).unwrap_or_default(),
            report_type: content_type.and_then(|ct| ct.attribute("report-type")).unwrap_or_default().to_ascii_lowercase(),
            fields,
        }
    }

    /// All values of one field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first value of one field.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Name and value of every field.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The part of the author's address before the `@`.
    pub fn local_part(&self) -> &str {
        self.from.split('@').next().unwrap_or_default()
    }

    /// True when the envelope sender was null: nobody wants an answer (RFC 5321, 4.5.5).
    pub fn null_return_path(&self) -> bool {
        self.all("return-path").any(|value| {
            let value = value.trim();
            value == "<>" || value.trim_matches(['<', '>']).to_ascii_lowercase().starts_with("mailer-daemon")
        })
    }
}

/// `type/subtype` in lower case.
pub(super) fn media_type(content_type: &mail_parser::ContentType<'_>) -> String {
    format!("{}/{}", content_type.ctype(), content_type.subtype().unwrap_or_default()).to_ascii_lowercase()
}

fn unfold(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}
