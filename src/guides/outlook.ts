/** Outlook: three programs of one name. The values stand once, and each section says where they go. */
import { lastSteps, preparation, serverSteps, type Setup } from './common-steps.js'
import { type GuideStep, say, section, type Sentence, step } from './guide.js'

export function outlookSteps(setup: Setup): GuideStep[] {
  const { account, signIn } = setup
  const { email, service } = account
  const protocol = account.protocol.toUpperCase()
  const open = { new: step('guide-outlook-new-open'), mac: step('guide-outlook-mac-open') }
  if (signIn === 'service' && service !== null) {
    const rest = [step('guide-outlook-sign-in', { email }), step('guide-sign-in-page', { service })]
    return [
      ...section(say('page-before'), preparation(setup)),
      ...section(say('guide-outlook-new'), [open.new, ...rest]),
      ...section(say('guide-outlook-classic'), [step('guide-outlook-classic-open-simple'), ...rest]),
      ...section(say('guide-outlook-mac'), [open.mac, ...rest]),
      ...section(say('guide-finally'), lastSteps(setup)),
    ]
  }
  return [
    ...section(say('page-before'), preparation(setup)),
    ...section(say('guide-values'), serverSteps(setup)),
    ...section(say('guide-outlook-new'), [
      open.new,
      step('guide-outlook-new-manual', { email, protocol }),
      step('guide-outlook-enter'),
    ]),
    ...section(say('guide-outlook-classic'), [
      step('guide-outlook-classic-open', { email }),
      step('guide-outlook-classic-type', { protocol }),
      step('guide-outlook-enter'),
      ...(account.incoming.username === email ? [] : [step('guide-outlook-username')]),
    ]),
    ...section(say('guide-outlook-mac'), [
      open.mac,
      step('guide-outlook-mac-manual', { email, protocol }),
      step('guide-outlook-enter'),
    ]),
    ...section(say('guide-finally'), lastSteps(setup)),
  ]
}

/** R50: what the set-up assistant suggests does not come from the provider. */
export function outlookWarnings({ account, signIn }: Setup): Sentence[] {
  return [
    ...(account.protocol === 'pop3' ? [say('guide-outlook-pop3')] : []),
    ...(signIn === 'service' ? [] : [say('guide-outlook-cloud')]),
  ]
}

export function outlookNotes({ signIn }: Setup): Sentence[] {
  return signIn === 'service' ? [] : [say('guide-outlook-suggests')]
}
