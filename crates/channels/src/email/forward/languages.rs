//! The words that mail programs write above a quoted or forwarded mail, in the languages they ship: one table,
//! used for replies and forwards alike. Variants are separated by `|`; case does not matter.

use super::labels::Header;

/// One language's words.
pub(in crate::email) struct Language {
    /// ISO 639-1.
    pub code: &'static str,
    /// Labels of the author.
    pub from: &'static str,
    /// Labels of the recipients.
    pub to: &'static str,
    /// Labels of the copied recipients.
    pub cc: &'static str,
    /// Labels of the date.
    pub sent: &'static str,
    /// Labels of the subject.
    pub subject: &'static str,
    /// "Original message": stands above replies and forwards.
    pub original: &'static str,
    /// "Forwarded message", "Begin forwarded message": stands above forwards only.
    pub forwarded: &'static str,
}

const fn language(code: &'static str, [from, to, cc, sent, subject]: [&'static str; 5], original: &'static str, forwarded: &'static str) -> Language {
    Language { code, from, to, cc, sent, subject, original, forwarded }
}

/// Labels that every language uses besides its own.
pub(super) const EVERYWHERE: [(&str, Header); 3] = [
    ("CC|Cc", Header::Cc),
    ("E-mail|Email", Header::Other),
    (
        "BCC|Reply-To|Reply to|Importance|Priority|Attachments|Attachment|Sender|Resent-From|Message-ID|Organization|\
         Antwort an|Antworten an|Blindkopie|Wichtigkeit|Anlagen|Anhänge|Organisation|Répondre à|Cci|Importance|Pièces jointes|Responder a|CCO|Cco|\
         Importancia|Datos adjuntos|Risposta|Rispondi a|Ccn|Priorità|Allegati|Beantwoorden|Antwoord aan|Urgentie|Bijlagen|\
         Svar til|Svara till|Besvar til|Prioritet|Vedlagte filer|Vedlegg|Bifogade filer|Vastausosoite|Liitteet|Odpowiedz do|Odpowiedź do|\
         Ważność|Załączniki|UDW|Odpovědět komu|Skrytá kopie|Přílohy|Odpovedať komu|Responder para|Responder A|Anexos|\
         Răspundeți către|Yanıt|Yanıt Adresi|Ekler|Ответить|Кому ответить|Обратный адрес|Вложения|Важность|Відповісти|Вкладення|\
         返信先|重要度|添付ファイル|回复|回覆|回复至|重要性|附件|回信|회신|받는 사람 회신|중요도|첨부 파일|참조(숨은)|숨은 참조",
        Header::Other,
    ),
];

/// Every language we know.
pub(in crate::email) const LANGUAGES: &[Language] = &[
    language(
        "en",
        ["From|Sent by", "To|Sent to", "Cc|Copy|Copied", "Sent|Date|Sent at|Sent on|Date sent|Received|Time", "Subject"],
        "Original Message|Original Mail|Original Email|Original E-mail|Original message from|Reply message|Reply Message|Original Appointment|Original Post",
        "Forwarded message|Forwarded mail|Forwarded email|Begin forwarded message|Begin forwarded mail|Start of forwarded message|Forwarded by|\
         Forwarded letter|Forwarded conversation|Forwarding message|Message forwarded|Fwd message",
    ),
    language(
        "de",
        [
            "Von|Absender",
            "An|Empfänger",
            "Kopie|Kopie (CC)|Kopie an|Kopien",
            "Gesendet|Datum|Gesendet am|Verschickt|Verschickt am|Zeit",
            "Betreff|Betr.|Thema",
        ],
        "Ursprüngliche Nachricht|Ursprüngliche E-Mail|Ursprüngliche Mail|Original-Nachricht|Originalnachricht|Original Nachricht|Originalmail|Original-Mail|\
         Ursprungsnachricht|Original-E-Mail|Original E-Mail|Urspr. Nachricht|Antwortnachricht|Originaltermin|Ursprünglicher Termin",
        "Weitergeleitete Nachricht|Weitergeleitete E-Mail|Weitergeleitete Mail|Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|\
         Weitergeleitet von|Beginn der weitergeleiteten Nachricht|Beginn der weitergeleiteten E-Mail",
    ),
    language(
        "fr",
        [
            "De|Expéditeur|De la part de",
            "À|A|Pour|Destinataire|Destinataires|à l'attention de",
            "Copie à|Copie|Copies",
            "Envoyé|Date|Envoyé le|Date d'envoi|Message du|Reçu|Le",
            "Objet|Sujet",
        ],
        "Message d'origine|Message d’origine|Message original|Message initial|Courriel original|E-mail d'origine|E-mail d’origine|Mail original|Courrier original|Mail d'origine",
        "Message transféré|Message transmis|Début du message réexpédié|Début du message transféré|Message réexpédié|Transféré par|Réexpédié par|\
         Courriel transféré|E-mail transféré|Mail transféré|Transmis par|Début du courriel transféré|Début du message réexpédié",
    ),
    language(
        "es",
        [
            "De|Remitente|Desde|Enviado por",
            "Para|A|Destinatario|Destinatarios",
            "CC|Copia|Con copia|Con copia a|Copia a",
            "Enviado|Fecha|Enviado el|Enviada el|Enviado a las|Fecha de envío|Enviada",
            "Asunto|Tema",
        ],
        "Mensaje original|Correo original|Mensaje de origen|Missatge original|Correo electrónico original",
        "Mensaje reenviado|Mensaje enviado|Inicio del mensaje reenviado|Comienzo del mensaje reenviado|Correo reenviado|Reenviado por|Principio del mensaje reenviado|\
         Inicia mensaje reenviado|Correo electrónico reenviado|Empieza el mensaje reenviado",
    ),
    language(
        "pt",
        [
            "De|Remetente|Enviado por",
            "Para|A|Destinatário|Destinatários",
            "Cc|Com cópia|Cópia|C/c",
            "Enviado|Data|Enviada em|Enviado em|Enviada|Data de envio|Enviado a",
            "Assunto",
        ],
        "Mensagem original|Mensagem Original|E-mail original|Mensagem de origem|Email original",
        "Mensagem encaminhada|Mensagem reencaminhada|Início da mensagem encaminhada|Início da mensagem reencaminhada|Encaminhado por|Reencaminhado por|\
         Começo da mensagem encaminhada|A mensagem encaminhada|E-mail encaminhado|Inicio da mensagem reenviada|Mensagem enviada",
    ),
    language(
        "it",
        [
            "Da|Mittente|Inviato da",
            "A|Per|Destinatario|Destinatari",
            "Cc|Copia|Copia conoscenza|Per conoscenza|p.c.",
            "Inviato|Data|Inviato il|Data invio|Spedito|Inviata",
            "Oggetto",
        ],
        "Messaggio originale|Messaggio Originale|Mail originale|Email originale|E-mail originale|Messaggio di origine",
        "Messaggio inoltrato|Messaggio inviato|Inizio messaggio inoltrato|Inizia il messaggio inoltrato|Inizio del messaggio inoltrato|Inoltrato da|Email inoltrata|E-mail inoltrata|Inizio messaggio inoltrato",
    ),
    language(
        "nl",
        [
            "Van|Afzender",
            "Aan|Naar|Ontvanger",
            "Kopie|CC aan|Kopie aan",
            "Verzonden|Datum|Verstuurd|Verzonden op|Verzonden om|Ontvangen",
            "Onderwerp|Betreft",
        ],
        "Oorspronkelijk bericht|Oorspronkelijke bericht|Origineel bericht|Originele bericht|Oorspronkelijke e-mail|Originele e-mail|Origineel e-mailbericht|Antwoord bericht",
        "Doorgestuurd bericht|Doorgezonden bericht|Begin doorgestuurd bericht|Begin van doorgestuurd bericht|Doorgestuurde e-mail|Doorgestuurd door|Begin van het doorgestuurde bericht|Doorgestuurde bericht",
    ),
    language(
        "da",
        ["Fra|Afsender", "Til|Modtager|Modtagere", "Kopi|Kopi til", "Sendt|Dato|Sendt den|Afsendt|Afsendelsestidspunkt", "Emne|Vedr.|Vedrørende"],
        "Oprindelig meddelelse|Oprindelig besked|Original meddelelse|Original besked|Den oprindelige meddelelse|Oprindelig mail|Oprindelig e-mail",
        "Videresendt meddelelse|Videresendt besked|Videresendt mail|Videresendt e-mail|Start på videresendt besked|Start på videresendt meddelelse|Starten på den videresendte besked|\
         Begyndelse på videresendt besked|Videresendt af",
    ),
    language(
        "no",
        ["Fra|Avsender|Frå", "Til|Mottaker|Mottakere", "Kopi|Kopi til", "Sendt|Dato|Sendt den|Sendte", "Emne"],
        "Opprinnelig melding|Opprinnelig e-post|Original melding|Originalmelding|Opphavleg melding|Opphavelig melding",
        "Videresendt melding|Videresendt e-post|Videresendt e-melding|Start på videresendt e-post|Videresendt av|Vidaresend melding|Start på videresendt melding|Begynnelse på videresendt melding|\
         Byrjing på vidaresendt e-post|Starten på den videresendte meldingen",
    ),
    language(
        "sv",
        ["Från|Avsändare|Fr", "Till|Mottagare", "Kopia|Kopia till|Kopior", "Skickat|Datum|Skickad|Skickat den|Sänt|Skickat av", "Ämne|Rubrik"],
        "Ursprungligt meddelande|Originalmeddelande|Ursprungliga meddelandet|Ursprungligt mail|Originalmeddelandet|Ursprungligt e-postmeddelande|Ursprungligt e-brev",
        "Vidarebefordrat meddelande|Vidarebefordrat mail|Vidarebefordrat brev|Vidarebefordrat e-brev|Vidarebefordrat mejl|Vidarebefordrad e-post|Vidarebefordrat av|\
         Vidarebefordrat e-postmeddelande|Början av vidarebefordrat meddelande|Början på vidarebefordrat brev|Början på vidarebefordrat meddelande|Börja vidarebefordrat meddelande|\
         Vidaresänt meddelande|Start på vidarebefordrat meddelande|Vidarebefordrat meddelande börjar",
    ),
    language(
        "fi",
        [
            "Lähettäjä|Keneltä|Lähde",
            "Vastaanottaja|Vastaanottajat|Kenelle|Saaja",
            "Kopio|Kopiot|Jakelu|Tiedoksi",
            "Lähetetty|Päivämäärä|Päiväys|Pvm|Aika|Lähetysaika",
            "Aihe|Otsikko",
        ],
        "Alkuperäinen viesti|Alkuperäinen sähköposti|Alkuperäisviesti|Alkuperäinen posti",
        "Välitetty viesti|Edelleenlähetetty viesti|Edelleen lähetetty viesti|Välitetty viesti alkaa|Välitetyn viestin alku|Alkuperäinen viesti välitettynä|Lähetetty edelleen|Edelleenlähetetyn viestin alku|Välittänyt",
    ),
    language(
        "is",
        ["Frá|Sendandi", "Til|Viðtakandi", "Afrit", "Sent|Dags.|Dagsetning|Sent þann", "Efni|Fyrirsögn"],
        "Upprunaleg skilaboð|Upphafleg skilaboð|Upprunalegt skeyti|Upprunaleg orðsending",
        "Áframsend skilaboð|Framsend skilaboð|Áframsent skeyti|Áframsendur póstur",
    ),
    language(
        "pl",
        [
            "Od|Nadawca|Wysłane przez",
            "Do|Adresat|Odbiorca|Odbiorcy",
            "DW|Dw|Kopia|Do wiadomości|DDW",
            "Wysłano|Data|Wysłane|Wysłany|Wysłana|Data wysłania|Data wysyłki",
            "Temat|Dotyczy",
        ],
        "Wiadomość oryginalna|Oryginalna wiadomość|Oryginalny mail|Oryginalna wiadomość e-mail|Treść oryginalnej wiadomości|Wiadomość pierwotna|Pierwotna wiadomość",
        "Wiadomość przekazana|Przekazana wiadomość|Treść przekazanej wiadomości|Początek przekazywanej wiadomości|Początek przekazanej wiadomości|Początek wiadomości przekazanej dalej|Przekazywana wiadomość|\
         Początek przesyłanej wiadomości|Przesyłana wiadomość|Wiadomość przesyłana dalej|Przesłana wiadomość|Przekazane przez|Wiadomość przesłana dalej|Wiadomość przekazana dalej|Przekazany mail",
    ),
    language(
        "cs",
        [
            "Od|Odesílatel|Odesilatel",
            "Komu|Pro|Příjemce",
            "Kopie|Kopie komu",
            "Odesláno|Datum|Posláno|Odesláno dne|Datum odeslání|Přijato",
            "Předmět|Věc",
        ],
        "Původní zpráva|Původní e-mail|Původní email|Originální zpráva|Původní zpráva od",
        "Přeposlaná zpráva|Přeposlaný e-mail|Přeposlaný email|Předaná zpráva|Začátek přeposlané zprávy|Začátek přeposílané zprávy|Předáno od|Začátek předané zprávy|Předávaná zpráva|Přeposílaná zpráva|Přeposlal",
    ),
    language(
        "sk",
        [
            "Od|Odosielateľ|Odosielatel",
            "Komu|Pre|Príjemca|Adresát",
            "Kópia|Kópie|Kopia",
            "Odoslané|Dátum|Poslané|Odoslaná|Dňa|Dátum odoslania",
            "Predmet|Vec",
        ],
        "Pôvodná správa|Pôvodný e-mail|Pôvodný email|Originálna správa",
        "Preposlaná správa|Preposlaný e-mail|Preposlaný email|Odovzdaná správa|Začiatok preposlanej správy|Správa odoslaná ďalej|Začiatok odovzdanej správy|Presmerovaná správa|Začiatok presmerovanej správy|\
         Posunutá správa|Preposielaná správa",
    ),
    language(
        "hu",
        [
            "Feladó|Küldő|Tőle",
            "Címzett|Címzettek|Kinek",
            "Másolat|Másolatot kap|Mp",
            "Elküldve|Dátum|Küldve|Küldés ideje|Elküldés dátuma|Időpont|Küldés dátuma",
            "Tárgy",
        ],
        "Eredeti üzenet|Eredeti levél|Eredeti e-mail|Eredeti Üzenet",
        "Továbbított üzenet|Továbbított levél|Továbbított e-mail|A továbbított üzenet kezdete|Továbbított üzenet kezdete|Továbbított üzenet eleje|Továbbított levél kezdete|Üzenet továbbítása|A továbbított levél kezdete|Továbbította",
    ),
    language(
        "ro",
        [
            "De la|Expeditor|Expeditorul|De|Din partea",
            "Către|Catre|Destinatar|Destinatarul|La|Pentru|Destinatari",
            "Cc|Copie|Copie la",
            "Trimis|Dată|Data|Trimis la|Trimisă|Expediat|Trimise|Data expedierii",
            "Subiect|Subiectul",
        ],
        "Mesaj original|Mesajul original|Mesaj inițial|E-mail original|Mesajul inițial|Mesaj iniţial",
        "Mesaj redirecționat|Mesaj redirecţionat|Mesaj redirectionat|Mesaj transmis|Mesaj retransmis|Mesaj înaintat|Începe mesajul redirecționat|Începutul mesajului redirecționat|Mesaj redirijat|Începe mesajul redirecţionat|Început mesaj redirecționat|Mesaj trimis mai departe|Redirecționat de",
    ),
    language(
        "bg",
        ["От|Подател|Изпращач", "До|Получател|Към", "Копие|Копие до|Як", "Изпратено|Дата|Изпратен|Изпратена|Изпратено на", "Относно|Тема"],
        "Оригинално съобщение|Първоначално съобщение|Оригинално писмо|Оригинален имейл",
        "Препратено съобщение|Препратено писмо|Препратен имейл|Начало на препратеното съобщение|Начало на препратено съобщение|Препратено от|Препращано съобщение",
    ),
    language(
        "ru",
        [
            "От|Отправитель|От кого",
            "Кому|Получатель|Получатели|Куда|Для",
            "Копия|Копии|Копия письма",
            "Отправлено|Дата|Послано|Дата отправки|Отправлен|Отправлено в|Когда",
            "Тема|Предмет",
        ],
        "Исходное сообщение|Первоначальное сообщение|Оригинальное сообщение|Исходное письмо|Оригинал сообщения|Первоначальное письмо|Начальное сообщение|Оригинальное письмо|Изначальное сообщение",
        "Пересылаемое сообщение|Пересланное сообщение|Переадресованное сообщение|Пересланное письмо|Перенаправленное сообщение|Начало переадресованного сообщения|Начало пересылаемого сообщения|Начало пересланного сообщения|Начало перенаправленного сообщения|\
         Переслано|Пересылаемое письмо|Конец переадресованного сообщения|Перенаправленное письмо|Начало переадресованного письма",
    ),
    language(
        "uk",
        [
            "Від|Відправник|Від кого|Вид",
            "Кому|До|Одержувач|Отримувач|Для",
            "Копія|Копії",
            "Надіслано|Дата|Відправлено|Дата надсилання|Дата відправлення|Час",
            "Тема",
        ],
        "Вихідне повідомлення|Початкове повідомлення|Оригінальне повідомлення|Оригінал повідомлення|Початковий лист|Вихідний лист|Первинне повідомлення",
        "Переслане повідомлення|Перенаправлене повідомлення|Пересилане повідомлення|Переслане письмо|Пересланий лист|Початок листа, що пересилається|Початок пересланого повідомлення|Початок переадресованого повідомлення|Переадресоване повідомлення|Повідомлення, що пересилається|Переслано|Початок повідомлення, що пересилається",
    ),
    language(
        "be",
        ["Ад|Адпраўнік|Ад каго", "Каму|Да|Атрымальнік", "Копія", "Адпраўлена|Дата|Дасланa", "Тэма"],
        "Зыходнае паведамленне|Першапачатковае паведамленне",
        "Перасланае паведамленне|Пераадрасаванае паведамленне|Перасланы ліст",
    ),
    language(
        "sr",
        [
            "Od|Од|Šalje|Пошиљалац|Pošiljalac|Шаље",
            "Za|За|Prima|Прима|Primalac|Прималац|Kome|Коме",
            "Kopija|Копија|Kopija za",
            "Poslato|Послато|Datum|Датум|Poslat|Vreme",
            "Naslov|Наслов|Tema|Тема|Predmet|Предмет",
        ],
        "Originalna poruka|Оригинална порука|Izvorna poruka|Изворна порука|Prvobitna poruka|Првобитна порука",
        "Prosleđena poruka|Прослеђена порука|Prosledjena poruka|Početak prosleđene poruke|Почетак прослеђене поруке|Prosleđeno|Прослеђено",
    ),
    language(
        "hr",
        [
            "Od|Šalje|Pošiljatelj|Šalje:",
            "Za|Prima|Primatelj|Kome|Do",
            "Kopija|Kopija za|Preslika",
            "Poslano|Datum|Poslan|Poslana|Vrijeme",
            "Predmet|Naslov|Tema",
        ],
        "Izvorna poruka|Originalna poruka|Izvorna e-pošta|Originalna e-pošta",
        "Proslijeđena poruka|Proslijeđena e-pošta|Početak proslijeđene poruke|Preusmjerena poruka|Proslijedio|Prosljeđena poruka|Započni proslijeđenu poruku",
    ),
    language(
        "sl",
        ["Od|Pošiljatelj", "Za|Prejemnik|Komu|Do", "Kp|Kopija|V vednost", "Poslano|Datum|Poslal|Poslana", "Zadeva|Predmet"],
        "Izvirno sporočilo|Prvotno sporočilo|Originalno sporočilo|Izvorno sporočilo|Izvirna e-pošta",
        "Posredovano sporočilo|Preusmerjeno sporočilo|Začetek posredovanega sporočila|Posredovana e-pošta|Posredoval|Preposlano sporočilo",
    ),
    language(
        "mk",
        ["Од|Испраќач", "До|За|Примач", "Копија", "Испратено|Датум", "Предмет|Наслов|Тема"],
        "Оригинална порака|Изворна порака",
        "Препратена порака|Проследена порака",
    ),
    language(
        "el",
        [
            "Από|Αποστολέας|Απο",
            "Προς|Παραλήπτης|Παραλήπτες",
            "Κοιν.|Κοινοποίηση|Κοιν|Κοινοπ.",
            "Στάλθηκε|Ημερομηνία|Ημ/νία|Ημερομηνία αποστολής|Αποστολή|Εστάλη",
            "Θέμα",
        ],
        "Αρχικό μήνυμα|Πρωτότυπο μήνυμα|Αυθεντικό μήνυμα|Αρχικό e-mail|Αρχικό email",
        "Προωθημένο μήνυμα|Έναρξη προωθημένου μηνύματος|Αρχή προωθημένου μηνύματος|Προωθημένο email|Προώθηση μηνύματος|Προωθήθηκε από|Έναρξη προωθούμενου μηνύματος|Προωθούμενο μήνυμα",
    ),
    language(
        "tr",
        [
            "Kimden|Gönderen|Gönderici",
            "Kime|Alıcı|Alıcılar",
            "Bilgi|Kopya|Bilgi:",
            "Gönderilen|Gönderildi|Tarih|Gönderilme Tarihi|Gönderilme|Gönderim Tarihi|Gönderme tarihi|Gönderim",
            "Konu|Başlık",
        ],
        "Orijinal Mesaj|Orijinal İleti|Özgün Mesaj|Özgün ileti|Asıl ileti|Asıl mesaj|Orijinal posta|Özgün Mesaj|Orijinal e-posta|Orjinal mesaj|Orjinal ileti|İlk mesaj",
        "Yönlendirilmiş mesaj|Yönlendirilen mesaj|İletilmiş Mesaj|İletilen İleti|İletilen Mesaj|İleti başlangıcı|İletilmiş ileti|Yönlendirilmiş ileti|Yönlendirilen ileti|İletilen mesaj başlangıcı|Yönlendirilen iletinin başlangıcı|İletilen e-posta|İletilen iletinin başlangıcı|İletilen ileti başlangıcı",
    ),
    language(
        "et",
        [
            "Saatja|Kellelt|Kes",
            "Saaja|Kellele|Adressaat|Adressaadid",
            "Koopia|Koopiad",
            "Saadetud|Kuupäev|Saadeti|Saatmisaeg|Millal",
            "Teema|Pealkiri",
        ],
        "Algne sõnum|Algne kiri|Algsõnum|Esialgne kiri|Originaalsõnum|Algupärane sõnum|Esialgne sõnum",
        "Edastatud kiri|Edastatud sõnum|Edasisaadetud kiri|Edastatud meil|Edastatud kirja algus|Edasi saadetud kiri",
    ),
    language(
        "lv",
        ["No|Sūtītājs|Nosūtītājs", "Kam|Adresāts|Uz|Saņēmējs", "Kopija|Kopija:", "Nosūtīts|Datums|Sūtīts", "Tēma|Temats"],
        "Sākotnējais ziņojums|Sākotnējā ziņa|Oriģinālā ziņa|Sākotnējā vēstule|Oriģinālais ziņojums|Sākotnējais e-pasts",
        "Pārsūtīts ziņojums|Pārsūtīta ziņa|Pārsūtītā ziņa|Pārsūtītais ziņojums|Pāradresēts ziņojums|Pārsūtīts e-pasts|Pārsūtītā vēstule",
    ),
    language(
        "lt",
        ["Nuo|Siuntėjas|Kas", "Kam|Gavėjas|Iki|Kur", "Kopija|Kopija kam", "Išsiųsta|Data|Siųsta|Išsiuntimo data", "Tema"],
        "Pradinis laiškas|Pradinis pranešimas|Originalus laiškas|Originalus pranešimas|Pirminis pranešimas|Pirminis laiškas",
        "Persiųstas laiškas|Persiųstas pranešimas|Persiunčiamas laiškas|Persiųsto laiško pradžia|Persiunčiamas pranešimas|Persiųsta žinutė",
    ),
    language(
        "ca",
        ["De|Remitent", "Per a|A|Per|Destinatari", "Còpia|A/c", "Enviat|Data|Enviat el|Enviat a les", "Assumpte|Tema"],
        "Missatge original|Correu original",
        "Missatge reenviat|Inici del missatge reenviat|Començament del missatge reenviat|Correu reenviat|Reenviat per|Missatge enviat",
    ),
    language(
        "eu",
        ["Nork|Igorlea|Bidaltzailea", "Nori|Hartzailea", "Kopia", "Bidalia|Data|Bidaltze-data", "Gaia"],
        "Jatorrizko mezua",
        "Birbidalitako mezua|Berbidalitako mezua|Birbidalitako mezuaren hasiera|Bidalitako mezua",
    ),
    language(
        "gl",
        ["De|Remitente", "Para|A|Destinatario", "CC|Copia", "Enviado|Data|Enviado o", "Asunto"],
        "Mensaxe orixinal|Correo orixinal",
        "Mensaxe reenviada|Inicio da mensaxe reenviada|Correo reenviado|Mensaxe remitida",
    ),
    language(
        "cy",
        ["Oddi wrth|Oddi Wrth|Gan", "At|I", "Copi|Cc", "Anfonwyd|Dyddiad", "Pwnc|Testun"],
        "Neges wreiddiol|Neges Wreiddiol",
        "Neges wedi'i hanfon ymlaen|Neges a anfonwyd ymlaen|Dechrau'r neges a anfonwyd ymlaen",
    ),
    language(
        "ga",
        ["Ó", "Chuig|Go", "Cóip", "Seolta|Dáta", "Ábhar"],
        "Bunteachtaireacht|An teachtaireacht bhunaidh",
        "Teachtaireacht curtha ar aghaidh|Teachtaireacht seolta ar aghaidh",
    ),
    language(
        "sq",
        ["Nga|Dërguesi", "Për|Te|Drejt", "Kopje", "Dërguar|Data|Dërguar më", "Subjekti|Tema|Titulli"],
        "Mesazhi origjinal|Mesazh origjinal",
        "Mesazh i përcjellë|Mesazhi i përcjellë|Mesazh i ridërguar",
    ),
    language(
        "he",
        ["מאת|מ|שולח|השולח", "אל|נמען|נמענים|ל", "עותק|העתק|עותק לידיעה", "נשלח|תאריך|נשלח ב|בתאריך", "נושא|הנושא|הנדון"],
        "הודעה מקורית|ההודעה המקורית|הודעת מקור|דואר מקורי",
        "הודעה שהועברה|הודעה מועברת|תחילת הודעה מועברת|תחילת ההודעה המועברת|הודעה שהועברה על ידי|הועבר על ידי|התחלת הודעה שהועברה|תחילת הודעה שהועברה|דוא\"ל שהועבר",
    ),
    language(
        "ar",
        [
            "من|المرسل|مِن",
            "إلى|الى|المستلم|المرسل إليه",
            "نسخة|نسخة إلى|نسخه",
            "تم الإرسال|التاريخ|أرسلت|تاريخ الإرسال|مرسل|تاريخ|إرسال|أُرسلت|وقت الإرسال",
            "الموضوع|موضوع",
        ],
        "الرسالة الأصلية|رسالة أصلية|الرسالة الاصلية|رسالة أصليّة|البريد الأصلي",
        "رسالة معاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة|رسالة مُعاد توجيهها|بدء الرسالة المعاد توجيهها|بداية الرسالة المعاد توجيهها|بداية الرسالة المحولة|بدء الرسالة المحولة|رسالة موجهة|رسالة معاد إرسالها|الرسالة المحوّلة|رسالة مُعاد إرسالها",
    ),
    language(
        "fa",
        ["از|فرستنده|از طرف", "به|گیرنده|تا", "رونوشت", "تاریخ|ارسال|ارسال شده|تاریخ ارسال", "موضوع|عنوان"],
        "پیام اصلی|پیغام اصلی|ایمیل اصلی",
        "پیام بازارسال شده|پیام ارسال شده|پیام هدایت شده|پیام بازفرستاده شده|ایمیل بازارسال شده",
    ),
    language(
        "hi",
        ["प्रेषक|से|द्वारा", "प्रति|को|प्राप्तकर्ता", "प्रतिलिपि|कॉपी", "भेजा गया|दिनांक|तारीख|भेजने की तारीख|तिथि", "विषय"],
        "मूल संदेश|मूल सन्देश|मूल ईमेल",
        "अग्रेषित संदेश|अग्रेषित सन्देश|फ़ॉरवर्ड किया गया संदेश|आगे भेजा गया संदेश|अग्रेषित संदेश प्रारंभ करें",
    ),
    language("bn", ["থেকে|প্রেরক", "প্রতি|প্রাপক", "অনুলিপি", "পাঠানো হয়েছে|তারিখ", "বিষয়"], "মূল বার্তা|আসল বার্তা", "ফরোয়ার্ড করা বার্তা|ফরোয়ার্ড করা মেসেজ"),
    language(
        "th",
        ["จาก|ผู้ส่ง", "ถึง|ผู้รับ", "สำเนา|สำเนาถึง", "ส่งเมื่อ|วันที่|ส่ง|เวลา|วันที่ส่ง", "เรื่อง|หัวเรื่อง|หัวข้อ"],
        "ข้อความต้นฉบับ|ข้อความเดิม|ต้นฉบับ|อีเมลต้นฉบับ",
        "ข้อความที่ส่งต่อ|ข้อความที่ถูกส่งต่อ|เริ่มข้อความที่ส่งต่อ|เริ่มต้นข้อความที่ส่งต่อ|ข้อความส่งต่อ|จดหมายที่ส่งต่อ",
    ),
    language(
        "vi",
        [
            "Từ|Người gửi|Gửi từ|Gửi bởi",
            "Đến|Tới|Người nhận|Gửi đến|Gửi tới",
            "Đồng kính gửi|Đồng gửi|Sao chép|Bản sao",
            "Đã gửi|Ngày|Gửi|Đã Gửi|Ngày gửi|Gửi lúc|Vào lúc|Thời gian",
            "Chủ đề|Tiêu đề|Đề tài|Tiêu Đề",
        ],
        "Thư gốc|Tin nhắn gốc|Thư Gốc|Tin nhắn ban đầu|Thông báo gốc|Thông điệp gốc",
        "Thư được chuyển tiếp|Thư chuyển tiếp|Tin nhắn được chuyển tiếp|Tin nhắn chuyển tiếp|Thư đã chuyển tiếp|Bắt đầu thư được chuyển tiếp|Bắt đầu thư chuyển tiếp|Tin nhắn đã chuyển tiếp|Thông điệp được chuyển tiếp|Chuyển tiếp bởi",
    ),
    language(
        "id",
        [
            "Dari|Pengirim",
            "Kepada|Ke|Untuk|Penerima",
            "Salinan|Tembusan",
            "Dikirim|Tanggal|Terkirim|Tanggal kirim|Waktu|Dikirimkan",
            "Subjek|Perihal|Judul|Subyek",
        ],
        "Pesan asli|Pesan Asli|Pesan awal|Surat asli|Email asli",
        "Pesan terusan|Pesan yang diteruskan|Pesan diteruskan|Mulai pesan terusan|Diteruskan oleh|Awal pesan terusan|Mulai pesan yang diteruskan|Email terusan",
    ),
    language(
        "ms",
        ["Daripada|Dari|Pengirim", "Kepada|Ke|Penerima", "Salinan|S.k.", "Dihantar|Tarikh|Dikirim", "Subjek|Perkara|Tajuk"],
        "Mesej asal|Mesej Asal|E-mel asal",
        "Mesej yang dimajukan|Mesej dimajukan|Mesej dikirim semula|Mulakan mesej yang dimajukan|Mesej yang dikirim semula|Mesej kiriman semula",
    ),
    language(
        "ja",
        [
            "差出人|送信者|From|送信元|差出し人|発信者",
            "宛先|To|受信者|送信先|宛て先|あて先",
            "CC|Cc|写し|カーボンコピー",
            "送信日時|日付|日時|送信日|送信時刻|作成日時|日　時|Sent",
            "件名|題名|タイトル|表題|件　名",
        ],
        "元のメッセージ|元のメール|オリジナルメッセージ|オリジナル メッセージ|Original Message|原文|元メール",
        "転送メッセージ|転送されたメッセージ|転送されたメール|転送メール|Forwarded message|転送元メッセージ|転送するメッセージ|以下転送|転送されたメッセージの始まり|転送メッセージここから|転送されたメッセージ:|転送開始",
    ),
    language(
        "zh",
        [
            "发件人|寄件者|寄件人|發件人|发送人|发自|發信人|发信人|從|从|来自|來自|寄件者名稱|From",
            "收件人|收件者|发送至|發送至|收信人|至|到|To",
            "抄送|副本|抄送人|抄送至|副本抄送",
            "发送时间|日期|寄件日期|傳送時間|发送日期|發送時間|發送日期|傳送日期|寄件時間|时间|時間|已发送|已傳送|寄送日期|发件时间|發件時間|发件日期",
            "主题|主旨|主題|标题|標題|题目",
        ],
        "原始邮件|原始郵件|原始信件|原邮件|原郵件|原信件|原始訊息|原始消息|邮件原件|郵件原件|原始邮件内容|原始郵件內容",
        "转发的邮件|已转发邮件|已轉寄郵件|轉寄的郵件|转发邮件|轉寄郵件|轉寄郵件開始|已轉寄的郵件|已转发的邮件|转发邮件信息|下面是被转发的邮件|下面是被轉寄的郵件|開始轉寄郵件|开始转发的邮件|轉發的郵件|轉發郵件|转发的消息|轉寄訊息|轉寄的訊息|已轉寄的訊息|转发邮件开始|以下是转发的邮件|以下是轉寄的郵件|轉寄信件|转发信息|轉發訊息|已轉發郵件|Forwarded Message",
    ),
    language(
        "ko",
        [
            "보낸 사람|보낸사람|발신자|발신인|보내는 사람|발송인|보낸이|From",
            "받는 사람|받는사람|수신자|수신인|수신|받은 사람|받는이|To",
            "참조|참조인|사본",
            "보낸 날짜|날짜|보낸날짜|보낸 시간|발신일|일시|발송일|일자|작성일|보냄|전송일|보낸 일시|보낸시간",
            "제목|주제",
        ],
        "원본 메시지|원본 메일|원본메시지|원본메일|원래 메시지|Original Message|원본 이메일|원본 내용",
        "전달된 메시지|전달된 메일|전달된 메세지|전달된 이메일|전달 메시지|전달메시지|전달한 메시지|전달받은 메시지|전달된 메시지 시작|전달된 메시지의 시작|전달 메일|전달한 메일|Forwarded Message|아래는 전달된 메시지입니다|다음은 전달된 메시지입니다|전달된메일",
    ),
    language("ta", ["அனுப்புநர்|இருந்து", "பெறுநர்|க்கு", "நகல்", "அனுப்பப்பட்டது|தேதி", "பொருள்"], "அசல் செய்தி", "முன்னனுப்பப்பட்ட செய்தி|அனுப்பப்பட்ட செய்தி"),
    language(
        "ka",
        ["გამომგზავნი|ვისგან", "ადრესატი|ვის|მიმღები", "ასლი", "გაგზავნილია|თარიღი", "თემა|სათაური"],
        "ორიგინალი შეტყობინება|საწყისი შეტყობინება",
        "გადაგზავნილი შეტყობინება|გადამისამართებული შეტყობინება",
    ),
    language(
        "hy",
        ["Ումից|Ուղարկող|Ուղարկողը", "Ում|Ստացող", "Պատճեն", "Ուղարկված|Ամսաթիվ", "Թեմա|Վերնագիր"],
        "Սկզբնական հաղորդագրություն",
        "Փոխանցված հաղորդագրություն|Վերահասցեագրված հաղորդագրություն",
    ),
    language(
        "az",
        ["Kimdən|Göndərən", "Kimə|Alan", "Surət|Nüsxə", "Göndərildi|Tarix", "Mövzu"],
        "Orijinal mesaj|İlkin mesaj",
        "Yönləndirilmiş mesaj|Ötürülmüş mesaj|İrəli göndərilmiş mesaj",
    ),
    language(
        "kk",
        ["Кімнен|Жіберуші", "Кімге|Алушы", "Көшірме", "Жіберілді|Күні", "Тақырып|Тақырыбы"],
        "Бастапқы хабар",
        "Қайта жіберілген хабар|Бағытталған хабар",
    ),
    language(
        "af",
        ["Van|Vanaf", "Aan", "Afskrif", "Gestuur|Datum", "Onderwerp"],
        "Oorspronklike boodskap|Oorspronklike Boodskap",
        "Aangestuurde boodskap|Begin aangestuurde boodskap",
    ),
    language(
        "sw",
        ["Kutoka|Kutoka kwa", "Kwa|Kwenda kwa", "Nakala", "Imetumwa|Tarehe", "Mada|Kuhusu|Kichwa"],
        "Ujumbe asili|Ujumbe halisi",
        "Ujumbe uliosambazwa|Ujumbe uliotumwa",
    ),
    language(
        "tl",
        ["Mula kay|Mula sa|Mula", "Para kay|Kay|Para sa", "Kopya", "Ipinadala|Petsa", "Paksa"],
        "Orihinal na Mensahe",
        "Ipinasang mensahe|Naipasang mensahe",
    ),
];

/// Prefixes of answers.
pub(super) const REPLIES: &str = "re|aw|antw|antwort|sv|svar|odp|odpowiedź|ynt|yanıt|cevap|res|r|rif|rép|rép.|réf|ref|vá|válasz|atb|ats|bls|balas|απ|σχετ|αι|ha|на|отв|ответ|відп|відповідь|\
    отг|отговор|回复|回覆|答复|答覆|回信|返信|回|답장|회신|re[전달]|응답|השב|תשובה|הועבר בתגובה|رد|الرد|پاسخ|trả lời|tl|ตอบ|ตอบกลับ|vast|vastaus|svar til|odg|odgovor|odgovori|respuesta|resposta|risposta|ré|reaktion|antwoord|\
    răsp|răspuns|válasz|automatic reply|out of office|undeliverable|undelivered|unzustellbar|delivered|not read|read|accepted|declined|tentative|canceled|cancelled|zugesagt|abgesagt|gelesen|nicht gelesen|accepté|refusé|aceptado|rechazado|accettato|recall|svara|jawab|jawaban";
/// Prefixes of forwards.
pub(super) const FORWARDS: &str = "fw|fwd|fwd fw|wg|weitergeleitet|wtr|wl|tr|trans|transf|transfert|réexp|rv|reenv|reenviado|reenvío|enc|encaminhado|i|inoltro|inoltra|fs|vb|vl|vidarebefordrat|videresendt|videresend|vid|vidaresend|välitetty|lähetetty edelleen|\
    pd|pdf wiadomość|przekaż|przekazano|doorst|doorgestuurd|fwd van|dvs|předáno|přep|př|fwd zpráva|přeposláno|preposlané|preposlaná správa|posunutá|továbbítás|továbbítva|továbbított|tovább|továb|redir|redirecționat|redirecționare|prep|prepošlji|prosl|proslijeđeno|prosleđeno|пересл|пересланное|пер|переслано|пересылка|\
    пренаправено|препратено|переслане|перенаправлено|προώθ|πρθ|ΠΡΘ|προωθ|προώθηση|ilt|iлt|i̇lt|ilet|yönlendirme|ynl|yönlendirilen|edasi|edastatud|pārs|pārsūtīts|persiųsta|persiunčiama|trs|terusan|terusk|fwd msg|chuyển tiếp|ct|fwd thư|ส่งต่อ|หมายเหตุส่งต่อ|\
    转发|转寄|轉寄|轉發|转|轉|転送|전달|전송|fwd 전달|הועבר|העברה|إعادة توجيه|إعادة توجية|محول|تحويل|ارسال مجدد|هدایت|yml|áfr|předat|přeposlat|preposlať|preposlat|pre|proslijedi|prosledi|předání|odoslané ďalej|přeposláno|пренасочено|препрати|áframsent|reenviat|birbidali|birbidalia|posredovano|posr|dimajukan|przek|flw|enviado|rw";
/// Prefixes that answer in one language and forward in another.
pub(super) const EITHER: &str = "vs";
