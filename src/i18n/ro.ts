/** Romanian texts: page, advice, guides and what goes with them; whatever is missing is said in English. */
import type { Catalogue } from './catalogue.js'
import { en } from './en.js'
import { advice } from './ro/advice.js'
import { guides } from './ro/guides.js'
import { notices } from './ro/notices.js'
import { page } from './ro/page.js'
import { problems } from './ro/problems.js'
import { warnings } from './ro/warnings.js'
import { words } from './ro/words.js'

export const ro: Catalogue = {
  ...en,
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...guides,
  ...words,
  ...page,
}
