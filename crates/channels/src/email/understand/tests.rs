//! Whole mails, written for these tests.

use proptest::prelude::*;

use super::*;
use crate::email::mail::Kind;

fn mail(raw: &str) -> Mail {
    understand(raw.replace('\n', "\r\n").as_bytes())
}

fn names(mail: &Mail) -> Vec<(&str, &str, bool)> {
    mail.attachments.iter().map(|a| (a.filename.as_str(), a.content_type.as_str(), a.inline)).collect()
}

const HEAD: &str = "From: Jane Doe <jane@shop.example>\nTo: help@desk.example\nCc: Team: a@x.example, b@x.example;\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <1@shop.example>\nIn-Reply-To: <0@desk.example>\nReferences: <a@desk.example>\n <0@desk.example>\nDate: Tue, 3 Feb 2026 10:11:12 +0900\nMIME-Version: 1.0\n";

#[test]
fn the_envelope_is_read() {
    let m = mail(&format!("{HEAD}\nhello\n"));
    assert_eq!(m.from, Some(Mailbox { name: Some("Jane Doe".into()), address: Some("jane@shop.example".into()) }));
    assert_eq!(m.cc.len(), 2);
    assert_eq!(m.subject.as_deref(), Some("Grüße"));
    assert_eq!((m.message_id.as_deref(), m.in_reply_to.len(), m.references.len()), (Some("1@shop.example"), 1, 2));
    assert_eq!(m.date.map(|d| d.to_string()).as_deref(), Some("2026-02-03T01:11:12Z"));
    assert_eq!((m.text.as_str(), m.error), ("hello", None));
}

#[test]
fn lines_of_blanks_above_the_header_are_skipped() {
    assert_eq!(mail(&format!("   \t \n\n{HEAD}\nhello\n")).subject.as_deref(), Some("Grüße"));
}

#[test]
fn a_mail_that_the_second_parser_cannot_read_is_classified_all_the_same() {
    let m = mail(&format!(
        "{HEAD}Auto-Submitted: auto-replied\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n\n--b--\n"
    ));
    assert_eq!((m.kind, m.error), (Kind::AutoReply, None));
}

#[test]
fn text_is_taken_from_the_plain_alternative_and_html_is_kept() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nhello plain\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>hello <b>html</b></p>\n--b--\n"
    ));
    assert_eq!(m.text, "hello plain");
    assert_eq!(m.html.as_deref(), Some("<p>hello <b>html</b></p>"));
    assert!(m.attachments.is_empty());
}

#[test]
fn an_empty_or_idle_plain_alternative_gives_way_to_html() {
    let html = format!("<p>{}</p>", "Die Lieferung kam beschädigt an und ich hätte gern Ersatz. ".repeat(30));
    for plain in ["", " \n", "Please use a program that can display HTML."] {
        let m = mail(&format!(
            "{HEAD}Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
        ));
        assert!(m.text.starts_with("Die Lieferung"), "{plain:?} → {}", m.text);
    }
}

#[test]
fn two_different_plain_alternatives_are_both_kept() {
    let m = mail(&format!("{HEAD}Content-Type: multipart/alternative; boundary=b\n\n--b\n\nfirst words\n--b\n\nother words\n--b--\n"));
    assert_eq!(m.text, "first words\n\nother words");
}

#[test]
fn a_report_without_prose_shows_its_fields() {
    let m =
        mail(&format!("{HEAD}Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b--\n"));
    assert_eq!((m.text.as_str(), m.attachments.len()), ("Status: 5.1.1", 1));
}

#[test]
fn texts_around_a_picture_are_one_body_in_order() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nbefore\n--b\nContent-Type: image/png; name=p.png\nContent-Disposition: inline; filename=p.png\nContent-Transfer-Encoding: base64\n\niVBORw0=\n--b\nContent-Type: text/plain\n\nafter\n--b--\n"
    ));
    assert_eq!(m.text, "before\n\nafter");
    assert_eq!(names(&m), [("p.png", "image/png", false)]);
}

#[test]
fn a_picture_that_the_html_shows_is_inline() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=\"cid:one@x\">\n--b\nContent-Type: image/png\nContent-ID: <one@x>\n\nPNG\n--b\nContent-Type: image/png\nContent-ID: <two@x>\n\nPNG\n--b--\n"
    ));
    assert_eq!(names(&m), [("image.png", "image/png", true), ("image (2).png", "image/png", false)]);
    assert_eq!(m.attachments[0].content_id.as_deref(), Some("one@x"));
}

#[test]
fn an_embedded_mail_is_an_attachment_named_by_its_subject() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\nSubject: =?utf-8?B?7ZmY67aI?= / order 7\nFrom: x@y.example\n\ninner\n--b--\n"
    ));
    assert_eq!(m.text, "see below");
    assert_eq!(names(&m), [("환불 - order 7.eml", "message/rfc822", false)]);
    assert!(m.attachments[0].data.ends_with(b"inner"));
}

#[test]
fn an_invitation_inside_the_alternatives_is_shown() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=b\n\n--b\n\ncome\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n"
    ));
    assert_eq!((m.text.as_str(), names(&m)), ("come", vec![("invite.ics", "text/calendar", false)]));
}

#[test]
fn winmail_is_unpacked() {
    let body = data_encoding::BASE64.encode(&tnef::tests::envelope());
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{body}\n--b--\n"
    ));
    assert_eq!(names(&m), [("긴 이름.txt", "text/plain", false)]);
    assert_eq!(m.attachments[0].data, b"content");
}

#[test]
fn a_file_inside_the_text_is_listed_and_the_text_kept() {
    let m = mail(&format!("{HEAD}\nsee\nbegin 644 a.txt\n#0V%T\n`\nend\n"));
    assert!(m.text.contains("begin 644"));
    assert_eq!((names(&m), m.attachments[0].md5.as_str()), (vec![("a.txt", "text/plain", false)], "fa3ebd6742c360b2d9652b7f78d9bd7d"));
}

#[test]
fn nameless_parts_are_named_by_description_or_type() {
    let m = mail(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/pdf\n\nx\n--b\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\nx\n--b\nContent-Type: x/y; name*0*=utf-8''%EA%B2%AC; name*1*=%EC%A0%81.xlsx\n\nx\n--b--\n"
    ));
    assert_eq!(names(&m).iter().map(|n| n.0).collect::<Vec<_>>(), ["attachment.pdf", "Delivery report.txt", "견적.xlsx"]);
}

#[test]
fn korean_without_any_label_is_read() {
    let (body, ..) = encoding_rs::EUC_KR.encode("안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.");
    let (subject, ..) = encoding_rs::EUC_KR.encode("배송 문의드립니다");
    let raw = [b"From: a@b.example\r\nSubject: ", &*subject, b"\r\nContent-Type: text/plain; charset=euc-kr\r\n\r\n", &*body].concat();
    let m = understand(&raw);
    assert_eq!(
        (m.subject.as_deref(), m.text.as_str()),
        (Some("배송 문의드립니다"), "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.")
    );
    let raw = [b"From: a@b.example\r\nSubject: x\r\n\r\n", &*body].concat();
    assert!(understand(&raw).text.starts_with("안녕하세요"));
}

#[test]
fn the_author_is_found_when_from_has_no_address() {
    let m = mail("From: Jane\nSender: jane@shop.example\nSubject: x\n\nhi\n");
    assert_eq!(m.from, Some(Mailbox { name: Some("Jane".into()), address: Some("jane@shop.example".into()) }));
}

#[test]
fn files_with_other_line_ends_marks_and_nothing_are_read() {
    assert_eq!(understand(b"Subject: x\rFrom: a@b.example\r\rhi\r").subject.as_deref(), Some("x"));
    assert_eq!(understand(b"\xef\xbb\xbf\r\nSubject: x\r\n\r\nhi").subject.as_deref(), Some("x"));
    assert_eq!(understand(b"").error.as_deref(), Some("empty mail"));
    let m = understand(b"just words\nand more\n");
    assert_eq!((m.text.as_str(), m.error.as_deref()), ("just words\nand more", Some("no headers")));
}

#[test]
fn bombs_are_bounded_and_what_is_known_is_kept() {
    let nested: String = "Content-Type: message/rfc822\n\n".repeat(10_000);
    let deep: String = (0..10_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let wide = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\nContent-Type: text/plain\n\nx\n".repeat(100_000));
    let headers = "X-Long: y\n".repeat(200_000);
    let addresses = format!("To: {}\n\nx", "a@b.example, ".repeat(100_000));
    let angles = format!("To: {}\n\nx", "<\"(:;".repeat(100_000));
    let words = format!("X: y\nSubject: {}\n\nx", "=?utf-8?q?".repeat(20_000));
    let html = format!("Content-Type: text/html\n\n{}", "<!--<a href='<b><table>".repeat(50_000));
    for bomb in [nested, deep, wide, headers, addresses, angles, words, html] {
        let raw = format!("Subject: kept\nFrom: a@b.example\n{bomb}");
        let started = std::time::Instant::now();
        let m = understand(raw.as_bytes());
        assert_eq!(m.from.and_then(|f| f.address).as_deref(), Some("a@b.example"));
        assert!(started.elapsed().as_secs() < 20, "{:?} for {}", started.elapsed(), &raw[..120.min(raw.len())]);
    }
}

#[test]
fn html_only_mail_reads_well_as_text() {
    let m = mail(&format!(
        "{HEAD}Content-Type: text/html; charset=utf-8\n\n<html><head><style>p {{}}</style></head><body><p>Hi,</p><p>see <a href=\"https://a.example/x\">this page</a> or <a href=\"https://b.example/\">https://b.example</a>:</p><ul><li>one<li>two<ul><li>deep</li></ul></ul><ol start=3><li>three</li></ol><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><blockquote type=cite>old<br>words</blockquote><pre>x  y\n  z</pre></body></html>"
    ));
    assert_eq!(
        m.text,
        "Hi,\n\nsee this page <https://a.example/x> or https://b.example:\n\n* one\n* two\n  * deep\n\n3. three\n\na b\nc\n\n> old\n> words\n\nx  y\n  z"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&raw);
    }

    #[test]
    fn no_mail_like_bytes_panic(pieces in proptest::collection::vec(prop_oneof![
        proptest::sample::select(&["Content-Type: ", "multipart/mixed; boundary=b", "multipart/alternative; boundary=\"c", "text/html", "text/plain; charset=", "euc-kr", "iso-2022-jp", "utf-7", "message/rfc822", "\r\n", "\n\n", "--b\n", "--b--", "--c\n", "Content-Transfer-Encoding: base64\n", "quoted-printable", "Content-Disposition: attachment; filename*0*=utf-8''%E", "Subject: =?utf-8?Q?=C3?= ", "=?utf-8?B?", "?=", "From: ", "\"", "<", ">", "(", ")", "a@b", ",", ";", ":", "<p>", "</td>", "<blockquote>", "<li>", "&#x", "&nbsp", "begin 644 a\n", "#0V%T\n`\nend\n", "\x1b$B", "\x1b(B", "format=flowed", " \n> x \n", "application/ms-tnef", "From x\n"][..]).prop_map(|s| s.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ], 0..60)) {
        let _ = read(&pieces.concat());
    }
}
