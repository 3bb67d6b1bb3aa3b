/**
 * At the start: whether what the operator's domains publish is what his files say (NDSS25, mitigation 2). In the
 * background, few at a time, and only what is public: no mail server is asked.
 */
import type { DomainChecker } from './discovery/check-domain.js'
import { type CheckFinding, checkCodeFacts } from './domain/check-codes.js'
import type { Hostname } from './domain/hostname.js'

export interface SelfCheckParts {
  readonly checker: DomainChecker
  readonly domains: readonly Hostname[]
  readonly signal: AbortSignal
  /** One for each way in which a domain differs from its entry. */
  readonly onMismatch: (domain: Hostname, finding: CheckFinding) => void
}

export interface SelfCheckResult {
  readonly checked: number
  readonly mismatched: number
  /** Domains beyond the limit. */
  readonly left: number
}

/** Side by side: the service has its own customers to serve while it starts. */
const CONCURRENCY = 4
/** A hoster with more runs `mailscout check --own` by night; a restart must not ask ten thousand web servers. */
const MAX_DOMAINS = 500

/** Rejects only with the signal's reason. */
export async function selfCheck(parts: SelfCheckParts): Promise<SelfCheckResult> {
  const { checker, signal, onMismatch } = parts
  const queue = parts.domains.slice(0, MAX_DOMAINS)
  const left = parts.domains.length - queue.length
  const checked = queue.length
  let mismatched = 0
  const worker = async () => {
    for (let domain = queue.shift(); domain !== undefined; domain = queue.shift()) {
      const check = await checker.check({ domain, signal, publishedOnly: true })
      if (check.kind !== 'checked') continue
      const differing = check.findings.filter(isMismatch)
      for (const finding of differing) onMismatch(domain, finding)
      if (differing.length > 0) mismatched += 1
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return { checked, mismatched, left }
}

function isMismatch({ code }: CheckFinding): boolean {
  return code.startsWith('own-') && checkCodeFacts(code).severity !== 'ok'
}
