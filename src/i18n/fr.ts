/** French texts: page, advice, guides and what goes with them; whatever is missing is said in English. */
import type { Catalogue } from './catalogue.js'
import { en } from './en.js'
import { advice } from './fr/advice.js'
import { guides } from './fr/guides.js'
import { notices } from './fr/notices.js'
import { page } from './fr/page.js'
import { problems } from './fr/problems.js'
import { warnings } from './fr/warnings.js'
import { words } from './fr/words.js'

export const fr: Catalogue = {
  ...en,
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...guides,
  ...words,
  ...page,
}
