/** What the reader must do before the account works, in Italian. */
import type { notices as english } from '../en/notices.js'

export const notices: Partial<Record<keyof typeof english, string>> = {
  'app-password-required':
    '{provider} richiede qui una password per le app: la crei nelle impostazioni di sicurezza del Suo account e la usi al posto di quella abituale.',
  'app-password-with-2fa':
    'Se è attivo l’accesso in due passaggi, {provider} richiede una password per le app al posto di quella abituale.',
  'separate-password':
    '{provider} usa una password a parte per i programmi di posta: la imposti prima nel Suo account.',
  'enable-imap': 'Attivi prima IMAP nelle impostazioni di {provider}.',
  'enable-pop3': 'Attivi prima POP3 nelle impostazioni di {provider}, se vuole usarlo.',
  'enable-smtp': 'Attivi prima l’invio tramite SMTP nelle impostazioni di {provider}.',
  'enable-access': 'Consenta prima i programmi di posta nelle impostazioni di {provider}.',
  'admin-approval':
    'È possibile che l’amministratore della Sua organizzazione debba prima autorizzare i programmi di posta presso {provider}.',
  'paid-plan-required': '{provider} consente i programmi di posta solo nei piani a pagamento.',
  'bridge-required':
    '{provider} richiede un proprio programma ausiliario (Bridge) sul computer; su un telefono non funziona così.',
  'oauth2-only':
    '{provider} non accetta password dai programmi di posta: il Suo programma deve aprire la pagina di accesso del fornitore (OAuth).',
  'no-access': '{provider} non ammette alcun programma di posta; usi la sua app o il suo sito.',
  'access-unknown':
    'Conosciamo {provider}, ma non i suoi server per programmi di posta; forse lo dicono le sue pagine di aiuto.',
  'provider-instruction': '{text}',
  'provider-enable': 'Il Suo fornitore indica: {text}',
  'mx-gateway':
    'La posta di questo dominio passa per un filtro ({provider}); ciò non dice dove si trovano le caselle.',
  'mx-forwarder': 'La posta di questo dominio viene solo inoltrata ({provider}); chieda dove.',
  'mx-inbound-api': 'La posta di questo dominio va a un programma ({provider}), non a caselle.',
  'mx-ambiguous':
    'La posta di questo dominio va a {provider}; ciò non dice quale servizio di posta vi sia dietro.',
  'mx-alias': 'È un servizio di alias ({provider}): configuri la casella a cui porta l’alias.',
  'mx-bridge': '{provider} richiede un proprio programma ausiliario (Bridge) sul computer.',
  'exchange-sign-in':
    'C’è un server Exchange su {hostname}; comunica le impostazioni solo dopo l’accesso. Può usarlo un programma compatibile con Exchange.',
  'smtp-utf8':
    'Questo indirizzo contiene lettere non ASCII; il programma e i server devono supportare SMTPUTF8.',
}
