//! Automatic mail (RFC 3834 and what programs did before it): out of office, acknowledgements, lists, machines.

use std::sync::LazyLock;

use regex::Regex;

use super::bounce::pattern;
use super::headers::Headers;
use super::pieces::Pieces;

/// A sender that nobody reads.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:^|[._+=-])(?:no[._-]?reply|no[._-]?repl(?:y|ies)|do[._-]?not[._-]?reply|dont[._-]?reply|not[._-]?reply|no[._-]?response|",
        r"ne[._-]?pas[._-]?repondre|nicht[._-]?antworten|keine[._-]?antwort|no[._-]?responder|no[._-]?contestar|nao[._-]?responda|",
        r"non[._-]?rispondere|niet[._-]?antwoorden|auto[._-]?reply|auto[._-]?responder|autoresponse)(?:[0-9]*$|[._+=-])",
    ))
});
static DAEMON: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:mailer-?daemon|mail-?daemon|postmaster|listserv|majordomo)$"));

/// A field whose mere presence says that a program wrote this.
static MACHINE_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:x-[a-z0-9-]*(?:auto-?(?:repl|respon(?:d|se$|se-[^s])|generated|submitted)|vacation|out-?of-?office|away-?message|machine-?generated)[a-z0-9-]*|",
        r"x-loop|x-ms-exchange-inbox-rules-loop|x-ooo|x-responder|x-precedence|preference|autosubmitted|auto-?(?:respond(?:er)?|response|reply|generated))$",
    ))
});

/// Subjects of absence notes and automatic answers. Only believed together with a header.
static AWAY_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        // In most languages the label before the colon begins with "automat…".
        r"(?i)^[^:：]{0,24}\b(?:auto-?(?:m[aàáāä]|svar|vast)|αυτ[οό]ματ|авт[оа]м[аэ]т|аутомат)\p{L}*[^:：]{0,24}[:：]|",
        r"^\W*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer|responder)\b|autoreply\b|autoresponse\b|out[ -]of[ -](?:the )?office\b|ooo\b|",
        r"away from (?:my|the) (?:mail|desk|office)|on (?:vacation|holiday|leave)\b|i am (?:away|out)|vacation (?:reply|message|response)|",
        r"automatische (?:antwort|reactie)|automatisch (?:antwoord|bericht)|abwesen|abwesenheit|nicht im (?:b[uü]ro|haus)|afwezig|",
        r"r[ée]ponse automatique|absen[ct]e? du bureau|message d.absence|absence\b|",
        r"respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente\b|resposta autom[aá]tica|fora do escrit[oó]rio|ausencia|aus[eê]ncia|",
        r"risposta automatica|fuori (?:sede|ufficio)|assen(?:te|za)|",
        r"automatisk(?:t)? (?:svar|besked)|autosvar|sjálfvirkt svar|frånvaro|fraværende|fravær|ikke på kontoret|automaattinen vastaus|poissa|",
        r"odpowied[zź] automatyczna|automatyczna odpowied[zź]|nieobecno|automatick[aá] odpov[eě][dď]|nep[rř][ií]tom|mimo kancel|",
        r"automatikus v[aá]lasz|h[aá]zon k[ií]v[uü]l|r[aă]spuns automat|automatski odgovor|samodejni odgovor|automatinis atsakymas|",
        r"otomatik (?:yan[ıi]t|cevap)|ofis dışı|αυτόματη απάντηση|εκτός γραφείου|автоответ|автоматический ответ|автоматична відповідь|",
        r"відсут|отсутств|нет на месте|автоматичен отговор|תשובה אוטומטית|מענה אוטומטי|رد تلقائي|پاسخ خودکار|",
        r"自動(?:返信|応答|回覆)|自动(?:回复|答复|回覆)|不在(?:通知|の|です|にして)|外出(?:中|通知)|休暇|부재\s?중|자동\s?(?:응답|회신|답장)|휴가|",
        r"tự động trả lời|trả lời tự động|balasan otomatis|jawapan automatik|ตอบกลับอัตโนมัติ|स्वचालित उत्तर)",
    ))
});
static AWAY_PROGRAM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)vacation|auto-?(?:repl|respon)|out of office"));

/// The `vacation` program and its kin by name and version.
static VACATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:vacation|auto-?responder)(?:[ /]v?[0-9]|$)"));
/// Where a mailbox program says for whom it answered.
static AUTORESPONDER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^auto-?responder$"));

/// What became of the mail, in a receipt of a mail system that refused it (RFC 5429 lets filters refuse that way).
static REFUSED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?mi)^disposition[ \t]*:[ \t]*automatic-action/[^;\n]*;[ \t]*(?:deleted|denied|failed)\b"));

/// A read receipt (RFC 8098).
pub(super) fn is_receipt(headers: &Headers, pieces: &Pieces<'_>) -> bool {
    let found = pieces.find("message/disposition-notification");
    let refused = headers.null_return_path() && found.is_some_and(|piece| REFUSED.is_match(&piece.text));
    !refused && (headers.report_type == "disposition-notification" || headers.media_type == "multipart/report" && found.is_some())
}

/// True when a header says that no person wrote this to us.
pub(super) fn is_automatic(headers: &Headers) -> bool {
    declares_itself(headers)
        || headers.null_return_path()
        || is_bulk(headers)
        || headers.iter().any(|(name, value)| MACHINE_FIELD.is_match(name) && says_yes(name, value))
        || NOBODY.is_match(headers.local_part())
        || DAEMON.is_match(headers.local_part())
        || is_away_note(headers)
}

/// Auto-Submitted with anything but "no" (RFC 3834; comments and parameters may follow).
pub(super) fn declares_itself(headers: &Headers) -> bool {
    headers.all("auto-submitted").any(|value| {
        let word = value.split([';', ' ', '(']).find(|word| !word.is_empty()).unwrap_or("no");
        !word.eq_ignore_ascii_case("no")
    })
}

fn is_bulk(headers: &Headers) -> bool {
    let precedence = headers
        .all("precedence")
        .any(|value| matches!(value.to_ascii_lowercase().as_str(), "bulk" | "list" | "junk" | "auto_reply" | "auto-reply" | "autoreply"));
    let list = ["list-id", "list-unsubscribe"].into_iter().any(|name| headers.first(name).is_some_and(|value| !value.is_empty()));
    // `campaign:customer:type:sender` marks a campaign; a mail service that stamps every mail uses two parts only.
    let campaign = headers.all("feedback-id").any(|value| value.matches(':').count() >= 2);
    precedence || list || campaign
}

fn is_away_note(headers: &Headers) -> bool {
    let hinted = headers.all("x-auto-response-suppress").any(|value| says_yes("x-auto-response-suppress", value))
        || ["x-mailer", "user-agent", "delivered-by", "x-generator"]
            .into_iter()
            .any(|name| headers.all(name).any(|value| AWAY_PROGRAM.is_match(value)))
        || headers.all("x-post-messageclass").any(|value| AWAY_PROGRAM.is_match(value));
    let vacation =
        headers.all("x-mailer").any(|value| VACATION.is_match(value)) || headers.all("delivered-to").any(|value| AUTORESPONDER.is_match(value));
    vacation || hinted && (AWAY_SUBJECT.is_match(&headers.subject) || headers.all("x-post-messageclass").any(|value| AWAY_PROGRAM.is_match(value)))
}

fn says_yes(name: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    if matches!(name, "x-precedence" | "preference") {
        return matches!(value.as_str(), "bulk" | "list" | "junk" | "auto_reply" | "auto-reply");
    }
    !matches!(value.as_str(), "" | "no" | "none" | "false" | "0" | "off")
}
