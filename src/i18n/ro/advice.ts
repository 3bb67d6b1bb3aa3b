/** Why IMAP or POP3, and what the three words mean, in Romanian. */
import type { advice as english } from '../en/advice.js'

export const advice: Partial<Record<keyof typeof english, string>> = {
  'only-imap-offered': 'Furnizorul dumneavoastră oferă doar IMAP, care este oricum alegerea mai bună.',
  'only-pop3-offered': 'Furnizorul dumneavoastră oferă doar POP3; IMAP nu există pentru această adresă.',
  'imap-not-secure':
    'Aici IMAP nu este oferit cu o criptare funcțională, de aceea POP3 este alegerea sigură.',
  'imap-not-confirmed': 'Serverul POP3 a putut fi confirmat, serverul IMAP nu.',
  'several-devices':
    'Cu IMAP, telefonul, tableta și computerul arată aceleași mesaje, dosare și marcaje de citire.',
  'several-devices-need-imap':
    'Cu mai multe dispozitive, doar IMAP le ține pe toate la zi; programul poate păstra totuși câte o copie pe fiecare.',
  'one-device-may-become-two':
    'IMAP se potrivește și pentru un singur dispozitiv și va funcționa în continuare dacă se adaugă al doilea.',
  'one-device': 'Vă citiți e-mailurile pe un singur dispozitiv.',
  'keep-on-device':
    'POP3 aduce e-mailurile pe acest dispozitiv; le păstrați singur și eliberați spațiu la furnizor.',
  'keep-on-server':
    'Cu IMAP, e-mailurile rămân în siguranță pe serverul furnizorului, chiar dacă dispozitivul se pierde.',
  'pop3-on-several-devices':
    'Cu POP3, mai multe dispozitive nu știu unul de altul: ce citiți sau ștergeți pe unul rămâne neschimbat pe celelalte.',
  'provider-prefers-imap': 'Și furnizorul menționează IMAP primul.',
  'provider-lists-pop3-first': 'Furnizorul menționează POP3 primul; totuși, IMAP vi se potrivește mai bine.',
  'leave-on-server':
    'Activați „păstrează mesajele pe server” (de exemplu 14 zile), ca să nu pierdeți nimic dacă acest dispozitiv se strică.',
  'imap-explained':
    'Cu IMAP vă citiți e-mailurile acolo unde se află, pe serverul furnizorului, la fel pe fiecare dispozitiv.',
  'pop3-explained': 'POP3 descarcă e-mailurile pe un dispozitiv și de obicei le șterge de pe server.',
  'smtp-explained': 'SMTP vă trimite e-mailurile; aveți nevoie de el atât cu IMAP, cât și cu POP3.',
}
