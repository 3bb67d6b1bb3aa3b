/** What is wrong with a request, and what to do, in Italian. */
import type { problems as english } from '../en/problems.js'

export const problems: Partial<Record<keyof typeof english, string>> = {
  'address-empty': 'Manca l’indirizzo.',
  'address-no-at': 'Nell’indirizzo manca la @.',
  'address-two-ats': 'Nell’indirizzo c’è più di una @.',
  'address-too-long': 'L’indirizzo supera i 254 byte.',
  'address-control-characters': 'L’indirizzo contiene caratteri invisibili o di controllo.',
  'local-part-empty': 'Prima della @ non c’è nulla.',
  'local-part-too-long': 'La parte prima della @ supera i 64 byte.',
  'local-part-syntax': 'La parte prima della @ contiene caratteri non ammessi.',
  'domain-empty': 'Dopo la @ non c’è nulla.',
  'domain-ip-literal': 'Dopo la @ deve esserci un nome di dominio, non un indirizzo IP.',
  'domain-syntax': 'La parte dopo la @ non è un nome di dominio valido.',
  'domain-too-long': 'Il nome di dominio è troppo lungo.',
  'domain-single-label': 'Il nome di dominio non contiene alcun punto.',
  'domain-symbols': 'Il nome di dominio contiene simboli o emoji.',
  EMAIL_INVALID: 'Non è un indirizzo e-mail valido',
  QUERY_INVALID: 'La richiesta non è valida',
  NAME_RESERVED: 'Questo nome è riservato e non ha mai server di posta',
  NO_MAIL: 'Questo dominio non accetta posta',
  NOTHING_FOUND: 'Nessuna impostazione trovata per questo dominio',
  NOT_FOUND: 'Non c’è nulla a questo indirizzo',
  METHOD_NOT_ALLOWED: 'Questo metodo non è ammesso qui',
  FORMAT_UNSUPPORTED: 'Questo formato non è disponibile',
  BODY_TOO_LARGE: 'La richiesta è troppo grande',
  MEDIA_TYPE_UNSUPPORTED: 'Questo tipo di contenuto non viene compreso',
  PROFILE_UNSUPPORTED: 'Per questo account non si può creare un profilo',
  RATE_LIMITED: 'Troppe richieste',
  INTERNAL: 'Qualcosa è andato storto da parte nostra',
  LOOKUP_FAILED: 'In questo momento non è stato possibile cercare le impostazioni',
  OVERLOADED: 'Il servizio è sovraccarico',
  'detail-NAME_RESERVED':
    'È un nome per usi speciali o un suffisso pubblico, sotto il quale nessuno può avere una casella.',
  'detail-NO_MAIL': 'Lo dice il suo DNS (MX nullo).',
  'detail-NOTHING_FOUND':
    'Tutte le fonti sono state interrogate e nessuna conosce server per questo dominio. Controlli l’ortografia o chieda al Suo fornitore le «impostazioni IMAP e SMTP».',
  'detail-RATE_LIMITED':
    'Ha esaurito ciò che un client può chiedere in un minuto. Riprovi dopo il tempo indicato da Retry-After.',
  'detail-OVERLOADED': 'Ci sono troppe ricerche in corso. Riprovi tra qualche secondo.',
  'detail-TOKEN_UNKNOWN':
    'Questo token non è noto qui. Ometta l’intestazione Authorization o chieda un nuovo token al gestore di questo servizio.',
  'detail-REFRESH':
    'Qui refresh=true richiede un bearer token che lo consenta. Senza il parametro riceverà la risposta conservata.',
  'detail-OWN_AGENT':
    'Questo servizio non cerca impostazioni per un altro mailscout, che può interrogare da sé le stesse fonti.',
  'detail-LOOKUP_FAILED': 'Non è stato possibile interrogare alcune fonti. Riprovi tra qualche secondo.',
  'detail-PASSWORD': 'Non invii mai una password: questo servizio non ne ha bisogno e non la accetta.',
  'detail-NO_CONFIRMED_SERVERS':
    'Si conoscono dei server, ma nessuna coppia per ricevere e inviare che un programma possa usare senza chiederLe conferma; vedi /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'Questo servizio non conosce il proprio indirizzo pubblico; il gestore deve prima impostare MAILSCOUT_PUBLIC_URL.',
  'detail-UNKNOWN_HOST':
    'Nessun dominio di questo servizio ha questo nome host. Indichi l’indirizzo e-mail con emailaddress=.',
  'detail-FORMAT_UNSUPPORTED':
    'Sono disponibili application/json, text/xml (autoconfig), application/x-apple-aspen-config e text/plain.',
  'detail-qr-too-long': 'L’indirizzo è troppo lungo per un codice QR leggibile da una fotocamera.',
  'detail-profile-oauth2-only':
    'Il fornitore accetta solo la propria pagina di accesso (OAuth), che un profilo di configurazione non può contenere. Aggiunga l’account in Impostazioni > Mail.',
  'detail-profile-starttls-only':
    'Il fornitore offre solo STARTTLS, che un profilo di configurazione non può imporre. Configuri l’account a mano.',
  'detail-profile-incomplete': 'Il fornitore non offre ciò che serve a questo profilo.',
}
