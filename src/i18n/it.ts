/** Italian texts: page, advice, guides and what goes with them; whatever is missing is said in English. */
import type { Catalogue } from './catalogue.js'
import { en } from './en.js'
import { advice } from './it/advice.js'
import { guides } from './it/guides.js'
import { notices } from './it/notices.js'
import { page } from './it/page.js'
import { problems } from './it/problems.js'
import { warnings } from './it/warnings.js'
import { words } from './it/words.js'

export const it: Catalogue = {
  ...en,
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...guides,
  ...words,
  ...page,
}
