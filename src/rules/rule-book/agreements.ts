import type { DocumentedRule } from './documented-rule.ts'

const AGREEMENTS = 'https://docs.work365apps.com/docs/work-365-agreements'
const PORTAL = 'https://docs.work365apps.com/docs/ssp-my-agreements'

export const agreements = [
  {
    id: 'G1',
    title: 'an agreement is an instance of a template: without a template there is none',
    when: 'An agreement is created, or its template is cleared.',
    then: 'Refused without a template, which may be of a provider of any type. Name and provider come from the template unless given.',
    source: AGREEMENTS,
    basis: 'documented',
  },
  {
    id: 'G2',
    title: 'each mapped provider account of an automatic provider gets one Pending agreement per active template',
    when: 'Provider accounts are synced or mapped, and the provider has active templates.',
    then: 'One agreement per template and account, never a second one. Unmapped provider accounts and expired templates are passed over.',
    source: AGREEMENTS,
    basis: 'documented',
  },
  {
    id: 'G3',
    title: 'Create Agreements makes the missing agreements of a template for every customer of its provider',
    when: 'Somebody runs Create Agreements on a template.',
    then: 'A Pending agreement for every account with an active provider account at the provider. What was skipped is listed with its reason; running again creates only what is missing.',
    source: AGREEMENTS,
    basis: 'documented',
  },
  {
    id: 'G4',
    title: 'onboarding with an Executed On date creates a signed agreement, at a direct provider there first',
    when: 'A customer is onboarded with a template, a signer and the day on which it was executed.',
    then: 'An Active agreement signed on that day. For a direct CSP a job creates it at the provider first, and then here.',
    source: AGREEMENTS,
    basis: 'documented',
  },
  {
    id: 'G5',
    title: 'accepting makes an agreement Active and says who signed it and when',
    when: 'Somebody accepts a Pending agreement.',
    then: 'Refused without Signed By; Signed On is today unless given.',
    source: PORTAL,
    basis: 'inferred',
  },
  {
    id: 'G6',
    title:
      'an automatic provider is sent nothing before the customer has accepted its agreements, and the partner is told when that happened',
    when: 'A change log is decided while an active template in effect of its provider is not accepted by the customer.',
    then: 'Failed Provisioning, naming the agreements; accepting the last of them queues again what failed for that. A job confirms the acceptance at the provider and tells the partner by e-mail.',
    source: 'https://docs.work365apps.com/docs/work-365-jobs',
    basis: 'documented',
    settings: ['requireAgreement', 'notifyAcceptance'],
  },
  {
    id: 'G7',
    title: 'with the attestation check an accepted agreement stays Pending until it is seen at the provider',
    when: 'The setting is on and the provider syncs agreements.',
    then: 'Signed By and Signed On are kept, the status stays Pending, and a job looks at the provider until the acceptance shows there.',
    source: 'https://support.work365apps.com/support/solutions/articles/150000219558',
    basis: 'documented',
    settings: ['attestationCheck'],
  },
  {
    id: 'G8',
    title: 'deactivating moves an agreement from Active to Inactive, and whoever returns accepts anew',
    when: 'The customer cancels.',
    then: 'Inactive; it no longer counts as accepted. Taken back it is Pending, without its signature.',
    source: 'https://help.work365apps.com/documentation/billing/work-365-agreements/',
    basis: 'documented',
  },
  {
    id: 'G9',
    title: 'agreements can be tagged on a billing contract of their customer',
    when: 'A billing contract is chosen on an agreement.',
    then: 'A contract may have several. One of another customer is refused.',
    source: AGREEMENTS,
    basis: 'documented',
  },
  {
    id: 'G10',
    title: 'agreements are synced with Microsoft CSP, StreamOne Ion and Crayon, not with Stellr, Pax8 and Ingram',
    when: 'Agreements of a provider are to be synced.',
    then: 'Those that can are asked for what their customers have signed. With the others nothing is done; a Rest provider says by its connector what it can.',
    source: 'https://docs.work365apps.com/docs/providers',
    basis: 'documented',
  },
] as const satisfies readonly DocumentedRule[]
