/** What is wrong with a request, and what to do, in French. */
import type { problems as english } from '../en/problems.js'

export const problems: Partial<Record<keyof typeof english, string>> = {
  'address-empty': 'Il manque l’adresse.',
  'address-no-at': 'Il manque le signe @ dans l’adresse.',
  'address-two-ats': 'L’adresse contient plus d’un signe @.',
  'address-too-long': 'L’adresse dépasse 254 octets.',
  'address-control-characters': 'L’adresse contient des caractères invisibles ou de commande.',
  'local-part-empty': 'Il n’y a rien avant le signe @.',
  'local-part-too-long': 'La partie avant le signe @ dépasse 64 octets.',
  'local-part-syntax': 'La partie avant le signe @ contient des caractères qui n’y sont pas permis.',
  'domain-empty': 'Il n’y a rien après le signe @.',
  'domain-ip-literal': 'Après le signe @, il faut un nom de domaine, pas une adresse IP.',
  'domain-syntax': 'La partie après le signe @ n’est pas un nom de domaine valable.',
  'domain-too-long': 'Le nom de domaine est trop long.',
  'domain-single-label': 'Le nom de domaine ne contient pas de point.',
  'domain-symbols': 'Le nom de domaine contient des symboles ou des émojis.',
  EMAIL_INVALID: 'Ce n’est pas une adresse e-mail valable',
  QUERY_INVALID: 'La demande n’est pas valable',
  NAME_RESERVED: 'Ce nom est réservé et n’a jamais de serveurs de messagerie',
  NO_MAIL: 'Ce domaine n’accepte aucun e-mail',
  NOTHING_FOUND: 'Aucun réglage n’a été trouvé pour ce domaine',
  NOT_FOUND: 'Il n’y a rien à cette adresse',
  METHOD_NOT_ALLOWED: 'Cette méthode n’est pas permise ici',
  FORMAT_UNSUPPORTED: 'Ce format n’est pas disponible',
  BODY_TOO_LARGE: 'La demande est trop grande',
  MEDIA_TYPE_UNSUPPORTED: 'Ce type de contenu n’est pas compris',
  PROFILE_UNSUPPORTED: 'Aucun profil n’est possible pour ce compte',
  RATE_LIMITED: 'Trop de demandes',
  INTERNAL: 'Une erreur s’est produite chez nous',
  LOOKUP_FAILED: 'Les réglages n’ont pas pu être recherchés pour l’instant',
  OVERLOADED: 'Le service est surchargé',
  'detail-NAME_RESERVED':
    'C’est un nom à usage spécial ou un suffixe public, sous lequel personne ne peut avoir de boîte.',
  'detail-NO_MAIL': 'Son DNS l’indique (MX nul).',
  'detail-NOTHING_FOUND':
    'Toutes les sources ont été interrogées et aucune ne connaît de serveurs pour ce domaine. Vérifiez l’orthographe, ou demandez à votre fournisseur ses « réglages IMAP et SMTP ».',
  'detail-RATE_LIMITED':
    'Vous avez épuisé ce qu’un client peut demander en une minute. Veuillez réessayer après le délai indiqué par Retry-After.',
  'detail-OVERLOADED': 'Trop de recherches sont en cours. Veuillez réessayer dans quelques secondes.',
  'detail-TOKEN_UNKNOWN':
    'Ce jeton n’est pas connu ici. Omettez l’en-tête Authorization ou demandez un nouveau jeton à l’exploitant de ce service.',
  'detail-REFRESH':
    'Ici, refresh=true exige un jeton porteur qui y donne droit. Sans ce paramètre, vous recevez la réponse conservée.',
  'detail-OWN_AGENT':
    'Ce service ne recherche pas de réglages pour un autre mailscout, qui peut interroger lui-même les mêmes sources.',
  'detail-LOOKUP_FAILED':
    'Certaines sources n’ont pas pu être interrogées. Veuillez réessayer dans quelques secondes.',
  'detail-PASSWORD': 'N’envoyez jamais de mot de passe : ce service n’en a pas besoin et n’en accepte pas.',
  'detail-NO_CONFIRMED_SERVERS':
    'Des serveurs sont connus, mais pas de paire pour recevoir et envoyer qu’un programme puisse utiliser sans vous demander ; voir /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'Ce service ne connaît pas sa propre adresse publique ; son exploitant doit d’abord définir MAILSCOUT_PUBLIC_URL.',
  'detail-UNKNOWN_HOST':
    'Aucun domaine de ce service ne porte ce nom d’hôte. Passez plutôt l’adresse e-mail par emailaddress=.',
  'detail-FORMAT_UNSUPPORTED':
    'Sont disponibles : application/json, text/xml (autoconfig), application/x-apple-aspen-config et text/plain.',
  'detail-qr-too-long': 'L’adresse est trop longue pour un code QR lisible par un appareil photo.',
  'detail-profile-oauth2-only':
    'Le fournisseur n’accepte que sa propre page de connexion (OAuth), qu’un profil de configuration ne peut pas contenir. Ajoutez plutôt le compte dans Réglages > Mail.',
  'detail-profile-starttls-only':
    'Le fournisseur n’offre que STARTTLS, qu’un profil de configuration ne peut pas exiger. Configurez le compte à la main.',
  'detail-profile-incomplete': 'Le fournisseur n’offre pas ce dont ce profil a besoin.',
}
