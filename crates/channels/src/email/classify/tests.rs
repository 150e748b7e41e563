//! Fixtures are ours; the forms are those of the mail systems named.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{Verdict, classify};
use crate::email::mail::{Kind, Mail};

fn read(raw: &str) -> Verdict {
    let raw = raw.replace('\n', "\r\n");
    mail_parser::MessageParser::default().parse(raw.as_bytes()).map(|parsed| classify(&parsed, &Mail::default())).unwrap_or_default()
}

fn kind(raw: &str) -> Kind {
    read(raw).kind
}

/// `address status code H|s` of each recipient; `-` for what is unknown.
fn failures(raw: &str) -> Vec<String> {
    let verdict = read(raw);
    assert_eq!(verdict.kind, Kind::Bounce, "{raw}");
    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    verdict
        .bounce
        .unwrap()
        .recipients
        .iter()
        .map(|r| format!("{} {} {} {}", or(&r.address), or(&r.status), or(&r.smtp_code), if r.hard { "H" } else { "s" }))
        .collect()
}

fn original(raw: &str) -> Option<String> {
    read(raw).bounce.and_then(|bounce| bounce.original_message_id)
}

fn report(fields: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: Mail System <MAILER-DAEMON@relay.test>\nTo: desk@help.test\nSubject: Undelivered Mail Returned to Sender\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=cut\n\n\
         --cut\nContent-Type: text/plain\n\nSorry, your mail came back.\n\n--cut\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; relay.test\n\n{fields}\n--cut\nContent-Type: text/rfc822-headers\n\n\
         From: desk@help.test\nTo: someone@shop.test\nMessage-ID: <ticket-7.abc@help.test>\nSubject: Your order\n\n--cut--\n"
    )
}

fn notice(from: &str, subject: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: desk@help.test\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    )
}

fn person(fields: &str, subject: &str) -> String {
    format!(
        "{fields}From: Kim Minji <minji@shop.test>\nTo: desk@help.test\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHello,\nsomething is wrong.\n"
    )
}

const RETURNED: &str =
    "Return-Path: <desk@help.test>\nMessage-ID: <ticket-9.def@help.test>\nFrom: desk@help.test\nTo: a@shop.test\nSubject: Your order\n\nHi\n";

// ---------------------------------------------------------------- reports

#[test]
fn a_report_gives_recipient_codes_and_the_original() {
    let raw =
        report("Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <a@shop.test>: no such user\n");
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 550 H"]);
    assert_eq!(original(&raw).as_deref(), Some("ticket-7.abc@help.test"));
}

#[test]
fn each_recipient_of_a_report_has_its_own_fate() {
    let raw = report(concat!(
        "Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\n\n",
        "Final-Recipient: rfc822; b@shop.test\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n\n",
        "Final-Recipient: rfc822; c@shop.test\nAction: delivered\nStatus: 2.0.0\n\n",
        "Final-Recipient: rfc822; d@shop.test\nAction: delayed\nStatus: 4.4.1\n",
    ));
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 - H", "b@shop.test 5.2.2 552 s", "d@shop.test 4.4.1 - s"]);
}

#[test]
fn the_address_we_wrote_to_comes_before_the_one_it_became() {
    let raw = report("Final-Recipient: rfc822; inner@farm.test\nOriginal-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\n");
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 - H"]);
}

#[test]
fn a_vague_status_gives_way_to_what_the_server_said() {
    let raw = report("Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 Listed for\n spamming\n");
    assert_eq!(failures(&raw), ["a@shop.test 5.7.1 550 s"]);
}

#[test]
fn a_final_refusal_under_a_temporary_status_is_soft() {
    let raw = report("Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 550 unknown user\n");
    assert_eq!(failures(&raw), ["a@shop.test 4.4.7 550 s"]);
}

#[test]
fn the_message_id_in_the_report_itself_is_believed_first() {
    let raw = report("Original-Message-ID: <real@help.test>\n\nFinal-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\n");
    assert_eq!(original(&raw).as_deref(), Some("real@help.test"));
}

#[test]
fn a_report_written_into_plain_text_counts_when_a_mail_system_sends_it() {
    let body = format!(
        "Technical report:\n\nReporting-MTA: dns; relay.test\n\nAction: failed\nFinal-Recipient: rfc822; a@shop.test\nDiagnostic-Code: smtp; 554 5.4.4 host unknown\nStatus: 5.4.4\n\n{RETURNED}"
    );
    let raw = notice("MAILER-DAEMON@relay.test", "Delivery Status Notification (Failure)", &body);
    assert_eq!(failures(&raw), ["a@shop.test 5.4.4 554 H"]);
    assert_eq!(original(&raw).as_deref(), Some("ticket-9.def@help.test"));
}

#[test]
fn a_returned_mail_in_a_part_of_its_own_gives_the_original() {
    let raw = format!(
        "From: postmaster@relay.test\nTo: desk@help.test\nSubject: Undeliverable: Your order\nContent-Type: multipart/mixed; boundary=cut\n\n\
         --cut\n\nYour message did not reach the following recipient(s):\n\na@shop.test on Mon, 3 Mar 2025\n    The recipient name is not recognized\n\n\
         --cut\nContent-Type: message/rfc822\n\n{RETURNED}\n--cut--\n"
    );
    assert_eq!(failures(&raw), ["a@shop.test - - H"]);
    assert_eq!(original(&raw).as_deref(), Some("ticket-9.def@help.test"));
}

#[test]
fn what_a_gateway_writes_below_its_notice_does_not_outweigh_the_code() {
    let raw = report("Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\n")
        .replace("Sorry, your mail came back.", "Your mail to a@shop.test failed.\n\nThis mail was scanned for viruses and offensive content.");
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 - H"]);
}

#[test]
fn a_filter_that_refuses_by_a_receipt_is_a_failure() {
    let receipt = |disposition: &str| {
        format!(
            "Return-Path: <>\nFrom: Mail Delivery Subsystem <admin@relay.test>\nTo: desk@help.test\nSubject: Automatically rejected mail\nAuto-Submitted: auto-replied (rejected)\n\
             MIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=cut\n\n\
             --cut\nContent-Type: text/plain\n\nYour message to <a@shop.test> was automatically rejected:\nQuota exceeded\n\
             --cut\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@shop.test\nDisposition: {disposition}\n\n--cut--\n"
        )
    };
    assert_eq!(failures(&receipt("automatic-action/MDN-sent-automatically; deleted")), ["a@shop.test - - s"]);
    assert_eq!(kind(&receipt("manual-action/MDN-sent-manually; displayed")), Kind::AutoReply);
}

#[test]
fn a_report_of_success_is_no_failure() {
    assert_eq!(kind(&report("Final-Recipient: rfc822; a@shop.test\nAction: relayed\nStatus: 2.1.9\n")), Kind::AutoReply);
}

#[test]
fn a_notification_in_json_is_read() {
    let body = r#"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"a@shop.test","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"messageId":"0101@mail.test"}}"#;
    let raw = notice("no-reply@notify.test", "Notification Message", body);
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 550 H"]);
    assert_eq!(original(&raw).as_deref(), Some("0101@mail.test"));
}

// ---------------------------------------------------------------- free-form notices

#[test]
fn notices_of_many_mail_systems_are_read() {
    let daemon = "MAILER-DAEMON@relay.test";
    let cases = [
        (
            "qmail",
            daemon,
            "failure notice",
            "Hi. This is the mail program at relay.test.\nI'm afraid I wasn't able to deliver your message.\n\n<a@shop.test>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 sorry, no mailbox here by that name\nGiving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\n",
            "a@shop.test 5.1.1 550 H",
        ),
        (
            "qmail, host",
            daemon,
            "failure notice",
            "<a@shop.test>:\nSorry, I couldn't find any host named shop.test. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n",
            "a@shop.test 5.1.2 - H",
        ),
        (
            "qmail, queue",
            daemon,
            "failure notice",
            "<a@shop.test>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n--- Below this line is a copy of the message.\n\n",
            "a@shop.test 4.4.1 - s",
        ),
        (
            "exim",
            daemon,
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered.\n\n  a@shop.test\n    SMTP error from remote mail server after RCPT TO:<a@shop.test>:\n    host mx.shop.test [192.0.2.7]: 550 No Such User Here\n\n------ This is a copy of the message, including all the headers. ------\n\n",
            "a@shop.test - 550 H",
        ),
        (
            "exim, sender refused",
            daemon,
            "Mail delivery failed",
            "  a@shop.test\n    SMTP error from remote mail server after MAIL FROM:<desk@help.test>:\n    host mx.shop.test [192.0.2.7]: 553 5.1.8 address does not exist\n\n------ This is a copy of the message, including all the headers. ------\n\n",
            "a@shop.test 5.1.8 553 s",
        ),
        (
            "exim, delay",
            daemon,
            "Warning: message 1abc delayed 24 hours",
            "This message was created automatically.\nA message that you sent has not yet been delivered.\n\n  a@shop.test\n    host mx.shop.test: 550 unknown user\n\nDelivery attempts will continue for some time.\n",
            "a@shop.test - 550 s",
        ),
        (
            "sendmail",
            daemon,
            "Returned mail: see transcript for details",
            "   ----- The following addresses had permanent fatal errors -----\n<a@shop.test>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.shop.test.:\n>>> RCPT To:<a@shop.test>\n<<< 550 5.1.1 User unknown\n554 5.5.1 no valid recipients\n\n   ----- Unsent message follows -----\n",
            "a@shop.test 5.1.1 550 H",
        ),
        (
            "exchange",
            "System Administrator <postmaster@relay.test>",
            "Undeliverable: Your order",
            "Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be reached:\n\n      a@shop.test on 3/3/2025 9:00 AM\n            The e-mail account does not exist at the organization this message was sent to.\n            <relay.test #5.1.1>\n\n",
            "a@shop.test 5.1.1 - H",
        ),
        (
            "james",
            "postmaster@relay.test",
            "[BOUNCE]",
            "Hi. This is the mail server at relay.test.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up.\n\na@shop.test\nThe error message below was: 550 5.1.1 mailbox unknown\n\nMessage details:\n  Subject: Your order\n  MAIL FROM: desk@help.test\n  RCPT TO: a@shop.test\n",
            "a@shop.test 5.1.1 550 H",
        ),
        (
            "gmail",
            daemon,
            "Delivery Status Notification (Delay)",
            "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:\n\n     a@shop.test\n\nMessage will be retried for 2 more day(s)\n\nThe error that the other server returned was: 450 4.2.2 mailbox full\n\n----- Original message -----\n\n",
            "a@shop.test 4.2.2 450 s",
        ),
        (
            "mobile gateway",
            "post_master@text.test",
            "Undeliverable Message",
            "Error: Invalid user address.\nMessage could not be delivered to mobile.\nTo: 5550100@text.test\nError: 550 no such user here\n\n",
            "5550100@text.test - 550 H",
        ),
        (
            "full",
            daemon,
            "Returned mail",
            "Unable to deliver message to: <a@shop.test>\nserver responded: 552 sorry, mailbox is over quota (#5.1.1)\n\n",
            "a@shop.test 5.1.1 552 s",
        ),
        ("moved", daemon, "Returned mail", "<a@shop.test>: 551 5.1.6 Recipient has moved, no forwarding address\n\n", "a@shop.test 5.1.6 551 H"),
        ("too big", daemon, "Returned mail", "<a@shop.test>: 552 5.3.4 message size exceeds the limit\n\n", "a@shop.test 5.3.4 552 s"),
        ("no mail at all", daemon, "Mail delivery failed", "  a@shop.test\n    an MX record indicated no SMTP service\n\n", "a@shop.test - - H"),
        (
            "Japanese",
            "postmaster@relay.test",
            "配信できませんでした",
            "以下のあて先へのメールは送信できませんでした。\na@shop.test\n550 5.1.1 ユーザが見つかりません\n\n-------original message\n",
            "a@shop.test 5.1.1 550 H",
        ),
        (
            "Korean",
            "mailer-daemon@relay.test",
            "[메일] 전송 실패 안내",
            "메일이 전송되지 못했습니다.\n받는사람 : a@shop.test\n실패 사유 : 존재하지 않는 계정입니다.\n\n원본 메일\n",
            "a@shop.test - - H",
        ),
        (
            "Chinese",
            "PostMaster@relay.test",
            "系统退信",
            "抱歉，您的邮件被退回来了\n收件人：a@shop.test\n退信原因：550 邮箱空间不足，已满\n\n原始邮件\n",
            "a@shop.test - 550 s",
        ),
        (
            "German",
            "postmaster@relay.test",
            "Unzustellbar: Ihre Bestellung",
            "Ihre Nachricht konnte nicht zugestellt werden:\n\na@shop.test\n    Empfänger unbekannt (550 5.1.1)\n\n",
            "a@shop.test 5.1.1 550 H",
        ),
        (
            "Russian",
            daemon,
            "Ваше сообщение не доставлено",
            "К сожалению, Ваше письмо не может быть доставлено:\n\n  a@shop.test\n    550 пользователь не найден\n\n",
            "a@shop.test - 550 H",
        ),
        (
            "gateway in front of Exchange",
            "SMTP_Mail_Service@relay.test",
            "Returned mail: error during delivery",
            "--- Failed recipients ---\n\n<a@shop.test>: mailbox unavailable [SMTP error code 550]\n\n",
            "a@shop.test - 550 H",
        ),
        (
            "X.400 gateway",
            "System Administrator <postmaster@relay.test>",
            "Undeliverable: Your order",
            "Your message\n\n  To:      list@other.test\n  Subject: Your order\n\ndid not reach the following recipient(s):\n\nc=US;a= ;p=SHOP;dda:SMTP=a@shop.test; on Mon, 3 Mar 2025\n    The recipient name is not recognized\n\n",
            "a@shop.test - - H",
        ),
        (
            "names without a domain",
            daemon,
            "Mail delivery problem",
            "Your mail to the following recipients could not be delivered because\nthey take no mail with pictures from list@help.test:\n\tshopkeeper\n\n",
            "shopkeeper@relay.test - - s",
        ),
        (
            "a warning about somebody who is gone",
            "mdaemon@relay.test",
            "Warning: a@shop.test - user unknown",
            "a@shop.test - there is no such user on this server.\n\n",
            "a@shop.test - - H",
        ),
        (
            "a full mailbox, still trying",
            "Postmaster@relay.test",
            "Mail delivery warning",
            "This is advisory only. Delivery of your mail to\n\n\"a@shop.test\"\n\nhas been postponed: the mailbox is full. We will continue to try.\n\n",
            "a@shop.test - - s",
        ),
        (
            "French",
            "postmaster@relay.test",
            "Échec de la remise",
            "Votre message n'a pas pu être remis :\n\n<a@shop.test>: 550 5.1.1 Adresse d'au moins un destinataire invalide\n\n",
            "a@shop.test 5.1.1 550 H",
        ),
    ];
    for (system, from, subject, body, expected) in cases {
        assert_eq!(failures(&notice(from, subject, &format!("{body}{RETURNED}"))), [expected], "{system}");
    }
}

#[test]
fn a_transcript_keeps_its_recipients_apart() {
    let raw = notice(
        "Mail Delivery Subsystem <MAILER-DAEMON@relay.test>",
        "Returned mail: see transcript for details",
        "   ----- Transcript of session follows -----\n>>> RCPT To:<a@shop.test>\n<<< 550 5.1.1 unknown user\n550 <a@shop.test>... User unknown\n\
         >>> RCPT To:<b@shop.test>\n<<< 452 4.2.2 mailbox full\n452 <b@shop.test>... Mailbox full\n\n   ----- Original message follows -----\nMessage-ID: <x@help.test>\nFrom: desk@help.test\nTo: z@shop.test\n",
    );
    assert_eq!(failures(&raw), ["a@shop.test 5.1.1 550 H", "b@shop.test 4.2.2 452 s"]);
}

#[test]
fn a_header_may_name_who_failed() {
    let raw = format!("X-Failed-Recipients: a@shop.test, b@shop.test\n{}", notice("robot@relay.test", "Message failed", "Both were refused.\n"));
    assert_eq!(failures(&raw), ["a@shop.test - - s", "b@shop.test - - s"]);
}

// ---------------------------------------------------------------- what is no bounce

#[test]
fn people_who_write_about_bounces_stay_people() {
    let pasted = "Hi, what does this mean?\n\n> <a@shop.test>: 550 5.1.1 User unknown\n> Final-Recipient: rfc822; a@shop.test\n> Action: failed\n";
    for (from, subject) in [
        ("Kim Minji <minji@shop.test>", "Mail delivery failed again"),
        ("Kim Minji <minji@shop.test>", "Fwd: Undelivered Mail Returned to Sender"),
        ("Kim Minji <minji@shop.test>", "Re: failure notice"),
    ] {
        assert_eq!(kind(&notice(from, subject, pasted)), Kind::Message, "{subject}");
    }
}

#[test]
fn a_bounce_that_a_person_attaches_stays_inside() {
    let inner = report("Final-Recipient: rfc822; a@shop.test\nAction: failed\nStatus: 5.1.1\n");
    let raw = format!(
        "From: Kim Minji <minji@shop.test>\nTo: desk@help.test\nSubject: look\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n\nwhat is this?\n--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--\n"
    );
    assert_eq!(kind(&raw), Kind::Message);
}

#[test]
fn a_parcel_that_could_not_be_delivered_is_no_bounce() {
    let raw = notice("no-reply@parcels.test", "Delivery failed", "Your parcel could not be delivered today. Ask us: care@parcels.test\n");
    assert_eq!(kind(&raw), Kind::AutoReply);
}

// ---------------------------------------------------------------- abuse reports

fn complaint(kind: &str) -> String {
    format!(
        "From: loop@provider.test\nTo: abuse@help.test\nSubject: FW: offer\nContent-Type: multipart/report; report-type=feedback-report; boundary=cut\n\n\
         --cut\n\nThis is an abuse report.\n--cut\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Loop/1.0\nVersion: 1\n\
         Original-Rcpt-To: <a@shop.test>\n\n--cut\nContent-Type: message/rfc822\n\n{RETURNED}\n--cut--\n"
    )
}

#[test]
fn a_complaint_names_who_complained_and_about_what() {
    let verdict = read(&complaint("abuse"));
    let report = verdict.bounce.unwrap();
    assert_eq!(verdict.kind, Kind::FeedbackReport);
    assert_eq!(report.original_message_id.as_deref(), Some("ticket-9.def@help.test"));
    assert_eq!(report.recipients[0].address.as_deref(), Some("a@shop.test"));
}

#[test]
fn a_report_about_authentication_suppresses_nobody() {
    let verdict = read(&complaint("auth-failure"));
    assert_eq!(verdict.kind, Kind::FeedbackReport);
    assert!(verdict.bounce.unwrap().recipients.is_empty());
}

// ---------------------------------------------------------------- automatic mail

#[test]
fn one_header_is_enough_for_a_machine_to_say_so() {
    for fields in [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated (rejected)\n",
        "Auto-Submitted: auto-notified; owner-email=\"x@y.test\"\n",
        "Return-Path: <>\n",
        "Precedence: bulk\n",
        "Precedence: List\n",
        "Precedence: junk\n",
        "Precedence: auto_reply\n",
        "List-Id: News <news.shop.test>\n",
        "List-Unsubscribe: <mailto:off@shop.test>\n",
        "X-Autoreply: yes\n",
        "X-Autorespond: hello\n",
        "X-Autoresponder: 1\n",
        "X-Auto-Reply-From: a@shop.test\n",
        "X-Mail-Autoreply: 1\n",
        "X-Vacation: yes\n",
        "X-Loop: desk@help.test\n",
        "X-MS-Exchange-Inbox-Rules-Loop: minji@shop.test\n",
        "X-FC-MachineGenerated: true\n",
        "Autorespond: order\n",
        "Delivered-To: Autoresponder\n",
        "X-Mailer: vacation 1.2\n",
        "Feedback-ID: spring:42:news:shop\n",
    ] {
        assert_eq!(kind(&person(fields, "Your order")), Kind::AutoReply, "{fields}");
    }
}

#[test]
fn senders_nobody_reads_are_automatic() {
    for address in [
        "noreply@shop.test",
        "no-reply@shop.test",
        "shop-noreply@shop.test",
        "do_not_reply@shop.test",
        "no.reply+17@shop.test",
        "postmaster@shop.test",
        "MAILER-DAEMON@shop.test",
        "ne-pas-repondre@shop.test",
    ] {
        assert_eq!(kind(&notice(&format!("Shop <{address}>"), "Your invoice", "It is attached.\n")), Kind::AutoReply, "{address}");
    }
}

#[test]
fn headers_that_say_no_or_nothing_leave_a_person_a_person() {
    for fields in [
        "Auto-Submitted: no\n",
        "Precedence: first-class\n",
        "X-Auto-Response-Suppress: All\n",
        "X-Autoreply: no\n",
        "Return-Path: <minji@shop.test>\n",
        "Feedback-ID: 1.eu-west-1.abc=:Relay\n",
        "X-Mailer: Apple Mail (2.3)\n",
        "X-Mailer: Vacation Homes 3.1\n",
        "Reply-To: no-reply-needed <minji@shop.test>\n",
    ] {
        assert_eq!(kind(&person(fields, "Your order")), Kind::Message, "{fields}");
    }
    assert_eq!(kind(&notice("Noreen Reply <noreen.reply@shop.test>", "Hello", "Hi\n")), Kind::Message);
}

#[test]
fn absence_notes_in_many_languages_need_a_header_to_be_believed() {
    for subject in [
        "Automatic reply: order",
        "Out of Office: order",
        "Automatische Antwort: Bestellung",
        "Abwesenheitsnotiz",
        "Réponse automatique : commande",
        "Respuesta automática: pedido",
        "Resposta automática: pedido",
        "Risposta automatica: ordine",
        "Automatisch antwoord: bestelling",
        "Afwezig: bestelling",
        "Automatiskt svar: order",
        "Automatisk svar: ordre",
        "Automaattinen vastaus: tilaus",
        "Autosvar: faktura",
        "Odpowiedź automatyczna: zamówienie",
        "Automatická odpověď: objednávka",
        "Automatikus válasz: rendelés",
        "Răspuns automat: comandă",
        "Otomatik yanıt: sipariş",
        "Αυτόματη απάντηση: παραγγελία",
        "Автоматический ответ: заказ",
        "Автоматична відповідь: замовлення",
        "תשובה אוטומטית: הזמנה",
        "رد تلقائي: طلب",
        "自動返信: ご注文",
        "自动答复: 订单",
        "自動回覆: 訂單",
        "자동 회신: 주문",
        "부재중: 주문",
        "Trả lời tự động: đơn hàng",
        "ตอบกลับอัตโนมัติ: คำสั่งซื้อ",
        "Automaatvastus: tellimus",
        "Automātiskā atbilde: pasūtījums",
        "Resposta automàtica: comanda",
        "Erantzun automatikoa: eskaera",
        "Sjálfvirkt svar: pöntun",
        "Аутоматски одговор: поруџбина",
    ] {
        assert_eq!(kind(&person("X-Auto-Response-Suppress: All\n", subject)), Kind::AutoReply, "{subject}");
        assert_eq!(kind(&person("", subject)), Kind::Message, "{subject}");
    }
}

#[test]
fn a_read_receipt_is_automatic() {
    let raw = "From: minji@shop.test\nTo: desk@help.test\nSubject: Read: Your order\nContent-Type: multipart/report; report-type=disposition-notification; boundary=cut\n\n--cut\n\nYour mail was read.\n--cut\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; minji@shop.test\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--cut--\n";
    assert_eq!(kind(raw), Kind::AutoReply);
}

// ---------------------------------------------------------------- anything at all

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        if let Some(parsed) = mail_parser::MessageParser::default().parse(&bytes) {
            classify(&parsed, &Mail::default());
        }
    }

    #[test]
    fn no_report_makes_it_fall(body in "(Final-Recipient: ?|Action: ?|Status: |Diagnostic-Code: |550[ -]|5\\.1\\.1|<|>|a@b\\.c|é|한|\u{1b}\\$B|\n|\n\n|--|\\.\\.\\. |>>> |<<< |\\{|\"Message\": |:| ){0,60}") {
        let (in_report, in_text) = (report(&body), notice("MAILER-DAEMON@relay.test", "failure notice", &body));
        prop_assert_eq!(kind(&in_text) == Kind::FeedbackReport, false);
        prop_assert_eq!(kind(&in_report) == Kind::Message, false);
    }
}
