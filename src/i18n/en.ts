/** English texts. Every other catalogue has the same keys and placeholders. */
import { advice } from './en/advice.js'
import { notices } from './en/notices.js'
import { warnings } from './en/warnings.js'
import { check } from './en/check.js'
import { guides } from './en/guides.js'
import { problems } from './en/problems.js'
import { page } from './en/page.js'
import { words } from './en/words.js'

export const en = {
  ...advice,
  ...notices,
  ...warnings,
  ...problems,
  ...check,
  ...guides,
  ...words,
  ...page,
} as const
