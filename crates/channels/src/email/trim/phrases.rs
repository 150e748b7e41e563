//! The words around a quote and below a letter: who wrote it, what it was sent with, where to answer.

/// First words of a line such as "On 3 May 2026 at 10:00, Ann wrote:".
pub(super) const OPENINGS: &str = "on|am|le|la|les|el|il|lo|op|den|em|no dia|a|dne|dňa|dnia|w dniu|v|vo|в|во|на|у|il giorno|il giorno:|de|des|du|el día|el dia|o dia|a dia|em dia|\
    pe|în|in|la data de|στις|την|στο|kl|klo|ti|to|ma|on the|at|le :|på|pada|tarikh|vào|ngày|lúc|di|dana|dana:|u|dne:|kuupäev|kuupäeval|datums|ב|בתאריך|ב-|ביום|في|بتاريخ|در|در تاریخ|เมื่อ|เมื่อวันที่|วันที่|ในวันที่|ใน|在|于|於|의|\
    el dj|el dl|el dt|el dc|el dv|el ds|el dg|data|date|dated|datum|quoting|zitat von|cytowanie|citando|citat|am:|tgl|tanggal|petsa|noong|wrote|il:|ar|den:|dato|2|kuna|kam|sent|posted by|gesendet|mensaje citado por|mensagem citada por|selon|from|von|a(z)|az|ön|le:|u dana|ned|pon|uto|sri|čet|pet|sub|pon:|w|dzień|data:";

/// "wrote", where it may stand anywhere in the line (a name or a date may follow).
pub(super) const WROTE_ANYWHERE: &str = "schrieb|schreibt|geschrieben|hat geschrieben|folgendes geschrieben|schreef|geschreven|heeft geschreven|skrev|skreiv|skrev følgende|följande|følgende|kirjoitti|\
    kirjutas|napísal|napisal|napsal|napisał|napisała|pisze|napisao|napisala|je napisao|je napisala|написал|написала|написал(а)|пишет|пише|написав|написала|написа|ezt írta|írta|a következőt írta|a scris|scrie|έγραψε|yazdı|şunu yazdı|şunları yazdı|\
    님이 작성|님이 작성한 내용|작성|님이 쓴 글|написаў|skrifaði|rakstīja|rašė|parašė|menulis|menulis berikut|viết|đã viết|写道|寫道|写|來信|写到|のメッセージ|さんは書きました|書きました|のメール|さんが書きました|wrote|napisana przez|missatge de|mensaje de|เขียน";

/// "wrote", only as the last words before the colon: in the middle it is everyday speech.
pub(super) const WROTE_AT_END: &str = "wrote|writes|has written|said|a écrit|a ecrit|écrit|a écrit le|écrivait|écrivit|a envoyé|escribió|escribio|ha escrito|escribe|escribía|va escriure|ha escrit|escribiu|escreveu|escreve|ha scritto|је написао|је написала|је написао/ла|написао/ла|napisao/la|scriveva|scrive|scrisse|\
    schrieb|schreibt|geschrieben|schrieben|schrieb folgendes|schreef|schreef het volgende|geschreven|heeft geschreven|het volgende geschreven|skrev|skrev följande|skrev følgende|skreiv|har skrivit|har skrevet|kirjoitti|kirjoittaa|kirjoitti seuraavaa|kirjutas|\
    napísal|napísala|napísal(a)|napísal/a|napísali|napsal|napsala|napsal(a)|napsal/a|pisze|napisał|napisała|napisał(a)|napisał/a|napisała/napisał|napisal|napisala|napisal(a)|napisao|napisala|napisao/la|je napisao|je napisala|je napisao/la|je napisal|je napisal/-a|napisal/-a|je napisao(la)|napisa|\
    написал|написала|написал(а)|написал/а|пишет|писал|писала|писал(а)|пише|написав|написав(-ла)|написав(ла)|написала|написав(а)|написа|пишува|напиша|напісаў|напісала|írta|ezt írta|a következőt írta|az alábbiakat írta|írta a következőt|írja|a scris|a scris următoarele|scrie|scris|\
    έγραψε|έγραψε τα εξής|έγραψαν|γράφει|yazdı|şunu yazdı|şunları yazdı|yazmış|yazan|yazdi|skrifaði|rakstīja|raksta|rašė|parašė|menulis|menulis berikut|menulis berikut ini|menulis sebagai berikut|telah menulis|viết|đã viết|đã viết lời sau|đã viết như sau|เขียน|เขียนว่า|ได้เขียน|ได้เขียนว่า|เขียนข้อความ|\
    写道|寫道|写|寫|写到|寫到|来信|來信|说|說|写信|のメッセージ|さんは書きました|さんが書きました|は書きました|書きました|が書きました|さんからのメール|wrote:|さんのメッセージ|のメール|様が書きました|작성|님이 작성|님이 작성함|님이 작성한 내용|님이 작성한 메시지|님이 쓴 글|님이 썼습니다|쓴 글|쓴 메일|쓴 내용|작성하였습니다|씀|작성함|님이|\
    כתב|כתבה|כתב/ה|‏כתב|כתב‏|מאת|كتب|كتبت|كتب/ت|كَتب|نوشت|نوشته است|لикhта|ने लिखा|लिखा|ने लिखा है|লিখেছেন|எழுதியது|დაწერა|գրել է|yazıb|жазды|idatzi du|igorleak idatzi du|idatzi zuen|shkroi|ka shkruar|ysgrifennodd|scríobh|het geskryf|skryf|geskryf|ameandika|aliandika|isinulat|sumulat|sumulat ng|sinulat ni|pisze co następuje|escribió lo siguiente|escreveu o seguinte|wrote the following|schrieb Folgendes|ha scritto quanto segue|a écrit ce qui suit";

/// Between a date and a name, or before it, in an attribution: no part of the name.
pub(super) const FILLERS: &str = "heeft|schrieb|schreef|skrev|följande|følgende|používateľ|uživatel|użytkownik|uporabnik|korisnik|пользователь|користувач|потребител|потребителят|user|felhasználó|utilizatorul|l'utilisateur|utente|usuario|usuário|utilizador|kullanıcı|kullanıcısı|χρήστης|\
    am|pm|a.m.|p.m.|uhr|kl|kl.|klo|kello|tarihinde|időpontban|időpontban,|at|um|om|alle|ore|à|a las|a|às|v|o|г.|г|р.|р|в|о|в:|u|ob|la|στις|lúc|pukul|pada|godz.|o godz.|h|saat|om:|wrote|von|from|par|por|da|da:|van|od|от|від|użytkownik:|by|utc|gmt|cet|cest|mez|mesz|est|edt|pst|pdt|bst|eest|eet|czas|napisał|napisał(a)|napísal|napsal|írta|pm,|am,";

/// Begins a line that a phone or a mail program adds ("Sent from my iPhone"); what it names follows.
pub(super) const DEVICE_STARTS: &str = "sent from my|sent via my|sent using my|sent with my|typed on my|written on my|composed on my|from my iphone|from my ipad|\
    von meinem|von meiner|gesendet von meinem|gesendet von meiner|gesendet von mein|gesendet mit meinem|gesendet über mein|gesendet über meinen|versendet von meinem|verschickt von meinem|diese nachricht wurde von meinem|diese mail wurde von meinem|\
    envoyé de mon|envoyée de mon|envoyé depuis mon|envoyée depuis mon|envoyé à partir de mon|envoyé d'un|envoyé depuis un|envoyé via mon|envoyé avec mon|envoyé de ma|envoyé depuis ma|\
    enviado desde mi|enviado de mi|enviado por mi|enviado con mi|enviado do meu|enviado de meu|enviado da minha|enviado a partir do meu|enviado pelo meu|enviado a través de mi|enviat des del meu|enviat des de mon|enviado dende o meu|enviada do meu|enviado desde un|\
    inviato da mio|inviato dal mio|inviata dal mio|inviato dalla mia|spedito dal mio|inviato da un|inviato con il mio|\
    verstuurd vanaf mijn|verzonden vanaf mijn|verzonden met mijn|verstuurd met mijn|vanaf mijn|verzonden via mijn|\
    sendt fra min|sendt fra mitt|sendt frå min|sendt via min|skickat från min|skickat från mitt|sänt från min|skickat via min|skickades från min|sent frá|lähetetty minun|lähetetty laitteesta|\
    wysłane z mojego|wysłano z mojego|wysłane z|wysłano z|odesláno z mého|odesláno z|odoslané z môjho|odoslané z|poslané z môjho|poslano z mojega|poslano s mojega|poslano s mog|poslano sa mog|poslato sa mog|poslato sa|poslano s|poslano iz|\
    elküldve az|elküldve a|trimis de pe|trimis de la|trimis din|trimis cu|отправлено с моего|отправлено с|отправлено из|послано с|надіслано з мого|надіслано з|відправлено з|изпратено от моя|изпратено от|адпраўлена з|\
    εστάλη από το|στάλθηκε από το|απεστάλη από|αποστολή από|saadetud minu|nosūtīts no mana|nosūtīts no|išsiųsta iš mano|išsiųsta iš|gửi từ|được gửi từ|đã gửi từ|dikirim dari|dihantar dari|dihantar daripada|ipinadala mula sa|ส่งจาก|ส่งมาจาก|ส่งจากโทรศัพท์|\
    נשלח מה|נשלח מ|נשלח מה-|أرسلت من|مرسل من|أُرسلت من|تم الإرسال من|ارسال شده از|ارسال از|मेरे|发自我的|发自|發自我的|從我的|从我的|發送自我的|发送自我的|傳送自我的|來自我的|来自我的|寄自我的|나의|내 iphone|내 ipad|내 갤럭시|bidalia nire|e dërguar nga|gestuur vanaf my|anfonwyd o fy";

/// As [`DEVICE_STARTS`], but everyday speech too: a product must be named right after.
pub(super) const DEVICE_STEMS: &str = "sent from|sent via|sent by|sent with|sent using|sent through|gesendet mit|gesendet von|gesendet über|gesendet via|gesendet aus|gesendet mit der|\
    verschickt mit|verfasst mit|versendet mit|envoyé de|envoyé depuis|envoyé à partir de|envoyé via|envoyé avec|envoyé par|provenance|enviado desde|\
    enviado con|enviado vía|enviado via|enviado de|enviado por|enviado a través de|enviado com|enviado a partir do|enviado do|enviado pelo|enviat des de|\
    inviato da|inviato con|inviato tramite|inviata da|verzonden vanaf|verzonden met|verzonden via|verstuurd met|verstuurd vanaf|verstuurd via|sendt fra|\
    sendt via|sendt med|skickat från|skickat med|skickat via|wysłane przez|wysłane za pomocą|wysłane z aplikacji|wysłano za pomocą|odesláno pomocí|\
    odesláno přes|odesláno ze|odoslané pomocou|odoslané cez|poslano s pomočjo|trimis prin|отправлено через|отправлено при помощи|надіслано за допомогою|\
    надіслано через|изпратено чрез|изпратено с|στάλθηκε με|αποστολή με|nosūtīts ar|išsiųsta naudojant|dikirim menggunakan|dikirim melalui|\
    dihantar menggunakan|gửi bằng|ส่งด้วย|נשלח באמצעות|发送自|發送自|傳送自|來自|来自|나의|내|windows용|lähetetty|saadetud|küldve|elküldve|通过|透過";

/// Begins an invitation to get the program; which one follows.
pub(super) const DEVICE_GET: &str = "get|download|hol dir|holen sie sich|télécharger|téléchargez|obtenez|obtenir|obtener|obtén|obter|baixe o|obtenha o|ottieni|scarica|hent|få|hämta|skaffa|hanki|pobierz|stáhněte si|získejte|získat|získať|získajte|obțineți|скачать|получите|отримайте|λήψη του|dapatkan|tải|ดาวน์โหลด|قم بتنزيل|الحصول على|获取|取得|下载|下載";

/// The programs that invite.
pub(super) const INVITING: &str = "outlook|yahoo|aol|bluemail|blue mail|mailbird|spark|edison|mymail|typeapp|boxer|newton|proton|gmx|web.de";

/// "My": after it the name of any device may follow, even one we do not know.
pub(super) const MY: &str = "my|mein|meinem|meiner|meinen|mon|ma|mi|meu|minha|mio|mia|mijn|min|mitt|mého|mojego|môjho|mojega|mog|моего|мого|моя|our|nire|mana|mano|minu|meva|meu|saya|我的|나의|내";

/// Ends such a line, in languages that put the verb last; a product must be named before it.
pub(super) const DEVICE_ENDS: &str = "gesendet|herunterladen|downloaden|edinin|indirin|letöltése|beszerzése|versendet|verschickt|geschrieben|verzonden|verstuurd|から送信|より送信|から送信されました|で送信|から|を使用して送信|から送る|から送られました|에서 보냄|에서 보냈습니다|에서 보낸 메일|에서 전송|에서 발송|에서 보낸 편지|에서 작성|에서 전송됨|에서 보내기|발송|다운로드|\
    傳送|发送|發送|寄出|发出|發出|gönderildi|gönderilmiştir|gönderilen|gönderdim|küldve|elküldve|lett küldve|küldtem|lähetetty|skickat|saadetud|से भेजा गया|भेजा गया|اُرسل|निकली|bidalia|göndərildi|отправлено|지원|жіберілді|出发|发出的|の送信|から送信済み";

/// What the above lines name.
pub(super) const PRODUCTS: &str = "iphone|iphon|ipad|ipadu|ipada|ipadista|ipod|ios|apple watch|macbook|icloud|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oppo|vivo|oneplus|pixel|nokia|lumia|windows|blackberry|motorola|moto g|htc|sony|xperia|wiko|zte|asus|lenovo|fairphone|realme|alcatel|\
    mobile|mobil|handy|smartphone|smart phone|phone|cell|telefon|teléfono|telefone|telefonino|téléphone|telephone|móvil|celular|cellulare|portable|matkapuhelin|puhelin|телефон|смартфон|мобильн|мобільн|κινητό|cep telefonu|akıllı|手机|手機|電話|电话|휴대폰|핸드폰|스마트폰|갤럭시|아이폰|携帯|スマートフォン|スマホ|\
    tablet|tablette|tableta|планшет|device|gerät|appareil|dispositivo|apparaat|urządzeni|zařízení|zariadeni|устройств|пристро|outlook|yahoo|gmail|aol|protonmail|proton mail|thunderbird|airmail|spark|mailbird|gmx|web.de|t-online|ionos|1&1|freenet|orange|sfr|laposte|la poste|bouygues|libero|tiscali|virgilio|windows mail|\
    mail app|mail for|mail-app|mail für|mail pour|correo para|courrier pour|mail per|posta per|mail voor|poczta|почты|почта|mail.ru|yandex|яндекс|ukr.net|seznam|email.cz|centrum|onet|interia|wp.pl|o2|zoho|missive|superhuman|newton|bluemail|blue mail|hey|tutanota|tuta|edison|mymail|k-9|k9 mail|fairemail|mailspring|canary|em client|nine|naver|네이버|daum|다음|카카오|kakao|qq|qq邮箱|网易|網易|foxmail|wechat|微信|163|126|verizon|at&t|t-mobile|sprint|vodafone|telekom|o2|ee|metropcs|xfinity|comcast|roundcube|webmail|mailmate|postbox|hubspot|front|mac|メール|邮件|郵件|メーラー|posta|e-posta|邮箱|信箱";

/// "Please answer above this line", which help desks put into their mails.
pub(super) const ABOVE_THIS_LINE: &str = "above this line|above the line|below this line|above this text|above this message to reply|above this email to reply|oberhalb dieser linie|oberhalb dieser zeile|über dieser linie|über dieser zeile|über dieser linie antworten|unterhalb dieser linie|au-dessus de cette ligne|au dessus de cette ligne|sous cette ligne|\
    por encima de esta línea|encima de esta línea|sobre esta línea|arriba de esta línea|debajo de esta línea|acima desta linha|abaixo desta linha|sopra questa linea|sopra questa riga|al di sopra di questa riga|al di sopra di questa linea|boven deze lijn|boven deze regel|onder deze lijn|onder deze regel|over denne linje|over denne linjen|ovenfor denne linje|ovenfor denne linjen|ovanför denna linje|ovanför den här raden|ovanför denna rad|över denna linje|över den här linjen|\
    tämän rivin yläpuolelle|tämän viivan yläpuolelle|powyżej tej linii|nad tą linią|poniżej tej linii|nad tento řádek|nad tímto řádkem|nad touto čarou|nad tento riadok|nad týmto riadkom|nad touto čiarou|e fölé a sor fölé|e fölött a sor fölött|e sor fölé|e sor felett|ezen sor fölé|deasupra acestei linii|deasupra acestui rând|над тази линия|над този ред|выше этой линии|выше этой строки|над этой строкой|над этой чертой|вище цієї лінії|над цим рядком|вище цього рядка|над цією лінією|πάνω από αυτή τη γραμμή|πάνω από αυτήν τη γραμμή|bu çizginin üzerine|bu satırın üstüne|bu satırın üzerine|bu satırın üstünde|\
    iznad ove linije|iznad ovog retka|nad to črto|nad to vrstico|virs šīs līnijas|virš šios linijos|selle joone kohale|sellest reast ülespoole|per sobre d'aquesta línia|phía trên dòng này|trên dòng này|di atas baris ini|di atas garis ini|เหนือบรรทัดนี้|מעל שורה זו|מעל לשורה זו|مעל הקו הזה|فوق هذا السطر|فوق هذا الخط|بالای این خط|この行より上|この線より上|この線の上|この行の上|在此行上方|在此線上方|在此线上方|此行以上|此线以上|此線以上|이 줄 위에|이 선 위에|이 줄 위로";

/// Lines that close a mailing list's or a virus scanner's footer.
pub(super) const FOOTERS: &str = "mailing list|mailman/listinfo|you received this message because you are subscribed|to unsubscribe from this group|you are receiving this because|reply to this email directly or|to unsubscribe, send|to unsubscribe from this list|to unsubscribe send|unsubscribe from this list|list archives:|list info:|\
    virus-free.|virenfrei.|libre de virus.|garanti sans virus.|sans virus.|privo di virus|virusvrij|livre de vírus|wolny od wirusów|без вирусов|avast.com|avast antivirus|checked for viruses|auf viren geprüft|mailing-liste|liste de diffusion|lista de correo|lista de discussão|listen-abo|mailinglist|mailingliste";
