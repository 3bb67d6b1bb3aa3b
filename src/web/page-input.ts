/** What the views of the page are drawn from. */
import type { DiscoverAnswer } from '../domain/answer.js'
import type { Translator } from '../i18n/translate.js'

/** What the reader typed and chose; goes back into the form. */
export interface Asked {
  readonly email: string
  readonly devices?: 'one' | 'many' | undefined
  readonly keep?: 'server' | 'device' | undefined
}

/** Settings found, and what can be made of them. */
export interface FoundSettings {
  readonly asked: Asked
  readonly answer: DiscoverAnswer
  /** A configuration profile can be made for the recommended protocol (R46). */
  readonly hasProfile: boolean
  /** Autoconfig XML; null when no server is confirmed well enough (R26). */
  readonly xml: string | null
  /** The profile's QR code as SVG (R47); null when this service has no public URL. */
  readonly qrSvg: string | null
}

export interface View<Content> {
  readonly content: Content
  readonly text: Translator
}

/** One finding of the domain check. */
export interface CheckFinding {
  readonly severity: 'error' | 'warning' | 'info' | 'ok'
  readonly text: string
  readonly fix?: string | null | undefined
  readonly record?: string | null | undefined
}
