/** Why IMAP or POP3, and what the three words mean, in English. */
export const advice = {
  'only-imap-offered': 'Your provider offers IMAP only, and that is the better choice anyway.',
  'only-pop3-offered': 'Your provider offers POP3 only; IMAP is not available for this address.',
  'imap-not-secure':
    'IMAP is not offered here with a working encrypted connection, so POP3 is the safe choice.',
  'imap-not-confirmed': 'The POP3 server could be confirmed, the IMAP server could not.',
  'several-devices': 'With IMAP phone, tablet and computer all show the same mail, folders and read marks.',
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
} as const
