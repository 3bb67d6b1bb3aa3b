/**
 * Nobody reaches through the service what he could not reach himself (R8, R9, R11): the real composition, asked over
 * HTTP, with every refused address and every spelling of one at every place where a stranger may write it.
 */
import { createHash } from 'node:crypto'
import type { Answer } from 'dns-packet'
import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import type { ProbeTarget } from '../../src/domain/source.js'
import { createAddressPolicy, isIpLiteral } from '../../src/net/address-policy.js'
import type { Asked } from '../net/scripted-dns.js'
import { IPV4_RANGES, IPV6_RANGES, WRAPPED, wrappings } from './special-purpose.js'
import { LITERALS, LOCAL_NAMES } from './spellings.js'
import { reportUnderFire } from './under-fire.js'
import { httpAnswer, openSockets, socketsLeft, startHostileWorld } from './world.js'

const socketsBefore = openSockets()
const world = await startHostileWorld()
const { app, dials, dns } = world
const policy = createAddressPolicy({ allowNetworks: [] })
const counts = { addresses: 0, forms: 0, spellings: 0 }

const A = (name: string, address: string, ttl = 300): Answer =>
  address.includes(':') ? { type: 'AAAA', name, data: address, ttl } : { type: 'A', name, data: address, ttl }
const addressesOf = (asked: Asked, addresses: readonly string[], ttl = 300): Answer[] =>
  addresses.map((address) => A(asked.name, address, ttl)).filter(({ type }) => type === asked.type)
const mx = (name: string, exchange: string): Answer => ({
  type: 'MX',
  name,
  ttl: 300,
  data: { preference: 10, exchange },
})
const srv = (name: string, port: number, target: string): Answer => ({
  type: 'SRV',
  name,
  ttl: 300,
  data: { priority: 0, weight: 1, port, target },
})

const SRV_PORTS: Readonly<Record<string, number>> = {
  _imaps: 993,
  _imap: 143,
  _pop3s: 995,
  _pop3: 110,
  _submissions: 465,
  _submission: 587,
  _sieve: 4190,
  _jmap: 443,
  _caldavs: 443,
  _carddavs: 443,
  _autodiscover: 443,
}
/** Every record by which a domain can name hosts; all of them lead to the given addresses. */
function everyDoor(addresses: readonly string[], more: { target?: string; ttl?: number } = {}) {
  return (asked: Asked): Answer[] => {
    const domain = asked.name.split('.').slice(-2).join('.')
    const label = asked.name.split('.', 1)[0] ?? ''
    const { target = `srv.${domain}`, ttl = 300 } = more
    if (asked.type === 'MX') return [mx(asked.name, more.target ?? `mx.mx-${domain}`)]
    if (asked.type === 'SRV' && SRV_PORTS[label] !== undefined)
      return [srv(asked.name, SRV_PORTS[label], target)]
    if (asked.type === 'TXT' && label === '_ua-auto-config') {
      return [{ type: 'TXT', name: asked.name, ttl, data: `v=UAAC1; a=sha256; d=${'A'.repeat(43)}=` }]
    }
    return addressesOf(asked, addresses, ttl)
  }
}

let domains = 0
/** A domain nobody has asked about, whose records (and those of its MX host's domain) lead to the addresses. */
function newDomain(addresses: readonly string[], more: { target?: string; ttl?: number } = {}): string {
  domains += 1
  const domain = `victim${domains}.de`
  world.zone(domain, everyDoor(addresses, more))
  world.zone(`mx-${domain}`, everyDoor(addresses, more))
  return domain
}

/** Asks in the way that looks hardest; gives the answer without what is different at every domain and time. */
async function ask(domain: string): Promise<{ status: number; alike: string }> {
  const url = `/v1/discover?email=ann@${domain}&verify=always`
  const { statusCode, body } = await app.inject(url)
  const alike = body
    .replaceAll(domain, 'DOMAIN')
    .replace(/"durationMs":\d+/g, '')
    .replace(/"(checkedAt|expiresAt|at|ageSeconds)":("[^"]*"|\d+)/g, '')
  return { status: statusCode, alike }
}

t.test('control: the same records with a public address open every door', async (t) => {
  const address = world.newAddress()
  const domain = newDomain([address])
  const { status } = await ask(domain)
  await world.mailscout.service.idle()
  t.equal(status, 200, 'SRV records are an answer, however dead their servers are')
  const ports = new Set(dials.filter((dial) => dial.address === address).map(({ port }) => port))
  t.same(
    [...ports].sort((a, b) => a - b),
    [80, 110, 143, 443, 465, 587, 993, 995, 4190],
    'HTTP, the http hint and every mail port',
  )
})

/** The doors by what opens them; every address has to be met at one door of each class. */
const DOORS = {
  web: ['', 'autoconfig.', 'autodiscover.', 'ua-auto-config.', 'mx'],
  guess: ['imap.', 'pop.', 'pop3.', 'smtp.', 'mail.'],
  'mail servers by SRV': ['_imaps', '_imap', '_pop3s', '_submissions', '_submission'],
  'web services by SRV': ['_jmap', '_caldavs', '_carddavs', '_autodiscover'],
} as const

t.test('every special-purpose range is refused at every door; its neighbours are not', async (t) => {
  const special = [...IPV4_RANGES, ...IPV6_RANGES].flatMap(({ addresses }) => addresses)
  const wrapped = WRAPPED.flatMap((ipv4) => Object.values(wrappings(ipv4)))
  const bad = [...new Set([...special, ...wrapped])]
  const before = dials.length
  /** What the name server handed out, by class: proof that the door was tried. */
  const met = new Map(Object.keys(DOORS).map((name) => [name, new Set<string>()]))
  const rounds = Math.ceil(bad.length / 4)
  for (let round = 0; round < rounds; round += 1) {
    const domain = `matrix${round}.de`
    const at = new Map<string, { name: string; address: string }>()
    for (const [name, labels] of Object.entries(DOORS)) {
      for (const [i, label] of labels.entries()) {
        const address = bad[(round * labels.length + i) % bad.length] ?? ''
        const host = label.startsWith('_') ? `srv${label.slice(1)}.${domain}` : `${label}${domain}`
        at.set(label === 'mx' ? `autoconfig.mx-${domain}` : host, { name, address })
      }
    }
    const zone = (asked: Asked): Answer[] => {
      const label = asked.name.split('.', 1)[0] ?? ''
      if (asked.type === 'SRV') return everyDoor([], { target: `srv${label.slice(1)}.${domain}` })(asked)
      const door = at.get(asked.name)
      if (!door) return everyDoor([])(asked)
      met.get(door.name)?.add(door.address)
      return [...addressesOf(asked, [door.address]), ...(asked.type === 'MX' ? everyDoor([])(asked) : [])]
    }
    world.zone(domain, zone)
    world.zone(`mx-${domain}`, zone)
    const { status } = await ask(domain)
    if (status !== 200) t.fail(`${domain}: status ${status}`)
  }
  await world.mailscout.service.idle()
  t.same(dials.slice(before), [], 'not one dial')
  for (const [name, seen] of met) t.equal(seen.size, bad.length, `every address was met: ${name}`)
  counts.addresses = bad.length
  for (const address of bad) if (policy.allows(address)) t.fail(`the policy allows ${address}`)
  for (const { name, neighbours } of [...IPV4_RANGES, ...IPV6_RANGES]) {
    for (const address of neighbours) if (!policy.allows(address)) t.fail(`${name}: its neighbour ${address}`)
  }
})

const never = new AbortController().signal
/** The real ports, one by one, as every source and every check uses them. */
async function tryPorts(hostname: string): Promise<unknown[]> {
  const { http, prober } = world.mailscout
  const host = hostname as Hostname
  const probe = (protocol: ProbeTarget['protocol'], port: number, security: ProbeTarget['security']) =>
    prober.probe({ protocol, hostname: host, port, security }, never)
  return Promise.all([
    http.request({ url: `https://${hostname}/`, signal: never }),
    http.request({ url: `http://${hostname}/`, allowHttp: true, signal: never }),
    http.request({ url: `https://${hostname}/`, method: 'POST', body: 'x', signal: never }),
    probe('imap', 993, 'tls'),
    probe('imap', 143, 'starttls'),
    probe('smtp', 465, 'tls'),
    probe('managesieve', 4190, 'starttls'),
  ])
}
const UNREACHABLE = { code: 'unreachable', detail: 'the server could not be reached' }
const ALL_UNREACHABLE = [
  ...Array.from({ length: 3 }, () => ({ kind: 'failed', failure: UNREACHABLE })),
  ...Array.from({ length: 4 }, () => ({ kind: 'absent', failure: UNREACHABLE })),
]

t.test('one refused address among public ones refuses the name, in any place and family', async (t) => {
  const samples = [...IPV4_RANGES, ...IPV6_RANGES].flatMap(({ addresses }) => addresses.slice(-1))
  const before = dials.length
  for (const [i, bad] of samples.entries()) {
    // Somebody listens at each of the public ones, so a dial would succeed.
    const [one, two] = [world.web(`good${i}.de`, () => httpAnswer(200)), world.newAddress()]
    const six = '2a00:1450:4001:81b::200e'
    const lists = [
      [one, bad],
      [bad, one],
      [one, two, six, '9.9.9.9', '149.112.112.112', bad],
      [six, bad],
      [bad, six],
    ]
    for (const [j, list] of lists.entries()) {
      const domain = `mixed${i}x${j}.de`
      world.zone(domain, (asked) => addressesOf(asked, list))
      const outcomes = await tryPorts(`h.${domain}`)
      counts.forms += outcomes.length
      if (JSON.stringify(outcomes) !== JSON.stringify(ALL_UNREACHABLE)) {
        t.same(outcomes, ALL_UNREACHABLE, list.join(' '))
      }
    }
  }
  t.same(dials.slice(before), [], `${samples.length} addresses in company`)
})

t.test('aliases: wherever a chain ends, its addresses are judged', async (t) => {
  const alias = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data })
  const chains: Record<string, (asked: Asked) => Answer[]> = {
    'in one reply': ({ name, type }) =>
      type === 'A' ? [alias(name, 'inner.chain.de'), A('inner.chain.de', '10.0.0.1')] : [],
    'two links': ({ name }) => [
      alias(name, 'm.chain.de'),
      alias('m.chain.de', 'n.chain.de'),
      A('n.chain.de', '::1'),
    ],
    'over several replies': ({ name }) => [alias(name, 'step.loopback.de')],
    'to localhost': ({ name }) => [alias(name, 'localhost')],
    'to a name below localhost': ({ name }) => [alias(name, 'a.localhost')],
    'to the metadata server': ({ name }) => [alias(name, 'metadata.google.internal')],
    'a public answer beside the true one': ({ name, type }) => [
      alias(name, 'step.loopback.de'),
      ...(type === 'A' ? [A('other.de', '9.9.9.9')] : []),
    ],
    'to a literal': ({ name }) => [alias(name, '127.0.0.1')],
  }
  const loopback = (asked: Asked) => addressesOf(asked, ['127.0.0.1', '::1'])
  for (const domain of ['loopback.de', 'localhost', 'a.localhost', 'google.internal', '0.1'])
    world.zone(domain, loopback)
  const before = dials.length
  for (const [i, [name, chain]] of Object.entries(chains).entries()) {
    world.zone(`alias${i}.de`, chain)
    const outcomes = await tryPorts(`h.alias${i}.de`)
    counts.forms += outcomes.length
    t.same(outcomes, ALL_UNREACHABLE, name)
  }
  t.same(dials.slice(before), [])
})

t.test('rebinding: what was checked is what is dialled, whatever the name says a moment later', async (t) => {
  for (const [i, [first, later]] of [
    ['good', '127.0.0.1'],
    ['127.0.0.1', 'good'],
    ['good', '169.254.169.254'],
    ['good', '::1'],
  ].entries()) {
    const domain = `rebind${i}.de`
    const good = world.web(domain, () => httpAnswer(404))
    const questions = new Map<string, number>()
    const said = { good: 0, bad: 0 }
    world.zone(domain, (asked) => {
      const key = `${asked.name} ${asked.type}`
      const times = questions.get(key) ?? 0
      questions.set(key, times + 1)
      const address =
        (times % 2 === 0 ? first : later) === 'good' ? good : ((first === 'good' ? later : first) ?? '')
      const answers = addressesOf(asked, [address], 0)
      if (answers.length > 0) said[address === good ? 'good' : 'bad'] += 1
      return answers
    })
    const before = dials.length
    for (let round = 0; round < 6; round += 1) {
      await tryPorts(`h.${domain}`)
      counts.forms += 7
    }
    const here = dials.slice(before)
    t.ok(said.good > 0 && said.bad > 0, `${first} then ${later}: the name changed its mind`)
    t.ok(
      here.length > 0 && here.every(({ address }) => address === good),
      `${here.length} dials, all as checked`,
    )
  }
  await world.mailscout.service.idle()
})

t.test('literals and local names in every spelling, wherever a stranger writes a host', async (t) => {
  const loopback = (asked: Asked) => addressesOf(asked, ['127.0.0.1', '::1'])
  for (const name of LOCAL_NAMES) {
    const plain = name.toLowerCase().replace(/\.$/, '')
    world.zone(plain.split('.').slice(-2).join('.'), loopback)
  }
  const spellings = [...LITERALS, ...LOCAL_NAMES]
  counts.spellings = spellings.length
  const { http } = world.mailscout
  const bystanders = new Set<string>()
  const before = dials.length
  const refused = (what: string) => {
    const bad = dials.slice(before).filter(({ address }) => !bystanders.has(address))
    if (bad.length > 0) t.fail(`${what}: ${JSON.stringify(bad)}`)
  }

  t.comment('as a URL, and as the target of a redirect')
  let location = ''
  bystanders.add(
    world.web('redirects.de', ({ path }) =>
      path === '/' ? httpAnswer(302, { location: encodeHeader(location) }) : httpAnswer(404),
    ),
  )
  world.zone('redirects.de', (asked) => addressesOf(asked, [...bystanders]))
  for (const spelling of spellings) {
    for (const url of [`https://${spelling}/`, `http://${spelling}/`, `https:\\\\${spelling}\\`]) {
      const outcome = await http.request({ url, allowHttp: true, signal: never })
      if (outcome.kind === 'found') t.fail(`${url} was found`)
    }
    for (const target of [
      `https://${spelling}/`,
      `//${spelling}/x`,
      `https:${spelling}`,
      `/\\${spelling}/x`,
    ]) {
      location = target
      const outcome = await http.request({ url: 'https://redirects.de/', signal: never })
      // Spelled so, a few are no host at all but a path of the redirecting host.
      if (outcome.kind !== 'failed' && !(outcome.kind === 'absent' && outcome.status === 404)) {
        if (!(outcome.kind === 'absent' && outcome.status === null))
          t.fail(`${target}: ${JSON.stringify(outcome)}`)
      }
    }
    refused(spelling)
  }

  t.comment('as a server or URL in documents, as the target of SRV and MX records')
  const escaped = spellings.map((text) => text.replace(/[<&]/g, ''))
  const entry = (hostname: string, i: number) => {
    const tag = i % 2 === 0 ? 'incomingServer type="imap"' : 'outgoingServer type="smtp"'
    const end = tag.split(' ', 1)[0] ?? ''
    return `<${tag}><hostname>${hostname}</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>OAuth2</authentication></${end}>`
  }
  // Six URLs and eleven records to a lookup, so that each spelling stands at one of each; and all of them in one file.
  const perLookup = 6
  for (let i = 0; i * perLookup < spellings.length; i += 1) {
    const at = (place: number) => escaped[(i * perLookup + place) % escaped.length] ?? ''
    const domain = `writes${i}.de`
    const named = (i === 0 ? escaped : [at(0)]).map(entry).join('')
    const autoconfig = `<clientConfig version="1.1"><emailProvider id="x"><domain>${domain}</domain>${named}</emailProvider>
      <oAuth2><issuer>https://${at(0)}/</issuer><scope>x</scope></oAuth2></clientConfig>`
    const pox = `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response
      xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><AccountType>email</AccountType>
      <Action>redirectUrl</Action><RedirectUrl>https://${at(1)}/autodiscover/autodiscover.xml</RedirectUrl></Account></Response></Autodiscover>`
    const json = JSON.stringify({
      protocols: { imap: { host: at(2) }, submit: { host: at(3) } },
      resource: `https://${domain}/.well-known/jmap`,
      authorization_servers: [`https://${at(2)}`],
      apiUrl: `https://${at(3)}/jmap`,
      capabilities: { 'urn:ietf:params:jmap:core': {} },
    })
    const web = world.web(domain, ({ path, secure }) => {
      if (!secure) return httpAnswer(302, { location: encodeHeader(`https://${at(5)}${path}`) })
      if (path.includes('autodiscover')) return httpAnswer(200, { 'content-type': 'text/xml' }, pox)
      if (path.includes('dav')) return httpAnswer(301, { location: encodeHeader(`https://${at(4)}/dav/`) })
      const isJson = /jmap|configuration|oauth/.test(path)
      return httpAnswer(200, { 'content-type': 'text/plain' }, isJson ? json : autoconfig)
    })
    bystanders.add(web)
    const digest = createHash('sha256').update(json).digest('base64')
    const asName = (text: string) => (/^[!-~]{1,60}$/.test(text) && !text.includes('..') ? text : '127.0.0.1')
    world.zone(domain, (asked) => {
      const data = asked.name.startsWith('_ua-auto')
        ? `v=UAAC1; a=sha256; d=${digest}`
        : `path=//${asName(at(4))}/`
      if (asked.type === 'TXT') return [{ type: 'TXT', name: asked.name, ttl: 60, data }]
      const label = Object.keys(SRV_PORTS).indexOf(asked.name.split('.', 1)[0] ?? '')
      const target = asName(at(Math.max(0, label)))
      if (asked.type === 'SRV' || asked.type === 'MX') return everyDoor([], { target })(asked)
      return addressesOf(asked, [web])
    })
    const { body } = await app.inject(`/v1/discover?email=ann@${domain}`)
    const answer = JSON.parse(body) as { servers?: Record<string, { hostname: string; url?: string }[]> }
    for (const server of Object.values(answer.servers ?? {}).flat()) {
      const hosts = [server.hostname, ...(server.url ? [new URL(server.url).hostname] : [])]
      for (const host of hosts) if (isIpLiteral(host)) t.fail(`${domain}: offered ${host}`)
    }
    refused(`in documents and records of ${domain}`)
  }
  await world.mailscout.service.idle()
  refused('in the background')

  t.comment('as what a caller asks about')
  const asked = dns.asked.length
  for (const [i, spelling] of LITERALS.entries()) {
    const text = encodeURIComponent(spelling)
    const urls = [
      `/v1/discover?email=ann@${text}`,
      `/v1/domains/${text}`,
      `/v1/domains/${text}/check`,
      `/v1/domains/${text}/zone`,
      `/mail/config-v1.1.xml?emailaddress=ann@${text}`,
      `/v1/mobileconfig?email=ann@${text}`,
      `/v1.1/${text}`,
    ]
    for (const url of [urls[0] ?? '', urls[1 + (i % 6)] ?? '']) {
      const { statusCode } = await app.inject(url)
      if (statusCode !== 400 && statusCode !== 404) t.fail(`${url}: ${statusCode}`)
    }
  }
  t.same(
    dns.asked
      .slice(asked)
      .map(({ name }) => name)
      .filter((name) => !name.endsWith('example.de')),
    [],
    'nobody is asked about a literal',
  )
  refused('asked about')
  t.pass(`${spellings.length} spellings`)
})

t.test('blocked, refused and hung up read alike, in words and shape (R11)', async (t) => {
  const silent = world.newAddress()
  for (const port of [443, 80, 993, 143, 995, 110, 465, 587, 4190]) {
    world.network.listen({ address: silent, port, host: 'hangs-up' }, (stream) => stream.destroy())
  }
  /** What stands when everything has ended: which source was awaited differs from time to time. */
  const atLast = async (address: string) => {
    const domain = newDomain([address])
    await ask(domain)
    await world.mailscout.service.idle()
    return ask(domain)
  }
  const refusing = await atLast(world.newAddress())
  t.equal(refusing.status, 200)
  t.match(refusing.alike, /unreachable/)
  t.equal((await atLast(silent)).alike, refusing.alike, 'hangs up at once')
  for (const address of [
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '192.0.2.1',
    '240.0.0.1',
    '::1',
    'fd00::1',
  ]) {
    t.equal((await atLast(address)).alike, refusing.alike, address)
  }
})

t.test('the balance', async (t) => {
  await world.close()
  reportUnderFire(t, {
    'special-purpose addresses, each at four kinds of door': counts.addresses,
    'connections tried by mixed, aliased and rebound names': counts.forms,
    'spellings of a local host, as URL, redirect, record and in documents': counts.spellings,
    'dials to an address that is not public': dials.filter(({ address }) => !policy.allows(address)).length,
    'crashes, uncaught errors and bugs of a source': world.crashes.length,
    'sockets left open': await socketsLeft(socketsBefore),
  })
})

/** As octets of UTF-8, the way browsers and servers do. */
function encodeHeader(text: string): string {
  return Buffer.from(text.replace(/[\r\n\0]/g, '')).toString('latin1')
}
