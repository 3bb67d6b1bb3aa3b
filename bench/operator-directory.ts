/** A directory of provider files as a hoster has it, made for one measurement and removed afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Customers per file: what a script that writes such files from a panel's database would do. */
const DOMAINS_PER_FILE = 1000

/** @returns the directory's path; it is gone when the process ends */
export function operatorDirectory(domains: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'mailscout-bench-'))
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true })
  })
  for (let first = 0; first < domains.length; first += DOMAINS_PER_FILE) {
    const id = `hoster-${String(first)}`
    const entry = {
      id,
      name: 'Hoster & Co',
      access: 'full',
      domains: domains.slice(first, first + DOMAINS_PER_FILE),
      imap: [
        { hostname: 'imap.hoster.com', port: 993, security: 'tls' },
        { hostname: 'imap.hoster.com', port: 143, security: 'starttls' },
      ],
      pop3: [{ hostname: 'pop.hoster.com', port: 995, security: 'tls' }],
      smtp: [{ hostname: 'smtp.hoster.com', port: 465, security: 'tls' }],
      caldav: 'https://dav.hoster.com/',
      confidence: 'high',
      references: ['benchmark'],
      verified: '2099-12-31',
    }
    writeFileSync(join(directory, `${id}.json`), JSON.stringify(entry))
  }
  return directory
}
