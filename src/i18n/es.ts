/** Spanish texts: page, advice, guides and what goes with them; whatever is missing is said in English. */
import type { Catalogue } from './catalogue.js'
import { en } from './en.js'
import { advice } from './es/advice.js'
import { guides } from './es/guides.js'
import { notices } from './es/notices.js'
import { page } from './es/page.js'
import { problems } from './es/problems.js'
import { warnings } from './es/warnings.js'
import { words } from './es/words.js'

export const es: Catalogue = {
  ...en,
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...guides,
  ...words,
  ...page,
}
