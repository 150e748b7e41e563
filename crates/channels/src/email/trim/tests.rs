use super::{Trimmed, trim};
use crate::email::forward::labels::variants;
use crate::email::forward::languages::LANGUAGES;

fn reply(text: &str) -> String {
    trim(text).reply
}

/// Attributions as mail programs write them; every one must be cut with and without quote marks below it.
const ATTRIBUTIONS: &[&str] = &[
    "On Tue, May 5, 2026 at 9:14 AM Ann Lee <ann@example.org> wrote:",
    "On Tue, May 5, 2026 at 9:14 AM Ann Lee <\nann@example.org> wrote:",
    "On Tue, May 5, 2026 at 9:14 AM, Ann Lee via Support <\nhelpdesk-with-a-long-name@example.org> wrote:",
    "On 5 May 2026, at 09:14, Ann Lee wrote:",
    "On May 5, 2026, at 9:14 AM, Ann Lee <ann@example.org> wrote:",
    "On 05/05/26 09:14, Ann Lee wrote:",
    "On 2026-05-05 09:14, ann@example.org wrote:",
    "On Tue, 5 May 2026 09:14:00 +0200, Ann Lee wrote:",
    "---- On Tue, 05 May 2026 09:14:00 +0200 Ann Lee <ann@example.org> wrote ----",
    "------- On Tuesday, May 5th, 2026 at 9:14 AM, Ann Lee <ann@example.org> wrote:",
    "\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010} Original Message \u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\nOn Tuesday, May 5th, 2026 at 9:14 AM, Ann Lee <ann@example.org> wrote:",
    "Ann Lee <ann@example.org> wrote:",
    "Ann Lee wrote on 5.5.2026 9:14:",
    "Ann Lee <ann@example.org> escreveu (terça, 5/05/2026 à(s) 09:14):",
    "Ann Lee\n<ann@example.org> ezt írta (időpont: 2026. máj. 5., K, 9:14):",
    "Ann Lee\n<ann@example.org> 於 2026年5月5日週二 上午9:14寫道：",
    "Ann Lee 於 2026/5/5 上午 09:14 寫道:",
    "Ann Lee <ann@example.org> เขียนข้อความเมื่อวันที่ 5 พ.ค. 2026 เวลา 09:14:",
    "2026-05-05 오전 9:14에 Ann Lee 이(가) 쓴 글:",
    "ann@example.org wrote on 05/05/2026 09:14:20 AM:",
    "2026-05-05 9:14 GMT+02:00 Ann Lee <ann@example.org>:",
    "2026-05-05 9:14 GMT+02:00 Ann Lee",
    "2026-05-05 9:14 GMT+02:00 Ann Lee\n<ann@example.org>:",
    "Tue, 5 May 2026, 09:14 Ann Lee <ann@example.org>:",
    "Am 05.05.2026 um 09:14 schrieb Ann Lee:",
    "Am 05.05.26 um 09:14 schrieb Ann Lee <ann@example.org>:",
    "Am Di., 5. Mai 2026 um 09:14 Uhr schrieb Ann Lee <ann@example.org>:",
    "Am Di., 5. Mai 2026 um 09:14 Uhr schrieb Ann Lee <\nann@example.org>:",
    "Am 5. Mai 2026 09:14:00 MESZ schrieb Ann Lee <ann@example.org>:",
    "Ann Lee <ann@example.org> schrieb am Di., 5. Mai 2026, 09:14:",
    "Ann Lee <ann@example.org> hat am 05.05.2026 09:14 geschrieben:",
    "Gesendet am 05.05.2026 von Ann Lee <ann@example.org>:",
    "Le mar. 5 mai 2026 à 09:14, Ann Lee <ann@example.org> a écrit :",
    "Le 5 mai 2026 à 09:14, Ann Lee <ann@example.org> a écrit\u{a0}:",
    "Le 05/05/2026 09:14, Ann Lee a écrit :",
    "Le mar. 5 mai 2026 à 09:14, Ann Lee\n<ann@example.org> a écrit :",
    "El mar, 5 may 2026 a las 9:14, Ann Lee (<ann@example.org>) escribió:",
    "El mar., 5 de mayo de 2026 9:14 a. m., Ann Lee <ann@example.org>\nescribió:",
    "El 5/5/26 a las 9:14, Ann Lee escribió:",
    "El 05/05/2026 09:14, Ann Lee escribió:",
    "Em ter., 5 de mai. de 2026 às 09:14, Ann Lee <ann@example.org> escreveu:",
    "Em 05/05/2026 09:14, Ann Lee escreveu:",
    "A terça, 5 de maio de 2026, 09:14, Ann Lee <ann@example.org> escreveu:",
    "No dia 5 de maio de 2026, às 09:14, Ann Lee <ann@example.org> escreveu:",
    "Il giorno mar 5 mag 2026 alle ore 09:14 Ann Lee <ann@example.org> ha scritto:",
    "Il 05/05/2026 09:14, Ann Lee ha scritto:",
    "Il mar 5 mag 2026, 09:14 Ann Lee <ann@example.org> ha scritto:",
    "Op di 5 mei 2026 om 09:14 schreef Ann Lee <ann@example.org>:",
    "Op 05-05-2026 om 09:14 schreef Ann Lee:",
    "Op di 5 mei 2026 om 09:14 schreef Ann Lee <ann@example.org>",
    "Op 5 mei 2026 om 09:14 heeft Ann Lee <ann@example.org> het volgende geschreven:",
    "Den tis 5 maj 2026 kl 09:14 skrev Ann Lee <ann@example.org>:",
    "5 maj 2026 kl. 09:14 skrev Ann Lee <ann@example.org>:",
    "Den 2026-05-05 kl. 09:14, skrev Ann Lee:",
    "tir. 5. mai 2026 kl. 09:14 skrev Ann Lee <ann@example.org>:",
    "Den 5. maj 2026 kl. 09.14 skrev Ann Lee <ann@example.org>:",
    "Den tirs. 5. maj 2026 kl. 09.14 skrev Ann Lee <ann@example.org>:",
    "ti 5. toukok. 2026 klo 9.14 Ann Lee (ann@example.org) kirjoitti:",
    "Ann Lee kirjoitti 5.5.2026 kello 9.14:",
    "Ann Lee <ann@example.org> kirjoitti 5.5.2026 kello 9.14:",
    "þri., 5. maí 2026 kl. 09:14 skrifaði Ann Lee <ann@example.org>:",
    "wt., 5 maj 2026 o 09:14 Ann Lee <ann@example.org> napisał(a):",
    "W dniu 5.05.2026 o 09:14, Ann Lee pisze:",
    "W dniu 05.05.2026 o 09:14 Ann Lee napisał(a):",
    "Dnia 5 maja 2026 09:14 Ann Lee <ann@example.org> napisał(a):",
    "Wiadomość napisana przez Ann Lee <ann@example.org> w dniu 5 maj 2026, o godz. 09:14:",
    "út 5. 5. 2026 v 9:14 odesílatel Ann Lee <ann@example.org> napsal:",
    "Dne 05. 05. 26 v 9:14 Ann Lee napsal(a):",
    "Dne 5. 5. 2026 9:14 napsal uživatel \"Ann Lee\" <ann@example.org>:",
    "ut 5. 5. 2026 o 9:14 Ann Lee <ann@example.org> napísal(a):",
    "Dňa 5. 5. 2026 o 9:14 Ann Lee napísal(a):",
    "Ann Lee <ann@example.org> ezt írta (időpont: 2026. máj. 5., K, 9:14):",
    "2026. 05. 05. 9:14 keltezéssel, Ann Lee írta:",
    "În mar., 5 mai 2026 la 09:14, Ann Lee <ann@example.org> a scris:",
    "Pe mar., 5 mai 2026 la 09:14, Ann Lee <ann@example.org> a scris:",
    "La 05.05.2026 09:14, Ann Lee a scris:",
    "На вт, 5.05.2026 г. в 9:14 Ann Lee <ann@example.org> написа:",
    "вт, 5 мая 2026 г. в 09:14, Ann Lee <ann@example.org>:",
    "5 мая 2026 г., в 9:14, Ann Lee <ann@example.org> написал(а):",
    "05.05.2026 09:14, Ann Lee пишет:",
    "Вторник, 5 мая 2026, 9:14 +03:00 от Ann Lee <ann@example.org>:",
    "05.05.2026, 09:14, \"Ann Lee\" <ann@example.org>:",
    "вт, 5 трав. 2026 р. о 09:14 Ann Lee <ann@example.org> пише:",
    "5 трав. 2026 р. о 09:14 Ann Lee <ann@example.org> написав(-ла):",
    "уто, 5. мај 2026. у 09:14 Ann Lee <ann@example.org> је написао/ла:",
    "uto, 5. svi 2026. u 09:14 Ann Lee <ann@example.org> napisao je:",
    "uto 5. 5. 2026 u 9:14 Ann Lee <ann@example.org> je napisao/la:",
    "V V tor., 5. maj 2026 ob 09:14 je oseba Ann Lee <ann@example.org> napisala:",
    "Στις Τρί 5 Μαΐ 2026 στις 9:14 π.μ., ο/η Ann Lee <ann@example.org> έγραψε:",
    "Στις 5/5/2026 09:14, Ann Lee έγραψε:",
    "Ann Lee <ann@example.org>, 5 May 2026 Sal, 09:14 tarihinde şunu yazdı:",
    "5 May 2026 Sal 09:14 tarihinde Ann Lee <ann@example.org> şunu yazdı:",
    "05.05.2026 09:14 tarihinde Ann Lee yazdı:",
    "Kuupäev T, 5. mai 2026 kell 09:14 kirjutas Ann Lee (<ann@example.org>):",
    "otrd., 2026. g. 5. maijs, plkst. 09:14 — lietotājs Ann Lee (<ann@example.org>) rakstīja:",
    "2026-05-05, an, 09:14 Ann Lee <ann@example.org> rašė:",
    "El dt, 5 de maig 2026, a les 9:14, Ann Lee <ann@example.org> va escriure:",
    "Missatge de Ann Lee <ann@example.org> del dia dt, 5 de maig 2026 a les 9:14:",
    "\u{202b}בתאריך יום ג׳, 5 במאי 2026 ב-9:14 מאת \u{202a}Ann Lee\u{202c}\u{200f} <\u{202a}ann@example.org\u{202c}\u{200f}>:\u{202c}",
    "في الثلاثاء، 5 مايو 2026 في 9:14 ص تمت كتابة ما يلي بواسطة Ann Lee <ann@example.org>:",
    "เมื่อ อ. 5 พ.ค. 2026 เวลา 09:14 Ann Lee <ann@example.org> เขียนว่า:",
    "Vào Th 3, 5 thg 5, 2026 vào lúc 09:14 Ann Lee <ann@example.org> đã viết:",
    "Pada Sel, 5 Mei 2026 pukul 09.14 Ann Lee <ann@example.org> menulis:",
    "Pada tanggal 5 Mei 2026 09.14, Ann Lee menulis:",
    "2026年5月5日(火) 9:14 Ann Lee <ann@example.org>:",
    "2026/05/05 9:14、Ann Lee <ann@example.org>のメール:",
    "2026年5月5日 9:14、Ann Lee <ann@example.org>のメッセージ:",
    "Ann Lee <ann@example.org>于2026年5月5日 周二09:14写道：",
    "在 2026年5月5日，09:14，Ann Lee <ann@example.org> 写道：",
    "在 2026-05-05 09:14:00，\"Ann Lee\" <ann@example.org> 写道：",
    "Ann Lee <ann@example.org> 於 2026年5月5日 週二 上午9:14寫道：",
    "2026년 5월 5일 (화) 오전 9:14, Ann Lee <ann@example.org>님이 작성:",
    "2026. 5. 5. 오전 9:14, Ann Lee <ann@example.org> 작성:",
    "मंगल, 5 मई 2026 को 9:14 पूर्वाह्न बजे को Ann Lee <ann@example.org> ने लिखा:",
];

#[test]
fn attributions_of_many_programs_are_cut_over_a_marked_quote() {
    let missed: Vec<_> = ATTRIBUTIONS
        .iter()
        .filter(|line| reply(&format!("Good morning.\n\nIt works now!\n\n{line}\n\n> Does it work?\n> Ann\n")) != "Good morning.\n\nIt works now!")
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn attributions_of_many_programs_are_cut_over_an_unmarked_quote() {
    let missed: Vec<_> =
        ATTRIBUTIONS.iter().filter(|line| reply(&format!("It works now!\n\n{line}\n\nDoes it work?\n")) != "It works now!").collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn an_attribution_inside_the_quote_is_cut_with_it() {
    for line in ATTRIBUTIONS.iter().filter(|line| !line.contains('\n')) {
        assert_eq!(reply(&format!("It works now!\n> {line}\n>\n> Does it work?\n")), "It works now!", "{line}");
    }
}

#[test]
fn phone_footers_are_cut_in_many_languages() {
    let lines = [
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Sent from my T-Mobile 4G LTE Device",
        "Sent from Mail for Windows",
        "Sent from Mail for Windows 10",
        "Sent from Yahoo Mail on Android",
        "Sent from Outlook for iOS",
        "Get Outlook for Android",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent via BlackBerry from T-Mobile",
        "Sent from Proton Mail for iOS",
        "Sent with Proton Mail secure email.",
        "*Sent from my iPad*",
        "[Sent from my phone]",
        "Sent from my Huawei phone",
        "Sent from my Fairphone",
        "Von meinem iPhone gesendet",
        "Gesendet von meinem iPad",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Gesendet mit der GMX Mail App",
        "Gesendet von Mail für Windows 10",
        "Gesendet von Outlook für iOS",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Holen Sie sich Outlook für Android",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon mobile",
        "Envoyé à partir de mon Samsung",
        "Envoyé depuis Yahoo Mail pour iPhone",
        "Envoyé depuis mon appareil Galaxy",
        "Provenance : Courrier pour Windows",
        "Obtenir Outlook pour iOS",
        "Enviado desde mi iPhone",
        "Enviado desde mi Samsung Galaxy",
        "Enviado desde Yahoo Mail para Android",
        "Obtener Outlook para iOS",
        "Enviado do meu iPhone",
        "Enviado a partir do meu iPhone",
        "Enviado do Yahoo Mail no Android",
        "Obter o Outlook para Android",
        "Inviato da iPhone",
        "Inviato dal mio iPad",
        "Inviato da Posta per Windows",
        "Inviato da Libero Mail",
        "Ottieni Outlook per iOS",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn Galaxy",
        "Verzonden met Outlook voor iOS",
        "Outlook voor iOS downloaden",
        "Sendt fra min iPhone",
        "Sendt fra Outlook til iOS",
        "Hent Outlook til iOS",
        "Skickat från min iPhone",
        "Hämta Outlook för iOS",
        "Skickat från Outlook för iOS",
        "Lähetetty iPhonesta",
        "Lähetetty Outlook Mobilesta",
        "Wysłane z iPhone'a",
        "Wysłano z iPhone'a",
        "Wysłane z mojego telefonu Samsung",
        "Pobierz aplikację Outlook dla systemu iOS",
        "Odesláno z mého iPhonu",
        "Odesláno z iPhonu",
        "Odoslané z iPhonu",
        "Získat Outlook pro iOS",
        "Elküldve az iPhone-omról",
        "Az én iPhone-omról küldve",
        "Trimis de pe iPhone",
        "Trimis din Yahoo Mail pe Android",
        "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru",
        "Отправлено из Яндекс.Почты",
        "Надіслано з iPhone",
        "Изпратено от моя iPhone",
        "Στάλθηκε από το iPhone μου",
        "Εστάλη από το iPhone μου",
        "iPhone'umdan gönderildi",
        "iPhone’umdan gönderildi",
        "Android için Outlook'u edinin",
        "Poslano z mojega iPhona",
        "Poslano s mog iPhonea",
        "Saadetud minu iPhone'ist",
        "Nosūtīts no mana iPhone",
        "Išsiųsta iš mano iPhone",
        "Enviat des del meu iPhone",
        "נשלח מה-iPhone שלי",
        "أرسلت من الـ iPhone",
        "تم الإرسال من الـ iPhone",
        "ส่งจาก iPhone ของฉัน",
        "Gửi từ iPhone của tôi",
        "Đã gửi từ iPhone",
        "Dikirim dari iPhone saya",
        "iPhoneから送信",
        "Outlook for iOSから送信",
        "发自我的 iPhone",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "获取 Outlook for iOS",
        "나의 iPhone에서 보냄",
        "내 iPhone에서 보냄",
        "Windows용 메일에서 보냄",
        "네이버 메일 앱에서 보냈습니다.",
    ];
    let missed: Vec<_> = lines.into_iter().filter(|line| reply(&format!("It works now!\n\n{line}\n")) != "It works now!").collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_language_in_the_table_has_a_header_block_that_is_cut() {
    for language in LANGUAGES {
        for from in variants(language.from) {
            let [to, sent, subject] = [language.to, language.sent, language.subject].map(|cell| variants(cell).next().unwrap_or_default());
            let block = format!(
                "{from}: Ann Lee <ann@example.org>\n{sent}: 5.5.2026 09:14\n{to}: Ben <ben@example.org>\n{subject}: It broke\n\nDoes it work?"
            );
            assert_eq!(reply(&format!("It works now!\n\n{block}")), "It works now!", "{} {from}", language.code);
            let spaced = block.replace(": ", " : ");
            assert_eq!(reply(&format!("It works now!\n\n________________________________\n{spaced}")), "It works now!", "{} {from}", language.code);
        }
        for marker in variants(language.original) {
            assert_eq!(reply(&format!("It works now!\n\n-----{marker}-----\nx: Ann\n")), "It works now!", "{}", language.code);
        }
        for marker in variants(language.forwarded) {
            assert_eq!(reply(&format!("It works now!\n\n---------- {marker} ---------\nx: Ann\n")), "It works now!", "{}", language.code);
        }
    }
}

/// Prose that looks a little like what programs write: all of it must stay.
const PROSE: &[&str] = &[
    "On this day\n\nI wrote something\n\nwhich was very interesting.",
    "On 5 occasions I tried to log in.\nEach time the page said: try again.\nWhat I want is simple:\na working login.",
    "I travel as follows.\n\nFrom: Berlin\nTo: Paris\nDate: 5 May 2026\n\nCan you book that?",
    "Order details:\nName: Ann Lee\nDate: 5 May 2026\nTime: 09:14\n\nPlease change the time.",
    "Sent from my desk, is much easier then my mobile phone.",
    "I sent from my account yesterday the form you asked for, did you get it?",
    "Sent by courier yesterday.\n\nPlease confirm.",
    "Sent with DHL yesterday, tracking follows.",
    "Get well soon!\n\nAnn",
    "Service      Expires\n--------------------------\nhosting      5 May\ndomain       6 May\n\nWhich of them can I renew?",
    "Three things - in no order -\n- the first\n- the second\n\nRegards\nAnn Lee",
    "Best regards\n\nAnn Lee\nHead of Sales\n+49 30 1234567",
    "At 10:00 we have a meeting: please call before.",
    "The error says:\n\nFatal: no such file\nat 10:14:22\n\nWhat now?",
    "Subject: to approval, the contract is signed.",
    "My address: ann@example.org\nMy phone: 123\n\nCall me.",
    "We met on 5 May 2026 and Ben wrote down the numbers:\n- 14\n- 15",
    "2026-05-05 10:22:11 login of ann@example.org failed:\ntimeout\n2026-05-05 10:22:14 retry",
    "Here is the log.\n\n2026-05-05 10:22:11 ERROR ann@example.org: mailbox full\nwhat does that mean?",
    "Sent from a friend\n\nWho is that?",
    "I want to\n\nGet my phone repaired\n\nas soon as you can",
    "How do I do this?\n\nDownload Outlook for iOS\n\nis what your page says, then\nI open it,\nI log in,\nit crashes,\nI cry.",
    "Sent on my behalf\n\nAnn",
    "What does \"reply above this line\" mean in your mails?",
    "a\n\n***\n\nb",
    "```\nOn 5 May 2026 at 09:14, Ann <ann@example.org> wrote:\n-- \n```\nThis is what your template makes.",
];

#[test]
fn a_name_above_its_address_is_the_attributions_only_in_a_paragraph_of_its_own() {
    assert_eq!(reply("Fine with me.\nThanks\n<ann@example.org> wrote:\n> ok?"), "Fine with me.\nThanks");
}

#[test]
fn prose_stays_untouched() {
    for text in PROSE {
        assert_eq!(trim(text), Trimmed { reply: (*text).to_owned(), quoted: String::new() });
    }
}

#[test]
fn inline_answers_keep_their_questions() {
    let text =
        "Hello Ben,\n\nOn 5 May 2026 at 09:14, Ben <ben@example.org> wrote:\n> Does it print?\n\nYes.\n\n> In colour?\n\nNo.\n\n> Regards, Ben\n";
    let trimmed = trim(text);
    assert_eq!(trimmed.reply, "Hello Ben,\n\n> Does it print?\n\nYes.\n\n> In colour?\n\nNo.");
}

#[test]
fn a_short_answer_under_a_long_question_is_not_its_last_line() {
    let text = "> Shall we send the replacement lamp to your office or to the flat?\nto the flat\n\n> And on which day would it be best for you to be at home then?\nany day\n> Thanks\n";
    let seen = reply(text);
    assert!(seen.contains("to the flat\n") && seen.contains("any day"), "{seen}");
}

#[test]
fn a_wrapped_line_of_the_quote_is_quote() {
    let text = "Fine.\n\nOn 5 May 2026 at 09:14, Ben <ben@example.org> wrote:\n> We shall send the replacement lamp to your office in the next few\ndays, as you asked.\n> Ben\n";
    assert_eq!(reply(text), "Fine.");
}

#[test]
fn an_answer_below_the_quote_stands_alone() {
    assert_eq!(reply("On 5 May 2026 09:14, Ben wrote:\n> Does it print?\n> In colour?\n\nYes, both.\n"), "Yes, both.");
    assert_eq!(reply("> Does it print?\n\nYes.\n\n-- \nAnn"), "Yes.");
}

#[test]
fn a_signature_between_answer_and_quote_is_cut() {
    let trimmed = trim("Yes.\n\n-- \nAnn Lee\nSales\n\nOn 5 May 2026 at 09:14, Ben <ben@example.org> wrote:\n> Does it print?");
    assert_eq!(trimmed.reply, "Yes.");
    assert!(trimmed.quoted.starts_with("-- \nAnn Lee\nSales\n\nOn 5 May"));
}

#[test]
fn a_name_behind_a_dash_is_a_signature_only_at_the_end() {
    assert_eq!(reply("It prints.\n\n-Ann Lee\n\nOn 5 May 2026 at 09:14, Ben <ben@example.org> wrote:\n> Does it?"), "It prints.");
    assert_eq!(reply("It prints.\n\n--Ann\n\n______________\nusers mailing list\nusers@example.org"), "It prints.");
    for text in [
        "I would take one of these:\n\n-Monday",
        "- Monday",
        "Which days?\n\n- Monday",
        "I can come on\n\n-Monday\n\n-Tuesday",
        "It prints.\n\n-Ann Lee\n\nP.S. in colour.",
    ] {
        assert_eq!(reply(text), text);
    }
}

#[test]
fn a_long_text_below_two_dashes_stays() {
    let long = (0..30).map(|n| format!("Point {n} of my complaint.")).collect::<Vec<_>>().join("\n");
    assert!(reply(&format!("Hello\n--\n{long}")).contains("Point 29"));
}

#[test]
fn a_mailing_list_footer_is_cut() {
    let text = "Yes.\n\n_______________________________________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/mailman/listinfo/users\n";
    assert_eq!(reply(text), "Yes.");
}

#[test]
fn answers_stand_above_the_line_that_asks_for_it() {
    for line in [
        "##- Please type your reply above this line -##",
        "--- Reply above this line ---",
        "=== Bitte antworten Sie oberhalb dieser Linie ===",
        "-- Veuillez répondre au-dessus de cette ligne --",
        "Please reply above this line",
    ] {
        assert_eq!(reply(&format!("Yes.\n\n{line}\n\nYour ticket was updated.")), "Yes.", "{line}");
    }
}

#[test]
fn a_mail_that_is_all_quote_is_shown() {
    let text = "From: Web form <form@example.org>\nTo: help@example.org\nDate: 5 May 2026\nSubject: Contact\n\nPlease call me.";
    assert_eq!(reply(text), text);
    assert_eq!(reply("> only this"), "> only this");
}

#[test]
fn a_photo_with_a_phone_footer_has_no_words() {
    assert_eq!(trim("\n\nSent from my iPhone\n"), Trimmed { reply: String::new(), quoted: "Sent from my iPhone".into() });
}
