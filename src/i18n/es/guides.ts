/** Set-up guides for mail programs, in Spanish. */
import type { guides as english } from '../en/guides.js'

export const guides: Partial<Record<keyof typeof english, string>> = {
  'guide-title': '{program}: configurar {email}',
  'guide-warnings': 'Tenga en cuenta primero',
  'guide-notes': 'Conviene saberlo',
  'guide-profile-button': 'Descargar el perfil',
  'guide-other-programs': 'Guías para otros programas',
  'detail-GUIDE_UNKNOWN':
    'No hay guía para este programa. Hay: thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Están disponibles application/json, text/html y text/markdown.',
  'guide-values': 'Sus valores',
  'guide-by-hand': 'A mano',
  'guide-finally': 'Para terminar',
  'guide-use-ssl': 'Usar SSL',
  'guide-on': 'activado',
  'guide-confirm':
    'Confirme, por favor: estos servidores pertenecen a {domains}. Nada prueba que sea su proveedor. Si no conoce el nombre, pregunte a su proveedor antes de escribir una contraseña.',
  'guide-incoming': 'Introduzca esto para recibir ({protocol}, «servidor de correo entrante»):',
  'guide-outgoing': 'Introduzca esto para enviar (SMTP, «servidor de correo saliente»):',
  'guide-try': 'Envíese un mensaje a {email}: si llega, la recepción y el envío funcionan.',
  'guide-sign-in-page':
    'Se abre la página de inicio de sesión de {service}. Fíjese en su dirección, inicie sesión y permita el acceso.',
  'guide-no-outgoing':
    'No hemos encontrado ningún servidor de envío; pida a su proveedor los ajustes de SMTP.',
  'guide-not-offered':
    '{protocol} no se ofrece de forma segura para esta dirección; la guía muestra lo que es posible.',
  'guide-bridge-phone':
    'Este proveedor necesita su programa auxiliar (Bridge) en un ordenador; en el móvil no funciona. Use la aplicación del proveedor.',
  'guide-special-sign-in':
    'El servidor pide una autenticación especial. Que {program} pueda hacerla depende de su instalación; pregunte a quien se ocupa de su buzón.',
  'guide-sign-in-impossible':
    'Así no funciona: {provider} no acepta contraseñas de los programas de correo, solo su propia página de inicio de sesión (OAuth), y {program} solo conoce las de {services}.',
  'guide-sign-in-nobody':
    'Así no funciona: {provider} no acepta contraseñas de los programas de correo, solo su propia página de inicio de sesión (OAuth), que {program} no puede abrir.',
  'guide-sign-in-encrypted':
    'Así no funciona: {provider} solo acepta contraseñas en una forma (CRAM-MD5) que {program} no conoce.',
  'guide-sign-in-pop3':
    'Con POP3 no funciona: {provider} no acepta contraseñas de los programas de correo y, con la página de inicio de sesión del proveedor, {program} configura la cuenta a su manera. Elija IMAP.',
  'guide-use-instead': 'Use otro programa; son posibles: {programs}.',
  'guide-use-webmail': 'Lea su correo en la página web o en la aplicación de {provider}.',
  'guide-ask-provider': 'Pida a su proveedor los «ajustes de IMAP y SMTP con cifrado».',
  'guide-help-page': '{provider} explica la configuración en sus páginas de ayuda.',
  'guide-thunderbird-open':
    'Abra el menú de Thunderbird (☰) y elija «Cuenta nueva» y después «Correo electrónico». Algunas versiones lo llaman «Cuenta de correo existente»; la primera vez, Thunderbird lo pregunta por sí mismo.',
  'guide-thunderbird-address': 'Escriba su nombre y {email}, y la contraseña si se le pide, y continúe.',
  'guide-thunderbird-compare':
    'Thunderbird busca los ajustes por sí mismo. Elija {protocol} y compare con los valores de abajo. Si son distintos o no encuentra nada, elija «Configurar manualmente».',
  'guide-thunderbird-finish':
    'Haga comprobar los valores («Volver a probar»), escriba su contraseña si se le pide y termine con «Hecho».',
  'guide-thunderbird-android-open':
    'Abra la aplicación. La primera vez pide una cuenta por sí misma; más adelante, elija «Añadir cuenta» en sus ajustes.',
  'guide-thunderbird-android-compare':
    'Escriba {email} y continúe. Si la aplicación encuentra ajustes, compárelos con los valores de abajo. Si no, o si son distintos, edite la configuración a mano y elija {protocol}.',
  'guide-thunderbird-android-finish':
    'Escriba su contraseña y continúe; la aplicación comprueba ambos servidores antes de crear la cuenta.',
  'guide-outlook-new': 'El nuevo Outlook para Windows',
  'guide-outlook-classic': 'Outlook clásico para Windows',
  'guide-outlook-mac': 'Outlook para Mac',
  'guide-outlook-new-open':
    'Abra la configuración (rueda dentada), después «Cuentas», y elija «Agregar cuenta».',
  'guide-outlook-new-manual':
    'Escriba {email} y continúe. Si Outlook no configura la cuenta por sí mismo, elija {protocol} como proveedor y muestre la configuración avanzada («Mostrar más»).',
  'guide-outlook-classic-open-simple': 'Elija «Archivo» y después «Agregar cuenta».',
  'guide-outlook-classic-open':
    'Elija «Archivo» y después «Agregar cuenta». Escriba {email}, abra las «Opciones avanzadas», marque la configuración manual de la cuenta y conéctese.',
  'guide-outlook-classic-type': 'Elija {protocol} como tipo de cuenta.',
  'guide-outlook-username':
    'Si Outlook no pide un nombre de usuario, toma la dirección. El suyo es otro: corríjalo en la configuración de la cuenta, o cree la cuenta en el Panel de control de Windows, en «Correo».',
  'guide-outlook-mac-open':
    'Elija «Outlook» en la barra de menús, después la configuración, «Cuentas», y añada una cuenta (+).',
  'guide-outlook-mac-manual':
    'Escriba {email} y continúe. Si Outlook pregunta por el proveedor o el tipo, elija {protocol} y muestre todos los ajustes.',
  'guide-outlook-enter':
    'Introduzca los valores de arriba en los campos de los servidores entrante y saliente, y su contraseña. Después termine.',
  'guide-outlook-sign-in': 'Escriba {email} y continúe.',
  'guide-outlook-pop3':
    'No todas las versiones del nuevo Outlook y de Outlook para Mac admiten POP3. Si falta la opción, elija IMAP o Outlook clásico para Windows.',
  'guide-outlook-cloud':
    'El nuevo Outlook, y Outlook para Mac si usted lo permite, recoge este correo a través de la nube de Microsoft: sus datos de acceso y mensajes quedan entonces también allí. Outlook clásico y Thunderbird se conectan directamente.',
  'guide-outlook-suggests':
    'Lo que Outlook rellena por sí mismo procede de un servicio de Microsoft, no de su proveedor. Si es distinto, valen los valores de aquí.',
  'guide-iphone-open':
    'Abra «Ajustes», después «Apps», «Mail», «Cuentas de Mail» y «Añadir cuenta». En versiones anteriores, «Mail» y «Cuentas» están directamente en los ajustes.',
  'guide-iphone-address':
    'Escriba su nombre, {email}, su contraseña y una descripción, y continúe. Elija «{protocol}» arriba.',
  'guide-iphone-advanced':
    'Guarde. Abra después la cuenta otra vez y compare el puerto y «Usar SSL»: para enviar en «SMTP», para recibir en «Avanzado».',
  'guide-iphone-profile':
    'Abra «Ajustes»: arriba aparece «Perfil descargado». Tóquelo, después «Instalar», y escriba su contraseña cuando se le pida.',
  'guide-mac-open': 'En el programa Mail elija «Mail» en la barra de menús y después «Añadir cuenta».',
  'guide-mac-address':
    'Escriba su nombre, {email} y su contraseña, e inicie sesión. Si Mail no encuentra los servidores por sí mismo, muestra campos para ellos: elija «{protocol}» como tipo de cuenta.',
  'guide-mac-finish':
    'Inicie sesión. Compare después el puerto y el cifrado en los ajustes de Mail, en «Cuentas», «Ajustes del servidor».',
  'guide-mac-profile':
    'Abra el archivo descargado y después Ajustes del Sistema: allí espera el perfil (busque «Perfiles»). Instálelo y escriba su contraseña cuando se le pida.',
  'guide-apple-with-profile': 'Lo más sencillo: con un perfil',
  'guide-apple-profile':
    'Descargue el perfil de configuración en este dispositivo. Contiene todos los valores de abajo y ninguna contraseña.',
  'guide-apple-other': 'Elija «Otra» en la lista y después «Añadir cuenta de correo».',
  'guide-apple-service': 'Elija {service} en la lista. No hay que introducir servidores.',
  'guide-apple-outgoing-password':
    'Introduzca el nombre de usuario y la contraseña también para el servidor saliente, aunque el campo diga «Opcional».',
  'guide-apple-icloud':
    'Su propia dirección de iCloud no necesita servidores en este dispositivo: abra los ajustes, su nombre, después «iCloud», y active «Mail».',
  'guide-apple-starttls':
    'En Apple ninguna opción se llama STARTTLS: deje activado «Usar SSL» con el puerto indicado, y el dispositivo elige el cifrado correcto.',
  'guide-android-open':
    'Abra la aplicación Gmail, toque su imagen arriba a la derecha y elija «Añadir otra cuenta».',
  'guide-android-service': 'Elija «{service}» en la lista. No hay que introducir servidores.',
  'guide-android-other': 'Elija «Otra», escriba {email} y elija «Configuración manual» o continúe.',
  'guide-android-type': 'Elija «Personal ({protocol})» y escriba su contraseña.',
  'guide-android-finish':
    'Para enviar, deje activado que se requiere iniciar sesión. Continúe hasta que la aplicación diga que la cuenta está lista.',
  'guide-android-certificates':
    'No elija nunca un cifrado con «Aceptar todos los certificados»: alguien podría leer su contraseña por el camino.',
  'guide-windows-mail-retired':
    'Windows Mail ya no se puede usar: Microsoft lo retiró a finales de 2024. Ya no recibe ni envía.',
  'guide-windows-mail-save':
    'Si hay mensajes que solo están en Windows Mail, expórtelos primero, mientras el programa aún se abra.',
  'guide-windows-mail-instead':
    'Use otro programa: Thunderbird se conecta directamente con su proveedor; el nuevo Outlook, el sucesor de Microsoft, funciona a través de la nube de Microsoft. Aquí hay una guía para cada uno. Necesitan estos valores:',
}
