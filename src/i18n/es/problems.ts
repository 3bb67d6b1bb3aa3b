/** What is wrong with a request, and what to do, in Spanish. */
import type { problems as english } from '../en/problems.js'

export const problems: Partial<Record<keyof typeof english, string>> = {
  'address-empty': 'Falta la dirección.',
  'address-no-at': 'Falta la @ en la dirección.',
  'address-two-ats': 'La dirección contiene más de una @.',
  'address-too-long': 'La dirección ocupa más de 254 bytes.',
  'address-control-characters': 'La dirección contiene caracteres invisibles o de control.',
  'local-part-empty': 'No hay nada antes de la @.',
  'local-part-too-long': 'La parte anterior a la @ ocupa más de 64 bytes.',
  'local-part-syntax': 'La parte anterior a la @ contiene caracteres no permitidos.',
  'domain-empty': 'No hay nada después de la @.',
  'domain-ip-literal': 'Después de la @ debe ir un nombre de dominio, no una dirección IP.',
  'domain-syntax': 'La parte posterior a la @ no es un nombre de dominio válido.',
  'domain-too-long': 'El nombre de dominio es demasiado largo.',
  'domain-single-label': 'El nombre de dominio no contiene ningún punto.',
  'domain-symbols': 'El nombre de dominio contiene símbolos o emojis.',
  EMAIL_INVALID: 'No es una dirección de correo válida',
  QUERY_INVALID: 'La solicitud no es válida',
  NAME_RESERVED: 'Este nombre está reservado y nunca tiene servidores de correo',
  NO_MAIL: 'Este dominio no acepta correo',
  NOTHING_FOUND: 'No se han encontrado ajustes para este dominio',
  NOT_FOUND: 'No hay nada en esta dirección',
  METHOD_NOT_ALLOWED: 'Este método no está permitido aquí',
  FORMAT_UNSUPPORTED: 'Este formato no está disponible',
  BODY_TOO_LARGE: 'La solicitud es demasiado grande',
  MEDIA_TYPE_UNSUPPORTED: 'No se entiende este tipo de contenido',
  PROFILE_UNSUPPORTED: 'No se puede crear ningún perfil para esta cuenta',
  RATE_LIMITED: 'Demasiadas solicitudes',
  INTERNAL: 'Algo ha fallado por nuestra parte',
  LOOKUP_FAILED: 'Ahora mismo no se han podido buscar los ajustes',
  OVERLOADED: 'El servicio está saturado',
  'detail-NAME_RESERVED':
    'Es un nombre de uso especial o un sufijo público, bajo el que nadie puede tener un buzón.',
  'detail-NO_MAIL': 'Así lo dice su DNS (MX nulo).',
  'detail-NOTHING_FOUND':
    'Se ha preguntado a todas las fuentes y ninguna conoce servidores para este dominio. Revise la escritura o pida a su proveedor los «ajustes de IMAP y SMTP».',
  'detail-RATE_LIMITED':
    'Ha agotado lo que un cliente puede pedir en un minuto. Inténtelo de nuevo pasado el tiempo que indica Retry-After.',
  'detail-OVERLOADED': 'Hay demasiadas búsquedas en curso. Inténtelo de nuevo en unos segundos.',
  'detail-TOKEN_UNKNOWN':
    'Este token no se conoce aquí. Omita la cabecera Authorization o pida un token nuevo al operador de este servicio.',
  'detail-REFRESH':
    'Aquí refresh=true requiere un token de portador que lo autorice. Sin el parámetro recibirá la respuesta guardada.',
  'detail-OWN_AGENT':
    'Este servicio no busca ajustes para otro mailscout, que puede consultar por sí mismo las mismas fuentes.',
  'detail-LOOKUP_FAILED': 'No se ha podido preguntar a algunas fuentes. Inténtelo de nuevo en unos segundos.',
  'detail-PASSWORD': 'No envíe nunca una contraseña: este servicio no la necesita ni la acepta.',
  'detail-NO_CONFIRMED_SERVERS':
    'Se conocen servidores, pero ninguna pareja para recibir y enviar que un programa pueda usar sin preguntarle; véase /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'Este servicio no conoce su propia dirección pública; su operador debe definir antes MAILSCOUT_PUBLIC_URL.',
  'detail-UNKNOWN_HOST':
    'Ningún dominio de este servicio tiene este nombre de host. Indique la dirección de correo con emailaddress=.',
  'detail-FORMAT_UNSUPPORTED':
    'Están disponibles application/json, text/xml (autoconfig), application/x-apple-aspen-config y text/plain.',
  'detail-qr-too-long': 'La dirección es demasiado larga para un código QR que una cámara pueda leer.',
  'detail-profile-oauth2-only':
    'El proveedor solo acepta su propia página de inicio de sesión (OAuth), que no cabe en un perfil de configuración. Añada la cuenta en Ajustes > Mail.',
  'detail-profile-starttls-only':
    'El proveedor solo ofrece STARTTLS, que un perfil de configuración no puede exigir. Configure la cuenta a mano.',
  'detail-profile-incomplete': 'El proveedor no ofrece lo que este perfil necesita.',
}
