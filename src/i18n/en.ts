/** English texts. Every other catalogue has the same keys and placeholders. */
export const en = {
  // Why IMAP or POP3
  'only-imap-offered': 'Your provider offers IMAP only, and that is the better choice anyway.',
  'only-pop3-offered': 'Your provider offers POP3 only; IMAP is not available for this address.',
  'imap-not-secure':
    'IMAP is not offered here with a working encrypted connection, so POP3 is the safe choice.',
  'imap-not-confirmed': 'The POP3 server could be confirmed, the IMAP server could not.',
  'several-devices':
    'Choose IMAP: phone, tablet and computer all show the same mail, folders and read marks.',
  'several-devices-need-imap':
    'With several devices only IMAP keeps them all in step; your program can still keep a copy on each device.',
  'one-device-may-become-two': 'IMAP works well on one device and will still work when a second one joins.',
  'one-device': 'You read your mail on one device only.',
  'keep-on-device':
    'POP3 fetches your mail to this device, where you keep it yourself and free space at the provider.',
  'keep-on-server': 'With IMAP your mail stays safe on the provider’s server, even if your device is lost.',
  'pop3-on-several-devices':
    'With POP3 several devices do not know of each other: what you read or delete on one stays as it was on the others.',
  'provider-prefers-imap': 'The provider itself lists IMAP first.',
  'provider-lists-pop3-first': 'The provider lists POP3 first; IMAP still fits your use better.',
  'leave-on-server':
    'Turn on “leave messages on server” (14 days, say), so that nothing is lost if this device breaks.',
  'imap-explained':
    'IMAP lets you read your mail where it lies, on the provider’s server, the same on every device.',
  'pop3-explained': 'POP3 downloads your mail to one device and usually removes it from the server.',
  'smtp-explained': 'SMTP sends your mail; you need it with IMAP and with POP3 alike.',

  // What the reader must do
  'app-password-required':
    '{provider} wants an app password here: make one in your account’s security settings and use it instead of your usual password.',
  'app-password-with-2fa':
    'If two-step sign-in is on, {provider} wants an app password instead of your usual password.',
  'separate-password': '{provider} uses a separate password for mail programs: set it in your account first.',
  'enable-imap': 'Turn on IMAP in the settings of {provider} first.',
  'enable-pop3': 'Turn on POP3 in the settings of {provider} first if you want to use it.',
  'enable-smtp': 'Turn on sending by SMTP in the settings of {provider} first.',
  'enable-access': 'Allow mail programs in the settings of {provider} first.',
  'admin-approval': 'Your organisation’s administrator may have to allow mail programs at {provider} first.',
  'paid-plan-required': '{provider} allows mail programs in paid plans only.',
  'bridge-required':
    '{provider} needs its own helper program (bridge) on your computer; phones cannot use it this way.',
  'oauth2-only':
    '{provider} accepts no password from mail programs: your program must open the provider’s sign-in page (OAuth).',
  'no-access': '{provider} lets no mail program in; use its own app or web page.',
  'access-unknown':
    'We know {provider}, but not which servers it offers to mail programs; its help pages may tell.',
  'provider-instruction': '{text}',
  'provider-enable': 'Your provider says: {text}',
  'mx-gateway':
    'Mail for this domain passes through a filter ({provider}); that does not tell where the mailboxes are.',
  'mx-forwarder': 'Mail for this domain is only forwarded ({provider}); ask where it is forwarded to.',
  'mx-inbound-api': 'Mail for this domain goes to a program ({provider}), not to mailboxes.',
  'mx-ambiguous':
    'Mail for this domain goes to {provider}; that does not tell which mailbox service is behind it.',
  'mx-alias': 'This is an alias service ({provider}): set up the mailbox that the alias leads to.',
  'mx-bridge': '{provider} needs its own helper program (bridge) on your computer.',
  'smtp-utf8': 'This address has letters outside ASCII; program and servers must support SMTPUTF8.',

  // What the reader should know
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
  conflict: 'Sources disagree about some servers; the most trustworthy one was chosen.',
  'cleartext-rejected':
    'Servers without encryption were named and are not offered: passwords could be read on the way.',
  cleartext:
    'At least one of these servers works without encryption: anyone on the way can read password and mail.',
  'confusable-name':
    'The domain mixes letters of different scripts ({labels}): make sure it is the one you mean.',
  degraded: 'Not every source could be asked in time ({sources}); ask again for a possibly better answer.',
  'null-mx': 'This domain says that it accepts no mail.',

  // What is wrong with the input
  'address-empty': 'There is no address.',
  'address-no-at': 'There is no @ in the address.',
  'address-two-ats': 'There is more than one @ in the address.',
  'address-too-long': 'The address is longer than 254 bytes.',
  'address-control-characters': 'The address holds invisible or control characters.',
  'local-part-empty': 'There is nothing before the @.',
  'local-part-too-long': 'The part before the @ is longer than 64 bytes.',
  'local-part-syntax': 'The part before the @ holds characters that are not allowed there.',
  'domain-empty': 'There is nothing after the @.',
  'domain-ip-literal': 'After the @ there must be a domain name, not an IP address.',
  'domain-syntax': 'The part after the @ is not a valid domain name.',
  'domain-too-long': 'The domain name is too long.',
  'domain-single-label': 'The domain name has no dot.',
  'domain-symbols': 'The domain name holds symbols or emoji.',

  // Problems
  EMAIL_INVALID: 'This is not a valid e-mail address',
  QUERY_INVALID: 'The request is not valid',
  NAME_RESERVED: 'This name is reserved and never has mail servers',
  NO_MAIL: 'This domain accepts no mail',
  NOTHING_FOUND: 'No settings were found for this domain',
  NOT_FOUND: 'There is nothing at this address',
  METHOD_NOT_ALLOWED: 'This method is not allowed here',
  FORMAT_UNSUPPORTED: 'This format is not available',
  BODY_TOO_LARGE: 'The request is too large',
  MEDIA_TYPE_UNSUPPORTED: 'This content type is not understood',
  PROFILE_UNSUPPORTED: 'No profile can be made for this account',
  RATE_LIMITED: 'Too many requests',
  INTERNAL: 'Something went wrong on our side',
  LOOKUP_FAILED: 'The settings could not be looked up just now',
  OVERLOADED: 'The service is busy',
  'detail-NAME_RESERVED':
    'It is a special-use name or a public suffix, under which nobody can have a mailbox.',
  'detail-NO_MAIL': 'Its DNS says so (null MX).',
  'detail-NOTHING_FOUND':
    'All sources were asked and none knows servers for this domain. Check the spelling, or ask your provider for “IMAP and SMTP settings”.',
  'detail-LOOKUP_FAILED': 'Some sources could not be asked. Please try again in a few seconds.',
  'detail-PASSWORD': 'Never send a password: this service does not need one and will not take one.',
  'detail-NO_CONFIRMED_SERVERS':
    'Servers are known, but none is confirmed well enough for a program to use without asking you; see /v1/discover.',
  'detail-profile-oauth2-only':
    'The provider accepts only its own sign-in page (OAuth), which configuration profiles cannot hold. Add the account in Settings > Mail instead.',
  'detail-profile-starttls-only':
    'The provider offers only STARTTLS, which configuration profiles cannot demand. Set up the account by hand.',
  'detail-profile-incomplete': 'The provider does not offer what this profile needs.',

  // The profile
  'profile-name': 'E-mail account {email}',
  'profile-description':
    'Sets up the e-mail account {email}. It holds no password; your device will ask for it.',

  // The command line
  'cli-recommendation': 'Recommendation',
  'cli-incoming': 'Receive',
  'cli-outgoing': 'Send',
  'cli-alternative': 'Alternative',
  'cli-why': 'Why',
  'cli-notices': 'Please note',
  'cli-warnings': 'Warnings',
  'cli-servers': 'All servers',
  'cli-conflicts': 'Conflicts',
  'cli-username': 'user name {username}',
  'cli-port': 'port {port}',
  'cli-confirm': 'Please confirm that {domain} is your provider before you enter a password.',
  'cli-suggestion': 'Did you mean {domain}?',
  'cli-sources': 'Asking',
  'security-tls': 'encrypted from the start (TLS)',
  'security-starttls': 'encrypted after the start (STARTTLS)',
  'security-plain': 'NOT encrypted',
  'trust-operator': 'set by the operator',
  'trust-authenticated': 'published by the domain itself',
  'trust-curated': 'from a checked list',
  'trust-corroborated': 'hint, confirmed by its certificate',
  'trust-unconfirmed': 'unconfirmed hint',
  'verification-verified': 'checked live',
  'verification-failed': 'check failed: {reason}',
  'verification-unchecked': 'not checked live',
  'outcome-found': 'found',
  'outcome-absent': 'nothing there',
  'outcome-failed': 'could not be asked',
  'outcome-skipped': 'not needed',
} as const
