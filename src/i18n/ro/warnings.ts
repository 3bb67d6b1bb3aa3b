/** What the reader should know about where the settings come from, in Romanian. */
import type { warnings as english } from '../en/warnings.js'

export const warnings: Partial<Record<keyof typeof english, string>> = {
  'srv-implicit-tls-port':
    'Înregistrarea DNS {label} indică portul {port}, adică TLS de la început; așa este citită, dar ar trebui corectată.',
  'srv-target-outside-domain':
    'O înregistrare DNS fără DNSSEC duce la {hostname}, în afara domeniului adresei: vă rugăm să verificați acest nume.',
  'mx-target-outside-domain':
    'Potrivit unei înregistrări DNS fără DNSSEC, e-mailurile domeniului sunt livrate la {hostname}, în afara domeniului adresei.',
  'redirect-outside-domain':
    'Configurația a fost obținută printr-o redirecționare către {hostname}, în afara domeniului adresei.',
  'insecure-http': 'Configurația a fost obținută de la {hostname} fără criptare și contează doar ca indiciu.',
  'stale-entry': 'Înregistrarea din care provin aceste setări nu a mai fost verificată de mult timp.',
  'low-confidence-entry': 'Listele din care provin aceste setări nu concordă în toate privințele.',
  conflict: 'Sursele nu concordă în privința unor servere; toate sunt enumerate.',
  'cleartext-rejected':
    'Au fost indicate servere fără criptare și nu sunt oferite: parolele ar putea fi citite pe parcurs.',
  cleartext:
    'Cel puțin unul dintre aceste servere funcționează fără criptare: pe parcurs, oricine poate citi parola și e-mailurile.',
  'confusable-name':
    'Domeniul amestecă litere din alfabete diferite ({labels}): asigurați-vă că este cel dorit.',
  degraded:
    'Nu toate sursele au putut fi întrebate la timp ({sources}); întrebați din nou, poate răspunsul va fi mai bun.',
  'null-mx': 'Acest domeniu declară că nu acceptă e-mailuri.',
}
