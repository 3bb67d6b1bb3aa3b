/** R44 to the letter, read by other means than the product's own reader: what the strictest mail programs demand. */
import { XMLParser } from 'fast-xml-parser'

type Section = Record<string, unknown> & { '@type'?: string }

/** Returns everything that is wrong with the file; an empty list means that every known reader takes it. */
export function strictAutoconfigFaults(xml: string, domain: string): string[] {
  const faults: string[] = []
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault)
  }
  check(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n'), 'declaration first, no BOM')
  check(!/<!/.test(xml), 'no DTD, comment or CDATA')
  const always = ['incomingServer', 'outgoingServer', 'domain', 'authentication', 'emailProvider']
  const parsed = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    htmlEntities: true,
    isArray: (name) => always.includes(name),
  }).parse(xml) as { clientConfig: Record<string, unknown> }
  const { clientConfig } = parsed
  check(clientConfig['@version'] === '1.1', 'version 1.1')
  const providers = clientConfig['emailProvider'] as Record<string, unknown>[]
  check(providers.length === 1, 'one emailProvider')
  const [provider = {}] = providers
  check(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(String(provider['@id'])), 'id is a host name')
  check(JSON.stringify(provider['domain']) === JSON.stringify([domain]), 'only the domain asked for')
  const length = (name: string) => (provider[name] as string).length
  check(length('displayName') >= 1 && length('displayName') <= 60, 'displayName 1 to 60')
  check(length('displayShortName') >= 1 && length('displayShortName') <= 20, 'displayShortName 1 to 20')
  const incoming = (provider['incomingServer'] ?? []) as Section[]
  const outgoing = (provider['outgoingServer'] ?? []) as Section[]
  check(incoming.length >= 1, 'an incoming server')
  check(outgoing.length === 1 && outgoing[0]?.['@type'] === 'smtp', 'one outgoing server of type smtp')
  const types = incoming.map((section) => section['@type'] ?? '')
  check(new Set(types).size === types.length, 'one server per type')
  const mail = incoming.filter((section) => ['imap', 'pop3'].includes(section['@type'] ?? ''))
  check(mail.length >= 1, 'an incoming server that every reader knows')
  // Readers of 1.1 skip a type that they do not know, once they have what they need.
  check(
    incoming.slice(mail.length).every((section) => section['@type'] === 'jmap'),
    'JMAP behind, no other',
  )
  for (const section of [...mail, ...outgoing]) {
    check(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(String(section['hostname'])), 'ASCII host name')
    check(/^[1-9]\d{0,4}$/.test(String(section['port'])) && Number(section['port']) < 65536, 'port')
    check(['SSL', 'STARTTLS'].includes(String(section['socketType'])), 'socketType')
    const methods = section['authentication'] as string[] | undefined
    const allowed = ['OAuth2', 'password-cleartext', 'password-encrypted']
    check(methods !== undefined && methods.every((method) => allowed.includes(method)), 'authentication')
    check(typeof section['username'] === 'string' && section['username'] !== '', 'username')
  }
  return faults
}
