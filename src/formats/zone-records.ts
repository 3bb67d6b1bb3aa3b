/** The records of the zone text one by one, with absolute names, for whoever needs to show a single one (R49). */
import type { Discovery } from '../domain/discovery.js'
import { writeZone, type ZoneOptions } from './dns-zone.js'
import { settingsView } from './settings-view.js'

/** By relative owner name, such as `_imaps._tcp`; from the same writer as the zone text, so that both agree. */
export function zoneRecords(discovery: Discovery, options: ZoneOptions): ReadonlyMap<string, string> {
  const lines = writeZone(settingsView(discovery, null), options).split('\n')
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const space = line.indexOf(' ')
      const isRecord = space > 0 && !line.startsWith(';') && !line.startsWith('$')
      const name = line.slice(0, space)
      return isRecord ? [[name, `${name}.${discovery.domain}.${line.slice(space)}`]] : []
    }),
  )
}
