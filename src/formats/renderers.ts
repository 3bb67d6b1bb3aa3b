/** The formats a discovery can be had in: name, media type, function. The list behind `Accept` and `--format`. */
import { writeAutoconfig } from './autoconfig-write.js'
import { type JsonInput, renderJson } from './json.js'
import { type ProfileOptions, type ProfileRefusal, writeMobileconfig } from './mobileconfig.js'
import { settingsView } from './settings-view.js'
import { writeZone, type ZoneOptions } from './dns-zone.js'

/** Everything any format needs; each takes its share. */
export interface RenderInput extends JsonInput {
  readonly profile: ProfileOptions
  readonly zone: ZoneOptions
}

export type Rendered =
  | { readonly ok: true; readonly mediaType: string; readonly body: string }
  /** The settings cannot be expressed in this format. */
  | { readonly ok: false; readonly reason: ProfileRefusal }

export const FORMAT_NAMES = ['json', 'autoconfig', 'mobileconfig', 'zone'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

interface Renderer {
  /** With parameters, as it is sent. */
  readonly mediaType: string
  /** What `Accept` may say for it, without parameters. */
  readonly accepts: readonly string[]
  readonly render: (input: RenderInput) => { ok: true; body: string } | { ok: false; reason: ProfileRefusal }
}

const RENDERERS: Readonly<Record<FormatName, Renderer>> = {
  json: {
    mediaType: 'application/json; charset=utf-8',
    accepts: ['application/json'],
    render: (input) => ({ ok: true, body: `${JSON.stringify(renderJson(input), undefined, 2)}\n` }),
  },
  autoconfig: {
    mediaType: 'text/xml; charset=utf-8',
    accepts: ['text/xml', 'application/xml'],
    render: (input) => {
      const body = writeAutoconfig(settingsView(input.discovery, input.email))
      return body === null ? { ok: false, reason: 'incomplete' } : { ok: true, body }
    },
  },
  mobileconfig: {
    mediaType: 'application/x-apple-aspen-config; charset=utf-8',
    accepts: ['application/x-apple-aspen-config'],
    render: (input) => writeMobileconfig(settingsView(input.discovery, input.email), input.profile),
  },
  zone: {
    mediaType: 'text/plain; charset=utf-8',
    accepts: ['text/plain', 'text/dns'],
    render: (input) => ({ ok: true, body: writeZone(settingsView(input.discovery, null), input.zone) }),
  },
}

export function renderFormat(name: FormatName, input: RenderInput): Rendered {
  const { mediaType, render } = RENDERERS[name]
  const result = render(input)
  return result.ok ? { ...result, mediaType } : result
}

/** Browsers send under ten ranges. */
const MAX_RANGES = 20

/**
 * The best of the offered formats for an `Accept` header (RFC 9110 section 12.5.1); a missing or empty header takes the
 * first. @returns null when none is acceptable: answer 406.
 */
export function negotiateFormat(
  accept: string | undefined,
  offered: readonly FormatName[] = FORMAT_NAMES,
): FormatName | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null
  const ranges = accept.split(',', MAX_RANGES).map(readRange)
  const [first] = offered
  // A browser lists XML before anything else, but means pages; it gets what a person can read.
  const browser = ranges.some(({ type }) => type === 'text/html')
  if (browser && first !== undefined && qualityOf(first, ranges) > 0) return first
  const rated = offered.map((name) => ({ name, quality: qualityOf(name, ranges) }))
  const best = rated.reduce<(typeof rated)[number] | null>(
    (chosen, one) => (one.quality > (chosen?.quality ?? 0) ? one : chosen),
    null,
  )
  return best?.name ?? null
}

interface Range {
  readonly type: string
  readonly quality: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1)
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most specific range decides, not the highest quality. */
function qualityOf(name: FormatName, ranges: readonly Range[]): number {
  const rate = (type: string): number => {
    const group = `${type.slice(0, type.indexOf('/'))}/*`
    const match = [type, group, '*/*'].map((wanted) => ranges.find((range) => range.type === wanted))
    return match.find((range) => range !== undefined)?.quality ?? 0
  }
  return Math.max(...RENDERERS[name].accepts.map(rate))
}
