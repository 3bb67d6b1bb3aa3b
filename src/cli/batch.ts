/** `mailscout batch <file|->`: many addresses, one line of the result for each, in the order of the input. */
import { createReadStream } from 'node:fs'
import { CsvFault } from '../formats/csv.js'
import { chooseLanguage } from '../i18n/translate.js'
import { openLocalApp } from '../local-app.js'
import { readArguments, usageError } from './arguments.js'
import {
  countAddresses,
  type InputAddress,
  InputFault,
  type InputFormat,
  readAddresses,
} from './batch-input.js'
import {
  type Earlier,
  nothingEarlier,
  openSink,
  OutputFault,
  readEarlier,
  type Sink,
} from './batch-output.js'
import {
  BATCH_FORMATS,
  batchExitCode,
  type BatchFormat,
  type BatchRecord,
  CSV_HEADER,
  isAbout,
  writeRecord,
} from './batch-records.js'
import { createTally } from './batch-tally.js'
import type { CommandSpec, ProcessParts } from './command.js'
import { helpOf } from './help.js'
import { workInOrder } from './in-order.js'
import { LANGUAGE_OPTION, LOOKUP_OPTIONS, lookupPayload } from './lookup-options.js'
import { EXIT, INTERRUPTED } from './terminal.js'

/** As many as the API's batch takes at a time. */
const DEFAULT_AT_ONCE = 8
/** Beyond it one machine waits for itself, and strangers' name servers begin to mind. */
const MAX_AT_ONCE = 32

export const BATCH = {
  name: 'batch',
  summary: 'many addresses from a file, a line of the result for each',
  usage: ['<file|-> [options]'],
  description: [
    'Reads addresses, one a line or from a column of a CSV file (from standard input for "-"), and writes one line for each, in the order of the input: index, line, email, status and body as the API answers them, or the most important fields as CSV.',
    'A line that holds no address gets its line of the result like any other (status 400) and is named on the error stream by its number. An --output that already has lines is continued: the same command again goes on where the last run ended.',
  ],
  arguments: [{ name: 'file', completes: 'file' }],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      completes: 'file',
      help: 'write to FILE, and go on behind what it has (default: standard output)',
    },
    format: {
      type: 'string',
      choices: BATCH_FORMATS,
      help: 'of the result (default: csv for a FILE that ends in .csv, otherwise ndjson)',
    },
    column: {
      type: 'string',
      value: 'NAME|N',
      help: 'read CSV, addresses from this column (default for .csv and .tsv files: the one that is called like e-mail, or has an @)',
    },
    concurrency: {
      type: 'string',
      value: 'N',
      help: `addresses at the same time, at most ${MAX_AT_ONCE} (default: ${DEFAULT_AT_ONCE})`,
    },
    ...LOOKUP_OPTIONS,
    lang: LANGUAGE_OPTION,
  },
  exitCodes: {
    0: 'settings found for every address',
    1: 'internal error',
    2: 'an option, the input file or the output file is wrong',
    3: 'done; for some addresses nothing was found, or they are none',
    4: 'done; for some addresses the lookup failed, which may be worth another try',
    130: 'ended by Ctrl-C; with --output the same command goes on',
  },
  examples: [
    { command: 'mailscout batch addresses.txt > settings.ndjson', shows: 'one line of JSON for each' },
    {
      command: 'mailscout batch customers.csv --column mail --output settings.csv',
      shows: 'from one table to another; the same command again goes on after Ctrl-C',
    },
    {
      command: 'jq -r "select(.status >= 500).email" settings.ndjson | mailscout batch -',
      shows: 'those that failed, once more',
    },
  ],
} as const satisfies CommandSpec

interface Plan {
  readonly file: string
  readonly input: InputFormat
  readonly output: string | undefined
  readonly format: BatchFormat
  readonly atOnce: number
  /** Of each request, beside the address. */
  readonly payload: Readonly<Record<string, string | boolean>>
}

/** @returns the exit code. @throws UsageError, ConfigError, ProviderFileError */
export async function batchCommand(args: readonly string[], parts: ProcessParts): Promise<number> {
  const { values, positionals, help } = readArguments(args, BATCH)
  if (help) {
    parts.terminal.out(helpOf(BATCH))
    return EXIT.found
  }
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw usageError(BATCH, 'batch takes one file, or "-"')
  const { output, column } = values
  const wanted = values.format ?? (output?.endsWith('.csv') === true ? 'csv' : 'ndjson')
  const format = BATCH_FORMATS.find((name) => name === wanted)
  if (format === undefined) throw usageError(BATCH, `batch knows no format "${wanted}"`)
  const atOnce = Number(values.concurrency ?? DEFAULT_AT_ONCE)
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > MAX_AT_ONCE) {
    throw usageError(BATCH, `--concurrency: 1 to ${MAX_AT_ONCE}`)
  }
  const lang = chooseLanguage(values.lang ?? parts.terminal.language, undefined)
  const input = { csv: column !== undefined || /\.[ct]sv$/i.test(file), column }
  try {
    return await run(
      { file, input, output, format, atOnce, payload: { lang, ...lookupPayload(values) } },
      parts,
    )
  } catch (error) {
    if (error instanceof InputFault || error instanceof CsvFault || error instanceof OutputFault) {
      throw usageError(BATCH, error.message)
    }
    // A file that is not there, not for us, or on a full disk.
    if (error instanceof Error && 'syscall' in error) throw usageError(BATCH, error.message)
    throw error
  }
}

async function run(plan: Plan, parts: ProcessParts): Promise<number> {
  const { file, input, output, format } = plan
  const { terminal, signal } = parts
  const total = file === '-' ? null : await countAddresses(file, input)
  const earlier = output === undefined ? nothingEarlier() : await readEarlier(output, format)
  const bytes = file === '-' ? parts.input : createReadStream(file)
  const addresses = behind(readAddresses(bytes, input), { earlier, format, output })
  const sink = openTarget(plan, parts)
  const tally = createTally({ earlier, total }, parts)
  const { app, mailscout } = openLocalApp(parts)
  try {
    await workInOrder<InputAddress, BatchRecord>(
      {
        items: addresses,
        async work({ index, line, email }) {
          const payload = { email, ...plan.payload }
          const answer = await app.inject({
            method: 'POST',
            url: '/v1/discover',
            // Problems are written before the body has been read.
            headers: { 'accept-language': String(plan.payload['lang']) },
            payload,
          })
          return { index, line, email, status: answer.statusCode, body: answer.json<BatchRecord['body']>() }
        },
        emit(record) {
          sink.write(writeRecord(record, format))
          tally.count(record)
        },
      },
      { atOnce: plan.atOnce, signal },
    )
  } finally {
    tally.end()
    sink.close()
    await app.close()
  }
  terminal.err(tally.summary())
  if (signal.aborted) {
    terminal.err(output === undefined ? 'interrupted\n' : 'interrupted; the same command again goes on\n')
    return INTERRUPTED
  }
  await mailscout.service.idle()
  return batchExitCode(tally.counts)
}

/** The addresses that an earlier run has not done. @throws OutputFault when it was about other ones */
async function* behind(
  addresses: AsyncIterable<InputAddress>,
  { earlier, format, output }: { earlier: Earlier; format: BatchFormat; output: string | undefined },
): AsyncGenerator<InputAddress> {
  let seen = 0
  for await (const address of addresses) {
    seen += 1
    if (address.index >= earlier.done) yield address
    else if (
      address.index === earlier.done - 1 &&
      earlier.last &&
      !isAbout(earlier.last, address.email, format)
    ) {
      throw new OutputFault(`${output ?? ''} has the result of other addresses; name another --output`)
    }
  }
  if (seen < earlier.done) {
    throw new OutputFault(`${output ?? ''} has more lines than the input; name another --output`)
  }
}

function openTarget({ output, format }: Plan, { terminal }: ProcessParts): Sink {
  if (output !== undefined) return openSink(output, format)
  if (format === 'csv') terminal.out(CSV_HEADER)
  return { write: terminal.out, close: () => undefined }
}
