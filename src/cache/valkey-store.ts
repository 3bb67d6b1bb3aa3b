/**
 * Answers that all processes share, in Valkey or Redis. Keys hold the domain, never an address (R13); values carry the
 * format they were packed in. Lookups at the same time are told apart by a lock with its owner's token and an end of its own,
 * so that a process that dies holds up nobody for long.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { PACK_FORMAT, pack, unpack } from './pack.js'
import type { SharedStore, SharedValue, Turn } from './shared-store.js'
import type { Valkey } from './valkey.js'

/** The value that lives long enough with what is left to it, or the lock: 1 where it is ours now, 0 where it is another's. */
const CLAIM = `
local left = redis.call('pttl', KEYS[1])
if left > tonumber(ARGV[3]) then return {redis.call('get', KEYS[1]), left} end
if redis.call('set', KEYS[2], ARGV[1], 'nx', 'px', ARGV[2]) then return {1} end
return {0}`
/** Only the owner's own lock: it may have ended and be another's by now. */
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`

/** Milliseconds between two looks at what another process makes: a lookup takes some hundred. */
const LOOK = { first: 20, step: 20, most: 100 }
/** What the answer of another lookup was made from is newer than what one has if it lives that much longer, in milliseconds. */
const NEWER_MS = 1000

const FORMAT = Buffer.from(`${PACK_FORMAT}\n`)

export interface ValkeyStoreOptions {
  readonly valkey: Valkey
  /** Tells apart what answers are made from; processes with other files or settings have other answers. */
  readonly origin: () => string
  /** Milliseconds one lookup takes at most: the end of its lock. */
  readonly lockMs: number
}

export function createValkeyStore<Value extends object>(options: ValkeyStoreOptions): SharedStore<Value> {
  const { valkey, lockMs } = options
  // The braces keep value and lock of a domain together where an engine is several.
  const keysOf = (key: string) => {
    const name = `mailscout:${PACK_FORMAT}:${options.origin()}:{${key}}`
    return { value: name, lock: `${name}:lock` }
  }
  const read = (reply: unknown): SharedValue<Value> | undefined => {
    if (!Array.isArray(reply)) return undefined
    const [bytes, leftMs] = reply as unknown[]
    if (!Buffer.isBuffer(bytes) || typeof leftMs !== 'number') return undefined
    const value = open(bytes)
    // The format says that this store's values are packed in it.
    return value === undefined ? undefined : { value: value as Value, ttlSeconds: leftMs / 1000 }
  }

  return {
    async find(key) {
      const { value } = keysOf(key)
      const reply = await valkey.ask((client) => Promise.all([client.getBuffer(value), client.pttl(value)]))
      return read(reply)
    },
    async claim(key, { signal, olderThanMs }): Promise<Turn<Value>> {
      const { value, lock } = keysOf(key)
      const token = randomBytes(12).toString('base64url')
      const moreThan = olderThanMs === undefined ? 0 : Math.max(0, Math.round(olderThanMs)) + NEWER_MS
      const release = () => {
        void valkey.ask((client) => client.eval(RELEASE, 1, lock, token))
      }
      const until = performance.now() + lockMs
      for (let pauseMs = LOOK.first; ; pauseMs = Math.min(pauseMs + LOOK.step, LOOK.most)) {
        signal.throwIfAborted()
        const reply = await valkey.ask((client) =>
          client.callBuffer('EVAL', CLAIM, '2', value, lock, token, String(lockMs), String(moreThan)),
        )
        const shared = read(reply)
        if (shared) return { kind: 'kept', shared }
        if (!isElsewhere(reply)) return { kind: 'mine', release }
        if (performance.now() > until) return { kind: 'mine', release: () => undefined }
        await pause(pauseMs, undefined, { signal }).catch(() => {
          signal.throwIfAborted()
        })
      }
    },
    set(key, value, { ttlSeconds, weak }) {
      const bytes = Buffer.concat([FORMAT, pack(value)])
      const ms = Math.max(1, Math.round(ttlSeconds * 1000))
      const name = keysOf(key).value
      void valkey.ask((client) =>
        weak ? client.set(name, bytes, 'PX', ms, 'NX') : client.set(name, bytes, 'PX', ms),
      )
    },
  }
}

function isElsewhere(reply: unknown): boolean {
  return Array.isArray(reply) && reply[0] === 0
}

/** Undefined for what is no value of ours: another may write to the same engine. */
function open(bytes: Buffer): unknown {
  if (!bytes.subarray(0, FORMAT.length).equals(FORMAT)) return undefined
  try {
    return unpack(bytes.subarray(FORMAT.length))
  } catch {
    return undefined
  }
}
