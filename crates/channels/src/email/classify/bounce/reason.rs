//! Is the address itself dead, or did this mail merely not get through?
//!
//! Order: a temporary code is never final; then words (they are more exact than codes, which servers choose carelessly);
//! then the enhanced status code.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"https?://[^\s<>"]+|<?[^\s<>@"]{1,64}@[^\s<>@",;:()]+>?|(?m:^\s*(?:subject|件名|제목)\s*[:：].*$)|(?mi:(?:error: )?no valid recipients[.,]?(?: bye)?\s*$)|[45][0-9][0-9]-[45]\.[0-9]{1,3}\.[0-9]{1,3}"#,
    )
});

/// Host names have dots in them, and telling ones at times.
static HOST: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z]{2,}\.?"));
/// The mailbox exists but holds no more.
static FULL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:mailbox|inbox|mail ?box|account|user|recipient|storage|message store|mail ?folder|disk|maildir|filesystem)[^.;\n]{0,40}(?:\bfull\b|over ?quota|over its quota|exceed|quota|too (?:big|large|full)|insufficient|out of (?:space|storage)|no space)|",
        r"(?:over|exceed(?:ed|s|ing)?|insufficient|not enough|out of|disk|disc|mail|storage|user|mailbox)[ -]?(?:the |its |his |their |allowed |mail |storage )?(?:quota|storage|disk space|space)|quota[^.;\n]{0,24}(?:exceed|full|reached|violation)|(?:is|are|too) full\b|\bfull mailbox|mailbox size|too many messages (?:in|on)|",
        r"mailfolder is full|postfach (?:ist )?voll|bo[iî]te[^.\n]{0,20}pleine|buz[oó]n[^.\n]{0,20}lleno|caixa[^.\n]{0,20}cheia|casella[^.\n]{0,20}piena|переполнен|skrzynka[^.\n]{0,20}pe[lł]na|容量(?:超過|不足|を超|がいっぱい)|いっぱい|満杯|邮箱[^。\n]{0,10}满|信箱已滿|空间不足|空間不足|용량[^.\n]{0,10}(?:초과|부족)|편지함[^.\n]{0,10}초과|가득",
    ))
});
/// Not now, or not so fast.
static FOR_NOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"temporar|host not found,? try again|try (?:again )?later|try your request later|deferred|timed? ?out|time-out|too long in|(?:in|on) the queue too long|queue too long|been in the queue|retry time|expired|could not be delivered for|",
        r"connection (?:refused|reset|lost|closed|rate|dropped|timed)|connect(?:ion)? to .{0,60}refused|no route to host|network (?:is )?(?:unreachable|error)|host (?:is )?(?:unreachable|down|not reachable)|lost connection|not respond|",
        r"greylist|graylist|grey-list|throttl|rate[ -]?limit|receiving mail (?:at a rate|too quickly)|too (?:many|fast|much)|resources? (?:temporarily )?unavailable|system (?:resources|error|failure)|local error|internal error|",
        r"hops?\b|mail loop|loop(?:s|ing)? (?:back|detected)|looping|all hosts .{0,40}failing|aborted after|not delivered within|not responding|(?:mail)?server (?:busy|too busy)|overload|一時的|しばらく|暂时|일시적",
    ))
});
/// Said of the sender, not of the recipient.
static SENDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"sender(?:'s)?(?: address| domain| e-?mail| host)?[^.;\n]{0,60}(?:not exist|not found|reject|unknown|invalid|unverif|verif|denied|refused|not allowed|blacklist|blocked|resolv)|domain of sender|(?:unresolvable|unverified|unauthenticated|invalid|unknown|bad) sender|",
        r"(?:sending|your|client|helo|ehlo|relay(?:ing)?|envelope)[ -](?:ip|host|server|mail ?server|domain|hostname|address|mta|mx|account|helo|from)[^.;\n]{0,80}(?:not|unknown|reject|block|invalid|denied|fail|missing|cannot|no |does)|",
        r"invalid ip\b|\bip (?:address )?(?:is |has |was )?(?:not|block|reject|invalid|list)|for sending mail|reverse (?:dns|lookup|hostname)|\bptr\b|\brdns\b|cannot find your|client host|helo command|\bspf\b|\bdkim\b|dmarc|unauthenticated|authenticat|relay(?:ing)? (?:access )?(?:denied|not|prohibited)|unable to relay|accept (?:any )?(?:e-?)?mail from|not (?:permitted|allowed) to relay|smtp auth",
    ))
});
/// Refused for what the mail is or where it comes from.
static POLICY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"spam|junk|\bube\b|\buce\b|unsolicited|virus|malware|infected|phish|black ?list|block ?list|\brbl\b|dnsbl|\bblocked\b|reputation|policy|policies|security|content|attachment|suspicious|prohibited|not authorized|unauthorized|forbidden|not permitted|banned|",
        r"(?:message|mail|size|body|header)[^.;\n]{0,40}(?:too (?:big|large|long)|exceed|limit)|too (?:big|large) (?:message|mail)|size limit|maximum (?:message )?size|exceeds (?:maximum|size|the)|bad header|malformed|syntax|protocol error|not rfc|non-?compliant|restricted|",
        r"try again|administrative prohibition|suspend|frozen|locked|on hold|disabled|deactivated|inactive|expired account|requires? tls|starttls|certificate",
    ))
});
/// Nobody lives there: said in so many words.
static DEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:user|recipient|\brcpt|address(?:ee)?|mailbox|mail ?box|account|alias|local[- ]?part|destinat\w+|e-?mail|inbox|name|username|userid|subscriber|mail-?drop)[^.;:\n]{0,60}?(?:unknown|not ?found|does ?n[o']t exist|(?:do|did) not exist|not (?:an? )?(?:active|present|exist|known|valid|listed|registered|recogni[sz]ed|available here|local)|no longer (?:exists?|valid|active|available|in use|on)|non-?exist|nonexist|\binvalid|is (?:wrong|unavailable|closed|deleted|terminated)|could ?n[o']t be found|couldn.t be found|wasn.t found|cannot be found|doesn.t exist|isn.t (?:valid|found)|(?:has been|was) (?:deleted|removed|closed|terminated|cancel+ed|discontinued)|unavailable|not (?:here|our|one of|accepted here)|unrout[ei])|",
        r"(?:unknown|unrecogni[sz]ed|non-?existent|invalid|no ?such|no|not? (?:a )?(?:known|valid|local|registered)|illegal|bad|undeliverable|ambiguous|incorrect|unroute?able|unresolvable)[ -](?:(?:local|destination|e-?mail|mail|virtual|gateway|or illegal|internet|registered|final|delivery|remote|to) ?){0,2}(?:user|recipient|address|mailbox|mail ?box|account|alias|destination|name|person|customer|subscriber|local[- ]?part|mail ?drop|user ?id|to address)|",
        r"no mailbox here|not our (?:customer|user|domain)|(?:mailbox|account|user|recipient) (?:is )?not available|(?:disabled|suspended) or discontinued|nobody (?:here )?by that name|no (?:account|user|one|person|mail ?box)[^.\n]{0,24}(?:at|by|with|of|under) (?:that|this)|user unknown|unknown\.? ?user|this user does ?n.t have|(?:doesn.t|does not) have an? .{0,40}account|(?:cannot|can.t|could ?n[o']t|couldn.t|unable to) (?:find|locate) (?:(?:an?|any|the|that|this|such|recipient|user.s|alias|matching|mail) ){0,3}(?:user|recipient|mail ?box|address|account|mail exchanger|domain|inbox)|(?:user|recipient|address|mailbox) (?:is )?not in (?:(?:the|our|this) )?(?:\w+ )?(?:directory|database|user list)|@ (?:(?:is|was|does|could|has been) )?(?:not (?:be )?(?:found|exist|known|recogni[sz]ed|valid\b)|unknown|invalid|doesn.t exist|deleted)|not found in (?:(?:the|our|this) )?(?:ldap|directory|database)|doesn.t handle mail for|not an? (?:member|user) of (?:(?:the|this|our) )?(?:domain|system|server|host)\b|not an? (?:registered|valid|known|active|local|existing) |recipient is not local|no such (?:user|person|recipient|address|mail|account|local)|mailbox name not allowed|not listed in|recipient (?:address )?(?:rejected|not accepted|refused)[^.;\n]{0,20}(?:unknown|access denied|undeliverable|invalid|not exist|no such)|(?:recipient|user|mailbox)[^.;\n]{0,16}(?:not recogni[sz]ed|unrecogni[sz]ed)|recipient ?not ?found|recipnotfound|bad-?rcpt-?to|bad-?recipient-?to|valid-?rcpt-?to|missing home directory|there is no (?:one|user|such)|no route found to domain|domain must exist|resolve mx|usersearch|",
        r"(?:host|domain|destination (?:server|domain)|mail ?exchanger|\bmx\b|name ?server)[^.;:\n]{0,48}(?:unknown|not ?found|not exist|doesn.t exist|no such|invalid|does not resolve|unresolv)|(?:unknown|invalid|illegal|no such|non-?existent|unresolvable|bad)[ -](?:mail )?(?:host|domain|destination domain|system)|nxdomain|name (?:or service )?not known|unroute?able|couldn.t find (?:a|any) (?:mail exchanger|host|server)|could not find a (?:gateway|mail exchanger)|no (?:mx|mail exchanger)[^.;\n]{0,24}(?:found|exist|for)|cannot find (?:a )?(?:mx|mail exchanger|host)|host or domain name not|",
        r"has moved|has been (?:replaced by|changed to)|mailbox has moved|moved to|no forwarding address|address (?:has )?changed|user has (?:left|moved)|no longer (?:works?|employed|with|available|accept|at)|left the (?:company|organi[sz]ation)|",
        r"no smtp service|null ?mx|(?:does ?n[o']t|do not|never|no longer|not) (?:sends? or )?(?:accept|receive)(?:s|ing)? (?:any )?(?:e-?)?mails?(?:$|\s*[^\sa-z]| (?:any ?more|at|for|here|to))|accepts no mail|",
        r"unbekannt|existiert nicht|nicht (?:bekannt|gefunden|vorhanden)|empf[aä]nger (?:ung[uü]ltig|unbekannt)|inconnu|n'existe pas|(?:adresse|destinataire)[^.\n]{0,50}(?:invalide|introuvable|inexist)|desconocid|no existe|inexistente|n[aã]o existe|desconhecid|non esiste|sconosciut|inesistent|destinatario (?:errato|non valido|no v[aá]lido)|destinat[aá]rio inv[aá]lido|n[aã]o encontrad|no encontrad|no se encontr[oó]|impossibile trovare l.indirizzo|bo[iî]te[^.\n]{0,30}inexist|onbekend|bestaat niet|niet gevonden|ok[aä]nd|finns inte|hittades inte|finnes ikke|ikke fundet|ikke funnet|tuntematon|ei l[oö]ydy|nie ma takie|findes ikke|nie istnieje|nieznan|neexistuje|nezn[aá]m|nenalezen|bilinmeyen|bulunamad|не знайдено|не існує|mevcut de[gğ]il|не существует|не найден|неизвестн|нет такого|",
        r"見つかりません|見つかりませんでした|存在しま|登録されていま|登録がありません|(?:リスト|ディレクトリ)[^。\n]{0,12}ありません|存在しない|宛先不明|あて先不明|不明な(?:ユーザ|宛先)|ユーザ[^。\n]{0,10}(?:不明|いません)|用户不存在|不存在|无效(?:的)?(?:收件人|地址)|無效的收件人|账号(?:被)?(?:注销|停用)|收件人未知|查无此|無此(?:用戶|使用者|帳號)|존재하지|찾을\s?수\s?없|주소가\s?없|탈퇴|없는\s?(?:사용자|계정|주소|메일|수신자)|알\s?수\s?없는|수신자[^.\n]{0,10}없",
    ))
});
/// A matter of who may write there; the sender itself often does not know more.
static UNSURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"permission|権限|권한|权限|權限|opr[aá]vn[eě]n|autoris[ée]|berechtig|permiso|permiss[aã]o|autorizza|разрешени|uprawnie")
});
/// Refused before the recipient was even named.
static TOO_EARLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:after|(?:reply|response) to)\s+(?:the\s+)?(?:mail\s+from|initial\s+connection|(?:ehlo|helo|lhlo)\b)|refused\s+to\s+talk\s+to\s+me|but sender was rejected|>>> mail from[^\n]*\n<<< 5",
    )
});
/// Said of a recipient without any other reason.
static WEAK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"recipients?(?:'s)?(?: e-?mail)?(?: address(?:es)?)? (?:was |is |are )?(?:rejected|refused|not accepted|denied|possibly incorrect)|(?:rejected|refused|invalid) recipient|address (?:is )?(?:rejected|refused|possibly incorrect)|(?:recipient|user|address|mailbox)(?: @)? (?:is )?not ok\b|(?:envelope )?recipient has been denied",
    )
});
static WARNING_SUBJECT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\(delay\)|\bdelay(?:ed)?\b|still (?:trying|being)|遅延|지연|延迟|verz[oö]ger"));
/// A warning may be about a failure that is final.
static MERE_WARNING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bwarning\b"));
static WARNING_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)warning message only|do not need to re-?send|not yet been delivered|will be retried|delivery attempts will (?:continue|be made)|only a temporary failure|will (?:keep|continue) (?:trying|to (?:try|attempt))|message (?:is|has been) (?:delayed|postponed)|advisory-only",
    )
});

/// True when the sender is still trying.
pub(super) fn is_warning(subject: &str, text: &str) -> bool {
    WARNING_TEXT.is_match(text)
        || WARNING_SUBJECT.is_match(subject) && !text.to_ascii_lowercase().contains("permanent error")
        || MERE_WARNING.is_match(subject) && by_words(text) != Some(Meaning::Dead)
}

/// True when nothing sent to this address will ever arrive. `said` is what servers said, `prose` what stands around it;
/// they are looked at in turn until one is clear.
pub(super) fn is_dead(status: Option<&str>, smtp: Option<&str>, said: &[&str], prose: &[&str]) -> bool {
    if status.is_some_and(|code| code.starts_with('4')) || status.is_none() && smtp.is_some_and(|code| code.starts_with('4')) {
        return false;
    }
    let mut texts = said.iter().chain(prose);
    if status.is_some_and(|code| matches!(code, "5.2.2" | "5.2.3" | "5.3.4")) || texts.any(|text| TOO_EARLY.is_match(text)) {
        return false;
    }
    let coded = || status.is_some_and(by_code);
    if let Some(meaning) = said.iter().find_map(|text| by_words(text)) {
        return matches!(meaning, Meaning::Dead);
    }
    match prose.iter().find_map(|text| by_words(text)) {
        Some(Meaning::Dead) => true,
        Some(Meaning::Alive) => false,
        // A gateway's footer speaks of viruses and policies too; the code does not.
        Some(Meaning::Refused) | None => coded(),
    }
}

/// What words say of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Nobody lives there.
    Dead,
    /// It is full, or busy, or the sender is the trouble.
    Alive,
    /// This mail was not wanted.
    Refused,
}

/// What the words say; `None` when they say nothing.
fn by_words(text: &str) -> Option<Meaning> {
    let text = NOISE.replace_all(text, " @ ");
    let text = HOST.replace_all(&text, "hostname ").to_lowercase();
    let text = text.replace('_', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if [&FULL, &SENDER, &FOR_NOW, &UNSURE].iter().any(|words| words.is_match(&text)) {
        Some(Meaning::Alive)
    } else if DEAD.is_match(&text) {
        Some(Meaning::Dead)
    } else if POLICY.is_match(&text) {
        Some(Meaning::Refused)
    } else {
        WEAK.is_match(&text).then_some(Meaning::Dead)
    }
}

/// RFC 3463 and the codes that large providers added.
fn by_code(status: &str) -> bool {
    matches!(status, "5.1.0" | "5.1.1" | "5.1.2" | "5.1.3" | "5.1.4" | "5.1.6" | "5.1.10" | "5.1.351" | "5.2.1" | "5.4.4" | "5.4.310" | "5.0.1")
}

#[cfg(test)]
mod tests {
    use super::is_dead;

    fn dead(said: &str) -> bool {
        let codes = crate::email::classify::smtp_code::find(said);
        is_dead(codes.status.as_deref(), codes.smtp.as_deref(), &[&codes.said, said], &[])
    }

    #[test]
    fn an_address_where_nobody_lives_is_dead() {
        for said in [
            "550 5.1.1 The email account that you tried to reach does not exist. Please check it for typos and try again.",
            "550 Requested action not taken: mailbox unavailable",
            "554 delivery error: dd This user doesn't have a mail.test account (a@mail.test) [0]",
            "550 <a@shop.test>: Recipient address rejected: User unknown in virtual mailbox table",
            "551 not our customer",
            "550 #5.1.0 Address rejected.",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            "550 5.4.1 [a@shop.test]: Recipient address rejected: Access denied",
            "550 no mailbox by that name is currently available",
            "550 Invalid recipient: <a@shop.test>",
            "550 mailbox for a@shop.test does not exist",
            "Host or domain name not found. Name service error for name=shop.test type=MX: Host not found",
            "550 5.1.2 Bad destination host 'DNS Hard Error looking up shop.test (MX): NXDomain'",
            "556 5.1.10 domain shop.test does not accept mail (nullMX)",
            "551 5.1.6 user has moved; please try b@shop.test",
            "This account has been disabled or discontinued",
            "550 5.1.1 sorry, your envelope recipient is in my badrcptto list",
            "550 this address is wrong or no longer valid",
            "550 <a@shop.test> is not an active address at this host",
            "550 there is no one at this address",
            "554 the account or domain may not exist",
            "550 Unable to resolve MX host shop.test",
            "550 unrouteable address",
            "550 mailbox invalid",
            "550 this recipient is not in my validrcptto list",
            "550 5.0.0 this address has been replaced by b@shop.test",
            "550 5.1.1",
            "550 unknown local-part \"a\" in domain \"shop.test\"",
            "550 NO_SUCH_USER, see https://shop.test/help",
            "554 rcpt <a@shop.test> does not exist",
            "550 Invalid final delivery userid: a@shop.test",
            "550 cannot find recipient a@shop.test",
            "550 recipient not in directory",
            "550 unable to find a mail exchanger for shop.test",
            "550 a@shop.test does not have an account here",
            "550 not a member of our domain: a@shop.test",
            "550 RCPT user <a@shop.test> not ok",
            "550 <a@shop.test> does not exist",
            "550 a@shop.test was not found in LDAP server",
            "550 Indirizzo inesistente",
            "550 Nie ma takiego konta",
            "550 Kullanıcı bulunamadı",
            "550 Mottakeren finnes ikke",
        ] {
            assert!(dead(said), "{said}");
        }
    }

    #[test]
    fn everything_else_may_work_another_day() {
        for said in [
            "550 5.1.1 <a@shop.test> is over quota",
            "452 4.2.2 mailbox full",
            "450 4.1.1 <a@shop.test>: user unknown in local recipient table",
            "554 5.7.1 <a@shop.test>: Relay access denied",
            "550 relay not permitted",
            "550 5.7.1 Message rejected as spam, see https://shop.test/user-unknown",
            "550 5.7.1 Client host [192.0.2.1] blocked using a list; recipient not authorized, your IP has been found on a block list",
            "550 Sender verify failed",
            "550 5.1.8 Sender address rejected: Domain not found",
            "553 5.1.8 <desk@help.test>... Domain of sender address desk@help.test does not exist",
            "550 SPF check failed: host not found",
            "550 no PTR record found",
            "552 message size exceeds fixed limit",
            "421 connection timed out",
            "retry timeout exceeded",
            "Name service error for name=shop.test: Host not found, try again",
            "554 5.4.6 hop count exceeded - possible mail loop",
            "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery",
            "550 5.7.26 unauthenticated mail is not accepted due to the domain's DMARC policy",
            "550 mailbox is frozen",
            "550 5.3.0 rejected\n554 5.5.1 Error: no valid recipients",
            "550 we do not accept mail from dynamic hosts",
            "550 the group may not exist, or you may not have permission to post",
            "host mx.shop.test refused to talk to me: 550 unknown host",
            "550 the user does not accept email in foreign character sets",
            "550 mail from <desk@help.test> refused: SPF record not found",
            "Remote host said: 552 MIME check: invalid structure",
        ] {
            assert!(!dead(said), "{said}");
        }
    }
}
