/** Short words of page and profile, in Romanian; the command line keeps to English. */
import type { words as english } from '../en/words.js'

export const words: Partial<Record<keyof typeof english, string>> = {
  'profile-name': 'Cont de e-mail {email}',
  'profile-description': 'Configurează contul de e-mail {email}. Nu conține parola; o va cere dispozitivul.',
  'outcome-found': 'găsit',
  'outcome-absent': 'nimic aici',
  'outcome-failed': 'nu a putut fi întrebat',
  'outcome-skipped': 'nu a fost nevoie',
}
