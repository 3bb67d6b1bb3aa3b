/** What is wrong with a request, and what to do, in Romanian. */
import type { problems as english } from '../en/problems.js'

export const problems: Partial<Record<keyof typeof english, string>> = {
  'address-empty': 'Lipsește adresa.',
  'address-no-at': 'În adresă lipsește semnul @.',
  'address-two-ats': 'Adresa conține mai mult de un semn @.',
  'address-too-long': 'Adresa depășește 254 de octeți.',
  'address-control-characters': 'Adresa conține caractere invizibile sau de control.',
  'local-part-empty': 'Înaintea semnului @ nu este nimic.',
  'local-part-too-long': 'Partea dinaintea semnului @ depășește 64 de octeți.',
  'local-part-syntax': 'Partea dinaintea semnului @ conține caractere nepermise.',
  'domain-empty': 'După semnul @ nu este nimic.',
  'domain-ip-literal': 'După semnul @ trebuie să fie un nume de domeniu, nu o adresă IP.',
  'domain-syntax': 'Partea de după semnul @ nu este un nume de domeniu valabil.',
  'domain-too-long': 'Numele de domeniu este prea lung.',
  'domain-single-label': 'Numele de domeniu nu conține niciun punct.',
  'domain-symbols': 'Numele de domeniu conține simboluri sau emoji.',
  EMAIL_INVALID: 'Aceasta nu este o adresă de e-mail valabilă',
  QUERY_INVALID: 'Cererea nu este valabilă',
  NAME_RESERVED: 'Acest nume este rezervat și nu are niciodată servere de e-mail',
  NO_MAIL: 'Acest domeniu nu acceptă e-mailuri',
  NOTHING_FOUND: 'Nu s-au găsit setări pentru acest domeniu',
  NOT_FOUND: 'La această adresă nu este nimic',
  METHOD_NOT_ALLOWED: 'Această metodă nu este permisă aici',
  FORMAT_UNSUPPORTED: 'Acest format nu este disponibil',
  BODY_TOO_LARGE: 'Cererea este prea mare',
  MEDIA_TYPE_UNSUPPORTED: 'Acest tip de conținut nu este înțeles',
  PROFILE_UNSUPPORTED: 'Pentru acest cont nu se poate crea un profil',
  RATE_LIMITED: 'Prea multe cereri',
  INTERNAL: 'Ceva nu a mers bine la noi',
  LOOKUP_FAILED: 'Setările nu au putut fi căutate în acest moment',
  OVERLOADED: 'Serviciul este suprasolicitat',
  'detail-NAME_RESERVED':
    'Este un nume cu destinație specială sau un sufix public, sub care nimeni nu poate avea o căsuță.',
  'detail-NO_MAIL': 'Așa spune DNS-ul său (MX nul).',
  'detail-NOTHING_FOUND':
    'Toate sursele au fost întrebate și niciuna nu cunoaște servere pentru acest domeniu. Verificați scrierea sau cereți furnizorului „setările IMAP și SMTP”.',
  'detail-RATE_LIMITED':
    'Ați epuizat numărul de cereri permise unui client într-un minut. Încercați din nou după timpul indicat de Retry-After.',
  'detail-OVERLOADED': 'Sunt prea multe căutări în curs. Încercați din nou peste câteva secunde.',
  'detail-TOKEN_UNKNOWN':
    'Acest token nu este cunoscut aici. Omiteți antetul Authorization sau cereți un token nou operatorului acestui serviciu.',
  'detail-REFRESH':
    'Aici refresh=true cere un token bearer cu acest drept. Fără parametru primiți răspunsul păstrat.',
  'detail-OWN_AGENT':
    'Acest serviciu nu caută setări pentru un alt mailscout, care poate întreba el însuși aceleași surse.',
  'detail-LOOKUP_FAILED':
    'Unele surse nu au putut fi întrebate. Vă rugăm să încercați din nou peste câteva secunde.',
  'detail-PASSWORD': 'Nu trimiteți niciodată o parolă: acest serviciu nu are nevoie de ea și nu o acceptă.',
  'detail-NO_CONFIRMED_SERVERS':
    'Se cunosc servere, dar nicio pereche pentru primire și trimitere pe care un program s-o poată folosi fără să vă întrebe; vedeți /v1/discover.',
  'detail-NO_PUBLIC_URL':
    'Acest serviciu nu își cunoaște propria adresă publică; operatorul trebuie să stabilească mai întâi MAILSCOUT_PUBLIC_URL.',
  'detail-UNKNOWN_HOST':
    'Niciun domeniu al acestui serviciu nu are acest nume de gazdă. Indicați adresa de e-mail prin emailaddress=.',
  'detail-FORMAT_UNSUPPORTED':
    'Sunt disponibile application/json, text/xml (autoconfig), application/x-apple-aspen-config și text/plain.',
  'detail-qr-too-long': 'Adresa este prea lungă pentru un cod QR care poate fi citit de o cameră.',
  'detail-profile-oauth2-only':
    'Furnizorul acceptă doar propria pagină de conectare (OAuth), pe care un profil de configurare nu o poate conține. Adăugați contul în Configurări > Mail.',
  'detail-profile-starttls-only':
    'Furnizorul oferă doar STARTTLS, pe care un profil de configurare nu îl poate impune. Configurați contul manual.',
  'detail-profile-incomplete': 'Furnizorul nu oferă ceea ce îi trebuie acestui profil.',
}
