/** What the reader must do before the account works, in Romanian. */
import type { notices as english } from '../en/notices.js'

export const notices: Partial<Record<keyof typeof english, string>> = {
  'app-password-required':
    '{provider} cere aici o parolă de aplicație: creați-o în setările de securitate ale contului și folosiți-o în locul parolei obișnuite.',
  'app-password-with-2fa':
    'Dacă este activată conectarea în doi pași, {provider} cere o parolă de aplicație în locul parolei obișnuite.',
  'separate-password':
    '{provider} folosește o parolă separată pentru programele de e-mail: stabiliți-o mai întâi în cont.',
  'enable-imap': 'Activați mai întâi IMAP în setările {provider}.',
  'enable-pop3': 'Activați mai întâi POP3 în setările {provider}, dacă doriți să îl folosiți.',
  'enable-smtp': 'Activați mai întâi trimiterea prin SMTP în setările {provider}.',
  'enable-access': 'Permiteți mai întâi programele de e-mail în setările {provider}.',
  'admin-approval':
    'Este posibil ca administratorul organizației dumneavoastră să trebuiască să aprobe mai întâi programele de e-mail la {provider}.',
  'paid-plan-required': '{provider} permite programele de e-mail doar în abonamentele cu plată.',
  'bridge-required':
    '{provider} are nevoie de propriul program ajutător (Bridge) pe computer; pe telefon nu funcționează așa.',
  'oauth2-only':
    '{provider} nu acceptă parole de la programele de e-mail: programul trebuie să deschidă pagina de conectare a furnizorului (OAuth).',
  'no-access': '{provider} nu permite niciun program de e-mail; folosiți aplicația sau pagina sa web.',
  'access-unknown':
    'Cunoaștem {provider}, dar nu și serverele sale pentru programe de e-mail; poate că paginile sale de ajutor spun mai mult.',
  'provider-instruction': '{text}',
  'provider-enable': 'Furnizorul dumneavoastră precizează: {text}',
  'mx-gateway':
    'E-mailurile acestui domeniu trec printr-un filtru ({provider}); asta nu arată unde se află căsuțele.',
  'mx-forwarder': 'E-mailurile acestui domeniu sunt doar redirecționate ({provider}); întrebați încotro.',
  'mx-inbound-api': 'E-mailurile acestui domeniu ajung la un program ({provider}), nu în căsuțe.',
  'mx-ambiguous':
    'E-mailurile acestui domeniu ajung la {provider}; asta nu arată ce serviciu de e-mail se află în spate.',
  'mx-alias': 'Acesta este un serviciu de aliasuri ({provider}): configurați căsuța la care duce aliasul.',
  'mx-bridge': '{provider} are nevoie de propriul program ajutător (Bridge) pe computer.',
  'exchange-sign-in':
    'Există un server Exchange la {hostname}; își comunică setările doar după conectare. Îl poate folosi un program compatibil cu Exchange.',
  'smtp-utf8':
    'Această adresă conține litere din afara ASCII; programul și serverele trebuie să cunoască SMTPUTF8.',
}
