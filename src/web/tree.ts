/**
 * The page as a tree of elements. One renderer serves both readers: `toHtml` writes it for the plain form, and the page's
 * script builds the same tree with `createElement` and `textContent`, so that found text never meets an HTML parser.
 */

/** `[tag, attributes, children]`, or text. Survives JSON. */
export type Tree = string | TreeElement
export type TreeElement = readonly [tag: string, attributes: Attributes, children: readonly Tree[]]
type Attributes = Readonly<Record<string, string>>
export type Child = Tree | null | readonly (Tree | null)[]

const VOID = new Set(['input', 'meta', 'link', 'img', 'br'])
const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/
/** Code in attributes; the content security policy refuses it as well. */
const FORBIDDEN_ATTRIBUTE = /^(on|style$|srcdoc$)/i
const URL_ATTRIBUTES = new Set(['href', 'src', 'action'])
/** Links may come from found documents (R25): the web, this page, or a picture of our own making. */
const SAFE_URL = /^(https?:\/\/|\/(?!\/)|[#?]|data:image\/svg\+xml[;,])/

/** An element. `true` writes the attribute's name alone, `undefined` and `false` leave it out; null children are skipped. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: readonly Child[]
): TreeElement {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (!NAME.test(name) || FORBIDDEN_ATTRIBUTE.test(name)) throw new Error(`attribute ${name}`)
    if (URL_ATTRIBUTES.has(name) && (value === true || !SAFE_URL.test(value))) continue
    kept[name] = value === true ? '' : value
  }
  return [tag, kept, children.flatMap((child) => (isList(child) ? child : [child])).filter(isTree)]
}

/** A tree is an array as well: only a list has no tag in front of attributes. */
function isList(child: Child): child is readonly (Tree | null)[] {
  return Array.isArray(child) && !(typeof child[0] === 'string' && isAttributes(child[1]))
}

function isAttributes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTree(child: Tree | null): child is Tree {
  return child !== null
}

/** THE place where text becomes HTML. */
export function toHtml(tree: Tree): string {
  if (typeof tree === 'string') return escapeHtml(tree)
  const [tag, attributes, children] = tree
  if (!NAME.test(tag)) throw new Error(`element ${tag}`)
  const opening = Object.entries(attributes)
    .map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`))
    .join('')
  if (VOID.has(tag)) return `<${tag}${opening}>`
  return `<${tag}${opening}>${children.map(toHtml).join('')}</${tag}>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
