/**
 * Hosts that mean this machine or its neighbours, in every spelling that some parser of URLs, names or addresses takes
 * for one: WHATWG URL "ends in a number", inet_aton(3), RFC 4007 zone ids, UTS #46 mappings, RFC 3986 percent-encoding.
 */
const VICTIMS = ['127.0.0.1', '169.254.169.254']

function ofAddress(address: string): string[] {
  const octets = address.split('.').map(Number)
  const [a = 0, b = 0, c = 0, d = 0] = octets
  const number = ((a * 256 + b) * 256 + c) * 256 + d
  const hex = (value: number, digits = 0) => `0x${value.toString(16).padStart(digits, '0')}`
  const octal = (value: number, digits = 0) => `0${value.toString(8).padStart(digits, '0')}`
  const fullWidth = (text: string) =>
    text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
  return [
    address,
    `${address}.`,
    String(number),
    `${String(number)}.`,
    String(number + 2 ** 32),
    hex(number),
    hex(number, 8).toUpperCase().replace('0X', '0x'),
    hex(number, 16),
    `0X${number.toString(16)}`,
    octal(number),
    octal(number, 20),
    octets.map((octet) => octal(octet)).join('.'),
    octets.map((octet) => octal(octet, 6)).join('.'),
    octets.map((octet) => hex(octet)).join('.'),
    `${hex(a)}.${octal(b)}.${String(c)}.${hex(d)}`,
    `${String(a)}.${String((b * 256 + c) * 256 + d)}`,
    `${String(a)}.${String(b)}.${String(c * 256 + d)}`,
    `${hex(a)}.${hex((b * 256 + c) * 256 + d)}`,
    `${address}.0`,
    fullWidth(address),
    fullWidth(address).replaceAll('.', '\uff0e'),
    address.replaceAll('.', '\u3002'),
    address.replaceAll('.', '\uff61'),
    address.replace(/[1-9]/g, (digit) => String.fromCharCode(0x2460 + Number(digit) - 1)),
    address.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
    address.replace('.', '\u00ad.'),
    `${address}\u200b`,
    address.replace(/[0-9]/g, (digit) => `%3${digit}`),
    address.replaceAll('.', '%2e'),
    `${address}%00.example.de`,
    `${address}%20`,
    `[${address}]`,
    `[::ffff:${address}]`,
    `[::${address}]`,
    `[64:ff9b::${address}]`,
    `::ffff:${address}`,
    `user@${address}`,
    `example.de:x@${address}`,
    `example.de\\@${address}`,
    `${address}:443`,
    `${address}#example.de`,
    `${address}?.example.de`,
    `${address}\\.example.de`,
    `${address}\t`,
    ` ${address}`,
  ]
}

const IPV6 = [
  ...[
    '::1',
    '[::1]',
    '[::1].',
    '[::]',
    '::',
    '[0:0:0:0:0:0:0:1]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
  ],
  ...[
    '[::1%lo]',
    '[::1%25lo]',
    '[fe80::1%eth0]',
    '[fe80::1%25eth0]',
    'fe80::1%1',
    '[fd00:ec2::254]',
    '[::ffff:7f00:1]',
  ],
  ...[
    '[2002:7f00:1::]',
    '[::FFFF:7F00:0001]',
    '[::127.0.0.1%25x]',
    '[v1.fe80::1]',
    '[::1',
    '::1]',
    '[[::1]]',
  ],
]

/** Names that mean this machine or its network somewhere; the name server of the tests says that they do. */
export const LOCAL_NAMES = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'mail.localhost', 'a.b.localhost', 'localhost.localdomain'],
  ...[
    'loc\u00adalhost',
    '\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3',
    'localhost%00',
    'local%68ost',
  ],
  ...['127.0.0.1.nip.io', '10-0-0-1.sslip.io', 'imap.7f000001.nip.io', 'localtest.me', 'app.lvh.me'],
  ...['metadata.google.internal', 'metadata', 'instance-data', 'kubernetes.default.svc', 'db.corp.internal'],
  ...['printer.local', 'router.home.arpa', 'wpad', 'broadcasthost'],
  ...['ip6-localhost', '0--1.ipv6-literal.net'],
]

/** Every literal. */
export const LITERALS: readonly string[] = [...new Set([...VICTIMS.flatMap(ofAddress), ...IPV6])]
