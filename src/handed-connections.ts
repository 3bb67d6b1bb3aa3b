/**
 * Connections on their way to a worker. Node keeps one open that its worker did not live to take: nobody reads it, nobody
 * closes it, and its client would wait for ever. So they are closed when the worker ends, and the client may try again.
 */
import type { Worker } from 'node:cluster'

/** As node:cluster sends it beside the handle of a connection, and as the worker replies. */
interface ClusterMessage {
  readonly cmd?: unknown
  readonly act?: unknown
  readonly seq?: unknown
  readonly ack?: unknown
}

/** Follows what the worker is handed until it ends. */
export function closeWhatIsNotTaken({ process: child }: Pick<Worker, 'process'>): void {
  const handed = new Map<unknown, { close(): void }>()
  const send = child.send.bind(child) as (...args: unknown[]) => boolean
  child.send = (...args: readonly unknown[]) => {
    const [message, handle] = args as [ClusterMessage | undefined, unknown]
    if (message?.cmd === 'NODE_CLUSTER' && message.act === 'newconn' && isClosable(handle)) {
      handed.set(message.seq, handle)
    }
    return send(...args)
  }
  child.on('internalMessage', ({ ack }: ClusterMessage) => {
    handed.delete(ack)
  })
  child.once('exit', () => {
    for (const handle of handed.values()) handle.close()
    handed.clear()
  })
}

function isClosable(handle: unknown): handle is { close(): void } {
  return (
    typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
  )
}
