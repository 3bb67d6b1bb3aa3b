/** The Gmail app on Android, which takes accounts of other providers as well. */
import { lastSteps, preparation, serverSteps, type Setup } from './common-steps.js'
import { type GuideStep, say, type Sentence, step } from './guide.js'

/** What the app calls the services whose sign-in page it opens. */
const ENTRY: Readonly<Record<string, string>> = { Microsoft: 'Outlook, Hotmail, Live' }

export function androidSteps(setup: Setup): GuideStep[] {
  const { account, signIn } = setup
  const { email, service } = account
  if (signIn === 'service' && service !== null) {
    return [
      ...preparation(setup),
      step('guide-android-open'),
      step('guide-android-service', { service: ENTRY[service] ?? service }),
      step('guide-sign-in-page', { service }),
      ...lastSteps(setup),
    ]
  }
  return [
    ...preparation(setup),
    step('guide-android-open'),
    step('guide-android-other', { email }),
    step('guide-android-type', { protocol: account.protocol.toUpperCase() }),
    ...serverSteps(setup),
    step('guide-android-finish'),
    ...lastSteps(setup),
  ]
}

export function androidWarnings({ signIn }: Setup): Sentence[] {
  return signIn === 'service' ? [] : [say('guide-android-certificates')]
}
