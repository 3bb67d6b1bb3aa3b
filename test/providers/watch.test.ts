/** The operator's files: both formats, read again on change, and the last good list while they are broken. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Hostname } from '../../src/domain/hostname.js'
import { OPERATOR_FILES, readAutoconfigFile } from '../../src/operator-files.js'
import { loadProviders } from '../../src/providers/load.js'
import { ProviderFileError } from '../../src/providers/provider-file.js'
import { createProviderFiles, type ProviderFilesState } from '../../src/providers/provider-files.js'
import { createSurveillance, POLL_MS, QUIET_MS, type WatchMeans } from '../../src/providers/watch.js'
import { autoconfigXml, type DocumentServer } from '../lab/documents.js'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const options = { ...OPERATOR_FILES, now: () => NOW }

function entry(id: string, change: object = {}): string {
  return JSON.stringify({
    id,
    name: id,
    access: 'full',
    domains: [`${id}.lab`],
    imap: [{ hostname: `imap.${id}.lab`, port: 993, security: 'tls' }],
    smtp: [{ hostname: `smtp.${id}.lab`, port: 465, security: 'tls' }],
    confidence: 'high',
    references: ['a test'],
    verified: '2026-11-01',
    ...change,
  })
}

const servers: DocumentServer[] = [
  { type: 'imap', hostname: 'imap.corp.internal', port: 143, socketType: 'STARTTLS' },
  { type: 'imap', hostname: 'imap.corp.internal', port: 993, socketType: 'SSL' },
  { type: 'imap', hostname: 'imap.corp.internal', port: 993, socketType: 'SSL', username: '%EMAILDOMAIN%' },
  { type: 'smtp', hostname: 'smtp.corp.internal', port: 465, socketType: 'SSL', authentication: 'OAuth2' },
  { type: 'smtp', hostname: 'smtp.corp.internal', port: 25, socketType: 'plain' },
  {
    type: 'smtp',
    hostname: 'relay.corp.internal',
    port: 587,
    socketType: 'STARTTLS',
    authentication: 'none',
  },
]

/** A document with more in it than the lab's own. */
function fullXml(change: (xml: string) => string = (xml) => xml): string {
  return change(
    autoconfigXml('corp.internal', servers)
      .replace('</domain>', '</domain><domain purpose="mx">mx.corp.internal</domain>')
      .replace(
        '</emailProvider>',
        `<enable visiturl="https://corp.internal.example/on"><instruction lang="en">Ask Bob.</instruction></enable>
         <enable visiturl="https://corp.internal.example/also"/>
         <documentation url="https://corp.internal.example/help"><descr lang="de">Hilfe</descr></documentation>
         </emailProvider>
         <oAuth2><issuer>id.corp.internal</issuer><scope>mail</scope><authURL>https://id.corp.internal/a</authURL>
         <tokenURL>https://id.corp.internal/t</tokenURL></oAuth2>
         <calendar type="caldav"><serverURL>https://dav.corp.internal/</serverURL></calendar>
         <webMail><loginPage url="https://web.corp.internal/"/></webMail>
         <setupServer type="managesieve"><hostname>sieve.corp.internal</hostname><port>4190</port>
         <socketType>STARTTLS</socketType></setupServer>`,
      ),
  )
}

t.test('a plain autoconfig file becomes an entry, and may name a domain of the intranet', (t) => {
  const directory = t.testdir({
    'a.json': entry('a', { domains: ['lan.local'] }),
    xml: { 'corp.xml': fullXml() },
  })
  const [json, xml] = loadProviders(directory, options)
  t.equal(json?.domains[0], 'lan.local')
  t.match(xml, {
    id: 'corp-internal',
    name: 'Lab mail of corp.internal',
    access: 'full',
    domains: ['corp.internal'],
    imap: [
      { hostname: 'imap.corp.internal', port: 993, security: 'tls', username: '%EMAILADDRESS%' },
      { hostname: 'imap.corp.internal', port: 143, security: 'starttls' },
    ],
    smtp: [{ hostname: 'smtp.corp.internal', port: 465, authentication: ['oauth2'] }],
    requires: [
      {
        kind: 'enable-access',
        url: 'https://corp.internal.example/on',
        texts: { en: 'Ask Bob.', de: 'Ask Bob.' },
      },
      { kind: 'enable-access', url: 'https://corp.internal.example/also' },
    ],
    documentation: [{ url: 'https://corp.internal.example/help', language: 'de' }],
    webmail: 'https://web.corp.internal/',
    oauth2: { issuer: 'id.corp.internal', scopes: ['mail'], tokenUrl: 'https://id.corp.internal/t' },
    caldav: 'https://dav.corp.internal/',
    mx: [{ match: 'suffix', value: 'mx.corp.internal', class: 'mailbox' }],
    verified: '2026-11-23',
  })
  t.equal(xml?.imap.length, 2, 'each place once, implicit TLS first')
  t.equal(xml?.smtp.length, 1, 'neither cleartext nor an open relay')
  t.throws(
    () => loadProviders(t.testdir({ 'a.json': entry('a', { domains: ['lan.local'] }) })),
    /special-use/,
    'built-in files may not',
  )
  t.end()
})

t.test('an autoconfig file that cannot be an entry is refused with its reason', (t) => {
  const refused = (text: string): string => {
    try {
      loadProviders(t.testdir({ 'x.xml': text }), options)
    } catch (error) {
      if (error instanceof ProviderFileError) return error.message
      throw error
    }
    return 'read'
  }
  t.match(refused('<!DOCTYPE x><clientConfig/>'), /^x\.xml: .*DTD|^x\.xml: .*DOCTYPE/i)
  t.match(refused('<clientConfig/>'), /^x\.xml: not an autoconfig document$/)
  t.match(
    refused(fullXml((xml) => xml.replaceAll(/<domain>.*?<\/domain>/g, ''))),
    /^x\.xml: domain: the file lists none$/,
  )
  t.match(refused(autoconfigXml('x.lab', servers.slice(3))), /^x\.xml: access: full access needs IMAP/)
  t.match(
    refused(fullXml((xml) => xml.replaceAll('<port>993<', '<port>587<'))),
    /^x\.xml: imap\.\d\.port: port 587 is not for imap$/,
  )
  const perDomain = autoconfigXml('one.lab', servers).replaceAll('imap.corp.internal', 'imap.%EMAILDOMAIN%')
  t.equal(refused(perDomain), 'read')
  t.match(
    refused(perDomain.replace('</domain>', '</domain><domain>two.lab</domain>')),
    /^x\.xml: hostname: holds %EMAILDOMAIN% while the file lists several domains/,
  )
  t.equal(readAutoconfigFile(new Uint8Array()).ok, false)
  t.end()
})

/** Timers and notices that the test sets off itself. */
function fakeMeans() {
  const timers = new Map<() => void, number>()
  const notices = new Map<string, () => void>()
  const means: WatchMeans = {
    listen(directory, onNotice) {
      notices.set(directory, onNotice)
      return () => notices.get(directory) === onNotice && notices.delete(directory)
    },
    after(ms, call) {
      timers.set(call, ms)
      return () => timers.delete(call)
    },
  }
  return {
    means,
    notices,
    timers,
    fire(ms: number) {
      for (const [call, after] of [...timers]) {
        if (after !== ms) continue
        timers.delete(call)
        call()
      }
    },
  }
}

interface Heard {
  readonly states: ProviderFilesState[]
  readonly faults: ProviderFileError[]
}

function filesAt(directory: string) {
  const heard: Heard = { states: [], faults: [] }
  const files = createProviderFiles({
    directory,
    options,
    onChange: (state) => heard.states.push(state),
    onRefused: (fault) => heard.faults.push(fault),
  })
  const knows = (name: string) => files.index().findByDomain(name as Hostname) !== null
  return { files, heard, knows }
}

t.test('a change is noticed, read once, and in force', async (t) => {
  const directory = t.testdir({ 'a.json': entry('a'), sub: { 'b.json': entry('b') } })
  const { files, heard, knows } = filesAt(directory)
  const fake = fakeMeans()
  const { means, notices, timers } = fake
  const stop = files.follow(createSurveillance(means))
  t.strictSame([...notices.keys()], [directory, join(directory, 'sub')])
  t.strictSame(files.state(), { status: 'current', providers: 2, domains: 2 })

  notices.get(directory)?.()
  fake.fire(QUIET_MS)
  t.strictSame(heard.states, [], 'a notice without a change costs no reading')

  mkdirSync(join(directory, 'new'))
  writeFileSync(join(directory, 'new', 'corp.xml'), autoconfigXml('corp.internal', servers))
  for (let times = 0; times < 5; times++) notices.get(directory)?.()
  t.equal([...timers.values()].filter((ms) => ms === QUIET_MS).length, 1, 'a flurry of notices is one')
  t.equal(knows('corp.internal'), false)
  fake.fire(QUIET_MS)
  t.equal(knows('a.lab'), true, 'while reading, the list before answers')
  await files.reread()
  t.equal(knows('corp.internal'), true)
  t.ok(notices.has(join(directory, 'new')), 'the new directory is listened at')

  rmSync(join(directory, 'sub'), { recursive: true })
  fake.fire(POLL_MS)
  await files.reread()
  t.equal(knows('b.lab'), false, 'without any notice the slow look finds it')
  t.strictSame(files.state(), { status: 'current', providers: 2, domains: 2 })
  t.equal(heard.states.length, 4)
  stop()
  t.equal(timers.size + notices.size, 0, 'nothing is left behind')
})

t.test('broken files are refused; the last good ones serve until better ones come', async (t) => {
  const directory = t.testdir({ 'a.json': entry('a') })
  const { files, heard, knows } = filesAt(directory)
  writeFileSync(join(directory, 'b.json'), '{ "id": ')
  const stale = await files.reread()
  t.match(stale, { status: 'stale', reason: /^b\.json: is no JSON/, providers: 1, domains: 1 })
  t.equal(knows('a.lab'), true)
  t.match(heard.faults, [{ file: 'b.json' }])
  t.strictSame(heard.states, [])

  writeFileSync(join(directory, 'b.json'), entry('b', { domains: ['a.lab'] }))
  t.match(await files.reread(), { status: 'stale', reason: /already claimed by a\.json/ })
  rmSync(directory, { recursive: true })
  t.match(await files.reread(), { status: 'stale', reason: /cannot be read \(ENOENT\)/ })
  mkdirSync(directory)
  writeFileSync(join(directory, 'b.json'), entry('b'))
  t.strictSame(await files.reread(), { status: 'current', providers: 1, domains: 1 })
  t.strictSame([knows('a.lab'), knows('b.lab')], [false, true])
  t.throws(() => filesAt(join(directory, 'nowhere')), ProviderFileError, 'at the start nothing is forgiven')
})

t.test('reading goes on in the background and takes many files', async (t) => {
  const many = Array.from({ length: 40 }, (_, number) => [`p${number}.json`, entry(`p${number}`)] as const)
  const directory = t.testdir({ ...Object.fromEntries(many), 'zz.json': {} })
  rmSync(join(directory, 'zz.json'), { recursive: true })
  const { files } = filesAt(directory)
  let turns = 0
  let reading = true
  const count = () => {
    turns += 1
    if (reading) setImmediate(count)
  }
  setImmediate(count)
  t.match(await files.reread(), { status: 'current', providers: 40 })
  reading = false
  t.ok(turns >= 3, 'others had their turns meanwhile')
  mkdirSync(join(directory, 'zz.json'))
  t.match(await files.reread(), { status: 'stale', reason: /^zz\.json: cannot be read \(EISDIR\)/ })
})

t.test('without a directory there is nothing to know or to watch', async (t) => {
  const files = createProviderFiles({
    directory: undefined,
    options,
    onChange: () => t.fail('nothing changes'),
    onRefused: () => t.fail('nothing is refused'),
  })
  t.equal(files.index().size, 0)
  t.strictSame(files.state(), { status: 'none' })
  t.strictSame(await files.reread(), { status: 'none' })
  files.follow(() => t.fail('nothing is watched') as never)()
})

t.test('the system tells of changes', async (t) => {
  const directory = t.testdir({ 'a.json': entry('a') })
  // The watch itself keeps no process alive.
  const alive = setInterval(() => undefined, 60_000)
  await new Promise<void>((resolve) => {
    const stop = createSurveillance()({
      directories: () => [directory, join(directory, 'nowhere')],
      hasChanged: () => true,
      onChange: () => {
        stop()
        resolve()
      },
    })
    writeFileSync(join(directory, 'b.json'), entry('b'))
  })
  clearInterval(alive)
  t.pass('a notice came, and the missing directory did no harm')
})
