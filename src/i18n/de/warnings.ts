/** What the reader should know about where the settings come from, in German. */
import type { warnings as english } from '../en/warnings.js'

export const warnings: Record<keyof typeof english, string> = {
  'srv-implicit-tls-port':
    'Der DNS-Eintrag {label} nennt Port {port}, also TLS von Anfang an; so wird er gelesen, sollte aber berichtigt werden.',
  'srv-target-outside-domain':
    'Ein DNS-Eintrag ohne DNSSEC verweist auf {hostname} außerhalb der Domain der Adresse: Bitte prüfen Sie diesen Namen.',
  'mx-target-outside-domain':
    'Die E-Mails der Domain gehen laut einem DNS-Eintrag ohne DNSSEC an {hostname} außerhalb der Domain der Adresse.',
  'redirect-outside-domain':
    'Die Konfiguration kam über eine Weiterleitung zu {hostname} außerhalb der Domain der Adresse.',
  'insecure-http': 'Die Konfiguration wurde unverschlüsselt von {hostname} geladen und gilt nur als Hinweis.',
  'stale-entry': 'Der Eintrag, aus dem diese Einstellungen stammen, wurde lange nicht geprüft.',
  'low-confidence-entry':
    'Die Listen, aus denen diese Einstellungen stammen, stimmen nicht in allem überein.',
  conflict: 'Die Quellen sind sich bei einigen Servern nicht einig; alle sind aufgeführt.',
  'cleartext-rejected':
    'Es wurden unverschlüsselte Server genannt; sie werden nicht angeboten, weil unterwegs jemand das Passwort mitlesen könnte.',
  cleartext:
    'Mindestens einer dieser Server arbeitet ohne Verschlüsselung: Wer dazwischen sitzt, kann Passwort und E-Mails mitlesen.',
  'confusable-name':
    'Die Domain mischt Buchstaben verschiedener Schriften ({labels}): Prüfen Sie, ob es die richtige ist.',
  degraded:
    'Nicht alle Quellen haben rechtzeitig geantwortet ({sources}); fragen Sie noch einmal, vielleicht wird die Antwort besser.',
  'null-mx': 'Diese Domain erklärt, dass sie keine E-Mails annimmt.',
}
