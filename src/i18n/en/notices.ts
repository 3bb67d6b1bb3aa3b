/** What the reader must do before the account works, in English. */
export const notices = {
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
  'exchange-sign-in':
    'There is an Exchange server at {hostname}; it tells its settings only after sign-in. A program with Exchange support can use it.',
  'smtp-utf8': 'This address has letters outside ASCII; program and servers must support SMTPUTF8.',
} as const
