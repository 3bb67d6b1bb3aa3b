/** What each program can do, as far as a guide must know it (R50). */
import type { GuideClient } from '../domain/guide.js'
import type { SignInService } from './sign-in-service.js'

export interface Program {
  /**
   * Whose sign-in pages it opens. Programs have to be registered with each provider, so that a list is built in: whoever
   * is not on it cannot be used with OAuth, whatever the server offers.
   */
  readonly signsInAt: readonly SignInService[]
  /** Whether that works for POP3, too; otherwise the account's type is fixed by the service. */
  readonly signsInByPop3: boolean
  /** CRAM-MD5 and the like. */
  readonly encryptedPassword: boolean
  readonly phone: boolean
}

const APPLE = {
  signsInAt: ['Google', 'Microsoft', 'Yahoo', 'AOL'],
  signsInByPop3: false,
  encryptedPassword: true,
} as const

export const PROGRAMS: Readonly<Record<GuideClient, Program>> = {
  // Its source, OAuth2Providers.sys.mjs, names the hosts.
  thunderbird: {
    signsInAt: ['Google', 'Microsoft', 'Yahoo', 'AOL', 'Fastmail', 'Mail.ru', 'Yandex', 'Comcast'],
    signsInByPop3: true,
    encryptedPassword: true,
    phone: false,
  },
  outlook: {
    signsInAt: ['Google', 'Microsoft', 'Yahoo'],
    signsInByPop3: false,
    encryptedPassword: false,
    phone: false,
  },
  'apple-mail': { ...APPLE, phone: false },
  iphone: { ...APPLE, phone: true },
  android: {
    signsInAt: ['Google', 'Microsoft', 'Yahoo'],
    signsInByPop3: false,
    encryptedPassword: false,
    phone: true,
  },
  // TbOAuthConfigurationFactory of its source.
  'thunderbird-android': {
    signsInAt: ['Google', 'Microsoft', 'Yahoo', 'AOL', 'Fastmail'],
    signsInByPop3: true,
    encryptedPassword: true,
    phone: true,
  },
  'windows-mail': {
    signsInAt: [],
    signsInByPop3: false,
    encryptedPassword: false,
    phone: false,
  },
}
