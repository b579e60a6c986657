import { Agreement, labelOf, Provider, providerConnector, providerType } from '../../../entities/index.ts'
import { dayIn } from '../../../internal/time-zone.ts'
import { agreementCapabilityOf, type Settings } from '../../../rules/index.ts'
import { type EntityReference, InvalidPluginExecution, type OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../load-settings.ts'
import { agreementStatus, statusAfter } from './agreement-status.ts'
import { type AcceptanceOutcome, decideAcceptance } from './decide-acceptance.ts'

/** The shared variable in which the step that decides hands on what became of an acceptance. */
export const ACCEPTANCE = 'work365.acceptance'

const changes = [
  'statuscode',
  'work365_agreement_signedby',
  'work365_agreement_signedon',
  'work365_agreement_attestedon',
] as const

/** The columns that say who has accepted and when, as a step may set them. */
interface Signature {
  statecode?: 0 | 1 | null | undefined
  statuscode?: 1 | 2 | 100_000_000 | null | undefined
  work365_agreement_signedby?: EntityReference<'contact'> | null | undefined
  work365_agreement_signedon?: string | null | undefined
  work365_agreement_attestedon?: Date | null | undefined
}

/** G5, G7: an agreement that is created as Active is accepted. */
export const acceptNew = defineStep({
  name: 'work365: accept a new agreement',
  table: Agreement,
  message: 'Create',
  stage: 'preOperation',
  rank: 20,
  rules: ['G4', 'G5', 'G7'],
  changes,
  behindWebhook: 'updateAfterwards',

  async run({ target, service, sharedVariables, now }) {
    const provider = target.work365_agreement_provider
    sharedVariables[ACCEPTANCE] = await accept(target, { statuscode: undefined }, provider, service, now())
  },
})

/**
 * G5, G7, G8: an agreement that becomes Active says who has accepted it and when, or waits until that is seen at the provider;
 * one that is taken back from Inactive has to be accepted anew.
 */
export const acceptPending = defineStep({
  name: 'work365: accept an agreement',
  table: Agreement,
  message: 'Update',
  stage: 'preOperation',
  rank: 20,
  rules: ['G5', 'G7', 'G8'],
  filter: ['statecode', 'statuscode', 'work365_agreement_signedby', 'work365_agreement_signedon'],
  preImage: [
    'statuscode',
    'work365_agreement_provider',
    'work365_agreement_signedby',
    'work365_agreement_signedon',
    'work365_agreement_attestedon',
  ],
  changes,
  behindWebhook: 'updateAfterwards',

  async run({ target, preImage, service, sharedVariables, now }) {
    const { work365_agreement_provider: provider = preImage.work365_agreement_provider } = target
    sharedVariables[ACCEPTANCE] = await accept(target, preImage, provider, service, now())
  },
})

/** Settles what the status and the signature become, on `target`. */
async function accept(
  target: Signature,
  before: Signature,
  provider: EntityReference | null | undefined,
  service: OrganizationService,
  now: Date,
): Promise<AcceptanceOutcome> {
  const after = statusAfter(target, before.statuscode ?? undefined)
  const value = <K extends keyof Signature>(column: K) =>
    target[column] === undefined ? before[column] : target[column]
  const becomesActive = after === agreementStatus.active && before.statuscode !== after
  const settings = becomesActive ? await loadSettings(service) : undefined

  const outcome = decideAcceptance({
    before: before.statuscode ?? undefined,
    after,
    isSigned: value('work365_agreement_signedby') != null,
    isAttested: value('work365_agreement_attestedon') != null,
    needsAttestation: settings !== undefined && (await needsAttestation(service, settings, provider)),
  })
  switch (outcome) {
    case 'unsigned':
      throw new InvalidPluginExecution(
        'An agreement becomes Active when somebody has accepted it: enter who in Signed By (work365_agreement_signedby), together with the status (rule G5).',
      )
    case 'reopened':
      target.work365_agreement_signedby ??= null
      target.work365_agreement_signedon ??= null
      target.work365_agreement_attestedon ??= null
      break
    case 'held':
      target.statuscode = agreementStatus.pending
  }
  if (settings && value('work365_agreement_signedon') == null) {
    target.work365_agreement_signedon = dayIn(settings.values.defaultTimeZone, now)
  }
  return outcome
}

/** Only a provider that can be asked can attest; with the others nobody would ever see the acceptance. */
async function needsAttestation(
  service: OrganizationService,
  { values }: Settings,
  provider: EntityReference | null | undefined,
): Promise<boolean> {
  if (!values.attestationCheck || !provider) return false
  return (await capabilityOf(service, provider)).syncs
}

/** What can be done with the agreements of a provider (G10). */
export async function capabilityOf(service: OrganizationService, provider: EntityReference) {
  const { work365_provider_type: type, work365_provider_connector: connector } = await service.retrieve(
    Provider,
    provider.id,
    ['work365_provider_type', 'work365_provider_connector'],
  )
  return agreementCapabilityOf({
    type: type === null ? undefined : labelOf(providerType, type),
    connector: connector === null ? undefined : labelOf(providerConnector, connector),
  })
}
