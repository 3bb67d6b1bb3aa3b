/** Short words of page and profile, in Italian; the command line keeps to English. */
import type { words as english } from '../en/words.js'

export const words: Partial<Record<keyof typeof english, string>> = {
  'profile-name': 'Account e-mail {email}',
  'profile-description':
    'Configura l’account e-mail {email}. Non contiene password; la chiederà il Suo dispositivo.',
  'outcome-found': 'trovato',
  'outcome-absent': 'nulla',
  'outcome-failed': 'non interrogabile',
  'outcome-skipped': 'non necessario',
}
