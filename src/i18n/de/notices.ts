/** What the reader must do before the account works, in German. */
import type { notices as english } from '../en/notices.js'

export const notices: Record<keyof typeof english, string> = {
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
  'exchange-sign-in':
    'Unter {hostname} gibt es einen Exchange-Server; er nennt seine Einstellungen erst nach der Anmeldung. Programme, die Exchange beherrschen, können ihn nutzen.',
  'smtp-utf8':
    'Diese Adresse enthält Zeichen außerhalb von ASCII; Programm und Server müssen SMTPUTF8 beherrschen.',
}
