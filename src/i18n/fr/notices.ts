/** What the reader must do before the account works, in French. */
import type { notices as english } from '../en/notices.js'

export const notices: Partial<Record<keyof typeof english, string>> = {
  'app-password-required':
    '{provider} exige ici un mot de passe d’application : créez-le dans les réglages de sécurité de votre compte et utilisez-le à la place du mot de passe habituel.',
  'app-password-with-2fa':
    'Si la connexion en deux étapes est activée, {provider} exige un mot de passe d’application à la place du mot de passe habituel.',
  'separate-password':
    '{provider} utilise un mot de passe distinct pour les logiciels de messagerie : définissez-le d’abord dans votre compte.',
  'enable-imap': 'Activez d’abord IMAP dans les réglages de {provider}.',
  'enable-pop3': 'Activez d’abord POP3 dans les réglages de {provider} si vous voulez l’utiliser.',
  'enable-smtp': 'Activez d’abord l’envoi par SMTP dans les réglages de {provider}.',
  'enable-access': 'Autorisez d’abord les logiciels de messagerie dans les réglages de {provider}.',
  'admin-approval':
    'L’administrateur de votre organisation doit peut-être d’abord autoriser les logiciels de messagerie chez {provider}.',
  'paid-plan-required': '{provider} n’autorise les logiciels de messagerie que dans ses offres payantes.',
  'bridge-required':
    '{provider} exige son propre programme d’aide (Bridge) sur votre ordinateur ; un téléphone ne peut pas l’utiliser ainsi.',
  'oauth2-only':
    '{provider} n’accepte aucun mot de passe des logiciels de messagerie : votre logiciel doit ouvrir la page de connexion du fournisseur (OAuth).',
  'no-access': '{provider} n’admet aucun logiciel de messagerie ; utilisez son application ou son site.',
  'access-unknown':
    'Nous connaissons {provider}, mais pas ses serveurs pour logiciels de messagerie ; ses pages d’aide en disent peut-être plus.',
  'provider-instruction': '{text}',
  'provider-enable': 'Votre fournisseur indique : {text}',
  'mx-gateway':
    'Les e-mails de ce domaine passent par un filtre ({provider}) ; cela ne dit pas où se trouvent les boîtes.',
  'mx-forwarder': 'Les e-mails de ce domaine sont seulement transférés ({provider}) ; demandez vers où.',
  'mx-inbound-api': 'Les e-mails de ce domaine vont à un programme ({provider}), non à des boîtes.',
  'mx-ambiguous':
    'Les e-mails de ce domaine vont à {provider} ; cela ne dit pas quel service de messagerie se trouve derrière.',
  'mx-alias': 'C’est un service d’alias ({provider}) : configurez la boîte vers laquelle mène l’alias.',
  'mx-bridge': '{provider} exige son propre programme d’aide (Bridge) sur votre ordinateur.',
  'exchange-sign-in':
    'Il y a un serveur Exchange à {hostname} ; il ne donne ses réglages qu’après connexion. Un logiciel compatible Exchange peut l’utiliser.',
  'smtp-utf8':
    'Cette adresse contient des lettres hors ASCII ; le logiciel et les serveurs doivent prendre en charge SMTPUTF8.',
}
