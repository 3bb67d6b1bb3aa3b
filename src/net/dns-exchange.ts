/** Asks several DNS servers one question: the first one first, the next when it is slow or fails, two rounds in all. */
import { type Failure, failure } from '../domain/errors.js'
import { NOERROR, NXDOMAIN, type Question, rcodeName, type Reply } from './dns-message.js'
import { onAbort } from './on-abort.js'
import type { DnsPanel, PanelServer } from './dns-panel.js'
import { type Exchanged, SERVER_UNREACHABLE } from './dns-transport.js'

/** Milliseconds a server has before it counts as silent; a late reply is still taken. */
export const ATTEMPT_TIMEOUT_MS = 1500
/** UDP loses datagrams: everyone is asked once more. */
const ROUNDS = 2

export interface Exchange {
  readonly panel: DnsPanel
  readonly question: Question
  readonly attemptTimeoutMs: number
  /** Milliseconds for everything. */
  readonly timeoutMs: number
}

/**
 * @returns the first reply that is an answer (NOERROR or NXDOMAIN), or why there is none
 * @throws the signal's reason when it aborts
 */
export async function askServers(exchange: Exchange, signal: AbortSignal): Promise<Reply | Failure> {
  const { panel, question } = exchange
  signal.throwIfAborted()
  const servers = panel.inOrder(performance.now())
  return new Promise((resolve, reject) => {
    const attempts = Array.from({ length: ROUNDS }, () => servers).flat()
    const givingUp: (() => void)[] = []
    /** Asked, and silent so far. */
    const waiting = new Map<PanelServer, number>()
    const timers: NodeJS.Timeout[] = []
    let started = 0
    /** Neither failed nor silent for too long. */
    let hopeful = 0
    let outcome = failure('timeout', 'the DNS servers did not answer in time')

    /** @param winnerAskedAt those who had more time than who answered are slower */
    const settle = (winnerAskedAt = -Infinity): void => {
      const now = performance.now()
      for (const [server, askedAt] of waiting) {
        if (askedAt < winnerAskedAt) server.outrun(now - askedAt, now)
      }
      stopListening()
      for (const timer of timers) clearTimeout(timer)
      for (const giveUp of givingUp) giveUp()
    }
    const finish = (result: Reply | Failure, winnerAskedAt?: number): void => {
      settle(winnerAskedAt)
      resolve(result)
    }
    const stop = (): void => {
      settle()
      reject(signal.reason as Error)
    }
    const after = (ms: number, action: () => void): void => {
      timers.push(setTimeout(action, ms))
    }
    const startNext = (): void => {
      const server = attempts[started]
      if (server === undefined) {
        if (hopeful === 0) finish(outcome)
        return
      }
      const number = ++started
      hopeful++
      let counted = true
      const loseHope = (): void => {
        if (!counted) return
        counted = false
        hopeful--
        startNext()
      }
      // Only in the first round: repeating a question to a server that still works on it gains nothing.
      if (number < servers.length) {
        after(server.hedgeMs, () => {
          if (started === number) startNext()
        })
      }
      const askedAt = performance.now()
      if (!waiting.has(server)) waiting.set(server, askedAt)
      after(exchange.attemptTimeoutMs, () => {
        if (waiting.delete(server)) server.missed(performance.now())
        loseHope()
      })
      givingUp.push(
        server.transport.send(question, (result) => {
          waiting.delete(server)
          if (result === SERVER_UNREACHABLE) server.missed(performance.now())
          else server.answered(performance.now() - askedAt)
          if ('bug' in result) {
            settle()
            reject(result.bug)
            return
          }
          const verdict = judge(result)
          if ('rcode' in verdict) {
            finish(verdict, askedAt)
            return
          }
          outcome = verdict
          loseHope()
        }),
      )
    }

    const stopListening = onAbort(signal, stop)
    after(exchange.timeoutMs, () => {
      finish(outcome)
    })
    startNext()
  })
}

function judge(result: Exclude<Exchanged, { bug: Error }>): Reply | Failure {
  if ('failure' in result) return result.failure
  const { rcode } = result.reply
  if (rcode === NOERROR || rcode === NXDOMAIN) return result.reply
  return failure('dns', `the DNS server answered ${rcodeName(rcode)}`)
}
