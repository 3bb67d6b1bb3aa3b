/** Set-up guides for mail programs, in English. Menus are described so that it stays true when their words change. */
export const guides = {
  'guide-title': '{program}: set up {email}',
  'guide-warnings': 'Please note first',
  'guide-notes': 'Good to know',
  'guide-profile-button': 'Download the profile',
  'guide-other-programs': 'Guides for other programs',
  'detail-GUIDE_UNKNOWN':
    'There is no guide for this program. There are: thunderbird, outlook, apple-mail, iphone, android, thunderbird-android, windows-mail.',
  'detail-GUIDE_FORMAT': 'Available are application/json, text/html and text/markdown.',
  'guide-values': 'Your values',
  'guide-by-hand': 'By hand',
  'guide-finally': 'Finally',
  'guide-use-ssl': 'Use SSL',
  'guide-on': 'on',
  'guide-confirm':
    'Please confirm: these servers belong to {domains}. Nothing proves that this is your provider. If you do not know the name, ask your provider before you enter a password.',
  'guide-incoming': 'Enter this for receiving ({protocol}, “incoming server”):',
  'guide-outgoing': 'Enter this for sending (SMTP, “outgoing server”):',
  'guide-try': 'Send yourself a message at {email}: if it arrives, receiving and sending both work.',
  'guide-sign-in-page':
    'The sign-in page of {service} opens. Look at its address, sign in there and allow access.',
  'guide-no-outgoing': 'We found no server for sending; ask your provider for the SMTP settings.',
  'guide-not-offered':
    '{protocol} is not offered securely for this address; the guide shows what is possible.',
  'guide-bridge-phone':
    'This provider needs its helper program (bridge) on a computer; it does not work on a phone. Use the provider’s own app.',
  'guide-special-sign-in':
    'The server asks for a special kind of sign-in. Whether {program} can do it depends on its set-up; ask whoever looks after your mailbox.',
  'guide-sign-in-impossible':
    'This does not work: {provider} takes no password from mail programs, only its own sign-in page (OAuth), and {program} knows such pages only of {services}.',
  'guide-sign-in-nobody':
    'This does not work: {provider} takes no password from mail programs, only its own sign-in page (OAuth), which {program} cannot open.',
  'guide-sign-in-encrypted':
    'This does not work: {provider} takes passwords only in a form (CRAM-MD5) that {program} does not know.',
  'guide-sign-in-pop3':
    'This does not work by POP3: {provider} takes no password from mail programs, and with the provider’s sign-in page {program} sets up the account in its own way. Choose IMAP.',
  'guide-use-instead': 'Use another program; possible are: {programs}.',
  'guide-use-webmail': 'Read your mail on the web page or in the app of {provider}.',
  'guide-ask-provider': 'Ask your provider for “IMAP and SMTP settings with encryption”.',
  'guide-help-page': '{provider} explains the set-up on its help pages.',
  'guide-thunderbird-open':
    'Open the Thunderbird menu (☰) and choose “New Account”, then “Email”. Some versions call it “Existing Mail Account”; at the first start Thunderbird asks by itself.',
  'guide-thunderbird-address':
    'Enter your name and {email}, and the password if you are asked for it, and continue.',
  'guide-thunderbird-compare':
    'Thunderbird looks for the settings itself. Choose {protocol} and compare with the values below. If they differ or nothing is found, choose “Manual configuration”.',
  'guide-thunderbird-finish':
    'Have the values tested (“Re-test”), enter your password if you are asked for it, and finish with “Done”.',
  'guide-thunderbird-android-open':
    'Open the app. At the first start it asks for an account by itself; later choose “Add account” in its settings.',
  'guide-thunderbird-android-compare':
    'Enter {email} and continue. If the app finds settings, compare them with the values below. Otherwise, or if they differ, edit the configuration by hand and choose {protocol}.',
  'guide-thunderbird-android-finish':
    'Enter your password and continue; the app checks both servers before it creates the account.',
  'guide-outlook-new': 'The new Outlook for Windows',
  'guide-outlook-classic': 'Classic Outlook for Windows',
  'guide-outlook-mac': 'Outlook for Mac',
  'guide-outlook-new-open': 'Open the settings (gear), then “Accounts”, and choose “Add account”.',
  'guide-outlook-new-manual':
    'Enter {email} and continue. If Outlook does not set up the account by itself, choose {protocol} as the provider, and show the advanced settings (“Show more”).',
  'guide-outlook-classic-open-simple': 'Choose “File”, then “Add Account”.',
  'guide-outlook-classic-open':
    'Choose “File”, then “Add Account”. Enter {email}, open “Advanced options”, tick “Let me set up my account manually”, and connect.',
  'guide-outlook-classic-type': 'Choose {protocol} as the account type.',
  'guide-outlook-username':
    'If Outlook asks for no user name, it takes the address. Yours is a different one: correct it in the account settings, or create the account in the Windows Control Panel under “Mail”.',
  'guide-outlook-mac-open':
    'Choose “Outlook” in the menu bar, then “Settings”, “Accounts”, and add an account (+).',
  'guide-outlook-mac-manual':
    'Enter {email} and continue. If Outlook asks for the provider or the type, choose {protocol}, and show all settings.',
  'guide-outlook-enter':
    'Enter the values from above in the fields for the incoming and the outgoing server, and your password. Then finish.',
  'guide-outlook-sign-in': 'Enter {email} and continue.',
  'guide-outlook-pop3':
    'Not every version of the new Outlook and of Outlook for Mac can do POP3. If the choice is missing, take IMAP or classic Outlook for Windows.',
  'guide-outlook-cloud':
    'The new Outlook, and Outlook for Mac if you allow it, fetches this mail through Microsoft’s cloud: your sign-in data and messages are then kept there as well. Classic Outlook and Thunderbird connect directly.',
  'guide-outlook-suggests':
    'What Outlook fills in by itself comes from a Microsoft service, not from your provider. If it differs, the values here count.',
  'guide-iphone-open':
    'Open the “Settings”, then “Apps”, “Mail”, “Mail Accounts” and “Add Account”. Older versions have “Mail” and “Accounts” directly in the settings.',
  'guide-iphone-address':
    'Enter your name, {email}, your password and a description, and continue. Choose “{protocol}” at the top.',
  'guide-iphone-advanced':
    'Save. Then open the account once more and compare port and “Use SSL” for both: for sending under “SMTP”, for receiving under “Advanced”.',
  'guide-iphone-profile':
    'Open the “Settings”: “Profile Downloaded” stands at the top. Tap it, then “Install”, and enter your password when you are asked for it.',
  'guide-mac-open': 'In the program Mail choose “Mail” in the menu bar, then “Add Account”.',
  'guide-mac-address':
    'Enter your name, {email} and your password, and sign in. If Mail does not find the servers by itself, it shows fields for them: choose “{protocol}” as the account type.',
  'guide-mac-finish':
    'Sign in. Then compare port and encryption in Mail’s settings under “Accounts”, “Server Settings”.',
  'guide-mac-profile':
    'Open the downloaded file, then System Settings: the profile waits there (search for “Profiles”). Install it and enter your password when you are asked for it.',
  'guide-apple-with-profile': 'The easy way: with a profile',
  'guide-apple-profile':
    'Download the configuration profile on this device. It holds all values below and no password.',
  'guide-apple-other': 'Choose “Other” in the list, then “Add Mail Account”.',
  'guide-apple-service': 'Choose {service} in the list. The servers need not be entered.',
  'guide-apple-outgoing-password':
    'Enter user name and password for the outgoing server as well, even where the field says “Optional”.',
  'guide-apple-icloud':
    'Your own iCloud address needs no servers on this device: open the Settings, tap or click your name, then “iCloud”, and turn on “Mail”.',
  'guide-apple-starttls':
    'Apple has no choice named STARTTLS: leave “Use SSL” on with the port given here, and the device picks the right kind of encryption.',
  'guide-android-open':
    'Open the Gmail app, tap your picture at the top right, and choose “Add another account”.',
  'guide-android-service': 'Choose “{service}” in the list. The servers need not be entered.',
  'guide-android-other': 'Choose “Other”, enter {email}, and choose “Manual setup” or continue.',
  'guide-android-type': 'Choose “Personal ({protocol})” and enter your password.',
  'guide-android-finish':
    'For sending leave “Require sign-in” on. Continue until the app says that the account is ready.',
  'guide-android-certificates':
    'Never choose an encryption with “Accept all certificates”: anyone on the way could then read your password.',
  'guide-windows-mail-retired':
    'Windows Mail can no longer be used: Microsoft retired it at the end of 2024. It neither receives nor sends.',
  'guide-windows-mail-save':
    'If messages exist only in Windows Mail, export them first while the program still opens.',
  'guide-windows-mail-instead':
    'Use another program: Thunderbird connects directly to your provider; the new Outlook, Microsoft’s successor, works through Microsoft’s cloud. There is a guide for each of them here. They need these values:',
} as const
