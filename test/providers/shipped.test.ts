import t from 'tap'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Hostname } from '../../src/domain/hostname.js'
import { entryToFinding, isStale } from '../../src/providers/entry-to-finding.js'
import { loadProviders } from '../../src/providers/load.js'
import { matchMxRule } from '../../src/providers/mx-rule.js'
import { createProviderIndex } from '../../src/providers/provider-index.js'

const directory = fileURLToPath(new URL('../../data/providers/', import.meta.url))
// Loading alone proves that every entry passes the schema and that no domain, id or MX rule is claimed twice.
const entries = loadProviders(directory)
const index = createProviderIndex(entries)
const NOW = Date.parse('2026-11-23T00:00:00Z')
const host = (name: string) => name as Hostname

t.test('one file per provider, named for it', (t) => {
  const files = readdirSync(directory).sort()
  t.strictSame(files, entries.map((entry) => `${entry.id}.json`).sort())
  t.ok(entries.length >= 200, `${String(entries.length)} entries`)
  t.ok(index.size >= 1200, `${String(index.size)} domains`)
  t.notOk(
    entries.some((entry) => isStale(entry, NOW)),
    'none is stale when shipped',
  )
  t.end()
})

t.test('every MX rule recognises its example, through the whole index too', (t) => {
  for (const entry of entries) {
    for (const rule of entry.mx) {
      const name = `${entry.id} ${rule.match} ${rule.value}`
      t.ok(matchMxRule(rule, rule.matches), `${name} matches ${rule.matches}`)
      t.equal(matchMxRule(rule, rule.not), null, `${name} leaves ${rule.not}`)
      t.equal(index.findByMx(rule.matches)?.rule, rule, `${rule.matches} → ${name}`)
    }
  }
  t.end()
})

t.test('each of the first 150 mail domains is answered offline', (t) => {
  const ranks = entries.flatMap((entry) => Object.entries(entry.popularity))
  const first = ranks.filter(([, rank]) => rank <= 150).sort((a, b) => a[1] - b[1])
  t.strictSame(
    first.map(([, rank]) => rank),
    Array.from({ length: 150 }, (_, position) => position + 1),
    'every rank from 1 to 150 once',
  )
  for (const [domain] of first) {
    const entry = index.findByDomain(host(domain))!
    const { servers, notices, provider } = entryToFinding(entry, NOW)
    if (entry.access === 'full') {
      t.ok(servers.some((s) => s.protocol === 'smtp') && servers.length >= 2, `${domain} has servers`)
    } else {
      t.ok(notices[0]?.code === 'no-access' || notices[0]?.code === 'access-unknown', `${domain} says why`)
      t.ok(provider.documentation.length > 0, `${domain} says where to look`)
    }
  }
  t.end()
})

t.test('the settings that most people need', (t) => {
  const line = (domain: string) => {
    const found = index.findByDomain(host(domain))
    const list = (servers: { hostname: string; port: number }[]) =>
      servers.map((server) => `${server.hostname}:${String(server.port)}`).join(' ')
    return found === null ? null : [found.id, list(found.imap), list(found.pop3), list(found.smtp)]
  }
  t.strictSame(line('gmail.com'), [
    'gmail',
    'imap.gmail.com:993',
    'pop.gmail.com:995',
    'smtp.gmail.com:465 smtp.gmail.com:587',
  ])
  t.strictSame(line('hotmail.com')?.slice(0, 3), [
    'outlook',
    'outlook.office365.com:993',
    'outlook.office365.com:995',
  ])
  t.match(line('live.com')?.[3], /^smtp-mail\.outlook\.com:587/)
  t.strictSame(line('yahoo.de'), [
    'yahoo',
    'imap.mail.yahoo.com:993',
    'pop.mail.yahoo.com:995',
    'smtp.mail.yahoo.com:465',
  ])
  t.strictSame(line('icloud.com'), ['icloud', 'imap.mail.me.com:993', '', 'smtp.mail.me.com:587'])
  t.strictSame(line('t-online.de'), [
    't-online',
    'secureimap.t-online.de:993',
    'securepop.t-online.de:995',
    'securesmtp.t-online.de:465 securesmtp.t-online.de:587',
  ])
  t.strictSame(line('gmx.de'), [
    'gmx',
    'imap.gmx.net:993',
    'pop.gmx.net:995',
    'mail.gmx.net:465 mail.gmx.net:587',
  ])
  t.strictSame(line('proton.me'), ['proton', '', '', ''])
  t.strictSame(index.findByDomain(host('outlook.com'))?.authentication, ['oauth2'])
  const icloud = entryToFinding(index.findByDomain(host('me.com'))!, NOW).servers
  t.strictSame(
    icloud.slice(0, 2).map((server) => server.username),
    ['%EMAILLOCALPART%', '%EMAILADDRESS%'],
  )
  t.end()
})

t.test('the traps of MX names (R52)', (t) => {
  const by = (name: string) => {
    const match = index.findByMx(name)
    return match === null ? null : `${match.entry.id} ${match.rule.class}`
  }
  t.equal(by('outlook-com.olc.protection.outlook.com'), 'outlook mailbox')
  t.equal(by('acme-de.mail.protection.outlook.com'), 'microsoft-365 mailbox')
  t.equal(by('mx.outlook.com'), null)
  t.equal(by('mx1.qq.com'), 'qq mailbox')
  t.equal(by('mxbiz2.qq.com'), 'tencent-exmail mailbox')
  t.equal(by('other.qq.com'), null)
  t.equal(by('mta7.am0.yahoodns.net'), 'yahoo mailbox')
  t.equal(by('mx-aol.mail.gm0.yahoodns.net'), 'aol mailbox')
  t.equal(by('mta.biz.yahoodns.net'), null)
  t.equal(by('qiye163mx02.mxmail.netease.com'), 'netease-qiye mailbox')
  t.equal(by('163mx02.mxmail.netease.com'), 'netease-163 mailbox')
  t.equal(by('other.mxmail.netease.com'), null)
  t.equal(by('mx00.emig.gmx.net'), 'gmx ambiguous')
  t.equal(by('mx0.gmx.net'), null)
  t.equal(by('aspmx.l.google.com'), 'gmail mailbox')
  t.equal(by('aspmx.l.google.com.evil.net'), null)
  t.equal(by('mx1.pphosted.com'), 'proofpoint gateway')
  t.equal(by('route1.mx.cloudflare.net'), 'cloudflare-routing forwarder')
  t.equal(by('mail.protonmail.ch'), 'proton bridge')
  t.equal(by('mx.duck.com'), 'duckduckgo alias')
  t.equal(by('mxa.mailgun.org'), 'mailgun inbound-api')
  const kas = index.findByMx('w0199999.kasserver.com')!
  t.equal(kas.servers.imap[0]?.hostname, 'w0199999.kasserver.com')
  const workmail = index.findByMx('inbound-smtp.eu-west-1.amazonaws.com')!
  t.equal(workmail.rule.class, 'ambiguous')
  t.equal(workmail.servers.imap[0]?.hostname, 'imap.mail.eu-west-1.awsapps.com')
  t.equal(index.findByMx('mx2.zoho.eu')?.servers.imap[0]?.hostname, 'imappro.zoho.eu')
  t.equal(index.findByDomain(host('zoho.eu'))?.imap[0]?.hostname, 'imap.zoho.eu')
  t.end()
})

t.test('no entry offers cleartext, and OAuth facts hold no client', (t) => {
  for (const entry of entries) {
    const { servers } = entryToFinding(entry, NOW)
    t.ok(
      servers.every((server) => server.security === 'tls' || server.security === 'starttls'),
      entry.id,
    )
  }
  const withOauth = entries.filter((entry) => entry.oauth2 !== undefined).map((entry) => entry.id)
  t.strictSame(
    ['aol', 'comcast', 'fastmail', 'gmail', 'mail-ru', 'microsoft-365', 'outlook', 'yahoo', 'yandex'].filter(
      (id) => !withOauth.includes(id),
    ),
    [],
  )
  t.end()
})

t.test('typo hints over the shipped names (R53)', (t) => {
  t.equal(index.suggestDomain('gmial.com'), 'gmail.com')
  t.equal(index.suggestDomain('hotmal.com'), 'hotmail.com')
  t.equal(index.suggestDomain('gmx.ed'), 'gmx.de')
  t.equal(index.suggestDomain('yaho.com'), 'yahoo.com')
  t.equal(index.suggestDomain('t-onlin.de'), 't-online.de')
  for (const { popularity } of entries) {
    for (const domain of Object.keys(popularity)) t.equal(index.suggestDomain(domain), null, domain)
  }
  t.end()
})
