/**
 * What a verified cold lookup costs the process: CPU, handshakes, questions, connections, bytes; and its rate beside that
 * of the same number of bare TLS handshakes with the same hosts in the same run, one after the other in turns, because
 * the machine's speed changes from minute to minute.
 */
import { createSecureContext, connect, rootCertificates } from 'node:tls'
import type { Hostname } from '../../src/domain/hostname.js'
import { CPU_DOMAINS } from './cpu-world.js'
import { type Counts, type RemoteLab, startLabProcess } from './lab-process.js'
import { freshMailscout } from './mailscout.js'

const WARM_UP = 40
const ROUND = 35
/** As MAILSCOUT_MAX_COLD_LOOKUPS. */
const AT_ONCE = 8
/** Of the bare rate. */
const LIMIT = 0.75

export async function measureCpu(): Promise<boolean> {
  // The loader of the benchmarks turns them on; no service runs with them.
  process.setSourceMapsEnabled(false)
  const lab = await startLabProcess(0, 'cpu')
  const { service } = freshMailscout(lab, lab.environment['MAILSCOUT_ISPDB_URLS']!)
  const { signal } = new AbortController()
  const lookUpAll = async (domains: readonly string[]) => {
    let unverified = 0
    await inParallel(domains, async (domain) => {
      const answer = await service.discover({ domain: domain as Hostname, signal })
      if (answer.servers.imap[0]?.verification.status !== 'verified') unverified += 1
    })
    await service.idle()
    if (unverified > 0) throw new Error(`${unverified} lookups without a verified server`)
  }
  const shake = bareHandshake(lab)
  await lookUpAll(CPU_DOMAINS.slice(0, WARM_UP))
  await inParallel((await lab.counts()).handshakes, shake)
  await lab.counts()
  lab.traffic()

  const cpu = { lookups: 0, bare: 0 }
  const sum = { dns: 0, http: 0, full: 0, resumed: 0, connections: 0, bytes: 0 }
  const measured = CPU_DOMAINS.slice(WARM_UP)
  for (let start = 0; start + ROUND <= measured.length; start += ROUND) {
    cpu.lookups += await cpuOf(() => lookUpAll(measured.slice(start, start + ROUND)))
    const { connections, bytes } = lab.traffic()
    const seen: Counts = await lab.counts()
    cpu.bare += await cpuOf(() => inParallel(seen.handshakes, shake))
    await lab.counts()
    lab.traffic()
    sum.dns += seen.dns
    sum.http += seen.http
    sum.full += seen.handshakes.length
    sum.resumed += seen.resumed
    sum.connections += connections
    sum.bytes += bytes
  }
  await lab.close()

  const lookups = Math.floor(measured.length / ROUND) * ROUND
  const each = (value: number) => (value / lookups).toFixed(1)
  const ratio = cpu.bare / cpu.lookups
  console.log(`
CPU of ${lookups} verified cold lookups, ${AT_ONCE} at a time, autoconfig, well-known, ISPDB, guess and SRV in turns
  CPU                ${each(cpu.lookups)} ms each, ${(1000 / (cpu.lookups / lookups)).toFixed(0)} lookups per second and core
  bare handshakes    ${each(cpu.bare)} ms for as many (${(cpu.bare / sum.full).toFixed(2)} ms each)
  ratio              ${ratio.toFixed(2)}   limit ${LIMIT}${ratio < LIMIT ? '   MISSED' : ''}
  each lookup        ${each(sum.full)} full handshakes, ${each(sum.resumed)} resumed, ${each(sum.connections)} connections, ${each(sum.http)} HTTP requests,
                     ${each(sum.dns)} DNS questions, ${(sum.bytes / lookups / 1024).toFixed(1)} KiB over TCP`)
  return ratio >= LIMIT
}

/** A connection, a verified handshake, the end: what any client must pay. */
function bareHandshake(lab: RemoteLab) {
  const secureContext = createSecureContext({ minVersion: 'TLSv1.2', ca: [...rootCertificates, ...lab.ca] })
  return ({ host, port }: { host: string; port: number }) =>
    new Promise<void>((resolve, reject) => {
      const socket = lab.dial(lab.addresses[host] ?? '', port)
      const secured = connect({ socket, secureContext, servername: host })
      secured.once('error', reject)
      secured.once('secureConnect', () => {
        secured.destroy()
        resolve()
      })
    })
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** Milliseconds of this process, user and system. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
