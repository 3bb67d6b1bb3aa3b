/** `mailscout batch`: files in, files out, in order, and going on where it was stopped. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { BATCH, batchCommand } from '../../src/cli/batch.js'
import type { BatchRecord } from '../../src/cli/batch-records.js'
import { helpOf } from '../../src/cli/help.js'
import { workInOrder } from '../../src/cli/in-order.js'
import { WIPE_LINE } from '../../src/cli/progress.js'
import { UsageError } from '../../src/cli/terminal.js'
import { readConfig } from '../../src/config.js'
import type { DiscoverAnswer } from '../../src/domain/answer.js'
import { foreignText, oneLine, readCsv, readCsvLine, writeCsv } from '../../src/formats/csv.js'
import { deferred } from '../fakes/deferred.js'
import { startLab } from '../lab/lab.js'
import { serviceBeside } from '../lab/service.js'

const lab = await startLab()
t.teardown(() => lab.close())

interface Options {
  readonly stdin?: AsyncIterable<string | Uint8Array>
  readonly interactive?: boolean
  readonly signal?: AbortSignal
}

async function batch(args: readonly string[], options: Options = {}) {
  let out = ''
  let err = ''
  const code = await batchCommand(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      colour: false,
      language: undefined,
    },
    config: readConfig({ ...lab.environment, MAILSCOUT_BUDGET_MS: '4000' }),
    surroundings: { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
    settings: () => [],
    interactive: options.interactive ?? false,
    signal: options.signal ?? new AbortController().signal,
    input: options.stdin ?? piecesOf([]),
  })
  return { code, out, err }
}

function piecesOf<T>(pieces: readonly T[]): AsyncIterable<T> {
  return Readable.from(pieces)
}

/** One after the other, as they are asked for. */
function lazily<T>(pieces: readonly T[], onAsked: (at: number) => void): AsyncIterable<T> {
  const left = [...pieces.entries()]
  const next = (): Promise<IteratorResult<T>> => {
    const [at, value] = left.shift() ?? [pieces.length, undefined]
    onAsked(at)
    return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value })
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

const records = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BatchRecord)

const MIXED = ['ann@all.test', '', 'not an e-mail', 'bob@srv.test', 'cy@nothing.test', 'dora@all.test']

t.test('a line for each address, in order, as the API’s own batch says it', async (t) => {
  const directory = t.testdir({ 'addresses.txt': MIXED.join('\r\n') })
  const { code, out, err } = await batch([join(directory, 'addresses.txt'), '--devices', 'many'])
  t.equal(code, 3, 'for some there are no settings')
  const lines = records(out)
  t.strictSame(
    lines.map(({ index, line, email, status }) => [index, line, email, status]),
    [
      [0, 1, 'ann@all.test', 200],
      [1, 3, 'not an e-mail', 400],
      [2, 4, 'bob@srv.test', 200],
      [3, 5, 'cy@nothing.test', 404],
      [4, 6, 'dora@all.test', 200],
    ],
  )
  t.match(err, /^line 3: \S/)
  t.match(err, /^5 addresses, 3 found, 1 nothing found, 1 no address$/m)
  for (const email of MIXED.filter((text) => text !== ''))
    t.notMatch(err, email, 'no address in what logs keep')

  const service = serviceBeside(lab)
  t.teardown(() => service.close())
  const payload = { emails: MIXED.filter((text) => text !== ''), devices: 'many', lang: 'en' }
  const api = records(
    (await service.app.inject({ method: 'POST', url: '/v1/discover/batch', payload })).body,
  ).sort((a, b) => a.index - b.index)
  const essence = ({ index, email, status, body }: BatchRecord) => ({
    index,
    email,
    status,
    ...('code' in body ? { code: body.code, detail: body.detail } : essentials(body)),
  })
  t.strictSame(lines.map(essence), api.map(essence))
})

function essentials({ servers, recommendation }: DiscoverAnswer) {
  const places = [...servers.imap, ...servers.pop3, ...servers.smtp]
  return {
    servers: places.map(({ hostname, port, security, username }) => [hostname, port, security, username]),
    reasons: recommendation?.reasons,
  }
}

t.test('from one table to another', async (t) => {
  const directory = t.testdir({
    'in.csv':
      '\ufeffName;"E-Mail"\r\n"Ann; ""the first""\nof us";ann@all.test\r\nBob;\r\n;bob@nothing.test\r\n',
  })
  const output = join(directory, 'out.csv')
  const { code, out, err } = await batch([join(directory, 'in.csv'), '-o', output])
  t.match({ code, out }, { code: 3, out: '' })
  const [header = '', ...rows] = readFileSync(output, 'utf8').trimEnd().split('\r\n')
  const names = readCsvLine(header)
  const table = rows.map((row) =>
    Object.fromEntries(readCsvLine(row).map((cell, place) => [names[place] ?? '', cell])),
  )
  t.match(table, [
    {
      index: '0',
      line: '2',
      email: 'ann@all.test',
      status: '200',
      protocol: 'imap',
      incoming_hostname: 'imap.all.test',
      incoming_port: '993',
      outgoing_hostname: 'smtp.all.test',
      outgoing_trust: 'authenticated',
      requires_confirmation: 'false',
    },
    { index: '1', line: '4', email: '', status: '400', code: 'EMAIL_INVALID', protocol: '' },
    { index: '2', line: '5', status: '404', code: 'NOTHING_FOUND' },
  ])
  t.ok(rows.every((row) => readCsvLine(row).length === names.length))
  t.match(err, /^line 4: /)
  const second = await batch([join(directory, 'in.csv'), '--column', '1', '--format', 'csv'])
  t.match(second.out, /\r\n0,2,"Ann; ""the first"" of us",400,EMAIL_INVALID,/)
})

t.test('from standard input, in any pieces; the bar says how far it is', async (t) => {
  const octets = Buffer.from('ann@all.test\r\nbob@bücher.test\n')
  const pieces = [octets.subarray(0, 5), octets.subarray(5, 20), octets.subarray(20)]
  const seen = await batch(['-', '--lang', 'de'], { stdin: piecesOf(pieces), interactive: true })
  t.strictSame(
    records(seen.out).map(({ email }) => email),
    ['ann@all.test', 'bob@bücher.test'],
  )
  t.match(JSON.stringify(records(seen.out)[1]?.body), /keine Einstellungen/i)
  t.match(seen.err, `${WIPE_LINE}1, 1 found`, 'no end is known')
  const column = await batch(['-', '--column', 'mail', '--verify', 'never'], {
    stdin: piecesOf(['id,mail\n1,ann@all.test\n']),
  })
  t.match(records(column.out), [{ email: 'ann@all.test', line: 2, status: 200 }])
  t.equal(column.code, 0)
  const directory = t.testdir({ 'a.txt': 'ann@all.test\nann@dnsfail.test\n' })
  const file = await batch([join(directory, 'a.txt')], { interactive: true })
  t.match(file.err, `${WIPE_LINE}[${'#'.repeat(30)}] 2/2, 1 found, 1 failed${WIPE_LINE}2 addresses`)
  t.equal(file.code, 4, 'worth another try')
  t.match(await batch(['-']), { code: 0, out: '', err: '0 addresses\n' })
})

t.test('stopped and continued: every address once, whatever was cut off', async (t) => {
  const addresses = ['a@all.test', 'b@srv.test', 'c@nothing.test', 'd@all.test', 'e@srv.test']
  for (const format of ['ndjson', 'csv'] as const) {
    const directory = t.testdir({ 'in.txt': addresses.join('\n') })
    const input = join(directory, 'in.txt')
    const output = join(directory, `out.${format}`)
    const control = new AbortController()
    const args = [input, '--output', output, '--concurrency', '1']
    const stopped = await batch(['-', ...args.slice(1)], {
      signal: control.signal,
      stdin: lazily(
        addresses.map((address) => `${address}\n`),
        (at) => {
          if (at === 2) control.abort(new Error('interrupted'))
        },
      ),
    })
    t.match(stopped, { code: 130, err: /interrupted; the same command again goes on\n$/ })
    const after = readFileSync(output, 'utf8')
    t.equal(after.trimEnd().split('\n').length, format === 'csv' ? 3 : 2)
    // The power went while the second line was written.
    writeFileSync(output, after.slice(0, -20))
    const continued = await batch(args)
    t.match(continued, {
      code: 3,
      err: /^going on behind 1 addresses[^]*^5 addresses, 4 found, 1 nothing found$/m,
    })
    const whole = readFileSync(output, 'utf8')
    const emails = whole
      .match(/[a-e]@(all|srv|nothing)\.test/g)
      ?.filter((email, at, all) => all.indexOf(email) === at)
    t.strictSame(emails, addresses)
    t.match(await batch(args), { code: 3, err: /^going on behind 5 addresses/ })
    t.equal(readFileSync(output, 'utf8'), whole, 'nothing is left to do')
    // Cut within its very first line.
    writeFileSync(output, whole.slice(0, 9))
    t.match(await batch(args), { code: 3, err: /^5 addresses/ })

    writeFileSync(input, 'x@all.test\ny@all.test\nz@all.test\nu@all.test\nv@all.test\nw@all.test')
    await t.rejects(batch(args), { name: 'UsageError', message: /has the result of other addresses/ })
    writeFileSync(input, 'a@all.test')
    await t.rejects(batch(args), { name: 'UsageError', message: /has more lines than the input/ })
    for (const foreign of ['my diary\n', 'my diary', '{"index":7}\n', 'index,line\n"\n']) {
      writeFileSync(output, foreign)
      await t.rejects(batch(args), { name: 'UsageError', message: /was not written by mailscout batch/ })
      t.equal(readFileSync(output, 'utf8'), foreign, 'what is not ours is left as it is')
    }
  }
})

t.test('what is wrong with the command is said before anything is asked', async (t) => {
  const directory = t.testdir({
    'open.csv': 'mail\n"ann@all.test\n',
    'none.csv': 'name,town\nAnn,Bonn\n',
    'good.txt': 'ann@all.test\n',
  })
  const wrong: [string[], RegExp][] = [
    [[], /takes one file/],
    [['a', 'b'], /takes one file/],
    [[join(directory, 'missing.txt')], /ENOENT.*missing\.txt/],
    [[directory], /EISDIR/],
    [[join(directory, 'open.csv')], /line 2: a quotation mark is opened and never closed/],
    [[join(directory, 'none.csv')], /which column has the addresses\? .*name, town/],
    [[join(directory, 'none.csv'), '--column', 'mail'], /no column mail/],
    [[join(directory, 'none.csv'), '--column', '3'], /no column 3/],
    [[join(directory, 'good.txt'), '--format', 'xlsx'], /no format "xlsx"/],
    [[join(directory, 'good.txt'), '--concurrency', '33'], /1 to 32/],
    [[join(directory, 'good.txt'), '-o', join(directory, 'no', 'such')], /ENOENT/],
  ]
  for (const [args, message] of wrong)
    await t.rejects(batch(args), { name: 'UsageError', message }, args.join(' '))
  await t.rejects(batch(['-', '--frobnicate']), UsageError)
  t.equal((await batch(['--help'])).out, helpOf(BATCH))
})

t.test('work in order: results wait for the slow, no more than so many at once', async (t) => {
  const gates = Array.from({ length: 60 }, () => deferred<undefined>())
  const begun: number[] = []
  const emitted: number[] = []
  const numbers = (): AsyncIterable<number> => Readable.from(gates.keys())
  const tick = () => new Promise((resolve) => setImmediate(resolve))
  const running = workInOrder<number, number>(
    {
      items: numbers(),
      work: async (number) => {
        begun.push(number)
        await gates[number]?.promise
        return number
      },
      emit: (number) => emitted.push(number),
    },
    { atOnce: 2, signal: new AbortController().signal },
  )
  await tick()
  t.strictSame(begun, [0, 1])
  for (const gate of gates.slice(1)) gate.resolve(undefined)
  await tick()
  t.strictSame(emitted, [], 'the first one is not ready')
  t.equal(begun.length, 32, 'and so many wait for it, no more')
  gates[0]?.resolve(undefined)
  await running
  t.strictSame(emitted, [...gates.keys()])

  const control = new AbortController()
  const slow = deferred<undefined>()
  const kept: number[] = []
  const stopping = workInOrder<number, number>(
    {
      items: (async function* () {
        yield 1
        await new Promise(() => undefined)
      })(),
      work: async (number) => {
        await slow.promise
        return number
      },
      emit: (number) => kept.push(number),
    },
    { atOnce: 2, signal: control.signal },
  )
  await tick()
  control.abort()
  slow.resolve(undefined)
  await stopping
  t.strictSame(kept, [1], 'what was under way is brought to its end, an input that is silent is left')

  const full = new Error('no space left')
  await t.rejects(
    workInOrder<number, number>(
      {
        items: numbers(),
        work: (number) => Promise.resolve(number),
        emit: () => {
          throw full
        },
      },
      { atOnce: 3, signal: new AbortController().signal },
    ),
    full,
  )
})

t.test('CSV: what is written is read back, in whatever pieces it comes', async (t) => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ' ', ',', ';', '\t', '"', '\n', '\r', '=', '@') })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 })),
      fc.integer({ min: 1, max: 9 }),
      async (rows, size) => {
        const head = ['first', 'second']
        const text = [head, ...rows].map(writeCsv).join('')
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        )
        const read: (readonly string[])[] = []
        for await (const { cells } of readCsv(piecesOf(pieces))) read.push(cells)
        const written = rows.map((row) => row.map(oneLine)).filter((row) => row.some((text) => text !== ''))
        t.strictSame(read, [head, ...written])
      },
    ),
    { numRuns: 60 },
  )
  t.equal(foreignText('=HYPERLINK("x")'), '\'=HYPERLINK("x")', 'a spreadsheet runs no stranger’s formula')
  t.equal(foreignText('imap.all.test'), 'imap.all.test')
  t.end()
})
