/** Why IMAP or POP3, and what the three words mean, in German. */
import type { advice as english } from '../en/advice.js'

export const advice: Record<keyof typeof english, string> = {
  'only-imap-offered': 'Ihr Anbieter bietet nur IMAP an, und das ist ohnehin die bessere Wahl.',
  'only-pop3-offered': 'Ihr Anbieter bietet nur POP3 an; IMAP gibt es für diese Adresse nicht.',
  'imap-not-secure':
    'IMAP wird hier nicht mit funktionierender Verschlüsselung angeboten, deshalb ist POP3 die sichere Wahl.',
  'imap-not-confirmed': 'Der POP3-Server ließ sich bestätigen, der IMAP-Server nicht.',
  'several-devices':
    'Mit IMAP zeigen Handy, Tablet und Computer alle dieselben Nachrichten, Ordner und Gelesen-Markierungen.',
  'several-devices-need-imap':
    'Mit mehreren Geräten hält nur IMAP alle auf demselben Stand; Ihr Programm kann trotzdem auf jedem Gerät eine Kopie behalten.',
  'one-device-may-become-two':
    'IMAP passt auch für ein einzelnes Gerät und funktioniert weiter, wenn ein zweites dazukommt.',
  'one-device': 'Sie lesen Ihre E-Mails nur auf einem Gerät.',
  'keep-on-device':
    'POP3 holt Ihre E-Mails auf dieses Gerät; Sie bewahren sie selbst auf und schaffen Platz beim Anbieter.',
  'keep-on-server':
    'Mit IMAP bleiben Ihre E-Mails sicher auf dem Server des Anbieters, auch wenn Ihr Gerät verloren geht.',
  'pop3-on-several-devices':
    'Mit POP3 wissen mehrere Geräte nichts voneinander: Was Sie auf einem lesen oder löschen, bleibt auf den anderen, wie es war.',
  'provider-prefers-imap': 'Auch der Anbieter nennt IMAP zuerst.',
  'provider-lists-pop3-first': 'Der Anbieter nennt POP3 zuerst; zu Ihrer Nutzung passt IMAP dennoch besser.',
  'leave-on-server':
    'Schalten Sie „Nachrichten auf dem Server belassen“ ein (etwa 14 Tage), damit nichts verloren ist, wenn dieses Gerät kaputtgeht.',
  'imap-explained':
    'Mit IMAP lesen Sie Ihre E-Mails dort, wo sie liegen, auf dem Server des Anbieters – auf jedem Gerät gleich.',
  'pop3-explained': 'POP3 lädt Ihre E-Mails auf ein Gerät herunter und löscht sie meist vom Server.',
  'smtp-explained': 'SMTP verschickt Ihre E-Mails; Sie brauchen es mit IMAP genauso wie mit POP3.',
}
