/** Reads a response body without ever holding more than its limits (R10). */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { type Failure, failure } from '../domain/errors.js'
import { NetError } from './classify-error.js'

/** Real configuration files are under 40 KB; the limit holds before and after decompression. */
export const MAX_BODY_BYTES = 128 * 1024
/** XML with much repetition packs about 30 times; a bomb packs 1000 times. */
export const MAX_DECOMPRESSION_RATIO = 100
/** The ratio says nothing about a few bytes, such as an empty gzip stream. */
const RATIO_FREE_BYTES = 4096

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
} as const

const TOO_LARGE: Failure = failure('too-large', `the document is larger than ${MAX_BODY_BYTES} bytes`)

/** What the response's headers say about its body. */
export interface BodyHeaders {
  /** Content-Encoding, '' for none. */
  readonly encoding: string
  /** Content-Length, '' for none. */
  readonly length: string
}

/**
 * Collects and decodes a body (RFC 9110 section 8.4).
 * @throws NetError `too-large` beyond a limit, `document` for an unknown or broken content coding.
 */
export async function readLimitedBody(
  chunks: AsyncIterable<Uint8Array>,
  headers: BodyHeaders,
): Promise<Uint8Array> {
  if (Number(headers.length) > MAX_BODY_BYTES) throw new NetError(TOO_LARGE)
  const parts: Uint8Array[] = []
  let total = 0
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > MAX_BODY_BYTES) throw new NetError(TOO_LARGE)
    parts.push(chunk)
  }
  return decode(Buffer.concat(parts), headers.encoding.trim().toLowerCase())
}

async function decode(body: Buffer, encoding: string): Promise<Uint8Array> {
  if (encoding === '' || encoding === 'identity' || body.length === 0) return body
  // Stacked codings are refused: they serve bombs, not configuration files.
  if (!isKnown(encoding)) throw new NetError(failure('document', 'the content coding is not supported'))
  const byRatio = Math.max(RATIO_FREE_BYTES, body.length * MAX_DECOMPRESSION_RATIO)
  try {
    return await DECODERS[encoding](body, { maxOutputLength: Math.min(MAX_BODY_BYTES, byRatio) })
  } catch (error) {
    if (error instanceof RangeError) throw new NetError(TOO_LARGE)
    throw new NetError(failure('document', `the ${encoding} coding is broken`))
  }
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding)
}
