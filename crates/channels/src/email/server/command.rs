//! The commands of SMTP and LMTP, parsed strictly: what is not understood is refused, never guessed.

/// One command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Helo(String),
    Ehlo(String),
    Lhlo(String),
    Mail(MailFrom),
    Rcpt(String),
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
    StartTls,
}

/// MAIL FROM with the parameters we offer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MailFrom {
    /// `None` is the null sender.
    pub(super) address: Option<String>,
    pub(super) size: Option<usize>,
    pub(super) utf8: bool,
}

/// The answer to a command that is not one; each is a whole reply line.
pub(super) type Complaint = &'static str;

const NOT_UNDERSTOOD: Complaint = "500 5.5.2 Command not understood";
const NOT_OFFERED: Complaint = "502 5.5.1 Command not offered";
const NO_ARGUMENT: Complaint = "501 5.5.4 Wrong argument";
const BAD_SENDER: Complaint = "501 5.1.7 Sender address not understood";
const BAD_RECIPIENT: Complaint = "501 5.1.3 Recipient address not understood";
const BAD_PARAMETER: Complaint = "555 5.5.4 Parameter not offered";

/// Longest address: 64 for the local part, 255 for the domain, and room for what is odd but real.
const MAX_ADDRESS: usize = 512;

/// Understands one line without its CRLF.
pub(super) fn parse(line: &[u8]) -> Result<Command, Complaint> {
    let line = std::str::from_utf8(line).map_err(|_| NOT_UNDERSTOOD)?;
    if line.contains(char::is_control) {
        return Err(NOT_UNDERSTOOD);
    }
    let line = line.trim_end_matches(' ');
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim_start_matches(' ');
    match verb.to_ascii_uppercase().as_str() {
        "HELO" => host(rest).map(Command::Helo),
        "EHLO" => host(rest).map(Command::Ehlo),
        "LHLO" => host(rest).map(Command::Lhlo),
        "MAIL" => mail(rest).map(Command::Mail),
        "RCPT" => recipient(rest).map(Command::Rcpt),
        "DATA" if rest.is_empty() => Ok(Command::Data),
        "RSET" if rest.is_empty() => Ok(Command::Rset),
        "QUIT" if rest.is_empty() => Ok(Command::Quit),
        "STARTTLS" if rest.is_empty() => Ok(Command::StartTls),
        "DATA" | "RSET" | "QUIT" | "STARTTLS" => Err(NO_ARGUMENT),
        "NOOP" => Ok(Command::Noop),
        "VRFY" => Ok(Command::Vrfy),
        "AUTH" | "BDAT" | "EXPN" | "HELP" | "ETRN" | "TURN" | "SEND" | "SOML" | "SAML" => Err(NOT_OFFERED),
        _ => Err(NOT_UNDERSTOOD),
    }
}

fn host(rest: &str) -> Result<String, Complaint> {
    if rest.is_empty() || rest.len() > 255 || rest.contains(' ') { Err(NO_ARGUMENT) } else { Ok(rest.to_owned()) }
}

fn mail(rest: &str) -> Result<MailFrom, Complaint> {
    let rest = after_keyword(rest, "FROM:").ok_or(NO_ARGUMENT)?;
    let (path, parameters) = path(rest).ok_or(BAD_SENDER)?;
    let address = if path.is_empty() { None } else { Some(address(path).ok_or(BAD_SENDER)?) };
    let mut mail = MailFrom { address, ..MailFrom::default() };
    for parameter in parameters.split(' ').filter(|p| !p.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.to_ascii_uppercase().as_str() {
            // More digits than a size can have means "too large", not "not a number".
            "SIZE" if value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty() => {
                mail.size = Some(value.parse().unwrap_or(usize::MAX));
            }
            "BODY" if value.eq_ignore_ascii_case("7BIT") || value.eq_ignore_ascii_case("8BITMIME") => {}
            "SMTPUTF8" if value.is_empty() => mail.utf8 = true,
            "SIZE" | "BODY" | "SMTPUTF8" => return Err(NO_ARGUMENT),
            _ => return Err(BAD_PARAMETER),
        }
    }
    Ok(mail)
}

fn recipient(rest: &str) -> Result<String, Complaint> {
    let rest = after_keyword(rest, "TO:").ok_or(NO_ARGUMENT)?;
    let (path, parameters) = path(rest).ok_or(BAD_RECIPIENT)?;
    if !parameters.trim().is_empty() {
        return Err(BAD_PARAMETER);
    }
    if path.eq_ignore_ascii_case("postmaster") {
        return Ok(path.to_owned());
    }
    address(path).ok_or(BAD_RECIPIENT)
}

fn after_keyword<'a>(rest: &'a str, keyword: &str) -> Option<&'a str> {
    let head = rest.get(..keyword.len())?;
    head.eq_ignore_ascii_case(keyword).then(|| rest[keyword.len()..].trim_start_matches(' '))
}

/// Splits `<path> parameters`, minding quoted local parts; a source route is dropped as RFC 5321 asks.
fn path(rest: &str) -> Option<(&str, &str)> {
    let inside = rest.strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    let end = inside.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
        None
    })?;
    let (path, after) = (&inside[..end], &inside[end + 1..]);
    if !after.is_empty() && !after.starts_with(' ') {
        return None;
    }
    let path = if path.starts_with('@') { path.split_once(':')?.1 } else { path };
    Some((path, after))
}

fn address(path: &str) -> Option<String> {
    let (local, domain) = path.rsplit_once('@')?;
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let local_is_plain = !local.contains([' ', '<', '>', '(', ')', ',', ';', ':', '"', '\\', '@', '[', ']']);
    let domain_is_plain = if let Some(literal) = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']')) {
        literal.bytes().all(|b| b.is_ascii_hexdigit() || b":.IPv".contains(&b))
    } else {
        domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
    };
    let fits = path.len() <= MAX_ADDRESS && !local.is_empty() && !domain.is_empty() && !domain.starts_with('.');
    (fits && (quoted || local_is_plain) && domain_is_plain).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(line: &str) -> Result<Option<String>, Complaint> {
        match parse(line.as_bytes())? {
            Command::Mail(mail) => Ok(mail.address),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_null_sender_is_a_sender() {
        assert_eq!(sender("MAIL FROM:<>"), Ok(None));
    }

    #[test]
    fn verbs_and_keywords_have_no_case() {
        assert_eq!(sender("mail from:<Ada@Example.org>"), Ok(Some("Ada@Example.org".into())));
    }

    #[test]
    fn the_parameters_we_offer_are_read() {
        let Ok(Command::Mail(mail)) = parse("MAIL FROM:<김@예.kr> SIZE=120 BODY=8BITMIME SMTPUTF8".as_bytes()) else {
            panic!("refused");
        };
        assert_eq!(mail, MailFrom { address: Some("김@예.kr".into()), size: Some(120), utf8: true });
    }

    #[test]
    fn a_size_beyond_numbers_is_only_too_large() {
        let Ok(Command::Mail(mail)) = parse(b"MAIL FROM:<a@b.c> SIZE=99999999999999999999999") else {
            panic!("refused");
        };
        assert_eq!(mail.size, Some(usize::MAX));
    }

    #[test]
    fn what_was_not_offered_is_refused() {
        assert_eq!(sender("MAIL FROM:<a@b.c> RET=FULL"), Err(BAD_PARAMETER));
        assert_eq!(parse(b"RCPT TO:<a@b.c> NOTIFY=NEVER"), Err(BAD_PARAMETER));
        assert_eq!(parse(b"AUTH PLAIN AGEAYg=="), Err(NOT_OFFERED));
        assert_eq!(parse(b"BDAT 4 LAST"), Err(NOT_OFFERED));
    }

    #[test]
    fn odd_but_real_addresses_are_read() {
        for (line, address) in [
            ("RCPT TO:<\"a b\"@c.d>", "\"a b\"@c.d"),
            ("RCPT TO:<\"a>b\"@c.d>", "\"a>b\"@c.d"),
            ("RCPT TO:<@relay.example,@x.y:a@b.c>", "a@b.c"),
            ("RCPT TO: <a+b=c@d.e>", "a+b=c@d.e"),
            ("RCPT TO:<a@[192.0.2.1]>", "a@[192.0.2.1]"),
            ("RCPT TO:<Postmaster>", "Postmaster"),
        ] {
            assert_eq!(parse(line.as_bytes()), Ok(Command::Rcpt(address.into())), "{line}");
        }
    }

    #[test]
    fn addresses_that_are_none_are_refused() {
        for line in ["<>", "<a>", "<a@>", "<@b>", "a@b.c", "<a b@c.d>", "<a@b.c", "<a@b.c>x", "<a@b@c.d>", "<a@b c>"] {
            assert!(parse(format!("RCPT TO:{line}").as_bytes()).is_err(), "{line}");
        }
        assert!(parse(format!("RCPT TO:<{}@b.c>", "a".repeat(600)).as_bytes()).is_err());
        assert!(parse(b"RCPT TO:<a\x00@b.c>").is_err());
        assert!(parse(b"RCPT TO:<a\xff@b.c>").is_err());
    }
}
