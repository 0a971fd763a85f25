"""The words by which mail programs announce a former mail, in the tongues that parents' programs speak."""

# How an announcement begins (« Le lun. 3 nov. 2025 à 10:12, X a écrit : »), and the verb that ends it.
OPENS = r"le|en date du|[aà] la date du|on|at|in(?: message| article)|am|el|il|em|op|den|på|w dniu|dnia|dne|vào|pe|în|a"
WROTE = (
    r"[aà][ ][ée]crit|écrivait|écrit|nous a dit|a r[ée]pondu|wrote|writes|said|sent|schrieb(?:en)?|geschrieben|"
    r"escribi[óo]|ha scritto|scrisse|escreveu|schreef|geschreven|skrev|kirjoitti|"
    r"napisał(?:\(a\))?|napsal(?:\(a\))?|napísal(?:\(a\))?|je napisao(?:/la)?|írta|a scris|va escriure|yazdı|"
    r"написал(?:\(а\))?|написав(?:\(ла\))?|пише|пишет|έγραψε|đã viết|写道|さんは書きました"
)
# Verbs that stand before the name (« Am 03.11.2025 schrieb X »), or after an address in an announcement without a date.
WROTE_BEFORE = r"schrieb|schreef|skrev|wrote|a écrit|írta"
WROTE_ALONE = r"a écrit|wrote|writes|schrieb|escribió|ha scritto"

ORIGINAL = (
    r"message d['’ ]?origine|message original|message initial|mail original|e-?mail d['’]origine|"
    r"courriel d['’]origine|courriel original|courrier original|message pr[ée]c[ée]dent|réponse au message|"
    r"original[ -]message|original email|reply message|reply above this line|previous message|"
    r"originale? nachricht|ursprüngliche (?:nachricht|mail|e-mail)|mensaje original|mensagem original|"
    r"messaggio originale|oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|originalmeddelande|"
    r"ursprungligt meddelande|oryginalna wiadomość|wiadomość oryginalna|mesaj original|özgün ileti|orijinal mesaj|"
    r"eredeti üzenet|původní zpráva|pôvodná správa|исходное сообщение|оригінальне повідомлення|"
    r"الرسالة الأصلية|原始邮件|原始郵件"
)
REPLY_ABOVE = (
    r"(?:please |to (?:answer|reply)(?: by e-?mail)?,? )?(?:type |write |enter )?(?:your )?(?:reply )?above this line|"
    r"(?:merci de |veuillez |pour répondre(?: par [a-z-]{3,10})?,? )?(?:répondez|répondre|écrivez|écrire)"
    r"(?: votre réponse)? au[- ]dessus de cette ligne"
)
REPLY_BELOW = (
    r"(?:to (?:answer|reply)(?: by e-?mail)?,? )?(?:please )?(?:type |write |reply )(?:your reply )?(?:under|below) "
    r"this line|"
    r"(?:merci de |veuillez |pour répondre(?: par [a-z-]{3,10})?,? )?(?:répondez|répondre|écrivez|écrire)"
    r"(?: votre réponse)? (?:en[- ]?dessous de|sous) cette ligne"
)
FORWARDED = (
    r"message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]|mail transf[ée]r[ée]|courriel transf[ée]r[ée]|message fwd|"
    r"transf[ée]r[ée] par .{1,80}|message transf[ée]r[ée] (?:de|par) .{1,80}|forwarded message from .{1,80}|"
    r"forwarded message|forwarded mail|forwarded by .{1,80}|"
    r"weitergeleitete (?:nachricht|e-mail)|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|"
    r"missatge reenviat|messaggio inoltrato|doorgestuurd bericht|videresendt (?:besked|melding)|"
    r"vidarebefordrat meddelande|välitetty viesti|wiadomość przekazana|przekazana wiadomość|mesaj redirecționat|"
    r"iletilen ileti|yönlendirilen (?:ileti|mesaj)|továbbított üzenet|přeposlaná zpráva|preposlaná správa|"
    r"пересыла(?:емое|нное) сообщение|пересланное сообщение|переслане повідомлення|προωθημένο μήνυμα|"
    r"رسالة معاد توجيهها|转发的邮件|转发邮件信息|轉寄的郵件|전달된 메시지|転送されたメッセージ"
)
# Without dashes around them, alone on their line.
FORWARD_BEGINS = (
    r"d[ée]but du (?:message|courriel) (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|message transf[ée]r[ée]|"
    r"begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail|mail)|inicio del mensaje reenviado|"
    r"inizio messaggio inoltrato"
)
FORWARD_SUBJECTS = r"fwd?|tr\.?|wg|rv|i|enc|doorst|vs|vb|pd|ilt|yönl|továbbítva|пересл|πρθ|转发|轉寄"

# « De : … Envoyé : … À : … Objet : … »
LABELS = {
    "from": r"de|exp[ée]diteur|from|von|da|van|fra|från|od|de la|lähettäjä|kimden|feladó|от|от кого|від|від кого|από|"
    r"من|từ|보낸 사람|発信者|差出人|发件人|寄件者",
    "date": r"le|date|date d['’]envoi|envoy[ée](?:e)?(?: le)?|sent|gesendet(?: am)?|datum|dato|enviad[oa](?: el| em)?|"
    r"fecha(?: de envío)?|inviato|data|verzonden|sendt|skickat|wysłano|lähetetty|odesláno|odoslané|trimis|"
    r"gönderildi|gönderme tarihi|tarih|elküldve|дата|отправлено|надіслано|στάλθηκε|ημερομηνία|"
    r"تم الإرسال|التاريخ|đã gửi|보낸 날짜|送信日時|日付|发送时间|寄件日期|日期",
    "to": r"à|a|pour|destinataires?|envoy[ée] à|to|an|para|aan|til|till|do|per|vastaanottaja|kime|címzett|komu|către|"
    r"кому|προς|إلى|đến|받는 사람|宛先|收件人|收件者",
    "subject": r"objet|sujet|subject|betreff|asunto|oggetto|onderwerp|emne|ämne|assunto|assumpte|temat|aihe|konu|tárgy|"
    r"předmět|predmet|subiect|тема|θέμα|الموضوع|chủ đề|제목|件名|主题|主旨",
    "cc": r"cc|cci|bcc|c\.c\.|copie(?: à)?|importance|priorit[ée]|pi[èe]ces? jointes?|attachments?|r[ée]pondre à|"
    r"reply-to|antwort an|sent by|kopie|wichtigkeit|bilgi|másolatot kap|копия|копія|κοιν\.|نسخة|참조|抄送|副本",
}

# What telephones, webmail and antivirus programs add below the letter; each is (nearly) the whole line.
ADDED = (
    r"(?:envoy[ée]|exp[ée]di[ée])(?:e)? (?:de|depuis|à partir de|à partir d['’]|via|avec|par|du|d['’]un|"
    r"sur)\b ?(?:mon|ma|l['’]|la|le|un|une|my)?.{1,60}"
    r"|(?:courriel|message) envoy[ée] (?:depuis|avec|à partir).{1,60}|de mon (?:iphone|ipad|mobile|t[ée]l[ée]phone)"
    r"|t[ée]l[ée]charger? outlook pour .{1,40}|(?:obtenez|obtenir) (?:(?:l['’]application )?outlook|bluemail|"
    r"typeapp).{1,40}|provenance[\s\u00a0]*: ?courrier pour windows.{0,60}"
    r"|yahoo mail[\s\u00a0]*: ?(?:recherchez|search), .{1,40}"
    r"|(?:garanti )?sans virus[.\s\u00a0]*(?:www\.\S{1,40})?"
    r"|(?:cet e-?mail|ce courrier[^.]{0,20}|l['’]absence de virus)[^.]{0,60}v[ée]rifi[ée]e? par .{0,12}"
    r"logiciel antivirus.{0,40}"
    r"|https?://www\.(?:avast|avg)\.com/\S{1,80}>?|virus-free[.\s]*(?:www\.\S{1,40})?"
    r"|sent (?:from|via|with|by|using) (?:my|mobile|the|a|an|yahoo|outlook|mail|samsung|android|type ?app|galaxy|"
    r"proton|gmail|windows|iphone|ipad|blackberry|nine|k-9|mailbox|airmail|aqua|bluemail|spark|superhuman|front|sina|"
    r"zoho|aol|an?droid|\[|\S*mail)\b.{0,60}"
    r"|from my (?:iphone|ipad|android|mobile|phone|samsung|blackberry).{0,20}"
    r"|get (?:\[?outlook|bluemail|typeapp).{1,60}"
    r"|von meinem .{1,40} gesendet|gesendet (?:von|mit|über) .{1,50}|diese nachricht wurde von .{1,60} gesendet"
    r"|hol(?:en sie sich)? .{0,10}outlook für .{1,40}|enviad[oa] (?:desde|do|pelo|a partir) .{1,50}"
    r"|inviato (?:da|dal) .{1,40}|verzonden (?:met|vanaf) .{1,40}|verstuurd vanaf .{1,40}|sendt fra min .{1,40}"
    r"|skickat från min .{1,40}|trimis (?:de pe|din) .{1,40}|\w{2,20}['’]?(?:umdan|imden|dan|den) gönderildi"
    r"|wysłane z .{1,40}|отправлено с .{1,40}|надіслано з .{1,40}|أرسلت من .{1,40}|從我的 .{1,20}傳送|iphone ?から送信"
)
# A sentence of the letter may begin like these; it goes on like this, unless it names a machine.
GOES_ON = r"[,;] \w|\b(?:is|was|are|est|était|sont|ont|a été|je|j['’]|il|elle|nous|vous)\b"
MACHINES = (
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|blackberry|mobile|portable|phone|t[ée]l[ée]phone|smartphone|"
    r"appareil|tablette|outlook|gmail|yahoo|orange|sfr|bouygues|free|laposte|windows|thunderbird|app(?:li)?"
)
LIST_WORDS = r"mailing list|liste de diffusion|listinfo|lists?\.|list-|@lists?\b|unsubscribe|désabonn"
