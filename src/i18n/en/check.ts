/** What the domain check says and what mends it, in English: one sentence each. */
export const check = {
  'check-title': 'Check of {domain}',
  'check-summary': '{errors} errors, {warnings} warnings',
  'check-severity-error': 'ERROR',
  'check-severity-warning': 'WARNING',
  'check-severity-info': 'NOTE',
  'check-severity-ok': 'OK',
  'check-config-http-only':
    'The configuration stands only on {where}, without encryption: anyone on the way can change it, and careful programs do not read it.',
  'fix-config-http-only':
    'Serve the same file over https at the same host, with a valid certificate, and let http only redirect there.',
  'check-config-http-too': 'The configuration is also served without encryption on {where}.',
  'fix-config-http-too': 'Answer http with a redirect to the https address and no body.',
  'check-web-certificate': 'The certificate of {host} is refused: {reason}.',
  'fix-web-certificate':
    'Install a certificate that a known authority issued for {host}, with its intermediates.',
  'check-web-certificate-expiring': 'The certificate of {host} expires in {days} days.',
  'fix-web-certificate-expiring':
    'Renew the certificate of {host} and check why it was not renewed by itself.',
  'check-web-tls-old': '{host} speaks only versions of TLS older than 1.2.',
  'fix-web-tls-old': 'Turn on TLS 1.2 and 1.3 at {host} and turn off what is older.',
  'check-web-tls-failed': 'No TLS connection to {host} could be agreed on: {reason}.',
  'fix-web-tls-failed': 'Check the TLS settings of the web server at {host}.',
  'check-redirect-to-http':
    '{url} redirects from https to http ({target}): programs that follow read the configuration unprotected.',
  'fix-redirect-to-http': 'Redirect to an https address, or serve the file at {url} itself.',
  'check-redirect-outside':
    '{url} redirects out of the domain to {target}: programs trust that less or refuse it.',
  'fix-redirect-outside': 'Serve the file at {url} itself, for instance by a reverse proxy to {target}.',
  'check-redirect-loop': 'The redirects at {url} lead nowhere.',
  'fix-redirect-loop': 'Serve the file at {url} itself, or redirect once to where it is.',
  'check-redirect': '{url} redirects to {target}; not every program follows.',
  'fix-redirect': 'Serve the file at {url} itself.',
  'check-config-timeout': '{url} did not answer in time: programs wait and may give up.',
  'fix-config-timeout': 'Make {host} answer within a second, or remove its DNS name.',
  'check-config-broken': '{url} could not be read: {reason}.',
  'fix-config-broken': 'Let {url} answer with the file, or with 404 where there is none.',
  'check-config-unreadable': '{url} answers, but not with a configuration: {reason}.',
  'fix-config-unreadable': 'Publish the configuration there, or answer 404.',
  'check-config-wrong-type': '{url} is sent as {type}; some programs then refuse it.',
  'fix-config-wrong-type': 'Send the header Content-Type: {right}',
  'check-config-cors-missing': 'Web mail programs may not read {url}, because it allows no other origin.',
  'fix-config-cors-missing': 'Send the header Access-Control-Allow-Origin: *',
  'check-config-missing': 'There is no autoconfig file; Thunderbird and others look for it first.',
  'fix-config-missing': 'Publish the file at {url} (mailscout can serve it).',
  'check-exchange-sign-in':
    '{url} asks for a sign-in: Exchange programs may go on there, others get no settings.',
  'fix-exchange-sign-in': 'Nothing, if Exchange is meant; otherwise answer Autodiscover without sign-in.',
  'check-cleartext-server':
    '{protocol} server {server} is published without encryption: passwords can be read on the way.',
  'fix-cleartext-server': 'Remove this server from {url}, and publish it with implicit TLS (SSL) instead.',
  'check-autodiscover-encryption':
    'Autodiscover contradicts itself about {protocol} on port {port} (SSL {ssl}, Encryption {encryption}): some programs will not encrypt.',
  'fix-autodiscover-encryption':
    'Write SSL on always, and Encryption SSL for ports 993, 995, 465 or TLS for 143, 110, 587.',
  'check-server-unreadable':
    '{protocol} server {server} cannot be read ({reason}); strict programs drop the whole document.',
  'fix-server-unreadable': 'Correct the entry in {url}.',
  'check-insecure-first':
    '{protocol}: {server} without encryption is listed before the encrypted one, and many programs take the first.',
  'fix-insecure-first':
    'Remove the server without encryption, or at least list the one with implicit TLS first.',
  'check-starttls-first': '{protocol}: {server} with STARTTLS goes before implicit TLS.',
  'fix-starttls-first': 'List the server with implicit TLS first, in DNS by the lower priority number.',
  'check-starttls-only': '{protocol} is published with STARTTLS only ({server}); implicit TLS is safer.',
  'fix-starttls-only': 'Offer implicit TLS (993, 995, 465) and publish that.',
  'check-dns-failed': 'The DNS gave no answer about {name}: {reason}; the check is incomplete.',
  'fix-dns-failed': 'Check the name servers of the domain, then check again.',
  'check-null-mx': 'The domain says that it accepts no mail (null MX).',
  'fix-null-mx': 'Nothing, if that is meant.',
  'check-null-mx-published': 'The domain says that it accepts no mail (null MX), but publishes mail servers.',
  'fix-null-mx-published': 'Remove the published settings, or replace the null MX by the real mail host.',
  'check-no-mail': 'The domain has no MX record and publishes no mail servers.',
  'fix-no-mail': 'If it is to have no mail, say so with a null MX.',
  'check-mx-missing': 'The domain publishes mail servers but has no MX record.',
  'fix-mx-missing': 'Publish an MX record for the host that receives mail.',
  'check-mx-provider-not-published':
    'Mail goes to {provider}, but the domain does not publish the servers for mail programs ({servers}).',
  'fix-mx-provider-not-published': 'Publish SRV records that name the servers of {provider}.',
  'check-mx-provider-elsewhere':
    'Mail goes to {provider} ({servers}), but other servers are published: {published}.',
  'fix-mx-provider-elsewhere': 'Remove the old settings, or let them name the servers of {provider}.',
  'check-srv-missing': 'There is no SRV record for {protocol} ({name}).',
  'fix-srv-missing': 'Publish the record.',
  'check-srv-imap-missing':
    'Other SRV records exist, but none for {protocol}: programs conclude that it is not offered.',
  'fix-srv-imap-missing': 'Publish {name}, with the target “.” if IMAP is really not offered.',
  'check-srv-wrong-port':
    'The SRV record {label} names port {port}, which belongs to {right}: programs try the wrong kind of encryption.',
  'fix-srv-wrong-port': 'Publish it as {right} instead.',
  'check-srv-outside':
    'The SRV record {label} leads out of the domain to {target} without DNSSEC: programs must ask their user.',
  'fix-srv-outside': 'Sign the zone with DNSSEC, or publish the settings over https as well.',
  'check-srv-bad-target': 'The SRV record {label} names no usable server ({target}, port {port}).',
  'fix-srv-bad-target': 'Name a host name with its port; use the target “.” for what is not offered.',
  'check-pacc-missing': 'There is no PACC document with its digest.',
  'fix-pacc-missing': 'Publish the document and its TXT record (mailscout serves both).',
  'check-pacc-digest-differs':
    'The PACC document does not match the digest in the DNS: programs must not read it.',
  'fix-pacc-digest-differs': 'Publish the digest of the document as it is now; during a change publish both.',
  'check-pacc-digest-missing': 'There is a PACC document but no digest in the DNS: programs do not read it.',
  'fix-pacc-digest-missing': 'Publish the TXT record.',
  'check-pacc-document-missing': 'There is a PACC digest in the DNS, but the document cannot be fetched.',
  'fix-pacc-document-missing':
    'Serve the document at the host ua-auto-config of the domain, or remove the TXT record.',
  'check-nothing-published': 'The domain publishes no settings for mail programs.',
  'fix-nothing-published': 'Publish SRV records or an autoconfig file for the servers of the domain.',
  'check-contradiction-host': '{protocol}: {first} names {firstServers}, {other} names {otherServers}.',
  'fix-contradiction-host': 'Decide which is right and publish the same servers everywhere.',
  'check-contradiction-transport':
    '{protocol}: {first} and {other} name the same host with different ports or encryption ({firstServers}; {otherServers}).',
  'fix-contradiction-transport': 'Publish the port with implicit TLS everywhere.',
  'check-own-differs': '{protocol}: published is {published}, but the operator’s entry says {served}.',
  'fix-own-differs': 'Publish what the entry says, or correct the entry.',
  'check-own-missing': 'The operator’s entry for {domain} is published nowhere.',
  'fix-own-missing': 'Publish the records that /v1/domains/{domain}/zone shows.',
  'check-server-certificate': '{protocol} {server}: {reason}.',
  'fix-server-certificate':
    'Install a certificate that a known authority issued for the host name, with its intermediates.',
  'check-server-certificate-expiring': 'The certificate of {server} expires in {days} days.',
  'fix-server-certificate-expiring': 'Renew the certificate, and reload the mail server afterwards.',
  'check-server-tls-old': '{protocol} {server} speaks only versions of TLS older than 1.2.',
  'fix-server-tls-old': 'Turn on TLS 1.2 and 1.3 and turn off what is older.',
  'check-server-tls-failed': 'No TLS connection to {protocol} {server} could be agreed on: {reason}.',
  'fix-server-tls-failed': 'Check the TLS settings of the mail server.',
  'check-starttls-missing':
    '{protocol} {server} does not offer STARTTLS, or something on the way removes it.',
  'fix-starttls-missing':
    'Turn on STARTTLS at the server, and better publish implicit TLS, which cannot be stripped.',
  'check-starttls-injection':
    '{protocol} {server} accepts commands in front of the encryption (CVE-2011-0411).',
  'fix-starttls-injection': 'Update the mail server; until then publish implicit TLS.',
  'check-server-unreachable': '{protocol} {server} is published but cannot be reached.',
  'fix-server-unreachable':
    'Start the service, open the port in the firewall, or remove the entry. A server without TLS 1.2 can look the same.',
  'check-server-timeout': '{protocol} {server} did not answer in time.',
  'fix-server-timeout': 'Check the load and the firewall of the mail server.',
  'check-server-broken': '{protocol} {server} does not behave like such a server: {reason}.',
  'fix-server-broken': 'Check that the right service listens on the port.',
  'check-published': '{where} names {count} mail servers.',
  'fix-published': '',
  'check-server-works': '{protocol} {server} works ({version}).',
  'fix-server-works': '',
  'check-own-agrees': 'What is public for {domain} is what the operator’s entry says.',
  'fix-own-agrees': '',
} as const
