/** What ends a process that serves: somebody tells it to, or a fault that nobody caught. */

/** Milliseconds in which signals are one and the same wish: Ctrl-C reaches a process from the terminal and from npm. */
const ONE_WISH_MS = 200
/** As shells write it: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const

export type EndSignal = keyof typeof CODES

export interface EndOptions {
  readonly log: { fatal(fields: object, text: string): void; info(fields: object, text: string): void }
  /** Those that count; the others of `EndSignal` are left to the process above. */
  readonly signals: readonly EndSignal[]
  /** Told a second time: nothing is waited for. */
  readonly atOnce: (code: number) => void
}

export interface EndOfProcess {
  /** Resolves at the first reason to end. */
  readonly told: Promise<void>
  /** For the end: 1 after a fault, else 0. */
  readonly code: number
  /** Listens no longer. */
  dispose(): void
}

/** Listens from now on, so that a start can be interrupted as well: process 1 of a container has no default for signals. */
export function awaitEnd({ log, signals, atOnce }: EndOptions): EndOfProcess {
  let code = 0
  let toldAt: number | undefined
  let settle: () => void = () => undefined
  const told = new Promise<void>((resolve) => (settle = resolve))

  const onSignal = (signal: EndSignal) => {
    if (!signals.includes(signal)) return
    if (toldAt === undefined) {
      toldAt = performance.now()
      log.info({ signal }, 'told to end; accepted requests are answered first')
      settle()
    } else if (performance.now() - toldAt >= ONE_WISH_MS) atOnce(CODES[signal])
  }
  // The state of the process is doubtful from now on, so it ends; those who wait for an answer are no part of the doubt.
  const onFault = (error: unknown) => {
    code = 1
    log.fatal(
      { err: error },
      'an error that nobody caught; the process ends once accepted requests are answered',
    )
    settle()
  }
  const listeners = [
    ['SIGTERM', onSignal],
    ['SIGINT', onSignal],
    ['uncaughtException', onFault],
    ['unhandledRejection', onFault],
  ] as const
  for (const [name, listener] of listeners) process.on(name, listener)
  return {
    told,
    get code() {
      return code
    },
    dispose() {
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}
