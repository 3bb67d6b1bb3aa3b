/** What is wrong with a request, and what to do, in English. */
export const problems = {
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
  'detail-RATE_LIMITED':
    'You have used up what one client may ask for in a minute. Please try again after the time that Retry-After names.',
  'detail-OVERLOADED': 'Too many lookups are under way just now. Please try again in a few seconds.',
  'detail-TOKEN_UNKNOWN':
    'This token is not known here. Leave the Authorization header out, or ask the operator of this service for a new token.',
  'detail-REFRESH':
    'refresh=true needs a bearer token with the right to it here. Without it you get the answer that is kept.',
  'detail-OWN_AGENT':
    'This service does not look up settings for another mailscout, which can ask the same places itself.',
  'detail-LOOKUP_FAILED': 'Some sources could not be asked. Please try again in a few seconds.',
  'detail-PASSWORD': 'Never send a password: this service does not need one and will not take one.',
  'detail-NO_CONFIRMED_SERVERS':
    'Servers are known, but no pair for receiving and sending that a program may use without asking you; see /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'This service does not know its own public address; its operator must set MAILSCOUT_PUBLIC_URL first.',
  'detail-UNKNOWN_HOST':
    'No domain of this service has this host name. Pass the e-mail address as emailaddress= instead.',
  'detail-FORMAT_UNSUPPORTED':
    'Available are application/json, text/xml (autoconfig), application/x-apple-aspen-config and text/plain.',
  'detail-qr-too-long': 'The address is too long for a QR code that a camera can read.',
  'detail-profile-oauth2-only':
    'The provider accepts only its own sign-in page (OAuth), which configuration profiles cannot hold. Add the account in Settings > Mail instead.',
  'detail-profile-starttls-only':
    'The provider offers only STARTTLS, which configuration profiles cannot demand. Set up the account by hand.',
  'detail-profile-incomplete': 'The provider does not offer what this profile needs.',
} as const
