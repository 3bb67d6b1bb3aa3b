/** What the domain check says and what mends it, in German: one sentence each. */
import type { check as english } from '../en/check.js'

export const check: Record<keyof typeof english, string> = {
  'check-title': 'Prüfung von {domain}',
  'check-summary': '{errors} Fehler, {warnings} Warnungen',
  'check-severity-error': 'FEHLER',
  'check-severity-warning': 'WARNUNG',
  'check-severity-info': 'HINWEIS',
  'check-severity-ok': 'OK',
  'check-config-http-only':
    'Die Konfiguration steht nur unverschlüsselt auf {where}: Unterwegs kann sie jeder ändern, und vorsichtige Programme lesen sie nicht.',
  'fix-config-http-only':
    'Liefern Sie dieselbe Datei über https auf demselben Host mit gültigem Zertifikat aus und lassen Sie http nur dorthin weiterleiten.',
  'check-config-http-too': 'Die Konfiguration wird auf {where} auch unverschlüsselt ausgeliefert.',
  'fix-config-http-too': 'Beantworten Sie http mit einer Weiterleitung zur https-Adresse, ohne Inhalt.',
  'check-web-certificate': 'Das Zertifikat von {host} wird abgelehnt: {reason}.',
  'fix-web-certificate':
    'Installieren Sie ein Zertifikat, das eine bekannte Stelle für {host} ausgestellt hat, samt Zwischenzertifikaten.',
  'check-web-certificate-expiring': 'Das Zertifikat von {host} läuft in {days} Tagen ab.',
  'fix-web-certificate-expiring':
    'Erneuern Sie das Zertifikat von {host} und prüfen Sie, warum es sich nicht von selbst erneuert hat.',
  'check-web-tls-old': '{host} spricht nur TLS-Versionen vor 1.2.',
  'fix-web-tls-old': 'Schalten Sie auf {host} TLS 1.2 und 1.3 ein und ältere Versionen ab.',
  'check-web-tls-failed': 'Mit {host} kam keine TLS-Verbindung zustande: {reason}.',
  'fix-web-tls-failed': 'Prüfen Sie die TLS-Einstellungen des Webservers auf {host}.',
  'check-redirect-to-http':
    '{url} leitet von https zu http weiter ({target}): Wer dem folgt, liest die Konfiguration ungeschützt.',
  'fix-redirect-to-http':
    'Leiten Sie zu einer https-Adresse weiter oder liefern Sie die Datei unter {url} selbst aus.',
  'check-redirect-outside':
    '{url} leitet aus der Domain hinaus zu {target}: Programme vertrauen dem weniger oder lehnen es ab.',
  'fix-redirect-outside':
    'Liefern Sie die Datei unter {url} selbst aus, etwa mit einem Reverse Proxy zu {target}.',
  'check-redirect-loop': 'Die Weiterleitungen bei {url} führen nirgendwohin.',
  'fix-redirect-loop':
    'Liefern Sie die Datei unter {url} selbst aus oder leiten Sie einmal dorthin weiter, wo sie steht.',
  'check-redirect': '{url} leitet zu {target} weiter; nicht jedes Programm folgt.',
  'fix-redirect': 'Liefern Sie die Datei unter {url} selbst aus.',
  'check-config-timeout':
    '{url} hat nicht rechtzeitig geantwortet: Programme warten und geben vielleicht auf.',
  'fix-config-timeout':
    'Sorgen Sie dafür, dass {host} binnen einer Sekunde antwortet, oder entfernen Sie den DNS-Namen.',
  'check-config-broken': '{url} ließ sich nicht lesen: {reason}.',
  'fix-config-broken': 'Lassen Sie {url} mit der Datei antworten oder mit 404, wenn es keine gibt.',
  'check-config-unreadable': '{url} antwortet, aber nicht mit einer Konfiguration: {reason}.',
  'fix-config-unreadable': 'Veröffentlichen Sie dort die Konfiguration oder antworten Sie mit 404.',
  'check-config-wrong-type': '{url} wird als {type} gesendet; manche Programme lehnen das ab.',
  'fix-config-wrong-type': 'Senden Sie den Header Content-Type: {right}',
  'check-config-cors-missing':
    'Webmail-Programme dürfen {url} nicht lesen, weil keine fremde Herkunft erlaubt ist.',
  'fix-config-cors-missing': 'Senden Sie den Header Access-Control-Allow-Origin: *',
  'check-config-missing': 'Es gibt keine Autoconfig-Datei; Thunderbird und andere suchen sie zuerst.',
  'fix-config-missing': 'Veröffentlichen Sie die Datei unter {url} (mailscout kann sie ausliefern).',
  'check-exchange-sign-in':
    '{url} verlangt eine Anmeldung: Exchange-Programme kommen dort weiter, andere erhalten keine Einstellungen.',
  'fix-exchange-sign-in':
    'Nichts, wenn Exchange gemeint ist; sonst beantworten Sie Autodiscover ohne Anmeldung.',
  'check-cleartext-server':
    '{protocol}-Server {server} wird ohne Verschlüsselung veröffentlicht: Passwörter lassen sich unterwegs mitlesen.',
  'fix-cleartext-server':
    'Entfernen Sie diesen Server aus {url} und veröffentlichen Sie ihn stattdessen mit implizitem TLS (SSL).',
  'check-autodiscover-encryption':
    'Autodiscover widerspricht sich bei {protocol} auf Port {port} (SSL {ssl}, Encryption {encryption}): Manche Programme verschlüsseln dann nicht.',
  'fix-autodiscover-encryption':
    'Schreiben Sie immer SSL on, und Encryption SSL für die Ports 993, 995, 465 oder TLS für 143, 110, 587.',
  'check-server-unreadable':
    '{protocol}-Server {server} ist nicht lesbar ({reason}); strenge Programme verwerfen das ganze Dokument.',
  'fix-server-unreadable': 'Berichtigen Sie den Eintrag in {url}.',
  'check-insecure-first':
    '{protocol}: {server} ohne Verschlüsselung steht vor dem verschlüsselten, und viele Programme nehmen den ersten.',
  'fix-insecure-first':
    'Entfernen Sie den Server ohne Verschlüsselung oder nennen Sie zumindest den mit implizitem TLS zuerst.',
  'check-starttls-first': '{protocol}: {server} mit STARTTLS steht vor implizitem TLS.',
  'fix-starttls-first':
    'Nennen Sie den Server mit implizitem TLS zuerst, im DNS durch die kleinere Prioritätszahl.',
  'check-starttls-only':
    '{protocol} wird nur mit STARTTLS veröffentlicht ({server}); implizites TLS ist sicherer.',
  'fix-starttls-only': 'Bieten Sie implizites TLS an (993, 995, 465) und veröffentlichen Sie das.',
  'check-dns-failed': 'Das DNS gab keine Antwort zu {name}: {reason}; die Prüfung ist unvollständig.',
  'fix-dns-failed': 'Prüfen Sie die Nameserver der Domain und wiederholen Sie die Prüfung.',
  'check-null-mx': 'Die Domain erklärt, dass sie keine E-Mails annimmt (Null-MX).',
  'fix-null-mx': 'Nichts, wenn das so gemeint ist.',
  'check-null-mx-published':
    'Die Domain erklärt, dass sie keine E-Mails annimmt (Null-MX), veröffentlicht aber Mailserver.',
  'fix-null-mx-published':
    'Entfernen Sie die veröffentlichten Einstellungen oder ersetzen Sie den Null-MX durch den richtigen Mailhost.',
  'check-no-mail': 'Die Domain hat keinen MX-Eintrag und veröffentlicht keine Mailserver.',
  'fix-no-mail': 'Wenn sie keine E-Mail haben soll, sagen Sie das mit einem Null-MX.',
  'check-mx-missing': 'Die Domain veröffentlicht Mailserver, hat aber keinen MX-Eintrag.',
  'fix-mx-missing': 'Veröffentlichen Sie einen MX-Eintrag für den Host, der E-Mails annimmt.',
  'check-mx-provider-not-published':
    'E-Mails gehen an {provider}, aber die Domain veröffentlicht die Server für Mailprogramme nicht ({servers}).',
  'fix-mx-provider-not-published': 'Veröffentlichen Sie SRV-Einträge, die die Server von {provider} nennen.',
  'check-mx-provider-elsewhere':
    'E-Mails gehen an {provider} ({servers}), veröffentlicht sind aber andere Server: {published}.',
  'fix-mx-provider-elsewhere':
    'Entfernen Sie die alten Einstellungen oder lassen Sie sie die Server von {provider} nennen.',
  'check-srv-missing': 'Es gibt keinen SRV-Eintrag für {protocol} ({name}).',
  'fix-srv-missing': 'Veröffentlichen Sie den Eintrag.',
  'check-srv-imap-missing':
    'Es gibt andere SRV-Einträge, aber keinen für {protocol}: Programme schließen daraus, dass es nicht angeboten wird.',
  'fix-srv-imap-missing':
    'Veröffentlichen Sie {name}, mit dem Ziel „.“, wenn IMAP wirklich nicht angeboten wird.',
  'check-srv-wrong-port':
    'Der SRV-Eintrag {label} nennt Port {port}, der zu {right} gehört: Programme versuchen die falsche Art der Verschlüsselung.',
  'fix-srv-wrong-port': 'Veröffentlichen Sie ihn stattdessen als {right}.',
  'check-srv-outside':
    'Der SRV-Eintrag {label} führt ohne DNSSEC aus der Domain hinaus zu {target}: Programme müssen nachfragen.',
  'fix-srv-outside':
    'Signieren Sie die Zone mit DNSSEC oder veröffentlichen Sie die Einstellungen auch über https.',
  'check-srv-bad-target': 'Der SRV-Eintrag {label} nennt keinen brauchbaren Server ({target}, Port {port}).',
  'fix-srv-bad-target':
    'Nennen Sie einen Hostnamen mit Port; für nicht Angebotenes verwenden Sie das Ziel „.“.',
  'check-pacc-missing': 'Es gibt kein PACC-Dokument mit Prüfsumme.',
  'fix-pacc-missing': 'Veröffentlichen Sie das Dokument und seinen TXT-Eintrag (mailscout liefert beides).',
  'check-pacc-digest-differs':
    'Das PACC-Dokument passt nicht zur Prüfsumme im DNS: Programme dürfen es nicht lesen.',
  'fix-pacc-digest-differs':
    'Veröffentlichen Sie die Prüfsumme des jetzigen Dokuments; während einer Umstellung beide.',
  'check-pacc-digest-missing':
    'Es gibt ein PACC-Dokument, aber keine Prüfsumme im DNS: Programme lesen es nicht.',
  'fix-pacc-digest-missing': 'Veröffentlichen Sie den TXT-Eintrag.',
  'check-pacc-document-missing': 'Im DNS steht eine PACC-Prüfsumme, aber das Dokument ist nicht abrufbar.',
  'fix-pacc-document-missing':
    'Liefern Sie das Dokument auf dem Host ua-auto-config der Domain aus oder entfernen Sie den TXT-Eintrag.',
  'check-nothing-published': 'Die Domain veröffentlicht keine Einstellungen für Mailprogramme.',
  'fix-nothing-published':
    'Veröffentlichen Sie SRV-Einträge oder eine Autoconfig-Datei für die Server der Domain.',
  'check-contradiction-host': '{protocol}: {first} nennt {firstServers}, {other} nennt {otherServers}.',
  'fix-contradiction-host': 'Entscheiden Sie, was stimmt, und veröffentlichen Sie überall dieselben Server.',
  'check-contradiction-transport':
    '{protocol}: {first} und {other} nennen denselben Host mit verschiedenen Ports oder verschiedener Verschlüsselung ({firstServers}; {otherServers}).',
  'fix-contradiction-transport': 'Veröffentlichen Sie überall den Port mit implizitem TLS.',
  'check-own-differs':
    '{protocol}: Veröffentlicht ist {published}, der Eintrag des Betreibers sagt aber {served}.',
  'fix-own-differs': 'Veröffentlichen Sie, was der Eintrag sagt, oder berichtigen Sie den Eintrag.',
  'check-own-missing': 'Der Eintrag des Betreibers für {domain} ist nirgends veröffentlicht.',
  'fix-own-missing': 'Veröffentlichen Sie die Einträge, die /v1/domains/{domain}/zone zeigt.',
  'check-server-certificate': '{protocol} {server}: {reason}.',
  'fix-server-certificate':
    'Installieren Sie ein Zertifikat, das eine bekannte Stelle für den Hostnamen ausgestellt hat, samt Zwischenzertifikaten.',
  'check-server-certificate-expiring': 'Das Zertifikat von {server} läuft in {days} Tagen ab.',
  'fix-server-certificate-expiring': 'Erneuern Sie das Zertifikat und laden Sie danach den Mailserver neu.',
  'check-server-tls-old': '{protocol} {server} spricht nur TLS-Versionen vor 1.2.',
  'fix-server-tls-old': 'Schalten Sie TLS 1.2 und 1.3 ein und ältere Versionen ab.',
  'check-server-tls-failed': 'Mit {protocol} {server} kam keine TLS-Verbindung zustande: {reason}.',
  'fix-server-tls-failed': 'Prüfen Sie die TLS-Einstellungen des Mailservers.',
  'check-starttls-missing': '{protocol} {server} bietet kein STARTTLS an, oder unterwegs wird es entfernt.',
  'fix-starttls-missing':
    'Schalten Sie STARTTLS am Server ein; besser veröffentlichen Sie implizites TLS, das sich nicht entfernen lässt.',
  'check-starttls-injection':
    '{protocol} {server} nimmt vor der Verschlüsselung eingeschobene Befehle an (CVE-2011-0411).',
  'fix-starttls-injection': 'Aktualisieren Sie den Mailserver; veröffentlichen Sie bis dahin implizites TLS.',
  'check-server-unreachable': '{protocol} {server} ist veröffentlicht, aber nicht erreichbar.',
  'fix-server-unreachable':
    'Starten Sie den Dienst, öffnen Sie den Port in der Firewall oder entfernen Sie den Eintrag. Ein Server ohne TLS 1.2 kann ebenso aussehen.',
  'check-server-timeout': '{protocol} {server} hat nicht rechtzeitig geantwortet.',
  'fix-server-timeout': 'Prüfen Sie Last und Firewall des Mailservers.',
  'check-server-broken': '{protocol} {server} verhält sich nicht wie ein solcher Server: {reason}.',
  'fix-server-broken': 'Prüfen Sie, ob auf dem Port der richtige Dienst läuft.',
  'check-published': '{where} nennt {count} Mailserver.',
  'fix-published': '',
  'check-server-works': '{protocol} {server} funktioniert ({version}).',
  'fix-server-works': '',
  'check-own-agrees': 'Was für {domain} öffentlich ist, entspricht dem Eintrag des Betreibers.',
  'fix-own-agrees': '',
}
