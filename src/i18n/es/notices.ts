/** What the reader must do before the account works, in Spanish. */
import type { notices as english } from '../en/notices.js'

export const notices: Partial<Record<keyof typeof english, string>> = {
  'app-password-required':
    '{provider} exige aquí una contraseña de aplicación: créela en los ajustes de seguridad de su cuenta y úsela en lugar de la contraseña habitual.',
  'app-password-with-2fa':
    'Si la verificación en dos pasos está activada, {provider} exige una contraseña de aplicación en lugar de la habitual.',
  'separate-password':
    '{provider} usa una contraseña distinta para los programas de correo: establézcala primero en su cuenta.',
  'enable-imap': 'Active primero IMAP en los ajustes de {provider}.',
  'enable-pop3': 'Active primero POP3 en los ajustes de {provider} si quiere usarlo.',
  'enable-smtp': 'Active primero el envío por SMTP en los ajustes de {provider}.',
  'enable-access': 'Permita primero los programas de correo en los ajustes de {provider}.',
  'admin-approval':
    'Es posible que el administrador de su organización tenga que autorizar antes los programas de correo en {provider}.',
  'paid-plan-required': '{provider} permite los programas de correo solo en sus tarifas de pago.',
  'bridge-required':
    '{provider} necesita su propio programa auxiliar (Bridge) en el ordenador; en un móvil no funciona así.',
  'oauth2-only':
    '{provider} no acepta contraseñas de los programas de correo: su programa debe abrir la página de inicio de sesión del proveedor (OAuth).',
  'no-access': '{provider} no admite ningún programa de correo; use su aplicación o su página web.',
  'access-unknown':
    'Conocemos {provider}, pero no sus servidores para programas de correo; quizá lo digan sus páginas de ayuda.',
  'provider-instruction': '{text}',
  'provider-enable': 'Su proveedor indica: {text}',
  'mx-gateway':
    'El correo de este dominio pasa por un filtro ({provider}); eso no dice dónde están los buzones.',
  'mx-forwarder': 'El correo de este dominio solo se reenvía ({provider}); pregunte adónde.',
  'mx-inbound-api': 'El correo de este dominio va a un programa ({provider}), no a buzones.',
  'mx-ambiguous': 'El correo de este dominio va a {provider}; eso no dice qué servicio de correo hay detrás.',
  'mx-alias': 'Es un servicio de alias ({provider}): configure el buzón al que lleva el alias.',
  'mx-bridge': '{provider} necesita su propio programa auxiliar (Bridge) en el ordenador.',
  'exchange-sign-in':
    'Hay un servidor Exchange en {hostname}; solo comunica sus ajustes tras iniciar sesión. Un programa compatible con Exchange puede usarlo.',
  'smtp-utf8':
    'Esta dirección contiene letras que no son ASCII; el programa y los servidores deben admitir SMTPUTF8.',
}
