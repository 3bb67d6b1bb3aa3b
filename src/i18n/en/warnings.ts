/** What the reader should know about where the settings come from, in English. */
export const warnings = {
  'srv-implicit-tls-port':
    'The DNS record {label} names port {port}, which means implicit TLS; it is read that way, but the record should be mended.',
  'srv-target-outside-domain':
    'A DNS record without DNSSEC points to {hostname}, outside the address’s own domain: please check that name.',
  'mx-target-outside-domain':
    'The domain’s mail is delivered to {hostname}, outside the address’s own domain, by a DNS record without DNSSEC.',
  'redirect-outside-domain':
    'The configuration was fetched by a redirect to {hostname}, outside the address’s own domain.',
  'insecure-http':
    'The configuration was fetched from {hostname} without encryption and counts as a hint only.',
  'stale-entry': 'The entry these settings come from has not been checked for a long time.',
  'low-confidence-entry': 'The lists that these settings come from do not agree in everything.',
  conflict: 'Sources disagree about some servers; all of them are listed.',
  'cleartext-rejected':
    'Servers without encryption were named and are not offered: passwords could be read on the way.',
  cleartext:
    'At least one of these servers works without encryption: anyone on the way can read password and mail.',
  'confusable-name':
    'The domain mixes letters of different scripts ({labels}): make sure it is the one you mean.',
  degraded: 'Not every source could be asked in time ({sources}); ask again for a possibly better answer.',
  'null-mx': 'This domain says that it accepts no mail.',
} as const
