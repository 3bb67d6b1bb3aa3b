/** The file from which a restart starts warm: whole or not at all, for the same files and settings, no longer than its time. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import t from 'tap'
import { readSnapshot, writeSnapshot } from '../../src/cache/snapshot.js'
import { createMemoryStore } from '../../src/cache/store.js'
import { readConfig } from '../../src/config.js'
import { start } from '../../src/serve.js'
import { keepLogLine } from '../fakes/kept-log.js'
import { ask } from '../fakes/service-process.js'
import { startScriptedDns } from '../net/scripted-dns.js'

interface Answer {
  readonly text: string
}

const directory = t.testdir()
let files = 0
const newPath = () => join(directory, `cache-${String((files += 1))}`)

/** A store with a clock of its own, as each process has one. */
function storeAt(now: number) {
  const clock = { now }
  return { clock, store: createMemoryStore<Answer>({ maxBytes: 4_000_000, now: () => clock.now }) }
}

t.test('what was kept is kept again, for the rest of its time', async (t) => {
  const path = newPath()
  const wall = { now: Date.UTC(2026, 10, 27) }
  const file = { path, origin: 'a', now: () => wall.now }
  const before = storeAt(5000)
  before.store.set('one.example', { text: 'eins' }, { ttlSeconds: 100, staleSeconds: 50 })
  before.store.set('two.example', { text: 'zwei' }, { ttlSeconds: 10 })
  before.store.set('gone.example', { text: 'drei' }, { ttlSeconds: 1 })
  before.clock.now += 2000
  t.equal(await writeSnapshot(file, before.store), 2)
  t.equal(statSync(path).mode & 0o777, 0o600)

  wall.now += 20_000
  const after = storeAt(77)
  after.store.set('one.example', { text: 'newer' }, { ttlSeconds: 1 })
  t.same(await readSnapshot(file, after.store), { kind: 'restored', entries: 1, isWhole: true })
  t.same(after.store.get('one.example'), { text: 'newer' }, 'what is there already stays')
  t.equal(after.store.get('two.example'), undefined, 'its time ended meanwhile')

  const later = storeAt(0)
  await readSnapshot(file, later.store)
  t.same(later.store.get('one.example'), { text: 'eins' })
  t.equal(later.store.look('one.example')?.freshForMs, 78_000)
  later.clock.now += 79_000
  t.match(later.store.look('one.example'), { isDue: true }, 'stale, but still there')
  later.clock.now += 50_000
  t.equal(later.store.look('one.example'), undefined)

  wall.now -= 3_600_000
  const setBack = storeAt(0)
  await readSnapshot(file, setBack.store)
  t.equal(setBack.store.look('one.example')?.freshForMs, 98_000, 'a clock set back gives no more time')
})

t.test('a file of others, none, or a broken one restores nothing false', async (t) => {
  const file = { path: newPath(), origin: 'a', now: Date.now }
  const into = storeAt(0).store
  t.same(await readSnapshot(file, into), { kind: 'absent' })
  const from = storeAt(0).store
  const texts = new Map(
    Array.from({ length: 400 }, (_, n) => [`d${String(n)}.example`, `answer ${String(n)}`]),
  )
  for (const [key, text] of texts) from.set(key, { text }, { ttlSeconds: 100 })
  await writeSnapshot(file, from)
  t.same(await readSnapshot({ ...file, origin: 'b' }, into), { kind: 'foreign' })
  t.same([...into.saved()], [])

  const whole = readFileSync(file.path)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, change, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = (bytes[at] ?? 0) ^ change
        const path = newPath()
        writeFileSync(path, bytes)
        const { store } = storeAt(0)
        const result = await readSnapshot({ ...file, path }, store)
        const title = whole.indexOf(10)
        if (cut && at > title) t.match(result, { kind: 'restored', isWhole: false })
        for (const { key } of store.saved()) {
          // A name is part of what the checksum covers; an answer under another name would be somebody else's.
          if (store.get(key)?.text !== texts.get(key)) throw new Error(`${key} is not what was saved`)
        }
      },
    ),
    { numRuns: 60 },
  )

  writeFileSync(file.path, 'x'.repeat(5000))
  t.same(await readSnapshot(file, into), { kind: 'unreadable' })
  writeFileSync(file.path, '{"format":1}\n')
  t.same(await readSnapshot(file, into), { kind: 'unreadable' })
  writeFileSync(file.path, '{"format"')
  t.same(await readSnapshot(file, into), { kind: 'unreadable' })
})

t.test('a write that fails leaves the last file and no rest', async (t) => {
  const folder = join(directory, 'folder')
  mkdirSync(folder)
  const path = join(folder, 'cache')
  const { store } = storeAt(0)
  store.set('one.example', { text: 'eins' }, { ttlSeconds: 100 })
  const file = { path, origin: 'a', now: Date.now }
  await writeSnapshot(file, store)
  const failing = {
    restore: () => undefined,
    saved: function* () {
      yield* store.saved()
      throw new Error('a bug')
    },
  }
  await t.rejects(writeSnapshot(file, failing), /a bug/)
  t.same(readdirSync(folder), ['cache'])
  t.same(await readSnapshot(file, storeAt(0).store), { kind: 'restored', entries: 1, isWhole: true })
})

t.test('a service that starts again asks nobody for what it knew', async (t) => {
  const dns = await startScriptedDns(() => [])
  t.teardown(() => dns.close())
  const path = newPath()
  const run = async (settings: Readonly<Record<string, string>> = {}) => {
    const lines: Record<string, unknown>[] = []
    let told: () => void = () => undefined
    const log = pino(
      {},
      {
        write: (line: string) => {
          lines.push(JSON.parse(line) as Record<string, unknown>)
          keepLogLine(line)
          told()
        },
      },
    )
    const config = readConfig({
      PORT: '0',
      MAILSCOUT_DNS_SERVERS: dns.address,
      MAILSCOUT_SOURCES: 'srv,provider-db',
      MAILSCOUT_ALLOW_SPECIAL_USE_NAMES: 'true',
      MAILSCOUT_SELF_CHECK: 'off',
      MAILSCOUT_BUDGET_MS: '200',
      MAILSCOUT_CACHE_SNAPSHOT: path,
      ...settings,
    })
    const running = await start(config, {}, { log, flush: () => undefined })
    const heard = async (msg: string) => {
      for (;;) {
        const line = lines.find((one) => one['msg'] === msg)
        if (line) return line
        await new Promise<void>((resolve) => (told = resolve))
      }
    }
    return { running, heard }
  }
  const first = await run()
  t.match(await first.heard('cache snapshot read'), { kind: 'absent', file: path })
  const kept = await ask(`${first.running.url}/v1/discover?email=ann@gmx.de`)
  t.equal(kept.status, 200)
  await first.running.close()
  t.match(await first.heard('cache snapshot written'), { entries: Number })
  t.notMatch(readFileSync(path, 'latin1'), /ann@/)

  const second = await run()
  t.match(await second.heard('cache snapshot read'), { kind: 'restored', isWhole: true })
  const asked = dns.asked.length
  const again = await ask(`${second.running.url}/v1/discover?email=bob@gmx.de`)
  t.match(again.body, /imap\.gmx\.net/)
  t.equal(dns.asked.length, asked, 'nobody was asked')
  await second.running.close()

  const other = await run({ MAILSCOUT_SOURCES: 'provider-db' })
  t.match(await other.heard('cache snapshot read'), { kind: 'foreign' })
  await other.running.close()
})
