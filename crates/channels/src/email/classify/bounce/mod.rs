//! Delivery failures: RFC 3464 reports and the free-form notices of older mail systems.

pub(super) mod notice;
pub(super) mod original;
mod reason;
pub(super) mod report;

use std::sync::LazyLock;

use regex::Regex;

use super::auto_reply;
use super::headers::Headers;
use super::pieces::{self, Pieces};
use super::smtp_code;
use crate::email::mail::{Bounce, BouncedRecipient};

/// No more recipients than this are listed.
const MOST: usize = 300;

/// Compiles a pattern of this program; a broken one (the tests would show it) matches nothing.
pub(super) fn pattern(source: &str) -> Regex {
    let compiled = Regex::new(source);
    debug_assert!(compiled.is_ok(), "{compiled:?}");
    #[allow(clippy::unwrap_used, reason = "the empty class is a valid pattern")]
    compiled.unwrap_or_else(|_| Regex::new(r"[^\s\S]").unwrap())
}

/// Senders that are mail systems, by address.
static DAEMON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:internet-)?mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|mail[-_.]delivery(?:[-_.](?:sub)?system)?|mail[-_.]system|mailsystem|bounces?|bouncer?[-+_].*|ndr|delivery-?status|microsoftexchange[0-9a-f]+)$",
    )
});
/// Role addresses that mail systems write from.
static ROLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:po+stmaster|postmaster[-_.+].*|post_master|e?mail-?admin|mailserver)$"));
/// Addresses of machines of any kind.
static MACHINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:sys-?admin|admin|administrator|root|system|no[-_.]?reply|do-?not-?reply|mail|abuse|support)$|",
        r"(?:^|[-_.])(?:smtp|mta|imss|mail[-_.]?(?:service|server|gateway|relay|filter|scanner|security)|anti-?virus|virus[-_.]?(?:wall|scan(?:ner)?))(?:[-_.]|$)",
    ))
});
/// The addresses under which mailing list programs write.
static LIST_MANAGER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^owner-|-(?:admin|owner|request|bounces)$"));
/// Senders that are mail systems, by name.
static DAEMON_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)mailer[-_ .]?daemon|mail[-_. ]?deliver[a-z]*[-_. ](?:sub)?system|mail(?:er)? (?:sub)?system|postmaster|system administrator|mail administrator|mail delivery|delivery subsystem|microsoft (?:outlook|exchange)|mail server|internet mail|interscan|trend ?micro|mail ?marshal|mail ?sweeper|mail ?gateway|messaging security|symantec|barracuda|mimecast|bounce|undeliver",
    )
});
/// Subjects of failure notices.
static FAILURE_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)undeliver|non[- ]?deliver|not (?:be )?delivered|(?:could|can)(?:no|'?n)t (?:be )?(?:deliver|sen[dt])|unable to (?:be )?deliver|",
        r"deliver(?:y|ies)?[ :]*(?:status )?(?:notification|report|failure|failed|has failed|problem|error|delay|warning|attempt|incomplete|status)|automatically rejected|processing error|",
        r"(?:delivery|sending|transmission)[a-z ]{0,12}(?:failed|failure|error|delayed|problem)|(?:failed|failure|problem|error|trouble)[a-z ]{0,14}(?:deliver|transmi|send)|",
        r"fail(?:ure|ed)?[ -]*(?:notice|delivery|mail|message)|(?:mail|message|e-mail)[a-z ]{0,12}(?:failure|failed|error|rejected|refused|returned|blocked|delayed|bounced)|",
        r"return(?:ed|ing)?[ -](?:mail|message|e-mail|to sender)|(?:message|mail)\b.{0,60}\b(?:delayed|rejected|blocked|returned|not delivered)|",
        r"message you sent blocked|user unknown|unknown user|bounce|postmaster notify|loop alert|not a member|post[a-z ]{0,12}rejected|warning: (?:could not|message)|error sending|errors from|unzustellbar|unzustellbare|nicht zugestellt|zustell(?:ung|fehler|bericht)|",
        r"non remis|non distribu|[ée]chec|notification d.[ée]tat|impossible de|no se (?:pudo|ha podido)|no entregad|devuelto|error (?:de|al)|estado de(?: la)? entrega|n[aã]o (?:foi )?entreg|falha|devolvid|",
        r"mancat[ao] (?:recapito|consegna)|non recapitat|impossibile|onbestelbaar|niet (?:worden )?(?:be|af)?(?:zorgd|leverd)|ej levereras|kunde inte levereras|olevererbart|kunne ikke leveres|uleveret|ikke leveret|ei voitu toimittaa|",
        r"niedostarcz|nie dor[eę]cz|zwrot|nedoru[cč]|k[eé]zbes[ií]t|nedostav|teslim edil|iletilemedi|не доставлен|не удалось доставить|недоставлен|не може бути|ошибка доставки|",
        r"配信(?:不能|失敗|エラー|状態|でき)|配送(?:エラー|失敗|不能)|送信(?:エラー|失敗|できません)|送達(?:不能|失敗)|届きません|未達|メールが送|エラー通知|",
        r"退信|投递(?:失败|失敗|状态)|投遞(?:失敗|狀態)|无法(?:送达|投递|传递)|無法(?:傳遞|投遞|送達)|未送达|未傳遞|",
        r"반송|전송\s?(?:실패|오류|불가)|배달\s?(?:실패|못|불가|되지)|발송\s?실패|전달(?:되지|할 수|\s?실패)|메일\s?실패",
    ))
});
/// A subject that a person's mail program put "Re:" or "Fwd:" before.
static ANSWERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|vb|antw|odp|回复|答复|转发|回覆|轉寄|답장|전달)\s*(?:\[[0-9]+\])?\s*[:：]"));
/// Sentences of failure notices.
static FAILURE_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:could|can|was|were|has|have|did|is|are) ?(?:not|n[o']t)(?: yet)?(?: been| be)? (?:deliver|reach|sent\b|accepted|transmitted)|cannot (?:be )?(?:deliver|send|sent)|couldn.t be delivered|wasn.t able to deliver|",
        r"unable to (?:be )?(?:deliver|send|relay)|deliver(?:y|ing)(?: \w+){0,10} (?:failed|has failed|delayed|been delayed|aborted|was aborted)|failed(?: \w+){0,4} (?:deliver|recipient|permanently)|delivery (?:errors|problems|failed|failure)|",
        r"(?:fatal|permanent|delivery|transient)[ -](?:non-fatal )?errors?|undeliver|rejected (?:your|by)|(?:message|mail)(?: (?:to|for) [^\n]{1,80}?)? (?:was |is |has been )?(?:automatically )?(?:delayed|postponed|rejected|refused|returned)|has been postponed|returned to (?:you|sender)|returned mail|mail delivery|",
        r"following (?:address|recipient)|user unknown|unknown user|unknown recipient|no such (?:user|address|recipient|mailbox)|mailbox (?:is )?(?:full|not found|unavailable|unknown)|(?:user|mailbox|quota)[^.\n]{0,30}(?:exceed|full|over)|",
        r"remote host said|duplicated message-id|not a member of|giving up on|transcript of session|error (?:sending|delivering|while)|trouble delivering|has been blocked|",
        r"nicht zugestellt|unzustellbar|pas (?:pu )?(?:être|etre) (?:remis|distribu|d[eé]livr)|no (?:se )?(?:pudo|ha podido|puede|fue)[^.\n]{0,20}entreg|n[aã]o (?:p[oô]de|foi)[^.\n]{0,20}entreg|impossibile (?:recapitare|consegnare)|non (?:è|e') stato (?:possibile|recapitat|consegnat)|",
        r"не может быть доставлен|не удалось доставить|не доставлен|не було доставлен|nie (?:mo[zż]e|mog[lł]a)[^.\n]{0,20}dostarcz|doru[cč]it|teslim edilemedi|iletilemedi|",
        r"送信(?:でき|に失敗|されません)|送信されません|配信(?:でき|に失敗|不能|されません)|配送(?:でき|に失敗|不能)|届けられ|届きません|失敗しま|お届けできません|見つかりません|存在しません|受信拒否|",
        r"无法(?:送达|投递|传递|发送)|無法(?:傳遞|投遞|送達)|退回|被退|未能送达|발송(?:되지|할 수)|전송(?:되지|할 수|에 실패)|배달(?:되지|할 수|하지)|반송|전달되지|존재하지",
    ))
});
/// Says of an e-mail address that nothing reached it.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:not|unable to|failed to|failure to) (?:be )?deliver\w*[^@.]{0,60}(?:recipient|user|address|e-?mail|mailbox)[^@\n]{0,40}\n?[^@\n]{0,40}\w@\w",
    )
});
/// Amazon's notification service writes its reports in JSON.
static JSON_REPORT: LazyLock<Regex> = LazyLock::new(|| pattern(r#""(?:notificationType|eventType)"\s*:\s*"Bounce""#));

/// Reads a delivery failure; `None` when this mail is none.
pub(super) fn read(parsed: &mail_parser::Message<'_>, headers: &Headers, pieces: &Pieces<'_>) -> Option<Bounce> {
    let mut whole = pieces.notice();
    let declared =
        headers.media_type == "multipart/report" && matches!(headers.report_type.as_str(), "delivery-status" | "") && !pieces.list.is_empty();
    let mut fields: Vec<report::Entry> = report_pieces(pieces).flat_map(report::entries).collect();
    let said_so = pieces::is_report(&headers.media_type) || declared && (!fields.is_empty() || headers.report_type == "delivery-status");
    let sender = Sender::of(headers);
    if !said_so && sender == Sender::Person {
        return None;
    }
    if fields.is_empty() {
        if whole.trim().is_empty() || !original::has_address(&whole) {
            // Broken parts: read the bytes themselves.
            let body = parsed.parts.first().map_or(0, |part| part.offset_body as usize);
            let raw = parsed.raw_message.get(body..).unwrap_or_default();
            let raw = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]).replace('\r', "");
            if original::has_address(&raw) || whole.trim().is_empty() {
                pieces::cap(&raw).clone_into(&mut whole);
            }
        }
        fields = if JSON_REPORT.is_match(&whole) { report::json_entries(&whole) } else { report::entries_in_text(&whole) };
    }
    let (notice, rest) = original::split(&whole);
    let failed_header = failed_recipients(headers);
    let gives_back = !rest.trim().is_empty() || pieces.list.iter().any(|piece| piece.nested.is_some() || pieces::is_returned(&piece.media_type));
    if !said_so && fields.is_empty() && !is_failure(headers, sender, notice, gives_back) {
        return None;
    }
    if !fields.is_empty() && fields.iter().all(report::Entry::arrived) {
        // A report of success is automatic mail, not a failure.
        return None;
    }
    let returned = original::returned(pieces, rest);
    let references = || ["in-reply-to", "references"].into_iter().find_map(|name| headers.first(name).and_then(original::first_id));
    let recipients: Vec<BouncedRecipient> = if fields.is_empty() {
        from_notice(headers, notice, failed_header, &returned)
    } else {
        let sections = notice::Sections::of(notice, fields.iter().filter_map(|entry| entry.address.as_deref()));
        fields.iter().filter(|entry| !entry.arrived()).take(MOST).map(|entry| from_entry(entry, &sections)).collect()
    };
    let original_message_id = fields.iter().find_map(|entry| entry.original_message_id.clone()).or(returned.message_id).or_else(references);
    Some(Bounce { original_message_id, recipients })
}

/// Who wrote it, as far as this tells about failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// A mail system, no doubt.
    System,
    /// A postmaster or a null return path: a mail system or an automatic answer.
    Role,
    /// A program of any kind.
    Machine,
    /// Anybody.
    Person,
}

impl Sender {
    fn of(headers: &Headers) -> Self {
        let local = headers.local_part();
        let marked = headers.first("x-failed-recipients").is_some();
        if marked || DAEMON.is_match(local) || headers.from_words.to_ascii_lowercase().contains("mailer-daemon") {
            return Self::System;
        }
        if headers.null_return_path() {
            return Self::Role;
        }
        if auto_reply::declares_itself(headers) {
            return if ROLE.is_match(local) { Self::Role } else { Self::Machine };
        }
        if ANSWERED.is_match(&headers.subject) {
            return Self::Person;
        }
        let list_manager = LIST_MANAGER.is_match(local)
            && ["x-mlserver", "x-list-administrivia", "mailing-list"].into_iter().any(|name| headers.first(name).is_some());
        if list_manager || ROLE.is_match(local) || DAEMON_NAME.is_match(&headers.from_words) {
            return Self::Role;
        }
        // Some notices have no sender at all.
        if MACHINE.is_match(local) || headers.from.is_empty() { Self::Machine } else { Self::Person }
    }
}

fn is_failure(headers: &Headers, sender: Sender, notice: &str, gives_back: bool) -> bool {
    let subject = FAILURE_SUBJECT.is_match(&headers.subject) && !ANSWERED.is_match(&headers.subject);
    let text = FAILURE_TEXT.is_match(notice);
    let codes = smtp_code::find(notice);
    let coded = codes.smtp.is_some() || codes.status.is_some();
    match sender {
        Sender::System => subject || text || coded || gives_back || headers.first("x-failed-recipients").is_some(),
        Sender::Role => subject && (text || coded || original::has_address(notice)) || text && coded,
        // A parcel service's robot says "delivery failed" too: it takes a code or the mail itself to be about mail.
        Sender::Machine => text && (subject && (coded || gives_back || NAMED.is_match(notice)) || coded && gives_back),
        Sender::Person => false,
    }
}

fn report_pieces<'a>(pieces: &'a Pieces<'_>) -> impl Iterator<Item = &'a str> {
    pieces.list.iter().filter(|piece| pieces::is_report(&piece.media_type)).map(|piece| piece.text.as_str())
}

/// `X-Failed-Recipients` (Exim, Gmail).
fn failed_recipients(headers: &Headers) -> Vec<String> {
    headers.all("x-failed-recipients").flat_map(notice::addresses).collect()
}

/// One recipient of a report; the notice beside it fills what the report leaves open.
fn from_entry(entry: &report::Entry, sections: &notice::Sections<'_>) -> BouncedRecipient {
    let said = smtp_code::find(&entry.diagnostic);
    let around = sections.about(entry.address.as_deref());
    let noticed = smtp_code::find(&around);
    let written = entry.status.clone();
    let vague = written.as_deref().is_none_or(|status| status.ends_with(".0.0"));
    let status = if vague { said.status.or_else(|| same_class(noticed.status, written.as_deref())).or(written) } else { written };
    let smtp_code = said.smtp.or(noticed.smtp);
    let hard =
        !entry.delayed() && reason::is_dead(status.as_deref(), smtp_code.as_deref(), &[&entry.diagnostic, &entry.comment, &noticed.said], &[&around]);
    BouncedRecipient { address: entry.address.clone(), status, smtp_code, hard }
}

fn same_class(found: Option<String>, written: Option<&str>) -> Option<String> {
    found.filter(|status| written.is_none_or(|written| written.as_bytes().first() == status.as_bytes().first()))
}

/// The recipients of a free-form notice.
fn from_notice(headers: &Headers, text: &str, named: Vec<String>, returned: &original::Returned) -> Vec<BouncedRecipient> {
    let mut found = if named.is_empty() { notice::recipients(text, headers) } else { named };
    if found.is_empty() {
        found.clone_from(&returned.to);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|address| seen.insert(address.to_lowercase()));
    found.truncate(MOST);
    let sections = notice::Sections::of(text, found.iter().map(String::as_str));
    let warning = reason::is_warning(&headers.subject, text);
    let judge = |address: Option<String>| {
        let around = sections.about(address.as_deref());
        let mut codes = smtp_code::find(&around);
        if sections.single() && codes.smtp.is_none() && codes.status.is_none() {
            codes = smtp_code::find(text);
        }
        let all: [&str; 3] = [&around, text, &headers.subject];
        let prose = if sections.single() { &all[..] } else { &all[..1] };
        let hard = !warning && reason::is_dead(codes.status.as_deref(), codes.smtp.as_deref(), &[&codes.said], prose);
        BouncedRecipient { address, status: codes.status, smtp_code: codes.smtp, hard }
    };
    if found.is_empty() {
        return vec![judge(None)];
    }
    found.iter().map(|address| judge(Some(address.clone()))).collect()
}
