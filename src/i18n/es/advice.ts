/** Why IMAP or POP3, and what the three words mean, in Spanish. */
import type { advice as english } from '../en/advice.js'

export const advice: Partial<Record<keyof typeof english, string>> = {
  'only-imap-offered': 'Su proveedor solo ofrece IMAP, que de todos modos es la mejor opción.',
  'only-pop3-offered': 'Su proveedor solo ofrece POP3; IMAP no está disponible para esta dirección.',
  'imap-not-secure': 'Aquí no se ofrece IMAP con un cifrado que funcione, así que POP3 es la opción segura.',
  'imap-not-confirmed': 'Se ha podido confirmar el servidor POP3, pero no el servidor IMAP.',
  'several-devices':
    'Con IMAP, el móvil, la tableta y el ordenador muestran los mismos mensajes, carpetas y marcas de lectura.',
  'several-devices-need-imap':
    'Con varios dispositivos, solo IMAP los mantiene todos al día; aun así, su programa puede guardar una copia en cada uno.',
  'one-device-may-become-two':
    'IMAP también va bien con un solo dispositivo y seguirá funcionando si se añade otro.',
  'one-device': 'Usted lee su correo en un solo dispositivo.',
  'keep-on-device':
    'POP3 descarga su correo en este dispositivo; usted mismo lo conserva y libera espacio en el proveedor.',
  'keep-on-server':
    'Con IMAP su correo permanece seguro en el servidor del proveedor, aunque pierda su dispositivo.',
  'pop3-on-several-devices':
    'Con POP3, varios dispositivos no saben nada unos de otros: lo que lee o borra en uno sigue igual en los demás.',
  'provider-prefers-imap': 'El propio proveedor cita IMAP en primer lugar.',
  'provider-lists-pop3-first':
    'El proveedor cita POP3 en primer lugar; aun así, IMAP se ajusta mejor a su uso.',
  'leave-on-server':
    'Active «dejar los mensajes en el servidor» (unos 14 días), para no perder nada si este dispositivo se estropea.',
  'imap-explained':
    'Con IMAP lee su correo allí donde está, en el servidor del proveedor, igual en todos los dispositivos.',
  'pop3-explained': 'POP3 descarga su correo en un dispositivo y normalmente lo borra del servidor.',
  'smtp-explained': 'SMTP envía su correo; lo necesita tanto con IMAP como con POP3.',
}
