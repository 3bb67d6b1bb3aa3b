/** Set-up guides for mail programs, in Italian. */
import type { guides as english } from '../en/guides.js'

export const guides: Partial<Record<keyof typeof english, string>> = {
  'guide-title': '{program}: configurare {email}',
  'guide-warnings': 'Da notare prima',
  'guide-notes': 'Buono a sapersi',
  'guide-profile-button': 'Scarica il profilo',
  'guide-other-programs': 'Guide per altri programmi',
  'detail-GUIDE_UNKNOWN':
    'Per questo programma non c’è una guida. Ci sono: thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Sono disponibili application/json, text/html e text/markdown.',
  'guide-values': 'I Suoi valori',
  'guide-by-hand': 'A mano',
  'guide-finally': 'Per finire',
  'guide-use-ssl': 'Usa SSL',
  'guide-on': 'attivo',
  'guide-confirm':
    'Confermi, per favore: questi server appartengono a {domains}. Nulla prova che sia il Suo fornitore. Se non conosce il nome, chieda al Suo fornitore prima di inserire una password.',
  'guide-incoming': 'Da inserire per la ricezione ({protocol}, «server posta in arrivo»):',
  'guide-outgoing': 'Da inserire per l’invio (SMTP, «server posta in uscita»):',
  'guide-try': 'Si invii un messaggio a {email}: se arriva, ricezione e invio funzionano.',
  'guide-sign-in-page':
    'Si apre la pagina di accesso di {service}. Ne controlli l’indirizzo, acceda e consenta l’accesso al programma.',
  'guide-no-outgoing':
    'Non abbiamo trovato un server per l’invio; chieda al Suo fornitore le impostazioni SMTP.',
  'guide-not-offered':
    '{protocol} non è offerto in modo sicuro per questo indirizzo; la guida mostra ciò che è possibile.',
  'guide-bridge-phone':
    'Questo fornitore richiede il suo programma ausiliario (Bridge) su un computer; su un telefono non funziona. Usi l’app del fornitore.',
  'guide-special-sign-in':
    'Il server chiede un’autenticazione particolare. Se {program} ne sia capace dipende dalla sua installazione; chieda a chi gestisce la Sua casella.',
  'guide-sign-in-impossible':
    'Così non funziona: {provider} non accetta password dai programmi di posta, solo la propria pagina di accesso (OAuth), e {program} conosce solo quelle di {services}.',
  'guide-sign-in-nobody':
    'Così non funziona: {provider} non accetta password dai programmi di posta, solo la propria pagina di accesso (OAuth), che {program} non può aprire.',
  'guide-sign-in-encrypted':
    'Così non funziona: {provider} accetta le password solo in una forma (CRAM-MD5) che {program} non conosce.',
  'guide-sign-in-pop3':
    'Con POP3 non funziona: {provider} non accetta password dai programmi di posta e, con la pagina di accesso del fornitore, {program} configura l’account a modo proprio. Scelga IMAP.',
  'guide-use-instead': 'Usi un altro programma; sono possibili: {programs}.',
  'guide-use-webmail': 'Legga la posta sul sito o nell’app di {provider}.',
  'guide-ask-provider': 'Chieda al Suo fornitore le «impostazioni IMAP e SMTP con crittografia».',
  'guide-help-page': '{provider} spiega la configurazione nelle proprie pagine di aiuto.',
  'guide-thunderbird-open':
    'Apra il menu di Thunderbird (☰) e scelga «Nuovo account», poi «E-mail». In alcune versioni si chiama «Account di posta esistente»; al primo avvio Thunderbird lo chiede da sé.',
  'guide-thunderbird-address': 'Inserisca il Suo nome e {email}, e la password se viene chiesta, e prosegua.',
  'guide-thunderbird-compare':
    'Thunderbird cerca le impostazioni da sé. Scelga {protocol} e confronti con i valori qui sotto. Se sono diversi o non trova nulla, scelga «Configura manualmente».',
  'guide-thunderbird-finish':
    'Faccia verificare i valori («Riesamina»), inserisca la password se viene chiesta e concluda con «Fatto».',
  'guide-thunderbird-android-open':
    'Apra l’app. Al primo avvio chiede da sé un account; in seguito scelga «Aggiungi account» nelle sue impostazioni.',
  'guide-thunderbird-android-compare':
    'Inserisca {email} e prosegua. Se l’app trova delle impostazioni, le confronti con i valori qui sotto. Altrimenti, o se sono diverse, modifichi la configurazione a mano e scelga {protocol}.',
  'guide-thunderbird-android-finish':
    'Inserisca la password e prosegua; l’app verifica entrambi i server prima di creare l’account.',
  'guide-outlook-new': 'Il nuovo Outlook per Windows',
  'guide-outlook-classic': 'Outlook classico per Windows',
  'guide-outlook-mac': 'Outlook per Mac',
  'guide-outlook-new-open': 'Apra le impostazioni (ingranaggio), poi «Account», e scelga «Aggiungi account».',
  'guide-outlook-new-manual':
    'Inserisca {email} e prosegua. Se Outlook non configura l’account da sé, scelga {protocol} come fornitore e mostri le impostazioni avanzate («Mostra altro»).',
  'guide-outlook-classic-open-simple': 'Scelga «File», poi «Aggiungi account».',
  'guide-outlook-classic-open':
    'Scelga «File», poi «Aggiungi account». Inserisca {email}, apra le «Opzioni avanzate», selezioni la configurazione manuale dell’account e si connetta.',
  'guide-outlook-classic-type': 'Scelga {protocol} come tipo di account.',
  'guide-outlook-username':
    'Se Outlook non chiede un nome utente, usa l’indirizzo. Il Suo è diverso: lo corregga nelle impostazioni dell’account, o crei l’account nel Pannello di controllo di Windows, alla voce «Posta».',
  'guide-outlook-mac-open':
    'Scelga «Outlook» nella barra dei menu, poi le impostazioni, «Account», e aggiunga un account (+).',
  'guide-outlook-mac-manual':
    'Inserisca {email} e prosegua. Se Outlook chiede il fornitore o il tipo, scelga {protocol} e mostri tutte le impostazioni.',
  'guide-outlook-enter':
    'Inserisca i valori di sopra nei campi dei server in arrivo e in uscita, e la Sua password. Poi concluda.',
  'guide-outlook-sign-in': 'Inserisca {email} e prosegua.',
  'guide-outlook-pop3':
    'Non tutte le versioni del nuovo Outlook e di Outlook per Mac supportano POP3. Se la scelta manca, usi IMAP o Outlook classico per Windows.',
  'guide-outlook-cloud':
    'Il nuovo Outlook, e Outlook per Mac se Lei lo consente, ritira questa posta attraverso il cloud di Microsoft: i Suoi dati di accesso e i messaggi si trovano allora anche lì. Outlook classico e Thunderbird si collegano direttamente.',
  'guide-outlook-suggests':
    'Ciò che Outlook compila da sé viene da un servizio di Microsoft, non dal Suo fornitore. Se è diverso, valgono i valori indicati qui.',
  'guide-iphone-open':
    'Apra «Impostazioni», poi «App», «Mail», «Account di Mail» e «Aggiungi account». Nelle versioni precedenti «Mail» e «Account» si trovano direttamente nelle impostazioni.',
  'guide-iphone-address':
    'Inserisca il Suo nome, {email}, la password e una descrizione, e prosegua. Scelga «{protocol}» in alto.',
  'guide-iphone-advanced':
    'Salvi. Apra poi di nuovo l’account e confronti la porta e «Usa SSL»: per l’invio sotto «SMTP», per la ricezione sotto «Avanzate».',
  'guide-iphone-profile':
    'Apra «Impostazioni»: in alto compare «Profilo scaricato». Lo tocchi, poi «Installa», e inserisca la password quando viene chiesta.',
  'guide-mac-open': 'Nel programma Mail scelga «Mail» nella barra dei menu, poi «Aggiungi account».',
  'guide-mac-address':
    'Inserisca il Suo nome, {email} e la password, e acceda. Se Mail non trova i server da sé, mostra dei campi: scelga «{protocol}» come tipo di account.',
  'guide-mac-finish':
    'Acceda. Confronti poi la porta e la crittografia nelle impostazioni di Mail, sotto «Account», «Impostazioni server».',
  'guide-mac-profile':
    'Apra il file scaricato, poi Impostazioni di Sistema: il profilo attende lì (cerchi «Profili»). Lo installi e inserisca la password quando viene chiesta.',
  'guide-apple-with-profile': 'Il modo più semplice: con un profilo',
  'guide-apple-profile':
    'Scarichi il profilo di configurazione su questo dispositivo. Contiene tutti i valori qui sotto e nessuna password.',
  'guide-apple-other': 'Scelga «Altro» nell’elenco, poi «Aggiungi account Mail».',
  'guide-apple-service': 'Scelga {service} nell’elenco. Non occorre inserire i server.',
  'guide-apple-outgoing-password':
    'Inserisca nome utente e password anche per il server in uscita, pur se nel campo c’è scritto «Facoltativo».',
  'guide-apple-icloud':
    'Il Suo indirizzo iCloud non ha bisogno di server su questo dispositivo: apra le impostazioni, il Suo nome, poi «iCloud», e attivi «Mail».',
  'guide-apple-starttls':
    'In Apple nessuna scelta si chiama STARTTLS: lasci attivo «Usa SSL» con la porta indicata, e il dispositivo sceglie la crittografia giusta.',
  'guide-android-open':
    'Apra l’app Gmail, tocchi la Sua immagine in alto a destra e scelga «Aggiungi un altro account».',
  'guide-android-service': 'Scelga «{service}» nell’elenco. Non occorre inserire i server.',
  'guide-android-other': 'Scelga «Altro», inserisca {email} e scelga «Configurazione manuale» o prosegua.',
  'guide-android-type': 'Scelga «Personale ({protocol})» e inserisca la password.',
  'guide-android-finish':
    'Per l’invio lasci attiva la richiesta di accesso. Prosegua finché l’app comunica che l’account è pronto.',
  'guide-android-certificates':
    'Non scelga mai una crittografia con «Accetta tutti i certificati»: lungo il percorso qualcuno potrebbe leggere la Sua password.',
  'guide-windows-mail-retired':
    'Windows Mail non si può più usare: Microsoft lo ha ritirato alla fine del 2024. Non riceve e non invia più.',
  'guide-windows-mail-save':
    'Se ci sono messaggi solo in Windows Mail, li esporti prima, finché il programma si apre ancora.',
  'guide-windows-mail-instead':
    'Usi un altro programma: Thunderbird si collega direttamente al Suo fornitore; il nuovo Outlook, il successore di Microsoft, passa per il cloud di Microsoft. Qui c’è una guida per ciascuno. Servono questi valori:',
}
