/** Set-up guides for mail programs, in French. */
import type { guides as english } from '../en/guides.js'

export const guides: Partial<Record<keyof typeof english, string>> = {
  'guide-title': '{program} : configurer {email}',
  'guide-warnings': 'À noter d’abord',
  'guide-notes': 'Bon à savoir',
  'guide-profile-button': 'Télécharger le profil',
  'guide-other-programs': 'Guides pour d’autres logiciels',
  'detail-GUIDE_UNKNOWN':
    'Il n’y a pas de guide pour ce logiciel. Il y a : thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Sont disponibles : application/json, text/html et text/markdown.',
  'guide-values': 'Vos valeurs',
  'guide-by-hand': 'À la main',
  'guide-finally': 'Pour finir',
  'guide-use-ssl': 'Utiliser SSL',
  'guide-on': 'activé',
  'guide-confirm':
    'Veuillez confirmer : ces serveurs appartiennent à {domains}. Rien ne prouve que c’est votre fournisseur. Si vous ne connaissez pas ce nom, interrogez votre fournisseur avant de saisir un mot de passe.',
  'guide-incoming': 'À saisir pour la réception ({protocol}, « serveur de réception ») :',
  'guide-outgoing': 'À saisir pour l’envoi (SMTP, « serveur d’envoi ») :',
  'guide-try': 'Envoyez-vous un message à {email} : s’il arrive, la réception et l’envoi fonctionnent.',
  'guide-sign-in-page':
    'La page de connexion de {service} s’ouvre. Vérifiez son adresse, connectez-vous et autorisez l’accès.',
  'guide-no-outgoing':
    'Nous n’avons pas trouvé de serveur d’envoi ; demandez à votre fournisseur les réglages SMTP.',
  'guide-not-offered':
    '{protocol} n’est pas proposé de façon sûre pour cette adresse ; le guide montre ce qui est possible.',
  'guide-bridge-phone':
    'Ce fournisseur exige son programme d’aide (Bridge) sur un ordinateur ; cela ne fonctionne pas sur un téléphone. Utilisez l’application du fournisseur.',
  'guide-special-sign-in':
    'Le serveur demande une authentification particulière. Si {program} la permet dépend de son installation ; interrogez la personne qui gère votre boîte.',
  'guide-sign-in-impossible':
    'Cela ne fonctionne pas : {provider} n’accepte aucun mot de passe des logiciels de messagerie, seulement sa propre page de connexion (OAuth), et {program} n’en connaît que de {services}.',
  'guide-sign-in-nobody':
    'Cela ne fonctionne pas : {provider} n’accepte aucun mot de passe des logiciels de messagerie, seulement sa propre page de connexion (OAuth), que {program} ne peut pas ouvrir.',
  'guide-sign-in-encrypted':
    'Cela ne fonctionne pas : {provider} n’accepte les mots de passe que sous une forme (CRAM-MD5) que {program} ne connaît pas.',
  'guide-sign-in-pop3':
    'Cela ne fonctionne pas avec POP3 : {provider} n’accepte aucun mot de passe des logiciels de messagerie, et par la page de connexion du fournisseur, {program} configure le compte à sa manière. Choisissez IMAP.',
  'guide-use-instead': 'Utilisez un autre logiciel ; sont possibles : {programs}.',
  'guide-use-webmail': 'Lisez vos e-mails sur le site ou dans l’application de {provider}.',
  'guide-ask-provider': 'Demandez à votre fournisseur les « réglages IMAP et SMTP avec chiffrement ».',
  'guide-help-page': '{provider} explique la configuration dans ses pages d’aide.',
  'guide-thunderbird-open':
    'Ouvrez le menu de Thunderbird (☰) et choisissez « Nouveau compte », puis « Courriel ». Certaines versions disent « Compte courrier existant » ; au premier démarrage, Thunderbird le demande de lui-même.',
  'guide-thunderbird-address':
    'Saisissez votre nom et {email}, ainsi que le mot de passe s’il est demandé, et continuez.',
  'guide-thunderbird-compare':
    'Thunderbird cherche lui-même les réglages. Choisissez {protocol} et comparez avec les valeurs ci-dessous. Si elles diffèrent ou si rien n’est trouvé, choisissez « Configuration manuelle ».',
  'guide-thunderbird-finish':
    'Faites tester les valeurs (« Retester »), saisissez votre mot de passe s’il est demandé, et validez par « Terminé ».',
  'guide-thunderbird-android-open':
    'Ouvrez l’application. Au premier démarrage, elle demande d’elle-même un compte ; plus tard, choisissez « Ajouter un compte » dans ses paramètres.',
  'guide-thunderbird-android-compare':
    'Saisissez {email} et continuez. Si l’application trouve des réglages, comparez-les avec les valeurs ci-dessous. Sinon, ou s’ils diffèrent, modifiez la configuration à la main et choisissez {protocol}.',
  'guide-thunderbird-android-finish':
    'Saisissez votre mot de passe et continuez ; l’application vérifie les deux serveurs avant de créer le compte.',
  'guide-outlook-new': 'Le nouvel Outlook pour Windows',
  'guide-outlook-classic': 'Outlook classique pour Windows',
  'guide-outlook-mac': 'Outlook pour Mac',
  'guide-outlook-new-open':
    'Ouvrez les paramètres (roue dentée), puis « Comptes », et choisissez « Ajouter un compte ».',
  'guide-outlook-new-manual':
    'Saisissez {email} et continuez. Si Outlook ne configure pas le compte de lui-même, choisissez {protocol} comme fournisseur et affichez les paramètres avancés (« Afficher plus »).',
  'guide-outlook-classic-open-simple': 'Choisissez « Fichier », puis « Ajouter un compte ».',
  'guide-outlook-classic-open':
    'Choisissez « Fichier », puis « Ajouter un compte ». Saisissez {email}, ouvrez les « Options avancées », cochez la configuration manuelle du compte et connectez-vous.',
  'guide-outlook-classic-type': 'Choisissez {protocol} comme type de compte.',
  'guide-outlook-username':
    'Si Outlook ne demande pas de nom d’utilisateur, il prend l’adresse. Le vôtre est différent : corrigez-le dans les paramètres du compte, ou créez le compte dans le Panneau de configuration de Windows, sous « Courrier ».',
  'guide-outlook-mac-open':
    'Choisissez « Outlook » dans la barre des menus, puis les réglages, « Comptes », et ajoutez un compte (+).',
  'guide-outlook-mac-manual':
    'Saisissez {email} et continuez. Si Outlook demande le fournisseur ou le type, choisissez {protocol} et affichez tous les paramètres.',
  'guide-outlook-enter':
    'Saisissez les valeurs ci-dessus dans les champs des serveurs de réception et d’envoi, ainsi que votre mot de passe. Puis validez.',
  'guide-outlook-sign-in': 'Saisissez {email} et continuez.',
  'guide-outlook-pop3':
    'Toutes les versions du nouvel Outlook et d’Outlook pour Mac ne permettent pas POP3. Si le choix manque, prenez IMAP ou Outlook classique pour Windows.',
  'guide-outlook-cloud':
    'Le nouvel Outlook, et Outlook pour Mac si vous l’autorisez, relève ces e-mails par le nuage de Microsoft : vos identifiants et messages s’y trouvent alors aussi. Outlook classique et Thunderbird se connectent directement.',
  'guide-outlook-suggests':
    'Ce qu’Outlook remplit de lui-même vient d’un service de Microsoft, non de votre fournisseur. En cas de différence, ce sont les valeurs d’ici qui comptent.',
  'guide-iphone-open':
    'Ouvrez les « Réglages », puis « Apps », « Mail », « Comptes Mail » et « Ajouter un compte ». Dans les versions plus anciennes, « Mail » et « Comptes » sont directement dans les réglages.',
  'guide-iphone-address':
    'Saisissez votre nom, {email}, votre mot de passe et une description, et continuez. Choisissez « {protocol} » en haut.',
  'guide-iphone-advanced':
    'Enregistrez. Ouvrez ensuite le compte encore une fois et comparez le port et « Utiliser SSL » : pour l’envoi sous « SMTP », pour la réception sous « Avancé ».',
  'guide-iphone-profile':
    'Ouvrez les « Réglages » : « Profil téléchargé » figure en haut. Touchez-le, puis « Installer », et saisissez votre mot de passe quand il est demandé.',
  'guide-mac-open':
    'Dans le logiciel Mail, choisissez « Mail » dans la barre des menus, puis « Ajouter un compte ».',
  'guide-mac-address':
    'Saisissez votre nom, {email} et votre mot de passe, et connectez-vous. Si Mail ne trouve pas les serveurs de lui-même, il affiche des champs : choisissez « {protocol} » comme type de compte.',
  'guide-mac-finish':
    'Connectez-vous. Comparez ensuite le port et le chiffrement dans les réglages de Mail, sous « Comptes », « Réglages du serveur ».',
  'guide-mac-profile':
    'Ouvrez le fichier téléchargé, puis les Réglages Système : le profil y attend (cherchez « Profils »). Installez-le et saisissez votre mot de passe quand il est demandé.',
  'guide-apple-with-profile': 'Le plus simple : avec un profil',
  'guide-apple-profile':
    'Téléchargez le profil de configuration sur cet appareil. Il contient toutes les valeurs ci-dessous et aucun mot de passe.',
  'guide-apple-other': 'Choisissez « Autre » dans la liste, puis « Ajouter un compte Mail ».',
  'guide-apple-service': 'Choisissez {service} dans la liste. Il n’y a pas de serveurs à saisir.',
  'guide-apple-outgoing-password':
    'Saisissez le nom d’utilisateur et le mot de passe aussi pour le serveur d’envoi, même si le champ indique « Facultatif ».',
  'guide-apple-icloud':
    'Votre propre adresse iCloud n’a pas besoin de serveurs sur cet appareil : ouvrez les réglages, votre nom, puis « iCloud », et activez « Mail ».',
  'guide-apple-starttls':
    'Chez Apple, aucun choix ne s’appelle STARTTLS : laissez « Utiliser SSL » activé avec le port indiqué, et l’appareil prend le bon chiffrement.',
  'guide-android-open':
    'Ouvrez l’application Gmail, touchez votre image en haut à droite et choisissez « Ajouter un autre compte ».',
  'guide-android-service': 'Choisissez « {service} » dans la liste. Il n’y a pas de serveurs à saisir.',
  'guide-android-other':
    'Choisissez « Autre », saisissez {email}, et choisissez « Configuration manuelle » ou continuez.',
  'guide-android-type': 'Choisissez « Personnel ({protocol}) » et saisissez votre mot de passe.',
  'guide-android-finish':
    'Pour l’envoi, laissez « Authentification requise » activé. Continuez jusqu’à ce que l’application annonce que le compte est prêt.',
  'guide-android-certificates':
    'Ne choisissez jamais un chiffrement avec « Accepter tous les certificats » : en chemin, quelqu’un pourrait lire votre mot de passe.',
  'guide-windows-mail-retired':
    'Windows Mail n’est plus utilisable : Microsoft l’a retiré fin 2024. Il ne reçoit et n’envoie plus.',
  'guide-windows-mail-save':
    'Si des messages n’existent que dans Windows Mail, exportez-les d’abord, tant que le logiciel s’ouvre encore.',
  'guide-windows-mail-instead':
    'Utilisez un autre logiciel : Thunderbird se connecte directement à votre fournisseur ; le nouvel Outlook, successeur chez Microsoft, passe par le nuage de Microsoft. Il y a ici un guide pour chacun. Ils demandent ces valeurs :',
}
