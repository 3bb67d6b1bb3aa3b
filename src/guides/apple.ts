/** iPhone, iPad and Mac: with a configuration profile where one can be made (R46, R50), and by hand. */
import { lastSteps, preparation, serverSteps, type Setup } from './common-steps.js'
import { type GuideStep, say, section, type Sentence, step } from './guide.js'

/** Apple's own mail needs neither servers nor an app password on Apple's own devices. */
const ICLOUD = '.mail.me.com'

/** The sentences in which the devices differ. */
interface Device {
  readonly profile: string
  readonly open: string
  readonly address: string
  readonly finish: string
}

const IPHONE: Device = {
  profile: 'guide-iphone-profile',
  open: 'guide-iphone-open',
  address: 'guide-iphone-address',
  finish: 'guide-iphone-advanced',
}
const MAC: Device = {
  profile: 'guide-mac-profile',
  open: 'guide-mac-open',
  address: 'guide-mac-address',
  finish: 'guide-mac-finish',
}

export function iphoneSteps(setup: Setup): GuideStep[] {
  return appleSteps(setup, IPHONE)
}

export function appleMailSteps(setup: Setup): GuideStep[] {
  return appleSteps(setup, MAC)
}

function appleSteps(setup: Setup, device: Device): GuideStep[] {
  const { account, signIn } = setup
  const { email, service } = account
  if (account.incoming.hostname.endsWith(ICLOUD)) return [step('guide-apple-icloud'), ...lastSteps(setup)]
  if (signIn === 'service' && service !== null) {
    return [
      ...preparation(setup),
      step(device.open),
      step('guide-apple-service', { service }),
      step('guide-sign-in-page', { service }),
      ...lastSteps(setup),
    ]
  }
  const byHand = [
    step(device.open),
    step('guide-apple-other'),
    step(device.address, { email, protocol: account.protocol === 'imap' ? 'IMAP' : 'POP' }),
    ...serverSteps(setup, 'switch'),
    step('guide-apple-outgoing-password'),
    step(device.finish),
  ]
  if (!account.question.hasProfile) return [...preparation(setup), ...byHand, ...lastSteps(setup)]
  const profile: GuideStep[] = [{ ...step('guide-apple-profile'), profile: true }, step(device.profile)]
  return [
    ...section(say('page-before'), preparation(setup)),
    ...section(say('guide-apple-with-profile'), profile),
    ...section(say('guide-by-hand'), byHand),
    ...section(say('guide-finally'), lastSteps(setup)),
  ]
}

/** The switch "Use SSL" stands for both kinds of encryption; which one follows from port and server. */
export function appleNotes({ account, signIn }: Setup): Sentence[] {
  const starttls = [account.incoming, account.outgoing].some((server) => server?.security === 'starttls')
  const typed = signIn !== 'service' && !account.incoming.hostname.endsWith(ICLOUD)
  return starttls && typed ? [say('guide-apple-starttls')] : []
}
