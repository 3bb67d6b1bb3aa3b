/** What the reader should know about where the settings come from, in French. */
import type { warnings as english } from '../en/warnings.js'

export const warnings: Partial<Record<keyof typeof english, string>> = {
  'srv-implicit-tls-port':
    'L’enregistrement DNS {label} indique le port {port}, donc TLS dès le départ ; il est lu ainsi, mais devrait être corrigé.',
  'srv-target-outside-domain':
    'Un enregistrement DNS sans DNSSEC mène à {hostname}, hors du domaine de l’adresse : veuillez vérifier ce nom.',
  'mx-target-outside-domain':
    'D’après un enregistrement DNS sans DNSSEC, les e-mails du domaine sont remis à {hostname}, hors du domaine de l’adresse.',
  'redirect-outside-domain':
    'La configuration a été obtenue par une redirection vers {hostname}, hors du domaine de l’adresse.',
  'insecure-http':
    'La configuration a été obtenue de {hostname} sans chiffrement et ne compte que comme indice.',
  'stale-entry': 'L’entrée d’où viennent ces réglages n’a pas été vérifiée depuis longtemps.',
  'low-confidence-entry': 'Les listes d’où viennent ces réglages ne concordent pas en tout.',
  conflict: 'Les sources ne s’accordent pas sur certains serveurs ; ils sont tous indiqués.',
  'cleartext-rejected':
    'Des serveurs sans chiffrement ont été cités et ne sont pas proposés : les mots de passe pourraient être lus en chemin.',
  cleartext:
    'Au moins un de ces serveurs fonctionne sans chiffrement : en chemin, n’importe qui peut lire le mot de passe et les e-mails.',
  'confusable-name':
    'Le domaine mêle des lettres de différentes écritures ({labels}) : vérifiez que c’est bien le bon.',
  degraded:
    'Toutes les sources n’ont pas pu être interrogées à temps ({sources}) ; réessayez, la réponse sera peut-être meilleure.',
  'null-mx': 'Ce domaine déclare n’accepter aucun e-mail.',
}
