/** What the reader should know about where the settings come from, in Spanish. */
import type { warnings as english } from '../en/warnings.js'

export const warnings: Partial<Record<keyof typeof english, string>> = {
  'srv-implicit-tls-port':
    'El registro DNS {label} indica el puerto {port}, es decir, TLS desde el principio; así se lee, pero debería corregirse.',
  'srv-target-outside-domain':
    'Un registro DNS sin DNSSEC apunta a {hostname}, fuera del dominio de la dirección: compruebe ese nombre.',
  'mx-target-outside-domain':
    'Según un registro DNS sin DNSSEC, el correo del dominio se entrega a {hostname}, fuera del dominio de la dirección.',
  'redirect-outside-domain':
    'La configuración se obtuvo por una redirección a {hostname}, fuera del dominio de la dirección.',
  'insecure-http': 'La configuración se obtuvo de {hostname} sin cifrado y solo cuenta como indicio.',
  'stale-entry': 'La entrada de la que proceden estos ajustes no se ha comprobado desde hace mucho.',
  'low-confidence-entry': 'Las listas de las que proceden estos ajustes no coinciden en todo.',
  conflict: 'Las fuentes no coinciden en algunos servidores; se muestran todos.',
  'cleartext-rejected':
    'Se nombraron servidores sin cifrado y no se ofrecen: las contraseñas podrían leerse por el camino.',
  cleartext:
    'Al menos uno de estos servidores funciona sin cifrado: cualquiera puede leer por el camino la contraseña y el correo.',
  'confusable-name':
    'El dominio mezcla letras de distintas escrituras ({labels}): asegúrese de que es el correcto.',
  degraded:
    'No se ha podido preguntar a tiempo a todas las fuentes ({sources}); vuelva a preguntar, quizá la respuesta sea mejor.',
  'null-mx': 'Este dominio declara que no acepta correo.',
}
