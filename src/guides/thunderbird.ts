/** Thunderbird on the computer, and on Android. */
import { lastSteps, preparation, serverSteps, type Setup } from './common-steps.js'
import { type GuideStep, step } from './guide.js'

export function thunderbirdSteps(setup: Setup): GuideStep[] {
  const { email, protocol } = setup.account
  return [
    ...preparation(setup),
    step('guide-thunderbird-open'),
    step('guide-thunderbird-address', { email }),
    step('guide-thunderbird-compare', { protocol: protocol.toUpperCase() }),
    ...serverSteps(setup),
    signInStep(setup, 'guide-thunderbird-finish'),
    ...lastSteps(setup),
  ]
}

export function thunderbirdAndroidSteps(setup: Setup): GuideStep[] {
  const { email, protocol } = setup.account
  return [
    ...preparation(setup),
    step('guide-thunderbird-android-open'),
    step('guide-thunderbird-android-compare', { email, protocol: protocol.toUpperCase() }),
    ...serverSteps(setup),
    signInStep(setup, 'guide-thunderbird-android-finish'),
    ...lastSteps(setup),
  ]
}

function signInStep({ account, signIn }: Setup, otherwise: string): GuideStep {
  return signIn === 'service' && account.service !== null
    ? step('guide-sign-in-page', { service: account.service })
    : step(otherwise)
}
