//! Raw mails as old programs and machines write them: other charsets, no sender, out of office, and what comes back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{EUC_KR, Encoding, ISO_2022_JP, WINDOWS_1252};

/// A raw mail to one of the shop's addresses.
pub fn raw(to: &str) -> Vec<Vec<u8>> {
    vec![
        in_charset(
            EUC_KR,
            "EUC-KR",
            ("조영수", "youngsoo.cho@oldmail.example"),
            to,
            "예전 프로그램으로 보내는 메일입니다",
            "안녕하세요.\n\n십 년 넘게 쓰던 메일 프로그램이라 글자가 깨지지 않을지 모르겠네요.\n지난달에 산 옹기 티포트 뚜껑만 따로 살 수 있을까요?\n\n조영수 드림\n",
        ),
        in_charset(
            ISO_2022_JP,
            "ISO-2022-JP",
            ("田中 由美", "yumi.tanaka@denshi.example"),
            to,
            "青磁の湯呑みについて",
            "はじめまして。\n\n東京の田中と申します。青磁の湯呑みを五つ購入したいのですが、\n日本への発送は可能でしょうか。送料もあわせて教えてください。\n\nよろしくお願いいたします。\n田中 由美\n",
        ),
        in_charset(
            WINDOWS_1252,
            "windows-1252",
            ("Jürgen Weiß", "juergen.weiss@postfach.example"),
            to,
            "Größe der Leinentischdecke – 180 €?",
            "Guten Tag,\n\ngibt es die Tischdecke auch in der Größe 160 × 300 cm? Im Shop steht „auf Anfrage“ für 180 €.\n\nMit freundlichen Grüßen\nJürgen Weiß\n",
        ),
        in_charset(
            EUC_KR,
            "ks_c_5601-1987",
            ("문구점 한결", "order@hangyeol.example"),
            to,
            "납품 일정 확인",
            "담당자님께,\n\n다음 주 화요일 오전에 포장 상자 300개 납품 예정입니다.\n받으실 분 성함과 연락처를 알려 주세요.\n\n한결 드림\n",
        ),
        in_charset(
            WINDOWS_1252,
            "iso-8859-1",
            ("Société Générique", "achats@boutique.example"),
            to,
            "Commande de bols à ramen",
            "Bonjour,\n\nNous aimerions commander 24 bols pour notre boutique à Lyon. Pourriez-vous nous envoyer vos tarifs ?\n\nBien à vous,\nHélène Dupré\n",
        ),
        out_of_office(to),
    ]
}

fn word(encoding: &'static Encoding, charset: &str, text: &str) -> String {
    format!("=?{charset}?B?{}?=", STANDARD.encode(encoding.encode(text).0))
}

fn in_charset(encoding: &'static Encoding, charset: &str, (name, from): (&str, &str), to: &str, subject: &str, body: &str) -> Vec<u8> {
    let bytes = encoding.encode(&body.replace('\n', "\r\n")).0.into_owned();
    let body = STANDARD.encode(bytes).as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned()).collect::<Vec<_>>().join("\r\n");
    format!(
        "From: {} <{from}>\r\nTo: <{to}>\r\nSubject: {}\r\nMessage-ID: <{}.{}@{}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n",
        word(encoding, charset, name),
        word(encoding, charset, subject),
        charset.to_lowercase(),
        body.len(),
        from.rsplit('@').next().unwrap_or_default()
    )
    .into_bytes()
}

fn out_of_office(to: &str) -> Vec<u8> {
    format!(
        "From: Grace Hughes <grace.hughes@mail.example>\r\nTo: <{to}>\r\nSubject: Automatic reply: your order\r\nMessage-ID: <ooo-1@mail.example>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         I am away until Monday and read no mail. In urgent cases call the office.\r\n"
    )
    .into_bytes()
}

/// A mail that nobody sent: it can be put into no conversation, so it waits in quarantine.
pub fn without_sender(to: &str) -> Vec<u8> {
    format!(
        "To: <{to}>\r\nSubject: CONGRATULATIONS!!! claim your prize\r\nMessage-ID: <lottery-77@nowhere.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n<h1>You have won</h1><p>Open <a href=\"http://nowhere.example/win\">this page</a> today.</p>\r\n"
    )
    .into_bytes()
}

/// A delivery report about one of our mails: the address is gone.
pub fn bounce(to: &str, recipient: &str, message_id: &str) -> Vec<u8> {
    let domain = recipient.rsplit('@').next().unwrap_or_default();
    format!(
        "From: Mail Delivery Subsystem <mailer-daemon@{domain}>\r\nTo: <{to}>\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <bounce-{n}@{domain}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b0\"\r\n\r\n--b0\r\nContent-Type: text/plain\r\n\r\n\
         Your message could not be delivered: the address {recipient} does not exist any more.\r\n\r\n--b0\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.{domain}\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--b0\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\
         To: <{recipient}>\r\n\r\n--b0--\r\n",
        n = message_id.len() + recipient.len()
    )
    .into_bytes()
}
