/** English texts. Every other catalogue has the same keys and placeholders. */
import { advice } from './en/advice.js'
import { notices } from './en/notices.js'
import { warnings } from './en/warnings.js'
import { problems } from './en/problems.js'
import { words } from './en/words.js'

export const en = { ...advice, ...notices, ...warnings, ...problems, ...words } as const
