/** The words of `mailscout providers verify`: progress while it runs, and the report at its end. */
import { type Verdict, verdictOf, type VerifyPlan } from '../providers/verify-plan.js'
import type { CheckedServer } from '../providers/verify-state.js'
import type { ProvidersParts } from './providers-parts.js'
import { progressLine, WIPE_LINE } from './progress.js'
import { table } from './terminal.js'

type Results = ReadonlyMap<string, CheckedServer>

export interface VerifyReport {
  readonly servers: { readonly verified: number; readonly failed: number }
  /** Failed servers by code. */
  readonly codes: Readonly<Record<string, number>>
  readonly providers: Readonly<Record<Verdict, number>>
  readonly failed: readonly { provider: string; server: string; code: string; detail: string }[]
  /** Worth a look by a person; no failure. */
  readonly doubts: readonly { provider: string; server: string; doubt: string }[]
  /** Servers named after each customer's MX host: nobody can be asked. */
  readonly unnamed: number
}

export function verifyReport(plan: VerifyPlan, results: Results): VerifyReport {
  const providers = { verified: 0, failed: 0, unfinished: 0, 'nothing-to-check': 0 }
  for (const provider of plan.providers) providers[verdictOf(provider, results)] += 1
  const checked = plan.servers.flatMap(({ key }) => results.get(key) ?? [])
  const codes: Record<string, number> = {}
  for (const { status, code = 'unknown' } of checked) {
    if (status === 'failed') codes[code] = (codes[code] ?? 0) + 1
  }
  const seen = plan.providers.flatMap(({ id, keys }) =>
    keys.flatMap((server) => ({ provider: id, server, result: results.get(server) })),
  )
  const failed = checked.filter(({ status }) => status === 'failed').length
  return {
    servers: { verified: checked.length - failed, failed },
    codes,
    providers,
    failed: seen.flatMap(({ provider, server, result }) =>
      result?.status === 'failed'
        ? [{ provider, server, code: result.code ?? 'unknown', detail: result.detail ?? '' }]
        : [],
    ),
    doubts: seen.flatMap(({ provider, server, result }) =>
      result?.doubt === undefined ? [] : [{ provider, server, doubt: result.doubt }],
    ),
    unnamed: plan.providers.reduce((sum, { unnamed }) => sum + unnamed, 0),
  }
}

export interface Dates {
  readonly day: string
  readonly written: boolean
  readonly providers: readonly { readonly id: string; readonly from: string }[]
}

export function renderVerification(report: VerifyReport, dates: Dates): string {
  const { servers, providers, codes, failed, doubts, unnamed } = report
  const byCode = Object.entries(codes)
    .sort(([, a], [, b]) => b - a)
    .map(([code, number]) => `${code} ${number}`)
  const date = dates.written ? `dated ${dates.day}` : `could be dated ${dates.day} with --write`
  return [
    `Servers: ${servers.verified} verified, ${servers.failed} failed`,
    byCode.length === 0 ? '\n' : ` (${byCode.join(', ')})\n`,
    `Providers: ${providers.verified} verified, ${providers.failed} with failures, `,
    `${providers['nothing-to-check']} without servers to check\n`,
    unnamed === 0 ? '' : `Not checked: ${unnamed} servers named after each customer's MX host\n`,
    section('Failed', failed, ({ provider, server, code, detail }) => [provider, server, code, detail]),
    section('Doubts', doubts, ({ provider, server, doubt }) => [provider, server, doubt]),
    section(`Entries ${date}`, dates.providers, ({ id, from }) => [id, `was ${from}`]),
  ].join('')
}

function section<Row>(title: string, rows: readonly Row[], cells: (row: Row) => string[]): string {
  return rows.length === 0 ? '' : `\n${title}:\n${table(rows.map(cells))}`
}

export interface Progress {
  done(key: string): void
  end(): void
}

/** A bar that moves where somebody watches, otherwise a line as each provider's last server has answered. */
export function createProgress(plan: VerifyPlan, results: Results, parts: ProvidersParts): Progress {
  const { err } = parts.terminal
  const told = new Set<string>()
  const bar = (last: string) => {
    const failed = [...results.values()].filter(({ status }) => status === 'failed').length
    err(progressLine({ done: results.size, total: plan.servers.length }, `, ${failed} failed  ${last}`))
  }
  const line = (key: string) => {
    for (const provider of plan.providers.filter(({ keys }) => keys.includes(key))) {
      const states = provider.keys.map((one) => results.get(one))
      if (told.has(provider.id) || states.includes(undefined)) continue
      told.add(provider.id)
      const failed = states.flatMap((state) => (state?.status === 'failed' ? [state.code ?? ''] : []))
      const good = states.length - failed.length
      err(
        `${provider.id}: ${good}/${states.length} verified${failed.length === 0 ? '' : `, ${failed.join(', ')}`}\n`,
      )
    }
  }
  return {
    done: parts.interactive ? bar : line,
    end: () => {
      if (parts.interactive) err(WIPE_LINE)
    },
  }
}
