/** Short words of page and profile, in French; the command line keeps to English. */
import type { words as english } from '../en/words.js'

export const words: Partial<Record<keyof typeof english, string>> = {
  'profile-name': 'Compte e-mail {email}',
  'profile-description':
    'Configure le compte e-mail {email}. Il ne contient pas de mot de passe ; votre appareil le demandera.',
  'outcome-found': 'trouvé',
  'outcome-absent': 'rien ici',
  'outcome-failed': 'n’a pas pu être interrogé',
  'outcome-skipped': 'inutile',
}
