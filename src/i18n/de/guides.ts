/** Anleitungen für Mailprogramme: set-up guides, in German. */
import type { guides as english } from '../en/guides.js'

export const guides: Record<keyof typeof english, string> = {
  'guide-title': '{program}: {email} einrichten',
  'guide-warnings': 'Bitte zuerst beachten',
  'guide-notes': 'Gut zu wissen',
  'guide-profile-button': 'Profil laden',
  'guide-other-programs': 'Anleitungen für andere Programme',
  'detail-GUIDE_UNKNOWN':
    'Für dieses Programm gibt es keine Anleitung. Es gibt: thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Verfügbar sind application/json, text/html und text/markdown.',
  'guide-values': 'Ihre Werte',
  'guide-by-hand': 'Von Hand',
  'guide-finally': 'Zum Schluss',
  'guide-use-ssl': 'SSL verwenden',
  'guide-on': 'ein',
  'guide-confirm':
    'Bitte bestätigen: Diese Server gehören zu {domains}. Nichts beweist, dass das Ihr Anbieter ist. Wenn Sie den Namen nicht kennen, fragen Sie Ihren Anbieter, bevor Sie ein Passwort eingeben.',
  'guide-incoming': 'Das tragen Sie zum Empfangen ein ({protocol}, „Posteingangsserver“):',
  'guide-outgoing': 'Das tragen Sie zum Senden ein (SMTP, „Postausgangsserver“):',
  'guide-try':
    'Schicken Sie sich selbst eine Nachricht an {email}: Kommt sie an, funktionieren Empfangen und Senden.',
  'guide-sign-in-page':
    'Die Anmeldeseite von {service} öffnet sich. Sehen Sie sich deren Adresse an, melden Sie sich dort an und erlauben Sie den Zugriff.',
  'guide-no-outgoing':
    'Einen Server zum Senden haben wir nicht gefunden; fragen Sie Ihren Anbieter nach den SMTP-Einstellungen.',
  'guide-not-offered':
    '{protocol} wird für diese Adresse nicht sicher angeboten; die Anleitung zeigt, was möglich ist.',
  'guide-bridge-phone':
    'Dieser Anbieter braucht sein Hilfsprogramm (Bridge) auf einem Computer; auf dem Handy geht es nicht. Nutzen Sie die App des Anbieters.',
  'guide-special-sign-in':
    'Der Server verlangt eine besondere Art der Anmeldung. Ob {program} sie beherrscht, hängt von der Einrichtung ab; fragen Sie, wer Ihr Postfach betreut.',
  'guide-sign-in-impossible':
    'So geht es nicht: {provider} nimmt von Mailprogrammen kein Passwort an, nur die eigene Anmeldeseite (OAuth), und {program} kennt solche Seiten nur von {services}.',
  'guide-sign-in-nobody':
    'So geht es nicht: {provider} nimmt von Mailprogrammen kein Passwort an, nur die eigene Anmeldeseite (OAuth), und die kann {program} nicht öffnen.',
  'guide-sign-in-encrypted':
    'So geht es nicht: {provider} nimmt Passwörter nur in einer Form an (CRAM-MD5), die {program} nicht kennt.',
  'guide-sign-in-pop3':
    'Mit POP3 geht es nicht: {provider} nimmt von Mailprogrammen kein Passwort an, und über die Anmeldeseite des Anbieters richtet {program} das Konto auf eigene Weise ein. Nehmen Sie IMAP.',
  'guide-use-instead': 'Nehmen Sie ein anderes Programm; möglich sind: {programs}.',
  'guide-use-webmail': 'Lesen Sie Ihre E-Mails auf der Webseite oder in der App von {provider}.',
  'guide-ask-provider':
    'Fragen Sie Ihren Anbieter nach den „IMAP- und SMTP-Einstellungen mit Verschlüsselung“.',
  'guide-help-page': '{provider} erklärt das Einrichten auf den eigenen Hilfeseiten.',
  'guide-thunderbird-open':
    'Öffnen Sie das Thunderbird-Menü (☰) und wählen Sie „Neues Konto“, dann „E-Mail“. In manchen Versionen heißt es „Bestehendes E-Mail-Konto“; beim ersten Start fragt Thunderbird von selbst.',
  'guide-thunderbird-address':
    'Geben Sie Ihren Namen und {email} ein, dazu das Passwort, wenn danach gefragt wird, und gehen Sie weiter.',
  'guide-thunderbird-compare':
    'Thunderbird sucht die Einstellungen selbst. Wählen Sie {protocol} und vergleichen Sie mit den Werten unten. Stimmen sie nicht überein oder wird nichts gefunden, wählen Sie „Manuell einrichten“.',
  'guide-thunderbird-finish':
    'Lassen Sie die Werte prüfen („Erneut testen“), geben Sie Ihr Passwort ein, wenn danach gefragt wird, und schließen Sie mit „Fertig“ ab.',
  'guide-thunderbird-android-open':
    'Öffnen Sie die App. Beim ersten Start fragt sie von selbst nach einem Konto; später wählen Sie in den Einstellungen „Konto hinzufügen“.',
  'guide-thunderbird-android-compare':
    'Geben Sie {email} ein und gehen Sie weiter. Findet die App Einstellungen, vergleichen Sie sie mit den Werten unten. Findet sie keine oder andere, bearbeiten Sie die Konfiguration von Hand und wählen Sie {protocol}.',
  'guide-thunderbird-android-finish':
    'Geben Sie Ihr Passwort ein und gehen Sie weiter; die App prüft beide Server, bevor sie das Konto anlegt.',
  'guide-outlook-new': 'Das neue Outlook für Windows',
  'guide-outlook-classic': 'Das klassische Outlook für Windows',
  'guide-outlook-mac': 'Outlook für den Mac',
  'guide-outlook-new-open':
    'Öffnen Sie die Einstellungen (Zahnrad), dann „Konten“, und wählen Sie „Konto hinzufügen“.',
  'guide-outlook-new-manual':
    'Geben Sie {email} ein und gehen Sie weiter. Richtet Outlook das Konto nicht von selbst ein, wählen Sie als Anbieter {protocol} und lassen Sie sich die erweiterten Einstellungen anzeigen („Mehr anzeigen“).',
  'guide-outlook-classic-open-simple': 'Wählen Sie „Datei“, dann „Konto hinzufügen“.',
  'guide-outlook-classic-open':
    'Wählen Sie „Datei“, dann „Konto hinzufügen“. Geben Sie {email} ein, öffnen Sie „Erweiterte Optionen“, setzen Sie den Haken bei „Ich möchte mein Konto manuell einrichten“ und gehen Sie auf „Verbinden“.',
  'guide-outlook-classic-type': 'Wählen Sie {protocol} als Kontotyp.',
  'guide-outlook-username':
    'Fragt Outlook nach keinem Benutzernamen, nimmt es die Adresse. Ihrer lautet anders: Berichtigen Sie ihn in den Kontoeinstellungen, oder legen Sie das Konto in der Windows-Systemsteuerung unter „Mail“ an.',
  'guide-outlook-mac-open':
    'Wählen Sie in der Menüleiste „Outlook“, dann „Einstellungen“, „Konten“, und fügen Sie ein Konto hinzu (+).',
  'guide-outlook-mac-manual':
    'Geben Sie {email} ein und gehen Sie weiter. Fragt Outlook nach Anbieter oder Art, wählen Sie {protocol} und lassen Sie sich alle Einstellungen anzeigen.',
  'guide-outlook-enter':
    'Tragen Sie die Werte von oben in die Felder für Posteingangs- und Postausgangsserver ein, dazu Ihr Passwort. Schließen Sie dann ab.',
  'guide-outlook-sign-in': 'Geben Sie {email} ein und gehen Sie weiter.',
  'guide-outlook-pop3':
    'Nicht jede Version des neuen Outlook und von Outlook für den Mac beherrscht POP3. Fehlt die Auswahl, nehmen Sie IMAP oder das klassische Outlook für Windows.',
  'guide-outlook-cloud':
    'Das neue Outlook, und Outlook für den Mac, wenn Sie es erlauben, holt diese E-Mails über die Cloud von Microsoft: Ihre Zugangsdaten und Nachrichten liegen dann auch dort. Das klassische Outlook und Thunderbird verbinden sich direkt.',
  'guide-outlook-suggests':
    'Was Outlook von selbst einträgt, stammt von einem Dienst von Microsoft, nicht von Ihrem Anbieter. Weicht es ab, gelten die Werte hier.',
  'guide-iphone-open':
    'Öffnen Sie die „Einstellungen“, dann „Apps“, „Mail“, „Mail-Accounts“ und „Account hinzufügen“. In älteren Versionen stehen „Mail“ und „Accounts“ direkt in den Einstellungen.',
  'guide-iphone-address':
    'Geben Sie Ihren Namen, {email}, Ihr Passwort und eine Beschreibung ein und gehen Sie weiter. Wählen Sie oben „{protocol}“.',
  'guide-iphone-advanced':
    'Sichern Sie. Öffnen Sie den Account danach noch einmal und vergleichen Sie Port und „SSL verwenden“: für das Senden unter „SMTP“, für das Empfangen unter „Erweitert“.',
  'guide-iphone-profile':
    'Öffnen Sie die „Einstellungen“: Oben steht „Profil geladen“. Tippen Sie darauf, dann auf „Installieren“, und geben Sie Ihr Passwort ein, wenn danach gefragt wird.',
  'guide-mac-open': 'Wählen Sie im Programm Mail in der Menüleiste „Mail“, dann „Account hinzufügen“.',
  'guide-mac-address':
    'Geben Sie Ihren Namen, {email} und Ihr Passwort ein und melden Sie sich an. Findet Mail die Server nicht von selbst, zeigt es Felder dafür: Wählen Sie „{protocol}“ als Accounttyp.',
  'guide-mac-finish':
    'Melden Sie sich an. Vergleichen Sie danach Port und Verschlüsselung in den Einstellungen von Mail unter „Accounts“, „Servereinstellungen“.',
  'guide-mac-profile':
    'Öffnen Sie die geladene Datei, dann die Systemeinstellungen: Dort wartet das Profil (suchen Sie nach „Profile“). Installieren Sie es und geben Sie Ihr Passwort ein, wenn danach gefragt wird.',
  'guide-apple-with-profile': 'Der leichte Weg: mit einem Profil',
  'guide-apple-profile':
    'Laden Sie das Konfigurationsprofil auf dieses Gerät. Es enthält alle Werte von unten und kein Passwort.',
  'guide-apple-other': 'Wählen Sie in der Liste „Andere“, dann „Mail-Account hinzufügen“.',
  'guide-apple-service': 'Wählen Sie {service} in der Liste. Die Server müssen Sie nicht eintragen.',
  'guide-apple-outgoing-password':
    'Tragen Sie Benutzernamen und Passwort auch für den Postausgangsserver ein, selbst wenn im Feld „Optional“ steht.',
  'guide-apple-icloud':
    'Ihre eigene iCloud-Adresse braucht auf diesem Gerät keine Server: Öffnen Sie die Einstellungen, gehen Sie auf Ihren Namen, dann auf „iCloud“, und schalten Sie „Mail“ ein.',
  'guide-apple-starttls':
    'Bei Apple heißt keine Auswahl STARTTLS: Lassen Sie „SSL verwenden“ beim angegebenen Port eingeschaltet, dann nimmt das Gerät die richtige Verschlüsselung.',
  'guide-android-open':
    'Öffnen Sie die Gmail-App, tippen Sie rechts oben auf Ihr Bild und wählen Sie „Weiteres Konto hinzufügen“.',
  'guide-android-service': 'Wählen Sie „{service}“ in der Liste. Die Server müssen Sie nicht eintragen.',
  'guide-android-other':
    'Wählen Sie „Andere“, geben Sie {email} ein und wählen Sie „Manuell einrichten“ oder gehen Sie weiter.',
  'guide-android-type': 'Wählen Sie „Privat ({protocol})“ und geben Sie Ihr Passwort ein.',
  'guide-android-finish':
    'Lassen Sie beim Senden „Anmeldung erforderlich“ eingeschaltet. Gehen Sie weiter, bis die App das Konto als fertig meldet.',
  'guide-android-certificates':
    'Wählen Sie nie eine Verschlüsselung mit „Alle Zertifikate akzeptieren“: Unterwegs könnte sonst jemand Ihr Passwort mitlesen.',
  'guide-windows-mail-retired':
    'Windows Mail lässt sich nicht mehr nutzen: Microsoft hat es Ende 2024 eingestellt. Es empfängt und sendet nicht mehr.',
  'guide-windows-mail-save':
    'Liegen Nachrichten nur in Windows Mail, exportieren Sie sie zuerst, solange sich das Programm noch öffnen lässt.',
  'guide-windows-mail-instead':
    'Nehmen Sie ein anderes Programm: Thunderbird verbindet sich direkt mit Ihrem Anbieter; das neue Outlook, der Nachfolger von Microsoft, arbeitet über die Cloud von Microsoft. Für beide gibt es hier eine Anleitung. Sie brauchen diese Werte:',
}
