/** Apple property lists (the DTD they name), as far as profiles need them: dictionaries, arrays, texts, whole numbers, yes and no. */
import { textNode, writeXml, type XmlNode } from './xml.js'

export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDictionary
export interface PlistDictionary {
  readonly [key: string]: PlistValue
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const DOCTYPE =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'

/** Keys in the order they have; the same bytes for the same dictionary. */
export function writePlist(dictionary: PlistDictionary): string {
  const document = writeXml({ name: 'plist', attributes: { version: '1.0' }, content: [nodeOf(dictionary)] })
  return document.replace(DECLARATION, DECLARATION + DOCTYPE)
}

function nodeOf(value: PlistValue): XmlNode {
  if (typeof value === 'string') return textNode('string', value)
  if (typeof value === 'number') return textNode('integer', String(value))
  if (typeof value === 'boolean') return { name: String(value) }
  if (isList(value)) return { name: 'array', content: value.map(nodeOf) }
  return {
    name: 'dict',
    content: Object.entries(value).flatMap(([key, item]) => [textNode('key', key), nodeOf(item)]),
  }
}

function isList(value: readonly PlistValue[] | PlistDictionary): value is readonly PlistValue[] {
  return Array.isArray(value)
}
