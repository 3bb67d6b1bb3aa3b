/** What the reader should know about where the settings come from, in Italian. */
import type { warnings as english } from '../en/warnings.js'

export const warnings: Partial<Record<keyof typeof english, string>> = {
  'srv-implicit-tls-port':
    'Il record DNS {label} indica la porta {port}, cioè TLS fin dall’inizio; viene letto così, ma andrebbe corretto.',
  'srv-target-outside-domain':
    'Un record DNS senza DNSSEC rimanda a {hostname}, fuori dal dominio dell’indirizzo: verifichi quel nome.',
  'mx-target-outside-domain':
    'Secondo un record DNS senza DNSSEC la posta del dominio viene consegnata a {hostname}, fuori dal dominio dell’indirizzo.',
  'redirect-outside-domain':
    'La configurazione è stata ottenuta con un reindirizzamento a {hostname}, fuori dal dominio dell’indirizzo.',
  'insecure-http':
    'La configurazione è stata ottenuta da {hostname} senza crittografia e vale solo come indizio.',
  'stale-entry': 'La voce da cui provengono queste impostazioni non viene verificata da molto tempo.',
  'low-confidence-entry': 'Gli elenchi da cui provengono queste impostazioni non concordano in tutto.',
  conflict: 'Le fonti non concordano su alcuni server; sono elencati tutti.',
  'cleartext-rejected':
    'Sono stati indicati server senza crittografia e non vengono proposti: lungo il percorso si potrebbero leggere le password.',
  cleartext:
    'Almeno uno di questi server funziona senza crittografia: lungo il percorso chiunque può leggere la password e la posta.',
  'confusable-name':
    'Il dominio mescola lettere di scritture diverse ({labels}): si assicuri che sia quello giusto.',
  degraded:
    'Non è stato possibile interrogare in tempo tutte le fonti ({sources}); riprovi, forse la risposta sarà migliore.',
  'null-mx': 'Questo dominio dichiara di non accettare posta.',
}
