/** What every catalogue holds: the keys of the English one. */
import type { en } from './en.js'

export type CatalogueKey = keyof typeof en
export type Catalogue = Readonly<Record<CatalogueKey, string>>
