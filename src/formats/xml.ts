/**
 * The one way in which XML comes in and goes out (R12). Everything that could make a parser slow or talkative is
 * refused by one linear pass before the parser sees the text: size, encoding, DTDs, depth, element and attribute
 * counts. What comes out is a small tree without any object keyed by foreign names.
 */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'
import { type Failure, failure } from '../domain/errors.js'

/** Real configuration files are under 40 KB; the same limit as for every decoded body (R10). */
const MAX_XML_BYTES = 128 * 1024
/** clientConfig needs 5, Autodiscover 7; deeper nesting only serves to exhaust a stack. */
const MAX_DEPTH = 20
/** The largest entry of the public database has about 300 tags. */
const MAX_TAGS = 5000
/** No known format puts more than four attributes and a few namespaces on one element. */
const MAX_ATTRIBUTES = 32
/** Attribute parsing is worse than linear in the tag's length (0.6 s for 100,000 attributes), so one tag stays short. */
const MAX_TAG_LENGTH = 8192
/** Enough for a text where every character is a reference; each can only shrink, so this is no amplification. */
const MAX_REFERENCES = 20_000
/** XML 1.0 section 2.2: characters that no document may hold, lone surrogates aside (the decoder refuses those). */
// eslint-disable-next-line no-control-regex -- the control characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

/** One element; names are local names, without namespace prefix. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The element's own character data, trimmed. */
  readonly text: string
}

export type XmlResult =
  { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly failure: Failure }

/** Reads one document from the network; never throws and works in time linear in its size. */
export function readXml(bytes: Uint8Array): XmlResult {
  const refuse = (detail: string): XmlResult => ({ ok: false, failure: failure('document', detail) })
  if (bytes.length > MAX_XML_BYTES) return refuse('the document is larger than 128 KiB')
  const text = decode(bytes)
  if (text === null) return refuse('the document is not UTF-8')
  if (/^\s*<(!doctype\s+)?html/i.test(text)) return refuse('an HTML page, not a configuration')
  if (NOT_XML.test(text)) return refuse('the document holds characters that XML does not allow')
  const scanned = scan(text)
  if ('complaint' in scanned) return refuse(scanned.complaint)
  try {
    // The parser alone reads cut-off documents without complaint.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a package of its own without gain here
    const valid = XMLValidator.validate(scanned.markup)
    if (valid !== true) return refuse(`not well-formed XML (line ${valid.err.line})`)
    const parser = scanned.markup.includes('&') ? parserOfReferences : parserOfPlainText
    const roots = (parser.parse(scanned.markup) as ParsedNode[]).flatMap(toElements)
    const [root] = roots
    return root !== undefined && roots.length === 1 ? { ok: true, root } : refuse('not one root element')
  } catch {
    // The package throws bare Errors for its own limits (nesting, references, reserved names).
    return refuse('the XML parser refused the document')
  }
}

/** The first child element of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name)
}

/** All child elements of these names, in document order. */
export function childrenOf(element: XmlElement, ...names: string[]): XmlElement[] {
  return element.children.filter((candidate) => names.includes(candidate.name))
}

/** The text of the first child element of that name; null when it is missing or empty. */
export function childText(element: XmlElement, name: string): string | null {
  const text = child(element, name)?.text ?? ''
  return text === '' ? null : text
}

/** UTF-8 with or without BOM; a declared ISO-8859-1 only when the bytes are no UTF-8 (many are mislabelled). */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const start = String.fromCharCode(...bytes.subarray(0, 100))
    const declared = /^<\?xml[^>]*encoding=["'](?:iso-8859-1|windows-1252)["']/i.test(start)
    return declared ? new TextDecoder('windows-1252').decode(bytes) : null
  }
}

/**
 * Walks the tags once, without regular expressions over the whole text. What the parser gets has no comments and no
 * processing instructions any more: it heeds quotes in the latter where XML has none, so a DOCTYPE that this scan takes
 * for the inside of a CDATA section would be one to the parser.
 */
function scan(text: string): { readonly complaint: string } | { readonly markup: string } {
  const refuse = (complaint: string) => ({ complaint })
  let markup = ''
  let copied = 0
  let tags = 0
  let depth = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (++tags > MAX_TAGS) return refuse('too many elements')
    const opaque = MARKUP.find(([opener]) => text.startsWith(opener, at))
    if (opaque !== undefined) {
      const [opener, closer] = opaque
      const end = text.indexOf(closer, at + opener.length)
      if (end === -1) return refuse('not well-formed XML (cut off)')
      if (opener !== '<![CDATA[') {
        markup += text.slice(copied, at)
        copied = end + closer.length
      }
      at = end + closer.length
      continue
    }
    if (text[at + 1] === '!') return refuse('DOCTYPE and ENTITY are not allowed')
    const end = tagEnd(text, at)
    if (typeof end === 'string') return refuse(end)
    if (text[at + 1] === '/') depth--
    else if (text[end - 1] !== '/') depth++
    if (depth > MAX_DEPTH) return refuse('nested too deeply')
    at = end + 1
  }
  return { markup: markup + text.slice(copied) }
}

/** What may hold a `<` that is no tag: comments, CDATA sections, processing instructions. */
const MARKUP = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

/** The index of the tag's `>`, quoted attribute values considered, or what is wrong with the tag. */
function tagEnd(text: string, start: number): number | string {
  let quote = ''
  let attributes = 0
  const limit = Math.min(text.length, start + MAX_TAG_LENGTH)
  for (let at = start + 1; at < limit; at++) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at
    else if (character === '=' && ++attributes > MAX_ATTRIBUTES) return 'too many attributes'
  }
  return limit === text.length ? 'not well-formed XML (cut off)' : 'a tag is too long'
}

const PARSING = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // "0993" and "1e3" stay texts, to be judged by whoever reads a port.
  parseTagValue: false,
  parseAttributeValue: false,
  // Trimmed once per element, so that a comment or CDATA section within a text does not swallow its spaces.
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH + 1,
} as const

const parserOfReferences = new XMLParser({
  ...PARSING,
  // Numeric references are decoded only with `htmlEntities`; without DTD there is nothing else to expand.
  htmlEntities: true,
  processEntities: {
    enabled: true,
    maxTotalExpansions: MAX_REFERENCES,
    maxExpandedLength: MAX_XML_BYTES,
    maxEntityCount: 1,
  },
})
/** Where there is no reference, to look for them costs four times the parsing. */
const parserOfPlainText = new XMLParser({ ...PARSING, processEntities: false })

type ParsedNode = Record<string, unknown>

function toElements(node: ParsedNode): XmlElement[] {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES)
  if (name === undefined || name === TEXT) return []
  const content = node[name] as ParsedNode[]
  const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, unknown>)
  return [
    {
      name: name.slice(name.lastIndexOf(':') + 1),
      attributes: new Map(attributes.map(([key, value]) => [key, String(value).trim()])),
      children: content.flatMap(toElements),
      text: content
        .map((part) => part[TEXT])
        .filter((text) => typeof text === 'string')
        .join('')
        .trim(),
    },
  ]
}

const ATTRIBUTES = ':@'
const TEXT = '#text'

/** What is to be written; a missing content gives an empty element. */
export interface XmlNode {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly content?: string | readonly XmlNode[]
}

/** A leaf with text. */
export function textNode(name: string, content: string): XmlNode {
  return { name, content }
}

/** Serialises a tree: UTF-8 declaration, no BOM, no DTD, the same bytes for the same tree (R41). */
export function writeXml(root: XmlNode): string {
  return `${builder.build([DECLARATION, toParsed(root)]).trim()}\n`
}

const DECLARATION = { '?xml': [], [ATTRIBUTES]: { version: '1.0', encoding: 'UTF-8' } }

// eslint-disable-next-line @typescript-eslint/no-deprecated -- the successor is the very package this name re-exports
const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  format: true,
  indentBy: '  ',
  suppressEmptyNode: true,
  // Otherwise an attribute whose value is "true" loses it.
  suppressBooleanAttributes: false,
})

function toParsed(node: XmlNode): ParsedNode {
  const { content = [], attributes = {} } = node
  return {
    [node.name]: typeof content === 'string' ? [{ [TEXT]: oneLine(content) }] : content.map(toParsed),
    [ATTRIBUTES]: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, oneLine(value)])),
  }
}

/** No value of any format has more than one line; what XML cannot carry at all is left out. */
function oneLine(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
}
