/** Short words of page and profile, in Spanish; the command line keeps to English. */
import type { words as english } from '../en/words.js'

export const words: Partial<Record<keyof typeof english, string>> = {
  'profile-name': 'Cuenta de correo {email}',
  'profile-description':
    'Configura la cuenta de correo {email}. No contiene contraseña; su dispositivo la pedirá.',
  'outcome-found': 'encontrado',
  'outcome-absent': 'nada',
  'outcome-failed': 'no se ha podido preguntar',
  'outcome-skipped': 'no hace falta',
}
