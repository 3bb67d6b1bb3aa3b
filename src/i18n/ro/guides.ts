/** Set-up guides for mail programs, in Romanian. */
import type { guides as english } from '../en/guides.js'

export const guides: Partial<Record<keyof typeof english, string>> = {
  'guide-title': '{program}: configurarea adresei {email}',
  'guide-warnings': 'De reținut mai întâi',
  'guide-notes': 'Bine de știut',
  'guide-profile-button': 'Descarcă profilul',
  'guide-other-programs': 'Ghiduri pentru alte programe',
  'detail-GUIDE_UNKNOWN':
    'Pentru acest program nu există ghid. Există: thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Sunt disponibile application/json, text/html și text/markdown.',
  'guide-values': 'Valorile dumneavoastră',
  'guide-by-hand': 'Manual',
  'guide-finally': 'La final',
  'guide-use-ssl': 'Utilizare SSL',
  'guide-on': 'activat',
  'guide-confirm':
    'Vă rugăm să confirmați: aceste servere aparțin de {domains}. Nimic nu dovedește că acesta este furnizorul dumneavoastră. Dacă nu cunoașteți numele, întrebați furnizorul înainte de a introduce o parolă.',
  'guide-incoming': 'Introduceți acestea pentru primire ({protocol}, „server de primire”):',
  'guide-outgoing': 'Introduceți acestea pentru trimitere (SMTP, „server de trimitere”):',
  'guide-try': 'Trimiteți-vă un mesaj la {email}: dacă sosește, primirea și trimiterea funcționează.',
  'guide-sign-in-page':
    'Se deschide pagina de conectare {service}. Verificați-i adresa, conectați-vă acolo și permiteți accesul.',
  'guide-no-outgoing': 'Nu am găsit niciun server pentru trimitere; cereți furnizorului setările SMTP.',
  'guide-not-offered':
    '{protocol} nu este oferit în mod sigur pentru această adresă; ghidul arată ce este posibil.',
  'guide-bridge-phone':
    'Acest furnizor are nevoie de programul său ajutător (Bridge) pe un computer; pe telefon nu funcționează. Folosiți aplicația furnizorului.',
  'guide-special-sign-in':
    'Serverul cere o autentificare specială. Dacă {program} o cunoaște depinde de instalare; întrebați persoana care vă administrează căsuța.',
  'guide-sign-in-impossible':
    'Așa nu funcționează: {provider} nu acceptă parole de la programele de e-mail, ci doar propria pagină de conectare (OAuth), iar {program} cunoaște doar paginile de la {services}.',
  'guide-sign-in-nobody':
    'Așa nu funcționează: {provider} nu acceptă parole de la programele de e-mail, ci doar propria pagină de conectare (OAuth), pe care {program} nu o poate deschide.',
  'guide-sign-in-encrypted':
    'Așa nu funcționează: {provider} acceptă parole doar într-o formă (CRAM-MD5) pe care {program} nu o cunoaște.',
  'guide-sign-in-pop3':
    'Cu POP3 nu funcționează: {provider} nu acceptă parole de la programele de e-mail, iar prin pagina de conectare a furnizorului {program} configurează contul în felul său. Alegeți IMAP.',
  'guide-use-instead': 'Folosiți alt program; sunt posibile: {programs}.',
  'guide-use-webmail': 'Citiți-vă e-mailurile pe pagina web sau în aplicația {provider}.',
  'guide-ask-provider': 'Cereți furnizorului „setările IMAP și SMTP cu criptare”.',
  'guide-help-page': '{provider} explică configurarea în paginile sale de ajutor.',
  'guide-thunderbird-open':
    'Deschideți meniul Thunderbird (☰) și alegeți „Cont nou”, apoi „E-mail”. În unele versiuni se numește „Cont de e-mail existent”; la prima pornire, Thunderbird întreabă singur.',
  'guide-thunderbird-address':
    'Introduceți numele și {email}, precum și parola, dacă este cerută, și continuați.',
  'guide-thunderbird-compare':
    'Thunderbird caută singur setările. Alegeți {protocol} și comparați cu valorile de mai jos. Dacă diferă sau nu se găsește nimic, alegeți configurarea manuală.',
  'guide-thunderbird-finish':
    'Testați din nou valorile, introduceți parola, dacă este cerută, și încheiați cu „Gata”.',
  'guide-thunderbird-android-open':
    'Deschideți aplicația. La prima pornire cere singură un cont; mai târziu, alegeți „Adaugă cont” în setările ei.',
  'guide-thunderbird-android-compare':
    'Introduceți {email} și continuați. Dacă aplicația găsește setări, comparați-le cu valorile de mai jos. Dacă nu, sau dacă diferă, modificați configurația manual și alegeți {protocol}.',
  'guide-thunderbird-android-finish':
    'Introduceți parola și continuați; aplicația verifică ambele servere înainte de a crea contul.',
  'guide-outlook-new': 'Noul Outlook pentru Windows',
  'guide-outlook-classic': 'Outlook clasic pentru Windows',
  'guide-outlook-mac': 'Outlook pentru Mac',
  'guide-outlook-new-open':
    'Deschideți setările (rotița dințată), apoi „Conturi”, și alegeți „Adăugare cont”.',
  'guide-outlook-new-manual':
    'Introduceți {email} și continuați. Dacă Outlook nu configurează singur contul, alegeți {protocol} ca furnizor și afișați setările avansate („Afișați mai multe”).',
  'guide-outlook-classic-open-simple': 'Alegeți „Fișier”, apoi „Adăugare cont”.',
  'guide-outlook-classic-open':
    'Alegeți „Fișier”, apoi „Adăugare cont”. Introduceți {email}, deschideți „Opțiuni avansate”, bifați configurarea manuală a contului și conectați-vă.',
  'guide-outlook-classic-type': 'Alegeți {protocol} ca tip de cont.',
  'guide-outlook-username':
    'Dacă Outlook nu cere un nume de utilizator, folosește adresa. Al dumneavoastră este altul: corectați-l în setările contului sau creați contul în Panoul de control Windows, la „Poștă”.',
  'guide-outlook-mac-open':
    'Alegeți „Outlook” în bara de meniu, apoi setările, „Conturi”, și adăugați un cont (+).',
  'guide-outlook-mac-manual':
    'Introduceți {email} și continuați. Dacă Outlook întreabă de furnizor sau de tip, alegeți {protocol} și afișați toate setările.',
  'guide-outlook-enter':
    'Introduceți valorile de mai sus în câmpurile serverelor de primire și de trimitere, precum și parola. Apoi încheiați.',
  'guide-outlook-sign-in': 'Introduceți {email} și continuați.',
  'guide-outlook-pop3':
    'Nu orice versiune a noului Outlook și a Outlook pentru Mac cunoaște POP3. Dacă lipsește opțiunea, alegeți IMAP sau Outlook clasic pentru Windows.',
  'guide-outlook-cloud':
    'Noul Outlook, precum și Outlook pentru Mac, dacă permiteți, preia aceste e-mailuri prin cloudul Microsoft: datele de conectare și mesajele se află atunci și acolo. Outlook clasic și Thunderbird se conectează direct.',
  'guide-outlook-suggests':
    'Ceea ce completează Outlook singur provine de la un serviciu Microsoft, nu de la furnizorul dumneavoastră. Dacă diferă, contează valorile de aici.',
  'guide-iphone-open':
    'Deschideți „Configurări”, apoi „Aplicații”, „Mail”, „Conturi Mail” și „Adaugă un cont”. În versiunile mai vechi, „Mail” și „Conturi” se află direct în configurări.',
  'guide-iphone-address':
    'Introduceți numele, {email}, parola și o descriere și continuați. Alegeți „{protocol}” în partea de sus.',
  'guide-iphone-advanced':
    'Salvați. Deschideți apoi contul încă o dată și comparați portul și „Utilizare SSL”: pentru trimitere la „SMTP”, pentru primire la „Avansat”.',
  'guide-iphone-profile':
    'Deschideți „Configurări”: sus apare „Profil descărcat”. Apăsați pe el, apoi pe „Instalați”, și introduceți parola când este cerută.',
  'guide-mac-open': 'În programul Mail alegeți „Mail” în bara de meniu, apoi „Adaugă un cont”.',
  'guide-mac-address':
    'Introduceți numele, {email} și parola și conectați-vă. Dacă Mail nu găsește singur serverele, afișează câmpuri pentru ele: alegeți „{protocol}” ca tip de cont.',
  'guide-mac-finish':
    'Conectați-vă. Comparați apoi portul și criptarea în configurările Mail, la „Conturi”, „Configurări server”.',
  'guide-mac-profile':
    'Deschideți fișierul descărcat, apoi Configurări sistem: profilul așteaptă acolo (căutați „Profiluri”). Instalați-l și introduceți parola când este cerută.',
  'guide-apple-with-profile': 'Cel mai simplu: cu un profil',
  'guide-apple-profile':
    'Descărcați profilul de configurare pe acest dispozitiv. Conține toate valorile de mai jos și nicio parolă.',
  'guide-apple-other': 'Alegeți „Altul” din listă, apoi „Adaugă un cont Mail”.',
  'guide-apple-service': 'Alegeți {service} din listă. Serverele nu trebuie introduse.',
  'guide-apple-outgoing-password':
    'Introduceți numele de utilizator și parola și pentru serverul de trimitere, chiar dacă în câmp scrie „Opțional”.',
  'guide-apple-icloud':
    'Adresa dumneavoastră iCloud nu are nevoie de servere pe acest dispozitiv: deschideți configurările, numele dumneavoastră, apoi „iCloud”, și activați „Mail”.',
  'guide-apple-starttls':
    'La Apple nicio opțiune nu se numește STARTTLS: lăsați „Utilizare SSL” activat cu portul indicat, iar dispozitivul alege criptarea potrivită.',
  'guide-android-open':
    'Deschideți aplicația Gmail, apăsați pe imaginea dumneavoastră din dreapta sus și alegeți „Adaugă alt cont”.',
  'guide-android-service': 'Alegeți „{service}” din listă. Serverele nu trebuie introduse.',
  'guide-android-other':
    'Alegeți „Altul”, introduceți {email} și alegeți „Configurare manuală” sau continuați.',
  'guide-android-type': 'Alegeți „Personal ({protocol})” și introduceți parola.',
  'guide-android-finish':
    'Pentru trimitere, lăsați activată cererea de conectare. Continuați până când aplicația anunță că este gata contul.',
  'guide-android-certificates':
    'Nu alegeți niciodată o criptare cu „Acceptă toate certificatele”: pe parcurs, cineva v-ar putea citi parola.',
  'guide-windows-mail-retired':
    'Windows Mail nu mai poate fi folosit: Microsoft l-a retras la sfârșitul anului 2024. Nu mai primește și nu mai trimite.',
  'guide-windows-mail-save':
    'Dacă unele mesaje se află doar în Windows Mail, exportați-le mai întâi, cât timp programul încă se deschide.',
  'guide-windows-mail-instead':
    'Folosiți alt program: Thunderbird se conectează direct la furnizor; noul Outlook, succesorul de la Microsoft, lucrează prin cloudul Microsoft. Aici există câte un ghid pentru fiecare. Au nevoie de aceste valori:',
}
