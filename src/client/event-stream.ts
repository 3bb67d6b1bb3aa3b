/** Reads server-sent events (WHATWG HTML section 9.2.6) as far as this service writes them: a name and one JSON value. */

export interface StreamEvent {
  readonly event: string
  readonly data: unknown
}

/**
 * Events as they come; comments, which keep proxies awake, are left out. What is behind the last empty line is not whole
 * and is dropped, as the standard asks.
 * @throws SyntaxError for data that is no JSON
 */
export async function* readEventStream(pieces: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let event = 'message'
  let data: string[] = []
  for await (const line of linesOf(pieces)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: JSON.parse(data.join('\n')) }
      event = 'message'
      data = []
      continue
    }
    const [, field = '', value = ''] = /^([^:]*):? ?([^]*)$/.exec(line) ?? []
    if (field === 'event') event = value
    else if (field === 'data') data.push(value)
  }
}

/** Newline-delimited JSON, such as the answer of the batch. @throws SyntaxError for a line that is no JSON */
export async function* readJsonLines(pieces: AsyncIterable<string>): AsyncGenerator {
  for await (const line of linesOf(pieces)) if (line !== '') yield JSON.parse(line)
}

/** Without their ends; the last one only when it has one. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
}
