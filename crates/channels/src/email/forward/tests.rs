use super::labels::{self, Prefix, variants};
use super::languages::{LANGUAGES, Language};
use super::{find, locate};
use crate::email::mail::{Forwarded, Mailbox};
use proptest::prelude::*;

const BODY: &str = "Guten Tag,\n\nmy lamp: it does not shine.\n\n> did you plug it in?\nYes.";

fn person(name: &str, address: &str) -> Mailbox {
    Mailbox { name: Some(name.to_owned()), address: Some(address.to_owned()) }
}

fn words(language: &Language) -> [&'static str; 7] {
    [language.from, language.to, language.cc, language.sent, language.subject, language.forwarded, language.original]
        .map(|cell| variants(cell).next().unwrap_or_default())
}

fn check(what: &str, subject: &str, text: &str, own: &str) {
    let found = locate(Some(subject), text);
    assert!(found.is_some(), "{what}: not found in\n{text}");
    let found = found.unwrap_or_default();
    let Forwarded { from, to, cc, subject, text, .. } = found.forwarded;
    assert_eq!(found.above, own, "{what}");
    assert_eq!(from, Some(person("Ann Lee", "ann@example.org")), "{what}");
    assert_eq!(to.iter().filter_map(|to| to.address.as_deref()).collect::<Vec<_>>(), ["ben@example.org"], "{what}");
    assert_eq!(cc.iter().filter_map(|cc| cc.address.as_deref()).collect::<Vec<_>>(), ["cleo@example.org", "dan@example.org"], "{what}");
    assert_eq!(subject.as_deref(), Some("The lamp"), "{what}");
    assert_eq!(text, BODY, "{what}");
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n").collect()
}

#[test]
fn gmail_and_hubspot_forwards_are_found_in_every_language() {
    for language in LANGUAGES {
        let [from, to, cc, sent, subject, marker, _] = words(language);
        let text = format!(
            "---------- {marker} ---------\n{from}: Ann Lee <ann@example.org>\n{sent}: 5 May 2026\n{subject}: The lamp\n{to}: <ben@example.org>\n{cc}: Cleo <cleo@example.org>, <dan@example.org>\n\n\n{BODY}\n"
        );
        check(language.code, "Fwd: The lamp", &text, "");
        check(language.code, "The lamp", &format!("Please help.\n\n{text}"), "Please help.");
        let english = format!(
            "---------- Forwarded message ---------\n{from}: Ann Lee <ann@example.org>\nDate: Tue, 5 May 2026 at 09:14\nSubject: The lamp\nTo: <ben@example.org>\nCc: Cleo <cleo@example.org>, <dan@example.org>\n\n\n{BODY}\n"
        );
        check(language.code, "Fwd: The lamp", &english, "");
    }
}

#[test]
fn apple_forwards_are_found_in_every_language() {
    for language in LANGUAGES {
        let [from, to, cc, sent, subject, ..] = words(language);
        for marker in variants(language.forwarded) {
            let text = format!(
                "{marker}:\n\n{from}: Ann Lee <ann@example.org>\n{subject}: The lamp\n{sent}: 5 May 2026 at 09:14:00 CEST\n{to}: ben@example.org\n{cc}: Cleo <cleo@example.org>, dan@example.org\n\n{BODY}\n"
            );
            check(language.code, "Fwd: The lamp", &quoted(&text), "");
            check(language.code, "Fwd: The lamp", &format!("Please help.\n\nBen\n\n{}\n\n-- \nBen", quoted(&text)), "Please help.\n\nBen");
            check(language.code, "Fwd: The lamp", &text, "");
        }
    }
}

#[test]
fn outlook_forwards_are_found_in_every_language() {
    for language in LANGUAGES {
        let [from, to, cc, sent, subject, _, original] = words(language);
        let block = format!(
            "{from}: Ann Lee [mailto:ann@example.org]\n{sent}: 5 May 2026 09:14\n{to}: Ben Ole <ben@example.org>\n{cc}: Cleo <cleo@example.org>; 'dan@example.org' <dan@example.org>\n{subject}: The lamp\n\n{BODY}\n"
        );
        check(language.code, "FW: The lamp", &block, "");
        check(
            language.code,
            "WG: The lamp",
            &format!("Please help.\n\n________________________________\n{}", block.replace(": ", " : ").replace("lamp : it", "lamp: it")),
            "Please help.\n\n________________________________",
        );
        check(language.code, "TR: The lamp", &format!("-----{original}-----\n{block}"), "");
        assert_eq!(find(Some("RE: The lamp"), &block), None, "{}", language.code);
        assert_eq!(find(Some("AW: The lamp"), &format!("Thanks.\n\n-----{original}-----\n{block}")), None, "{}", language.code);
        assert_eq!(find(Some("The lamp"), &format!("Thanks.\n\n{block}")), None, "{}", language.code);
        check(language.code, "Xyz: The lamp", &format!("Thanks.\n\n{block}"), "Thanks.");
    }
}

#[test]
fn thunderbird_forwards_are_found_in_every_language() {
    for language in LANGUAGES {
        let [from, to, cc, sent, subject, marker, _] = words(language);
        for colon in [":", " :"] {
            let text = format!(
                "-------- {marker} --------\n{subject}{colon} \tThe lamp\n{sent}{colon} \tTue, 5 May 2026 09:14:00 +0200\n{from}{colon} \tAnn Lee <ann@example.org>\n{to}{colon} \tben@example.org\n{cc}{colon} \tCleo <cleo@example.org>, dan@example.org\n\n\n\n{BODY}\n"
            );
            check(language.code, "Fwd: The lamp", &format!("Please help.\n\n{text}"), "Please help.");
        }
    }
}

#[test]
fn yahoo_forwards_on_one_line_are_found_in_every_language() {
    for language in LANGUAGES {
        let [from, to, cc, sent, subject, marker, _] = words(language);
        let text = format!(
            "  ----- {marker} ----- {from}: Ann Lee <ann@example.org>{to}: \"ben@example.org\" <ben@example.org>{cc}: Cleo <cleo@example.org>; Dan <dan@example.org>{sent}: Tuesday, May 5, 2026, 09:14:00 AM GMT+2{subject}: The lamp\n {BODY}\n"
        );
        let found = find(Some("Fwd: The lamp"), &text).unwrap_or_default();
        assert_eq!(found.from, Some(person("Ann Lee", "ann@example.org")), "{text}");
        assert_eq!(found.to.len(), 1, "{text}");
        assert_eq!(found.cc.len(), 2, "{text}");
        assert_eq!(found.subject.as_deref(), Some("The lamp"), "{text}");
        assert_eq!(found.text.trim(), BODY, "{text}");
    }
}

#[test]
fn a_forward_in_an_unknown_language_is_found_by_its_shape() {
    let block = "Zefrom: Ann Lee <ann@example.org>\nZedate: 5 May 2026 09:14\nZeto: ben@example.org\n\nHello";
    let found = find(Some("Zefwd: The lamp"), &format!("---------- Forwarded message ----------\n{block}")).unwrap_or_default();
    assert_eq!(found.from, Some(person("Ann Lee", "ann@example.org")));
    assert_eq!(found.text, "Hello");
    let text =
        "> Zebegin zemessage:\n>\n> From: Ann Lee <ann@example.org>\n> Subject: The lamp\n> Date: 5 May 2026\n> To: ben@example.org\n>\n> Hello\n";
    assert_eq!(find(Some("Fwd: The lamp"), text).unwrap_or_default().text, "Hello");
}

#[test]
fn a_forward_that_only_says_who_wrote_is_found_under_a_forward_subject() {
    let lines = [
        "On 05/05/2026, 09:14, \"Ann Lee\" <ann@example.org> wrote:",
        "Am 05.05.2026, 09:14 schrieb \"Ann Lee\" <ann@example.org>:",
        "Am 05.05.2026 um 09:14 schrieb Ann Lee <ann@example.org>:",
        "Le 05/05/2026 09:14, « Ann Lee » <ann@example.org> a écrit :",
        "El 05/05/2026 09:14, \"Ann Lee\" <ann@example.org> escribió:",
        "Em 05/05/2026 09:14, \"Ann Lee\" <ann@example.org> escreveu:",
        "A 05/05/2026, 09:14, \"Ann Lee\" <ann@example.org> escreveu:",
        "Il giorno 05/05/2026, 09:14 \"Ann Lee\" <ann@example.org> ha scritto:",
        "Op 05-05-2026 09:14 heeft Ann Lee <ann@example.org> geschreven:",
        "Den 05/05/2026 09.14 skrev \"Ann Lee\" <ann@example.org>:",
        "Ann Lee <ann@example.org> skrev følgende den 05/05/2026, 09:14:",
        "\"Ann Lee\" <ann@example.org> kirjoitti 5.5.2026 kello 9.14:",
        "Ann Lee <ann@example.org> kirjoitti 5.5.2026 klo 9.14:",
        "Dnia 05/05/2026, 09:14 użytkownik „Ann Lee” <ann@example.org> napisał:",
        "Dne 05.05.2026 9:14, Ann Lee <ann@example.org> napsal(a):",
        "05/05/2026 9:14 používateľ Ann Lee (<ann@example.org>) napísal:",
        "05.05.2026, 09:14 dátummal \"Ann Lee\" <ann@example.org> ezt írta:",
        "05.05.2026, 09:14 пользователь \"Ann Lee\" <ann@example.org> написал:",
        "05.05.2026 09:14, користувач «Ann Lee» <ann@example.org> пише:",
        "05.05.2026 09:14 tarihinde \"Ann Lee\" <ann@example.org> şunu yazdı:",
        "La 05.05.2026, 09:14, „Ann Lee” <ann@example.org> a scris:",
        "2026/05/05 9:14、\"Ann Lee\" <ann@example.org> のメッセージ:",
        "在 2026/5/5 09:14，\"Ann Lee\"<ann@example.org> 写入：",
    ];
    for line in lines {
        let found = find(Some("FW: The lamp"), &format!("\u{feff}{line}\n\n    {BODY}")).unwrap_or_default();
        assert_eq!(found.from, Some(person("Ann Lee", "ann@example.org")), "{line}");
        assert_eq!((found.subject.as_deref(), found.text.trim()), (Some("The lamp"), BODY), "{line}");
        assert_eq!(find(Some("Re: The lamp"), &format!("Thanks\n\n{line}\n\n{BODY}")), None, "{line}");
    }
}

#[test]
fn lists_of_people_may_be_broken_over_lines() {
    let text = "---------- Forwarded message ---------\nFrom: Ann Lee <\nann@example.org>\nDate: 5 May 2026\nSubject: The lamp that\nis dark\nTo: Ben <ben@example.org>, Cleo <\ncleo@example.org>,\n Dan <dan@example.org>\n\nHello";
    let found = find(Some("Fwd: The lamp"), text).unwrap_or_default();
    assert_eq!(found.from, Some(person("Ann Lee", "ann@example.org")));
    assert_eq!(found.to, [person("Ben", "ben@example.org"), person("Cleo", "cleo@example.org"), person("Dan", "dan@example.org")]);
    assert_eq!((found.subject.as_deref(), found.text.as_str()), (Some("The lamp that is dark"), "Hello"));
}

#[test]
fn an_answer_address_on_the_same_line_is_no_recipient() {
    let text =
        "----- Forwarded Message ----- From: Ann <ann@example.org>Reply-To: <x@example.org>To: ben@example.orgSent: 5 May 2026Subject: x\nHello";
    let found = find(Some("Fwd: x"), text).unwrap_or_default();
    assert_eq!(found.to.first().and_then(|to| to.address.as_deref()), Some("ben@example.org"));
}

#[test]
fn a_report_about_a_mail_is_no_forward() {
    let block = "From: Ann <ann@example.org>\nSent: 5 May 2026\nTo: Ben\nSubject: The lamp\n\nHi";
    for subject in ["Undeliverable: The lamp", "Accepted: The lamp", "Automatic reply: The lamp"] {
        assert_eq!(find(Some(subject), &format!("Could not be delivered.\n\n{block}")), None, "{subject}");
    }
}

#[test]
fn an_answer_is_no_forward() {
    for text in [
        "Fine.\n\nOn 5 May 2026 at 09:14, Ann Lee <ann@example.org> wrote:\n\n> The lamp?\n",
        "Fine.\n\nOn 5 May 2026 at 09:14, Ann Lee <ann@example.org> wrote:\n\n> ---------- Forwarded message ---------\n> From: Cleo <cleo@example.org>\n> Date: 5 May\n> Subject: x\n> To: a@b.c\n>\n> Hi\n",
        "Fine.\n\nFrom: Ann Lee <ann@example.org>\nSent: 5 May 2026 09:14\nTo: Ben\nSubject: FW: The lamp\n\n-------- Forwarded Message --------\nFrom: Cleo <cleo@example.org>\nTo: b@c.d\nSubject: The lamp\n\nHi",
        "> Subject: The lamp\n> From: ann@example.org\n> To: ben@example.org\n> Date: 5 May\n>\n> Hi\n\nFine.",
        "Just words about a forwarded message: none.",
    ] {
        assert_eq!(find(Some("Re: The lamp"), text), None, "{text}");
    }
}

#[test]
fn of_nested_forwards_the_outermost_is_found() {
    let text = "FYI\n\n---------- Forwarded message ---------\nFrom: Ben <ben@example.org>\nDate: 5 May 2026\nSubject: Fwd: The lamp\nTo: c@example.org\n\nSee below.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: 4 May 2026\nSubject: The lamp\nTo: ben@example.org\n\nIt is dark.\n";
    let found = locate(Some("Fwd: Fwd: The lamp"), text).unwrap_or_default();
    assert_eq!(found.forwarded.from, Some(person("Ben", "ben@example.org")));
    assert_eq!(found.above, "FYI");
    assert!(found.forwarded.text.starts_with("See below.\n\n---------- Forwarded") && found.forwarded.text.ends_with("It is dark."));
}

#[test]
fn addresses_are_read_in_every_spelling() {
    let list = super::people::mailboxes(
        "Ann <ann@x.org>; 'Doe, Ben' <ben@x.org>; \"Cleo (Sales)\" <cleo@x.org>; Dan [mailto:dan@x.org]; eve@x.org<mailto:eve@x.org>; Finn O'Neill <finn@x.org>; Hal <hal@x.org<mailto:hal@x.org>>; Gus",
    );
    let seen: Vec<_> = list.iter().map(|who| (who.name.as_deref(), who.address.as_deref())).collect();
    assert_eq!(
        seen,
        [
            (Some("Ann"), Some("ann@x.org")),
            (Some("Doe, Ben"), Some("ben@x.org")),
            (Some("Cleo (Sales)"), Some("cleo@x.org")),
            (Some("Dan"), Some("dan@x.org")),
            (None, Some("eve@x.org")),
            (Some("Finn O'Neill"), Some("finn@x.org")),
            (Some("Hal"), Some("hal@x.org")),
            (Some("Gus"), None),
        ]
    );
    let comma: Vec<_> = super::people::mailboxes("Lee, Ann <ann@x.org>, ben@x.org").into_iter().map(|who| who.address).collect();
    assert_eq!(comma, [Some("ann@x.org".to_owned()), Some("ben@x.org".to_owned())]);
}

#[test]
fn subject_prefixes_tell_answers_from_forwards() {
    for subject in [
        "Fwd: x",
        "FW: x",
        "WG: x",
        "TR: x",
        "RV: x",
        "ENC: x",
        "I: x",
        "VB: x",
        "VL: x",
        "PD: x",
        "İLT: x",
        "转发：x",
        "轉寄: x",
        "전달: x",
        "Doorst: x",
        "Továbbítás: x",
        "Fwd[2]: x",
        "Redir.: x",
    ] {
        assert_eq!(labels::prefix(subject), (Some(Prefix::Forward), "x"), "{subject}");
    }
    for subject in ["Re: x", "AW: x", "SV: x", "Odp: x", "RES: x", "R: x", "YNT: x", "回复：x", "Antw.: x", "Re[3]: x", "ΑΠ: x"] {
        assert_eq!(labels::prefix(subject), (Some(Prefix::Reply), "x"), "{subject}");
    }
    assert_eq!(labels::prefix("VS: x"), (Some(Prefix::Either), "x"));
    assert_eq!(labels::prefix("Order 12: x"), (None, "Order 12: x"));
}

fn any_body() -> impl Strategy<Value = String> {
    let pieces = [
        "On 5 May 2026 at 09:14, Ann <ann@example.org> wrote:",
        "On 5 May 2026 at 09:14, Ann <",
        "ann@example.org> wrote:",
        "> quote",
        ">> deeper",
        "> ---------- Forwarded message ---------",
        "---------- Forwarded message ---------",
        "-----Original Message-----",
        "----- Weitergeleitete Nachricht ----- Von: A <a@b>An: c@dBetreff: x",
        "From: Ann <a@b.c>",
        "Von: Ann",
        "> From: Ann <a@b.c>",
        "To: b@c.d",
        "Date: 5 May 2026 10:00",
        "Subject: x",
        "Betreff : y",
        "Cc:",
        "-- ",
        "--",
        "_____________",
        "Sent from my iPhone",
        "```",
        "Hello there",
        "",
        "",
        "Reply above this line",
        "-Ann",
        "\u{feff}",
        "日付: x",
        "差出人：誰か",
        "İ: ß",
        "<<<@>>>",
        "\"'\"@",
        "> > > a@b:",
    ];
    prop::collection::vec(prop_oneof![4 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,40}"], 0..30)
        .prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn nothing_is_invented_and_nothing_lost(text in any_body(), subject in prop::option::of("(Fwd: |Re: |VS: |Xy: )?\\PC{0,12}")) {
        let known: std::collections::HashSet<&str> = text.lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\t'])).map(str::trim_end).collect();
        let trimmed = crate::email::trim::trim(&text);
        for line in trimmed.reply.lines().chain(trimmed.quoted.lines()) {
            prop_assert!(line.is_empty() || known.contains(line.trim_matches(['\u{feff}', ' ', '\t']).trim_end()), "{line:?} was not in the mail");
        }
        let count = |text: &str| text.lines().filter(|line| !line.trim_matches(['\u{feff}', ' ']).trim().is_empty()).count();
        prop_assert_eq!(count(&trimmed.reply) + count(&trimmed.quoted), count(&text));
        if let Some(found) = locate(subject.as_deref(), &text) {
            prop_assert!(text.contains(found.above.as_str()));
            for line in found.forwarded.text.lines() {
                prop_assert!(text.contains(line));
            }
        }
    }
}
