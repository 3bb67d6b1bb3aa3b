/** German texts. */
import type { Catalogue } from './catalogue.js'

export const de: Catalogue = {
  'only-imap-offered': 'Ihr Anbieter bietet nur IMAP an, und das ist ohnehin die bessere Wahl.',
  'only-pop3-offered': 'Ihr Anbieter bietet nur POP3 an; IMAP gibt es für diese Adresse nicht.',
  'imap-not-secure':
    'IMAP wird hier nicht mit funktionierender Verschlüsselung angeboten, deshalb ist POP3 die sichere Wahl.',
  'imap-not-confirmed': 'Der POP3-Server ließ sich bestätigen, der IMAP-Server nicht.',
  'several-devices':
    'Nehmen Sie IMAP: Handy, Tablet und Computer zeigen dann alle dieselben Nachrichten, Ordner und Gelesen-Markierungen.',
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

  'app-password-required':
    '{provider} verlangt hier ein App-Passwort: Legen Sie es in den Sicherheitseinstellungen Ihres Kontos an und verwenden Sie es statt Ihres üblichen Passworts.',
  'app-password-with-2fa':
    'Wenn die Anmeldung in zwei Schritten eingeschaltet ist, verlangt {provider} ein App-Passwort statt Ihres üblichen Passworts.',
  'separate-password':
    '{provider} verwendet für Mailprogramme ein eigenes Passwort: Legen Sie es zuerst in Ihrem Konto fest.',
  'enable-imap': 'Schalten Sie zuerst IMAP in den Einstellungen von {provider} ein.',
  'enable-pop3':
    'Schalten Sie zuerst POP3 in den Einstellungen von {provider} ein, wenn Sie es nutzen wollen.',
  'enable-smtp': 'Schalten Sie zuerst den Versand über SMTP in den Einstellungen von {provider} ein.',
  'enable-access': 'Erlauben Sie zuerst Mailprogramme in den Einstellungen von {provider}.',
  'admin-approval':
    'Möglicherweise muss die Verwaltung Ihrer Organisation Mailprogramme bei {provider} erst freigeben.',
  'paid-plan-required': '{provider} erlaubt Mailprogramme nur in kostenpflichtigen Tarifen.',
  'bridge-required':
    '{provider} braucht ein eigenes Hilfsprogramm (Bridge) auf Ihrem Computer; auf dem Handy geht es so nicht.',
  'oauth2-only':
    '{provider} nimmt von Mailprogrammen kein Passwort an: Ihr Programm muss die Anmeldeseite des Anbieters öffnen (OAuth).',
  'no-access': '{provider} lässt kein Mailprogramm zu; nutzen Sie die App oder die Webseite des Anbieters.',
  'access-unknown':
    'Wir kennen {provider}, aber nicht die Server für Mailprogramme; die Hilfeseiten des Anbieters wissen vielleicht mehr.',
  'provider-instruction': '{text}',
  'provider-enable': 'Ihr Anbieter sagt dazu: {text}',
  'mx-gateway':
    'E-Mails an diese Domain laufen durch einen Filter ({provider}); wo die Postfächer liegen, verrät das nicht.',
  'mx-forwarder': 'E-Mails an diese Domain werden nur weitergeleitet ({provider}); fragen Sie nach, wohin.',
  'mx-inbound-api': 'E-Mails an diese Domain gehen an ein Programm ({provider}), nicht in Postfächer.',
  'mx-ambiguous':
    'E-Mails an diese Domain gehen an {provider}; welcher Postfach-Dienst dahinter steht, verrät das nicht.',
  'mx-alias': 'Das ist ein Alias-Dienst ({provider}): Richten Sie das Postfach ein, zu dem der Alias führt.',
  'mx-bridge': '{provider} braucht ein eigenes Hilfsprogramm (Bridge) auf Ihrem Computer.',
  'smtp-utf8':
    'Diese Adresse enthält Zeichen außerhalb von ASCII; Programm und Server müssen SMTPUTF8 beherrschen.',

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
  conflict: 'Die Quellen sind sich bei einigen Servern nicht einig; gewählt wurde die vertrauenswürdigste.',
  'cleartext-rejected':
    'Es wurden unverschlüsselte Server genannt; sie werden nicht angeboten, weil unterwegs jemand das Passwort mitlesen könnte.',
  cleartext:
    'Mindestens einer dieser Server arbeitet ohne Verschlüsselung: Wer dazwischen sitzt, kann Passwort und E-Mails mitlesen.',
  'confusable-name':
    'Die Domain mischt Buchstaben verschiedener Schriften ({labels}): Prüfen Sie, ob es die richtige ist.',
  degraded:
    'Nicht alle Quellen haben rechtzeitig geantwortet ({sources}); fragen Sie noch einmal, vielleicht wird die Antwort besser.',
  'null-mx': 'Diese Domain erklärt, dass sie keine E-Mails annimmt.',

  'address-empty': 'Es fehlt die Adresse.',
  'address-no-at': 'In der Adresse fehlt das @.',
  'address-two-ats': 'In der Adresse steht mehr als ein @.',
  'address-too-long': 'Die Adresse ist länger als 254 Byte.',
  'address-control-characters': 'Die Adresse enthält unsichtbare Zeichen oder Steuerzeichen.',
  'local-part-empty': 'Vor dem @ steht nichts.',
  'local-part-too-long': 'Der Teil vor dem @ ist länger als 64 Byte.',
  'local-part-syntax': 'Der Teil vor dem @ enthält Zeichen, die dort nicht erlaubt sind.',
  'domain-empty': 'Nach dem @ steht nichts.',
  'domain-ip-literal': 'Nach dem @ muss ein Domainname stehen, keine IP-Adresse.',
  'domain-syntax': 'Der Teil nach dem @ ist kein gültiger Domainname.',
  'domain-too-long': 'Der Domainname ist zu lang.',
  'domain-single-label': 'Der Domainname enthält keinen Punkt.',
  'domain-symbols': 'Der Domainname enthält Symbole oder Emojis.',

  EMAIL_INVALID: 'Das ist keine gültige E-Mail-Adresse',
  QUERY_INVALID: 'Die Anfrage ist ungültig',
  NAME_RESERVED: 'Dieser Name ist reserviert und hat nie Mailserver',
  NO_MAIL: 'Diese Domain nimmt keine E-Mails an',
  NOTHING_FOUND: 'Für diese Domain wurden keine Einstellungen gefunden',
  NOT_FOUND: 'Unter dieser Adresse gibt es nichts',
  METHOD_NOT_ALLOWED: 'Diese Methode ist hier nicht erlaubt',
  FORMAT_UNSUPPORTED: 'Dieses Format gibt es nicht',
  BODY_TOO_LARGE: 'Die Anfrage ist zu groß',
  MEDIA_TYPE_UNSUPPORTED: 'Dieser Inhaltstyp wird nicht verstanden',
  PROFILE_UNSUPPORTED: 'Für dieses Konto lässt sich kein Profil erstellen',
  RATE_LIMITED: 'Zu viele Anfragen',
  INTERNAL: 'Bei uns ist etwas schiefgegangen',
  LOOKUP_FAILED: 'Die Einstellungen ließen sich gerade nicht ermitteln',
  OVERLOADED: 'Der Dienst ist ausgelastet',
  'detail-NAME_RESERVED':
    'Es ist ein Name für besondere Zwecke oder eine öffentliche Endung, unter der niemand ein Postfach haben kann.',
  'detail-NO_MAIL': 'So steht es in ihrem DNS (Null-MX).',
  'detail-NOTHING_FOUND':
    'Alle Quellen wurden gefragt, keine kennt Server für diese Domain. Prüfen Sie die Schreibweise, oder fragen Sie Ihren Anbieter nach den „IMAP- und SMTP-Einstellungen“.',
  'detail-LOOKUP_FAILED':
    'Einige Quellen ließen sich nicht fragen. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
  'detail-PASSWORD': 'Senden Sie niemals ein Passwort: Dieser Dienst braucht keines und nimmt keines an.',
  'detail-NO_CONFIRMED_SERVERS':
    'Es sind Server bekannt, aber keiner ist so gut bestätigt, dass ein Programm ihn ohne Rückfrage verwenden sollte; siehe /v1/discover.',
  'detail-profile-oauth2-only':
    'Der Anbieter nimmt nur seine eigene Anmeldeseite (OAuth) an; die passt in kein Konfigurationsprofil. Fügen Sie das Konto unter Einstellungen > Mail hinzu.',
  'detail-profile-starttls-only':
    'Der Anbieter bietet nur STARTTLS an; das können Konfigurationsprofile nicht erzwingen. Richten Sie das Konto von Hand ein.',
  'detail-profile-incomplete': 'Der Anbieter bietet nicht an, was dieses Profil braucht.',

  'profile-name': 'E-Mail-Konto {email}',
  'profile-description':
    'Richtet das E-Mail-Konto {email} ein. Es enthält kein Passwort; Ihr Gerät fragt danach.',

  'cli-recommendation': 'Empfehlung',
  'cli-incoming': 'Empfangen',
  'cli-outgoing': 'Senden',
  'cli-alternative': 'Alternative',
  'cli-why': 'Warum',
  'cli-notices': 'Bitte beachten',
  'cli-warnings': 'Warnungen',
  'cli-servers': 'Alle Server',
  'cli-conflicts': 'Widersprüche',
  'cli-username': 'Benutzername {username}',
  'cli-port': 'Port {port}',
  'cli-confirm': 'Bitte bestätigen Sie, dass {domain} Ihr Anbieter ist, bevor Sie ein Passwort eingeben.',
  'cli-suggestion': 'Meinten Sie {domain}?',
  'cli-sources': 'Gefragt wird',
  'security-tls': 'von Anfang an verschlüsselt (TLS)',
  'security-starttls': 'nach dem Start verschlüsselt (STARTTLS)',
  'security-plain': 'NICHT verschlüsselt',
  'trust-operator': 'vom Betreiber festgelegt',
  'trust-authenticated': 'von der Domain selbst veröffentlicht',
  'trust-curated': 'aus einer geprüften Liste',
  'trust-corroborated': 'Hinweis, durch Zertifikat bestätigt',
  'trust-unconfirmed': 'unbestätigter Hinweis',
  'verification-verified': 'live geprüft',
  'verification-failed': 'Prüfung gescheitert: {reason}',
  'verification-unchecked': 'nicht live geprüft',
  'outcome-found': 'gefunden',
  'outcome-absent': 'nichts vorhanden',
  'outcome-failed': 'nicht erreichbar',
  'outcome-skipped': 'nicht nötig',
}
