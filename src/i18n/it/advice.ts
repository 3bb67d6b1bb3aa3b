/** Why IMAP or POP3, and what the three words mean, in Italian. */
import type { advice as english } from '../en/advice.js'

export const advice: Partial<Record<keyof typeof english, string>> = {
  'only-imap-offered': 'Il Suo fornitore offre solo IMAP, che è comunque la scelta migliore.',
  'only-pop3-offered': 'Il Suo fornitore offre solo POP3; IMAP non è disponibile per questo indirizzo.',
  'imap-not-secure':
    'Qui IMAP non è offerto con una crittografia funzionante; POP3 è quindi la scelta sicura.',
  'imap-not-confirmed': 'È stato possibile confermare il server POP3, ma non il server IMAP.',
  'several-devices':
    'Con IMAP telefono, tablet e computer mostrano gli stessi messaggi, le stesse cartelle e gli stessi segni di lettura.',
  'several-devices-need-imap':
    'Con più dispositivi solo IMAP li mantiene tutti allineati; il Suo programma può comunque conservare una copia su ciascuno.',
  'one-device-may-become-two':
    'IMAP va bene anche per un solo dispositivo e continuerà a funzionare se se ne aggiunge un secondo.',
  'one-device': 'Lei legge la posta su un solo dispositivo.',
  'keep-on-device':
    'POP3 scarica la posta su questo dispositivo; la conserva Lei stesso e libera spazio presso il fornitore.',
  'keep-on-server':
    'Con IMAP la posta resta al sicuro sul server del fornitore, anche se il dispositivo va perso.',
  'pop3-on-several-devices':
    'Con POP3 più dispositivi non sanno nulla l’uno dell’altro: ciò che legge o elimina su uno resta com’era sugli altri.',
  'provider-prefers-imap': 'Anche il fornitore indica IMAP per primo.',
  'provider-lists-pop3-first': 'Il fornitore indica POP3 per primo; IMAP è tuttavia più adatto al Suo uso.',
  'leave-on-server':
    'Attivi «lascia i messaggi sul server» (per esempio 14 giorni), così nulla va perso se questo dispositivo si guasta.',
  'imap-explained':
    'Con IMAP legge la posta là dove si trova, sul server del fornitore, allo stesso modo su ogni dispositivo.',
  'pop3-explained': 'POP3 scarica la posta su un dispositivo e di solito la elimina dal server.',
  'smtp-explained': 'SMTP invia la posta; Le serve sia con IMAP sia con POP3.',
}
