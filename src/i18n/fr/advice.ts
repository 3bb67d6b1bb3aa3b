/** Why IMAP or POP3, and what the three words mean, in French. */
import type { advice as english } from '../en/advice.js'

export const advice: Partial<Record<keyof typeof english, string>> = {
  'only-imap-offered': 'Votre fournisseur ne propose qu’IMAP, et c’est de toute façon le meilleur choix.',
  'only-pop3-offered': 'Votre fournisseur ne propose que POP3 ; IMAP n’existe pas pour cette adresse.',
  'imap-not-secure':
    'IMAP n’est pas proposé ici avec un chiffrement qui fonctionne ; POP3 est donc le choix sûr.',
  'imap-not-confirmed': 'Le serveur POP3 a pu être confirmé, le serveur IMAP non.',
  'several-devices':
    'Avec IMAP, téléphone, tablette et ordinateur montrent les mêmes messages, dossiers et marques de lecture.',
  'several-devices-need-imap':
    'Avec plusieurs appareils, seul IMAP les garde tous au même point ; votre logiciel peut tout de même garder une copie sur chacun.',
  'one-device-may-become-two':
    'IMAP convient aussi à un seul appareil et continuera de fonctionner si un second s’y ajoute.',
  'one-device': 'Vous ne lisez vos e-mails que sur un seul appareil.',
  'keep-on-device':
    'POP3 transfère vos e-mails sur cet appareil ; vous les conservez vous-même et libérez de la place chez le fournisseur.',
  'keep-on-server':
    'Avec IMAP, vos e-mails restent en sécurité sur le serveur du fournisseur, même si vous perdez votre appareil.',
  'pop3-on-several-devices':
    'Avec POP3, plusieurs appareils s’ignorent : ce que vous lisez ou supprimez sur l’un reste inchangé sur les autres.',
  'provider-prefers-imap': 'Le fournisseur lui-même cite IMAP en premier.',
  'provider-lists-pop3-first':
    'Le fournisseur cite POP3 en premier ; IMAP convient pourtant mieux à votre usage.',
  'leave-on-server':
    'Activez « laisser les messages sur le serveur » (14 jours, par exemple), afin de ne rien perdre si cet appareil tombe en panne.',
  'imap-explained':
    'IMAP vous fait lire vos e-mails là où ils se trouvent, sur le serveur du fournisseur, de la même façon sur chaque appareil.',
  'pop3-explained': 'POP3 télécharge vos e-mails sur un appareil et les supprime en général du serveur.',
  'smtp-explained': 'SMTP envoie vos e-mails ; il vous le faut avec IMAP comme avec POP3.',
}
