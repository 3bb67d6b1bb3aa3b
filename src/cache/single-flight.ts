/** One piece of work at a time per key: whoever asks meanwhile joins it and hears what it has told so far. */
import { setMaxListeners } from 'node:events'

export interface FlightWork<Event> {
  /** Aborts when the last caller has gone. */
  readonly signal: AbortSignal
  readonly emit: (event: Event) => void
}

export interface FlightCaller<Event> {
  /** Ends this caller's waiting; the work goes on while others wait. */
  readonly signal: AbortSignal
  readonly onEvent?: (event: Event) => void
}

interface Flight<Event, Value> {
  readonly result: Promise<Value>
  readonly controller: AbortController
  readonly events: Event[]
  readonly listeners: Set<(event: Event) => void>
  callers: number
}

export class SingleFlight<Event, Value> {
  readonly #flights = new Map<string, Flight<Event, Value>>()

  /** Whether `run` would join. */
  has(key: string): boolean {
    return this.#flights.has(key)
  }

  /** Joins the work under way for the key or starts it. Rejects with the caller's reason when the caller aborts. */
  async run(
    key: string,
    start: (work: FlightWork<Event>) => Promise<Value>,
    caller: FlightCaller<Event>,
  ): Promise<Value> {
    if (caller.signal.aborted) throw caller.signal.reason as Error
    const flight = this.#flights.get(key) ?? this.#takeOff(key, start)
    flight.callers += 1
    if (caller.onEvent) {
      for (const event of flight.events) caller.onEvent(event)
      flight.listeners.add(caller.onEvent)
    }
    try {
      return await new Promise<Value>((resolve, reject) => {
        const onAbort = () => {
          reject(caller.signal.reason as Error)
        }
        caller.signal.addEventListener('abort', onAbort, { once: true })
        flight.result.then(resolve, reject).finally(() => {
          caller.signal.removeEventListener('abort', onAbort)
        })
      })
    } finally {
      flight.callers -= 1
      if (caller.onEvent) flight.listeners.delete(caller.onEvent)
      if (flight.callers === 0) this.#land(key, flight)
    }
  }

  #takeOff(key: string, start: (work: FlightWork<Event>) => Promise<Value>): Flight<Event, Value> {
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const events: Event[] = []
    const listeners = new Set<(event: Event) => void>()
    const emit = (event: Event) => {
      events.push(event)
      for (const listener of listeners) listener(event)
    }
    const result = start({ signal: controller.signal, emit })
    const flight = { result, controller, events, listeners, callers: 0 }
    this.#flights.set(key, flight)
    const ended = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    result.then(ended, ended)
    return flight
  }

  /** Nobody waits any more: unfinished work is called off. */
  #land(key: string, flight: Flight<Event, Value>): void {
    if (this.#flights.get(key) !== flight) return
    this.#flights.delete(key)
    flight.controller.abort(new Error('nobody waits for the answer'))
  }
}
