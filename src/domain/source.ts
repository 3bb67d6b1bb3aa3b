/**
 * What a source of settings is, and the ports through which it may look at the world (design principle 4). A source
 * never opens a socket and never imports `net/`.
 *
 * The contract, checked for every source by `test/contract/source-contract.ts`:
 * - an empty network gives `absent`, a failing one `failed`; the two are never mixed up (R37);
 * - expected trouble is a value, bugs and aborts are thrown: when the signal aborts, `find` rejects with its reason;
 * - nothing is asked under another name than the e-mail domain, except what MX and SRV name (R14);
 * - the local part is never used unless `query.sendAddress` is set, and then only as R13 allows.
 */
import type { EmailAddress } from './email-address.js'
import type { Failure } from './errors.js'
import type { Hostname } from './hostname.js'
import type {
  DeclaredServer,
  Evidence,
  MailProtocol,
  Message,
  OAuth2,
  Protocol,
  ProviderInfo,
  Rejected,
  Security,
  SourceName,
  Verification,
} from './mail-settings.js'
import type { Channel } from './trust.js'

export interface Source {
  readonly name: SourceName
  find(query: SourceQuery): Promise<SourceOutcome>
}

export interface SourceQuery {
  readonly domain: Hostname
  /** Aborts when the answer has left, the budget is spent or the client is gone. */
  readonly signal: AbortSignal
  /** One connection per host and port and lookup (R34): the prober of this lookup, shared with verification. */
  readonly prober: MailProber
  /** Present only when the caller opted in with `sendAddress=true` (R13). */
  readonly sendAddress?: EmailAddress
}

export type SourceOutcome = Found | Absent | Failed | Skipped

/** Settings stand here. */
export interface Found {
  readonly outcome: 'found'
  readonly findings: readonly Finding[]
  /** Seconds the finding may be kept, from DNS or HTTP. */
  readonly ttlSeconds: number
  /** A place of this source that may hold something better kept silent: the finding may be a weaker one (R24). */
  readonly missed?: Failure
}

/** One document or record set; a source that asks several places may bring several, best first. */
export interface Finding {
  readonly channel: Channel
  readonly evidence: Omit<Evidence, 'source'>
  readonly servers: readonly DeclaredServer[]
  readonly rejected?: readonly Rejected[]
  /** Decidedly not offered (SRV target `.`, RFC 2782): no guess may re-invent it. */
  readonly notOffered?: readonly Protocol[]
  readonly provider?: ProviderInfo
  readonly oauth2?: OAuth2
  readonly notices?: readonly Message[]
  readonly warnings?: readonly Message[]
  /** A database entry older than the limit: it must not stop the search (R28). */
  readonly stale?: boolean
  /** The MX names this known mailbox provider, so that other sources' servers elsewhere rank behind (R27). */
  readonly deliversHere?: boolean
}

/** We looked, and there is nothing. */
export interface Absent {
  readonly outcome: 'absent'
  readonly ttlSeconds?: number
  /** For the source list of the answer, such as the class of a gateway (R17). */
  readonly detail?: string
  /** RFC 7505 null MX: the domain accepts no mail (R4). */
  readonly noMail?: boolean
  /** The domain has an MX: somebody reads mail there, so its name is no slip (R53). */
  readonly receivesMail?: boolean
  /** The domain's own entry says that the provider lets no mail program in. */
  readonly noAccess?: boolean
  /** A known provider without settings for mail programs (`access: none` or `unknown`). */
  readonly provider?: ProviderInfo
  readonly notices?: readonly Message[]
}

/** We could not look. */
export interface Failed {
  readonly outcome: 'failed'
  readonly failure: Failure
}

/** There was no question to ask. */
export interface Skipped {
  readonly outcome: 'skipped'
  readonly reason: string
}

/* Ports */

/** An answer of the DNS: the three kinds stay apart from here up to the HTTP status. */
export type Lookup<T> =
  | {
      readonly kind: 'found'
      readonly value: T
      readonly ttlSeconds: number
      readonly authenticated: boolean
    }
  /** NXDOMAIN or no data (RFC 2308); the TTL is that of the negative answer. */
  | { readonly kind: 'absent'; readonly ttlSeconds: number; readonly authenticated: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface MxRecord {
  readonly preference: number
  /** Lower case, no trailing dot; empty for the null MX. */
  readonly exchange: string
}

export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** Lower case, no trailing dot; empty for the target `.` (decidedly not offered). */
  readonly target: string
}

/** DNS questions. Every method rejects with the signal's reason when it aborts. */
export interface Resolver {
  mx(name: string, signal: AbortSignal): Promise<Lookup<readonly MxRecord[]>>
  srv(name: string, signal: AbortSignal): Promise<Lookup<readonly SrvRecord[]>>
  /** One string per record, its character-strings joined. */
  txt(name: string, signal: AbortSignal): Promise<Lookup<readonly string[]>>
  /** All A and AAAA addresses, unchecked: only the guarded door may dial them. */
  addresses(name: string, signal: AbortSignal): Promise<Lookup<readonly string[]>>
}

export interface HttpRequest {
  /** https, or http with `allowHttp` (R6). */
  readonly url: string
  readonly signal: AbortSignal
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly contentType?: string
  readonly accept?: string
  /** Allows `http:` for this request and its hops: the result is then never `secure` (R6). */
  readonly allowHttp?: boolean
  /** Redirects followed at most (default MAX_REDIRECTS); 0 returns the 3xx as it is. */
  readonly maxRedirects?: number
  /** Refuses any hop out of the first host's registrable domain: the URL carries an address (R13). */
  readonly keepInDomain?: boolean
  /** Asks as a web page of this origin would, to see what CORS allows (Fetch standard, section 3.2). */
  readonly origin?: string
  /** Which statuses count as an answer beside 2xx; by default none (401 proves existence for DAV, R31). */
  readonly acceptStatuses?: readonly number[]
}

export interface HttpResponse {
  readonly status: number
  readonly body: Uint8Array
  readonly contentType: string
  /** The final URL after redirects. */
  readonly url: string
  readonly location?: string
  /** Every hop was https with a valid certificate. */
  readonly secure: boolean
  /** Every hop stayed within the registrable domain of the first host (R7). */
  readonly stayedInDomain: boolean
  /** Access-Control-Allow-Origin, where it was sent. */
  readonly allowOrigin?: string
  /** From Cache-Control max-age or Expires; null where the server says nothing. */
  readonly ttlSeconds: number | null
}

/** `absent`: the name does not exist, or the server answered 404, 410 or another 4xx; `failed`: everything else. */
export type HttpOutcome =
  | { readonly kind: 'found'; readonly response: HttpResponse }
  | { readonly kind: 'absent'; readonly status: number | null; readonly ttlSeconds: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface HttpClient {
  /** Rejects only with the signal's reason. */
  request(request: HttpRequest): Promise<HttpOutcome>
}

export interface ProbeTarget {
  readonly protocol: MailProtocol | 'managesieve'
  readonly hostname: Hostname
  readonly port: number
  readonly security: Exclude<Security, 'plain'>
  /** A trusted source declared this port for the protocol: it may be dialled although it is no well-known one (R9). */
  readonly declaredPort?: boolean
}

export type ProbeResult =
  | {
      readonly kind: 'verified'
      readonly verification: Verification & { status: 'verified' }
      /** Advertised SASL mechanisms, upper case: hints that may remove a method, never invent one (R36). */
      readonly saslMechanisms: readonly string[]
    }
  /** The name does not resolve, or nobody listens: for a guess that means "not here". */
  | { readonly kind: 'absent'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Connects, greets, negotiates TLS, asks for capabilities, leaves politely; never logs in (R32–R34). */
export interface MailProber {
  /** Rejects only with the signal's reason. */
  probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult>
}
