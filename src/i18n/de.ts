/** German texts. */
import type { Catalogue } from './catalogue.js'
import { advice } from './de/advice.js'
import { notices } from './de/notices.js'
import { warnings } from './de/warnings.js'
import { check } from './de/check.js'
import { guides } from './de/guides.js'
import { problems } from './de/problems.js'
import { page } from './de/page.js'
import { words } from './de/words.js'

export const de: Catalogue = {
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...check,
  ...guides,
  ...words,
  ...page,
}
