/** Signed profiles: the structure, the keys, the files behind them, and what the route does with a signer. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.js'
import { type CertificateState, type ProfileSigner, SigningError } from '../../src/domain/profile-signer.js'
import { derChildren, readDer } from '../../src/formats/der.js'
import { signProfile, verifySignedProfile } from '../../src/formats/sign-profile.js'
import { readSigningIdentity, type SigningIdentity } from '../../src/formats/signing-identity.js'
import { settingsView } from '../../src/formats/settings-view.js'
import { profileBody } from '../../src/http/profile-body.js'
import type { Surveyed } from '../../src/providers/watch.js'
import { start } from '../../src/serve.js'
import { openProfileSigner } from '../../src/signing-keys.js'
import { startLab } from '../lab/lab.js'
import { worldOf } from '../lab/world.js'
import { SOURCES_WORLD } from '../lab/world-sources.js'
import { email, host, sampleDiscovery, sampleServer, sampleServers } from './sample-discovery.js'
import { DAY_MS, type SigningSet, signingSet } from './signing-certificates.js'

const directory = mkdtempSync(join(tmpdir(), 'mailscout-signing-'))
t.teardown(() => {
  rmSync(directory, { recursive: true })
})

const STRICT = { allowSelfSigned: false, now: Date.now() }
const PROFILE = Buffer.from('<?xml version="1.0"?><plist version="1.0"><dict/></plist>\n'.repeat(40))
const rsa = await signingSet('rsa')
const ecdsa = await signingSet('ecdsa')

async function identityOf(files: SigningSet, options = STRICT): Promise<SigningIdentity> {
  const result = await readSigningIdentity(files, options)
  if (!result.ok) throw new Error(result.reason)
  return result.identity
}

function write(name: string, text: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

for (const [kind, files] of Object.entries({ rsa, ecdsa })) {
  t.test(`${kind}: signed, DER, and what was tampered with fails`, async (t) => {
    const identity = await identityOf(files)
    const der = await signProfile(PROFILE, identity, STRICT.now)
    const expected = { content: PROFILE, certificate: identity.certificate }
    verifySignedProfile(der, expected)
    t.ok(Buffer.from(der).includes(PROFILE), 'the content stands there in one piece')
    t.ok(Buffer.from(der).includes(identity.chain[0]!.raw), 'with the intermediate')
    const sentence = (pattern: RegExp) => ({ name: 'SigningError', message: pattern })
    const changed = Buffer.from(der)
    changed[changed.indexOf(PROFILE) + 5]! ^= 1
    t.throws(
      () => {
        verifySignedProfile(changed, expected)
      },
      sentence(/content is another/),
    )
    const other = Buffer.from(PROFILE)
    other[5]! ^= 1
    t.throws(
      () => {
        verifySignedProfile(changed, { ...expected, content: other })
      },
      sentence(/digest is another/),
    )
    const lastOctet = Buffer.from(der)
    lastOctet[lastOctet.length - 3]! ^= 1
    t.throws(
      () => {
        verifySignedProfile(lastOctet, expected)
      },
      sentence(/signature is wrong|cannot be read/),
    )
    const stranger = await identityOf(await signingSet('ecdsa'))
    t.throws(
      () => {
        verifySignedProfile(der, { content: PROFILE, certificate: stranger.certificate })
      },
      sentence(/certificate is missing/),
    )
    t.throws(
      () => {
        verifySignedProfile(der.subarray(0, -1), expected)
      },
      sentence(/cannot be read/),
    )
    t.throws(
      () => {
        verifySignedProfile(new Uint8Array([0x30, 0]), expected)
      },
      sentence(/does not verify/),
    )
    await t.rejects(
      signProfile(PROFILE, { ...identity, certificate: stranger.certificate }, STRICT.now),
      sentence(/signature is wrong/),
      'a key that does not fit is noticed before anybody gets the profile',
    )
  })

  t.test(
    `${kind}: openssl accepts it`,
    { skip: hasOpenssl ? false : 'openssl is not installed' },
    async (t) => {
      const der = await signProfile(PROFILE, await identityOf(files), STRICT.now)
      const arguments_ = (input: string) => [
        ...['cms', '-verify', '-inform', 'DER', '-purpose', 'any', '-in', input],
        ...['-CAfile', write(`${kind}-root.pem`, files.root), '-out', join(directory, `${kind}.out`)],
      ]
      const good = spawnSync('openssl', arguments_(write(`${kind}.p7`, der)))
      t.equal(good.status, 0, good.stderr.toString())
      const changed = Buffer.from(der)
      changed[changed.indexOf(PROFILE) + 5]! ^= 1
      t.not(spawnSync('openssl', arguments_(write(`${kind}-changed.p7`, changed))).status, 0)
      const dump = spawnSync('openssl', ['asn1parse', '-inform', 'DER', '-in', join(directory, `${kind}.p7`)])
      t.notMatch(dump.stdout.toString(), /cons: OCTET STRING/, 'no constructed strings: DER')
    },
  )
}

t.test('files that cannot sign are refused with the part that is to blame', async (t) => {
  const expired = await signingSet('ecdsa', { notAfter: new Date(STRICT.now - 1000) })
  const cases: [string, Partial<SigningSet>, string, RegExp][] = [
    ['no certificate', { certificate: 'hello' }, 'certificate', /no certificate/],
    ['a broken certificate', { certificate: broken(ecdsa.certificate) }, 'certificate', /no certificate/],
    ['no key', { key: 'hello' }, 'key', /no private key/],
    ['another key', { key: rsa.key }, 'key', /does not match/],
    ['an unreadable chain', { chain: 'hello' }, 'chain', /no certificates/],
    ['a broken chain', { chain: broken(ecdsa.chain) }, 'chain', /no certificates/],
    ['a foreign chain', { chain: rsa.chain }, 'chain', /does not lead/],
    ['expired', expired, 'certificate', /has expired/],
    [
      'not yet valid',
      await signingSet('ecdsa', { notBefore: new Date(STRICT.now + DAY_MS) }),
      'certificate',
      /not valid yet/,
    ],
    ['too short', await signingSet('rsa1024'), 'key', /RSA with 2048/],
    ['another curve', await signingSet('p384'), 'key', /P-256/],
    [
      'self-signed',
      { ...(await signingSet('rsa', { selfSigned: true })), chain: '' },
      'certificate',
      /self-signed/,
    ],
    [
      'for key exchange only',
      await signingSet('rsa', { keyExchangeOnly: true }),
      'certificate',
      /digital signatures/,
    ],
  ]
  for (const [what, change, part, reason] of cases) {
    const result = await readSigningIdentity({ ...ecdsa, ...change }, STRICT)
    t.match(result, { ok: false, part, reason }, what)
    t.notMatch(JSON.stringify(result), /BEGIN/, 'no key in a reason')
  }
  const selfSigned = { ...(await signingSet('ecdsa', { selfSigned: true })), chain: '' }
  const forced = await identityOf(selfSigned, { ...STRICT, allowSelfSigned: true })
  verifySignedProfile(await signProfile(PROFILE, forced, STRICT.now), {
    content: PROFILE,
    certificate: forced.certificate,
  })
})

t.test('one file may hold the whole chain, in any order; the root stays out', async (t) => {
  const whole = { ...ecdsa, certificate: ecdsa.certificate + ecdsa.root + ecdsa.chain, chain: '' }
  const identity = await identityOf(whole)
  t.equal(identity.chain.length, 1)
  t.match(identity.chain[0]!.subject, /intermediate/)
  t.equal((await identityOf({ ...ecdsa, chain: '' })).chain.length, 0, 'none is needed')
})

interface Opened {
  readonly signer: NonNullable<Awaited<ReturnType<typeof openProfileSigner>>>
  readonly states: CertificateState[]
  readonly surveyed: Surveyed
  readonly clock: { now: number }
  /** Replaces a file and reports the change; resolves with the state that was told. */
  replace(name: string, text: string): Promise<CertificateState>
}

async function sign({ wrap }: Pick<ProfileSigner, 'wrap'>, octets: string): Promise<Buffer> {
  const { head, tail } = await wrap(octets, () => ({ octets, values: [] }))
  return Buffer.from(head + octets + tail, 'latin1')
}

let stamp = 1
async function open(files: SigningSet, clock = { now: STRICT.now }): Promise<Opened> {
  const environment = {
    MAILSCOUT_SIGNING_CERT: write('cert.pem', files.certificate),
    MAILSCOUT_SIGNING_KEY: write('key.pem', files.key),
    MAILSCOUT_SIGNING_CHAIN: write('chain.pem', files.chain),
  }
  const states: CertificateState[] = []
  let told: (state: CertificateState) => void = () => undefined
  let surveyed: Surveyed | undefined
  const signer = await openProfileSigner(readConfig(environment), {
    now: () => clock.now,
    surveillance: (given) => {
      surveyed = given
      return () => undefined
    },
    onState: (state) => {
      states.push(state)
      told(state)
    },
  })
  if (!signer || !surveyed) throw new Error('no signer')
  const seen = surveyed
  return {
    signer,
    states,
    surveyed,
    clock,
    async replace(name, text) {
      const path = write(name, text)
      // File systems count time coarsely; a deployment does not.
      utimesSync(path, 1, (stamp += 10))
      t.equal(seen.hasChanged(), true)
      const state = new Promise<CertificateState>((resolve) => (told = resolve))
      seen.onChange()
      return state
    },
  }
}

t.test('signatures are kept by content and change with the certificate', async (t) => {
  const opened = await open(ecdsa)
  const { signer, surveyed, states } = opened
  t.match(states, [{ status: 'valid' }])
  t.same(surveyed.directories(), [directory])
  t.equal(surveyed.hasChanged(), false)
  const first = await sign(signer, '<plist>one</plist>')
  t.same(await sign(signer, '<plist>one</plist>'), first, 'the same bytes: ECDSA alone would give others')
  t.notSame(await sign(signer, '<plist>two</plist>'), first)
  for (let count = 0; count < 300; count += 1) await sign(signer, `<plist>${count}</plist>`)
  t.notSame(await sign(signer, '<plist>one</plist>'), first, 'the oldest are forgotten')

  const stateWithOldKey = await opened.replace('cert.pem', rsa.certificate)
  t.match(stateWithOldKey.reason, /^MAILSCOUT_SIGNING_KEY: does not match/)
  const meanwhile = await sign(signer, '<plist>three</plist>')
  const content = Buffer.from('<plist>three</plist>')
  verifySignedProfile(meanwhile, { content, certificate: (await identityOf(ecdsa)).certificate })
  await opened.replace('chain.pem', rsa.chain)
  const healed = await opened.replace('key.pem', rsa.key)
  t.equal(healed.reason, undefined)
  verifySignedProfile(await sign(signer, '<plist>three</plist>'), {
    content,
    certificate: (await identityOf(rsa)).certificate,
  })
  signer.close()
})

t.test('an end in sight is told once a day; after it nothing is signed', async (t) => {
  const { signer, surveyed, states, clock } = await open(
    await signingSet('ecdsa', { notAfter: new Date(STRICT.now + 40 * DAY_MS) }),
  )
  clock.now += 11 * DAY_MS
  surveyed.hasChanged()
  t.match(states.at(-1), { status: 'expiring' })
  surveyed.hasChanged()
  t.equal(states.length, 2)
  clock.now += 30 * DAY_MS
  surveyed.hasChanged()
  t.match(states.at(-1), { status: 'expired' })
  await t.rejects(sign(signer, '<plist/>'), SigningError)
})

t.test('settings: all or nothing, and readable', async (t) => {
  const certificate = write('a.pem', ecdsa.certificate)
  t.throws(() => readConfig({ MAILSCOUT_SIGNING_CERT: certificate }), /MAILSCOUT_SIGNING_KEY: is missing/)
  t.throws(() => readConfig({ MAILSCOUT_SIGNING_KEY: 'x' }), /MAILSCOUT_SIGNING_CERT: is missing/)
  t.throws(() => readConfig({ MAILSCOUT_SIGNING_CHAIN: 'x' }), /MAILSCOUT_SIGNING_CERT: is missing/)
  const now = () => STRICT.now
  t.equal(await openProfileSigner(readConfig({}), { now }), null)
  const missing = readConfig({
    MAILSCOUT_SIGNING_CERT: certificate,
    MAILSCOUT_SIGNING_KEY: join(directory, 'none'),
  })
  await t.rejects(
    openProfileSigner(missing, { now }),
    new ConfigError('MAILSCOUT_SIGNING_KEY: cannot be read (ENOENT)'),
  )
})

t.test(
  'only what is the operator’s word is signed, and a failure is never an unsigned profile',
  async (t) => {
    const own = (trust: 'operator' | 'curated') => ({
      view: settingsView(
        sampleDiscovery({
          servers: sampleServers({
            imap: [sampleServer('imap.provider.de', 993, { trust: 'operator' })],
            smtp: [sampleServer('smtp.provider.de', 465, { trust })],
          }),
        }),
        email('ann@kunde.de'),
      ),
      protocol: 'imap' as const,
      body: '<plist/>',
    })
    const signer = {
      wrap: () => Promise.resolve({ head: 'signed ', tail: '!', values: [] }),
      state: (): CertificateState => ({ status: 'valid', expiresAt: '' }),
      close: () => undefined,
    }
    const isOwnDomain = (domain: string) => domain === host('kunde.de')
    t.same(await profileBody({ isOwnDomain, signer }, own('operator')), Buffer.from('signed <plist/>!'))
    t.equal(
      await profileBody({ isOwnDomain, signer }, own('curated')),
      '<plist/>',
      'completed from elsewhere',
    )
    t.equal(await profileBody({ isOwnDomain: () => false, signer }, own('operator')), '<plist/>')
    t.equal(await profileBody({ isOwnDomain }, own('operator')), '<plist/>')
    const broken = { ...signer, wrap: () => Promise.reject(new SigningError('no')) }
    await t.rejects(profileBody({ isOwnDomain, signer: broken }, own('operator')), SigningError)
  },
)

t.test('DER: what is not in its one form is not read', (t) => {
  const read = (hex: string) =>
    readDer(Buffer.from(hex, 'hex'))?.map(({ content }) => Buffer.from(content).toString('hex'))
  t.same(read('0401ff0500'), ['ff', ''])
  t.same(read(`048180${'00'.repeat(128)}`), ['00'.repeat(128)])
  t.same(read(''), [])
  const refusals = {
    '04': 'no length',
    '0402ff': 'cut off',
    '0480ff0000': 'indefinite length',
    '048101ff': 'a length that is longer than it need be',
    [`04820080${'00'.repeat(128)}`]: 'a length with a leading zero',
    '0485000000000100': 'a length beyond all bounds',
    '1f8101ff00': 'a tag of several octets',
    '0401ff04': 'rubbish behind',
  }
  for (const [hex, why] of Object.entries(refusals)) t.equal(read(hex), undefined, why)
  const primitive = {
    tag: 0x04,
    content: Buffer.from('0500', 'hex'),
    encoding: Buffer.from('04020500', 'hex'),
  }
  t.same(derChildren(primitive), [], 'a string is not looked into')
  t.end()
})

/** The same block with its DER cut short. */
function broken(pem: string): string {
  const [begin = '', ...lines] = pem.trim().split('\n')
  return [begin, ...lines.slice(2, -1), lines.at(-1)].join('\n')
}

t.test('over HTTP: signed for the operator’s domain, unsigned for others; /readyz tells', async (t) => {
  const lab = await startLab({ world: worldOf({ 'all.test': SOURCES_WORLD['all.test']! }) })
  const files = {
    MAILSCOUT_SIGNING_CERT: write('http-cert.pem', rsa.certificate),
    MAILSCOUT_SIGNING_KEY: write('http-key.pem', rsa.key),
    MAILSCOUT_SIGNING_CHAIN: write('http-chain.pem', rsa.chain),
  }
  const settings = {
    ...lab.environment,
    ...files,
    MAILSCOUT_SELF_CHECK: 'off',
    LOG_LEVEL: 'silent',
    PORT: '0',
  }
  const running = await start(readConfig(settings), {
    dial: lab.dial,
    ca: [lab.caPem],
    builtinProvidersDirectory: lab.providersDirectory,
  })
  t.teardown(async () => {
    await running.close()
    await lab.close()
  })
  const get = async (path: string) => {
    const [response] = (await once(httpGet(`${running.url}${path}`), 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return { type: response.headers['content-type'], body: Buffer.concat(chunks) }
  }
  const own = await get('/v1/mobileconfig?email=ann@operator.lab')
  t.equal(own.type, 'application/x-apple-aspen-config')
  const begin = own.body.indexOf('<?xml')
  const content = own.body.subarray(begin, own.body.indexOf('</plist>\n') + '</plist>\n'.length)
  verifySignedProfile(own.body, { content, certificate: (await identityOf(rsa)).certificate })
  const other = await get('/v1/mobileconfig?email=ann@all.test')
  t.match(other, { type: /^application\/x-apple-aspen-config; charset/, body: /^<\?xml/ })
  // As SIGHUP does: the next profile is signed with the new files, without a restart.
  write('http-cert.pem', ecdsa.certificate)
  write('http-key.pem', ecdsa.key)
  write('http-chain.pem', ecdsa.chain)
  await running.reread()
  const renewed = (await get('/v1/mobileconfig?email=ann@operator.lab')).body
  verifySignedProfile(renewed, { content, certificate: (await identityOf(ecdsa)).certificate })
  const ready = JSON.parse((await get('/readyz')).body.toString()) as unknown
  t.match(ready, { certificates: { signing: { status: 'valid' } } })
})
