/** The page's own files (folder `web/`), served under names that change with their content, so that they keep for a year. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

export interface Asset {
  /** Path on this service, with the content's hash. */
  readonly path: string
  readonly mediaType: string
  readonly body: Buffer
  /** The same bytes with `content-encoding: br`. */
  readonly brotli: Buffer
}

const MEDIA_TYPES = {
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const
export type AssetName = keyof typeof MEDIA_TYPES

const FOLDER = new URL('../../web/', import.meta.url)

function read(name: AssetName): Asset {
  const body = readFileSync(new URL(name, FOLDER))
  let compressed: Buffer | undefined
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return {
    path: `/assets/${name.replace('.', `.${hash}.`)}`,
    mediaType: MEDIA_TYPES[name],
    body,
    // At the first use: a start need not wait for it.
    get brotli() {
      return (compressed ??= brotliCompressSync(body))
    },
  }
}

/** Read once, when the process starts. */
export const ASSETS: Readonly<Record<AssetName, Asset>> = {
  'page.css': read('page.css'),
  'page.js': read('page.js'),
  'icon.svg': read('icon.svg'),
}
