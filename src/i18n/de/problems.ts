/** What is wrong with a request, and what to do, in German. */
import type { problems as english } from '../en/problems.js'

export const problems: Record<keyof typeof english, string> = {
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
  'detail-RATE_LIMITED':
    'Das Kontingent eines Clients für eine Minute ist aufgebraucht. Bitte versuchen Sie es nach der in Retry-After genannten Zeit erneut.',
  'detail-OVERLOADED': 'Gerade laufen zu viele Abfragen. Bitte versuchen Sie es in einigen Sekunden erneut.',
  'detail-TOKEN_UNKNOWN':
    'Dieses Token ist hier nicht bekannt. Lassen Sie den Header Authorization weg, oder bitten Sie den Betreiber dieses Dienstes um ein neues Token.',
  'detail-REFRESH':
    'refresh=true verlangt hier ein Bearer-Token, das dazu berechtigt. Ohne den Parameter erhalten Sie die gespeicherte Antwort.',
  'detail-OWN_AGENT':
    'Dieser Dienst sucht keine Einstellungen für ein anderes mailscout, das dieselben Stellen selbst fragen kann.',
  'detail-LOOKUP_FAILED':
    'Einige Quellen ließen sich nicht fragen. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
  'detail-PASSWORD': 'Senden Sie niemals ein Passwort: Dieser Dienst braucht keines und nimmt keines an.',
  'detail-NO_CONFIRMED_SERVERS':
    'Es sind Server bekannt, aber kein Paar zum Empfangen und Senden, das ein Programm ohne Rückfrage verwenden darf; siehe /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'Dieser Dienst kennt seine eigene öffentliche Adresse nicht; der Betreiber muss zuerst MAILSCOUT_PUBLIC_URL setzen.',
  'detail-UNKNOWN_HOST':
    'Keine Domain dieses Dienstes trägt diesen Hostnamen. Geben Sie stattdessen die E-Mail-Adresse als emailaddress= an.',
  'detail-FORMAT_UNSUPPORTED':
    'Verfügbar sind application/json, text/xml (Autoconfig), application/x-apple-aspen-config und text/plain.',
  'detail-qr-too-long': 'Die Adresse ist zu lang für einen QR-Code, den eine Kamera lesen kann.',
  'detail-profile-oauth2-only':
    'Der Anbieter nimmt nur seine eigene Anmeldeseite (OAuth) an; die passt in kein Konfigurationsprofil. Fügen Sie das Konto unter Einstellungen > Mail hinzu.',
  'detail-profile-starttls-only':
    'Der Anbieter bietet nur STARTTLS an; das können Konfigurationsprofile nicht erzwingen. Richten Sie das Konto von Hand ein.',
  'detail-profile-incomplete': 'Der Anbieter bietet nicht an, was dieses Profil braucht.',
}
