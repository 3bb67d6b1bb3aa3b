/** Domains that show what stands beside the usual sources: sign-in servers, Exchange, services without IMAP. */
import { json, jmapSession, paccDigest, paccJson, redirect, signInFirst, xml } from './documents.js'
import {
  AUTOCONFIG_PATH,
  AUTODISCOVER_PATH,
  hiddenAutoconfig,
  hiddenServers,
  hiddenSrv,
  IMAPS,
  PACC_PATH,
  POP3S,
  SUBMISSIONS,
  type World,
} from './world.js'

const ISSUER = 'https://login.oauth.test/realm'
const paccWithIssuer = paccJson({
  imap: 'reading.oauth.test',
  smtp: 'sending.oauth.test',
  issuer: ISSUER,
})

const WITH_OAUTH = ['PLAIN', 'XOAUTH2', 'OAUTHBEARER']

export const SERVICES_WORLD: World = {
  'wants-address.test': {
    description: 'the autoconfig host answers 400 without the parameter emailaddress',
    shows:
      'source autoconfig, asked again with a placeholder local part, whose login name is a template again',
    hosts: {
      ...hiddenServers('wants-address.test'),
      'autoconfig.wants-address.test': {
        https: {
          [AUTOCONFIG_PATH]: ({ query }) => {
            const address = query.get('emailaddress')
            if (address === null) return { status: 400, body: 'emailaddress is missing\n' }
            return xml(hiddenAutoconfig('wants-address.test').replaceAll('%EMAILADDRESS%', address))
          },
        },
      },
    },
  },
  'oauth.test': {
    description: 'a PACC document that names an OAuth issuer, whose metadata name the endpoints',
    shows: 'source pacc; oauth2 with issuer, authorizationUrl and tokenUrl',
    hosts: {
      'reading.oauth.test': {
        mail: { 993: { ...IMAPS, sasl: WITH_OAUTH }, 995: { ...POP3S, sasl: WITH_OAUTH } },
      },
      'sending.oauth.test': { mail: { 465: { ...SUBMISSIONS, sasl: WITH_OAUTH } } },
      'ua-auto-config.oauth.test': { https: { [PACC_PATH]: json(paccWithIssuer) } },
      'login.oauth.test': {
        https: {
          '/.well-known/oauth-authorization-server/realm': json(
            JSON.stringify({
              issuer: ISSUER,
              authorization_endpoint: 'https://login.oauth.test/authorize',
              token_endpoint: 'https://login.oauth.test/token',
            }),
          ),
        },
      },
    },
    records: { '_ua-auto-config.oauth.test': { TXT: [paccDigest(paccWithIssuer)] } },
  },
  'exchange-http.test': {
    description:
      'http://autodiscover.<domain>/ redirects to a sign-in elsewhere, beside SRV records for IMAP',
    shows: 'Exchange reported as unconfirmed with a warning; IMAP from source srv',
    hosts: {
      ...hiddenServers('exchange-http.test'),
      'autodiscover.exchange-http.test': {
        http: { [AUTODISCOVER_PATH]: redirect(`https://office.elsewhere.test${AUTODISCOVER_PATH}`) },
      },
      'office.elsewhere.test': { https: { [AUTODISCOVER_PATH]: signInFirst('office') } },
    },
    records: hiddenSrv('exchange-http.test'),
  },
  'jmap-only.test': {
    description: 'JMAP by /.well-known/jmap and nothing else',
    shows: 'the domain is found, without a recommendation for IMAP or POP3',
    hosts: {
      'jmap-only.test': { https: { '/.well-known/jmap': json(jmapSession('jmap-only.test')) } },
    },
  },
  'jmap-oauth.test': {
    description: 'JMAP whose protected resource metadata name a sign-in server that confirms itself',
    shows: 'source jmap; oauth2 with issuer, endpoints and scopes',
    hosts: {
      'jmap-oauth.test': {
        https: {
          '/.well-known/jmap': json(jmapSession('jmap-oauth.test')),
          '/.well-known/oauth-protected-resource/.well-known/jmap': json(
            JSON.stringify({
              resource: 'https://jmap-oauth.test/.well-known/jmap',
              authorization_servers: ['https://login.jmap-oauth.test'],
              scopes_supported: ['urn:ietf:params:jmap:mail'],
            }),
          ),
        },
      },
      'login.jmap-oauth.test': {
        https: {
          '/.well-known/oauth-authorization-server': json(
            JSON.stringify({
              issuer: 'https://login.jmap-oauth.test',
              authorization_endpoint: 'https://login.jmap-oauth.test/authorize',
              token_endpoint: 'https://login.jmap-oauth.test/token',
            }),
          ),
        },
      },
    },
  },
  'nodav.test': {
    description: 'the SRV target "." says there is no CalDAV, though the web host asks for a password there',
    shows: 'caldav in notOffered; carddav found',
    hosts: {
      ...hiddenServers('nodav.test'),
      'nodav.test': {
        https: {
          '/.well-known/caldav': signInFirst('calendars'),
          '/.well-known/carddav': signInFirst('contacts'),
        },
      },
    },
    records: { ...hiddenSrv('nodav.test'), '_caldavs._tcp.nodav.test': { SRV: [[0, 0, 0, '.']] } },
  },
  'slow-services.test': {
    description: 'SRV records for IMAP; JMAP and DAV keep silent',
    shows: 'the answer neither waits for them nor is it degraded',
    hosts: {
      ...hiddenServers('slow-services.test'),
      'slow-services.test': {
        https: {
          '/.well-known/jmap': { fault: 'never' },
          '/.well-known/caldav': { fault: 'never' },
          '/.well-known/carddav': { fault: 'never' },
        },
      },
    },
    records: hiddenSrv('slow-services.test'),
  },
}
