/** Reads DER (X.690 section 10) as far as one's own documents need it: tags of one octet, definite lengths, nothing decoded. */

export interface DerNode {
  /** The identifier octet (X.690 section 8.1.2). */
  readonly tag: number
  readonly content: Uint8Array
  /** The whole: identifier, length and content. */
  readonly encoding: Uint8Array
}

const CONSTRUCTED = 0x20
/** In the identifier octet: the tag's number follows in further octets. */
const LONG_TAG = 0x1f
/** In the first length octet: so many more follow (X.690 section 8.1.3.5). */
const LONG_LENGTH = 0x80
/** Four gigabytes are more than any document of ours has. */
const MAX_LENGTH_OCTETS = 4

/** The elements that stand side by side in these octets; null where they are no DER. */
export function readDer(octets: Uint8Array): DerNode[] | null {
  const nodes: DerNode[] = []
  for (let at = 0; at < octets.length;) {
    const node = readNode(octets, at)
    if (node === null) return null
    nodes.push(node)
    at += node.encoding.length
  }
  return nodes
}

/** The elements in a constructed one; none in a primitive or broken one. */
export function derChildren(node: DerNode | undefined): DerNode[] {
  if (node === undefined || (node.tag & CONSTRUCTED) === 0) return []
  return readDer(node.content) ?? []
}

function readNode(octets: Uint8Array, start: number): DerNode | null {
  const tag = octets[start] ?? 0
  const first = octets[start + 1]
  if (first === undefined || (tag & LONG_TAG) === LONG_TAG) return null
  let length = first
  let at = start + 2
  if (first >= LONG_LENGTH) {
    const end = at + first - LONG_LENGTH
    // Indefinite (no octets), too long, or longer than it need be (X.690 section 10.1).
    if (end === at || end - at > MAX_LENGTH_OCTETS || end > octets.length || octets[at] === 0) return null
    length = 0
    for (; at < end; at += 1) length = length * 256 + (octets[at] ?? 0)
    if (length < LONG_LENGTH) return null
  }
  if (at + length > octets.length) return null
  return { tag, content: octets.subarray(at, at + length), encoding: octets.subarray(start, at + length) }
}
