import {
  applyChange,
  type Change,
  createLinkedSubscription,
  doNothing,
  type Json,
  manual,
  type Outcome,
  ProviderError,
  resumeChange,
} from '../connectors/index.ts'
import {
  consentStatus,
  LicenseChangeLog,
  Provider,
  ProviderAccount,
  providerType,
  provisioningStatus,
  Subscription,
} from '../entities/index.ts'
import {
  changeLogFactsOf,
  gatherFacts,
  loadSettings,
  type ProvisioningDecision,
  type ProvisioningRule,
  settle,
  toChangeLog,
} from '../plugins/index.ts'
import { select } from '../query/index.ts'
import { decide, inOrder, provisioningRules } from '../rules/index.ts'
import type { OrganizationService, Row, WriteRequest } from '../service/index.ts'
import {
  type ChangeLogRow,
  changeFor,
  changeLogColumns,
  changeLogsOf,
  type SubscriptionRow,
  subscriptionColumns,
} from './change-for.ts'
import { changeLogIdOf } from './change-log-id.ts'
import {
  type Connect,
  type Connection,
  connectAutomatic,
  connectorContext,
  type ProviderRow,
  providerColumns,
} from './connection.ts'
import { defineJob, type JobContext, type JobDefinition, type JobOutcome } from './define-job.ts'
import { asProviderError } from './retry-policy.ts'

/** How long to wait before asking a provider again that did not say. */
const POLL_MS = 30_000

export interface SyncLicenseChangeLogOptions {
  /** Finds the connection for an Automatic or Rest provider. The other types need none. */
  readonly connect: Connect
  /** Rules of your own, as given to `createWork365Steps`. */
  readonly rules?: readonly ProvisioningRule[]
}

/**
 * Sends a licence change log to its provider, and writes what became of it: Provisioned, or Failed Provisioning with a
 * message that a person can act on (L6). The change log's id is the idempotency key, so that a repeated delivery, after a crash
 * or by a re-queue, never buys twice (L8).
 */
export function syncLicenseChangeLog({ connect, rules = [] }: SyncLicenseChangeLogOptions): JobDefinition {
  const all = inOrder([...rules, ...provisioningRules])
  return defineJob({
    type: 'Sync License Change Log',
    rules: ['L6', 'L8', 'L9', 'L13', 'L14', 'L18', 'C1'],

    /**
     * Strictly in order: a change log waits until the earlier ones of its subscription are done, or fails behind one that
     * has failed. And while the consent of its provider has expired it waits as well, instead of failing again and again
     * at a closed door.
     */
    async blockedBy({ job, service }) {
      if (!job.subscription || !job.regarding) return undefined
      return (
        (await unfinishedBefore(service, job.subscription.id, job.regarding.id)) ??
        (await expiredConsent(service, job.subscription.id))
      )
    },

    async run(context) {
      const { service, clock, job } = context
      const changeLog = await service.retrieve(LicenseChangeLog, changeLogIdOf(job), changeLogColumns)
      if (changeLog.work365_licensechangelog_provisioningstatus !== provisioningStatus['Awaiting Provisioning']) {
        return { status: 'notApplicable', results: 'The change log does not await provisioning any more.' }
      }
      const decision = await decideNow(context, changeLog, all)
      const { outcome, rule, because, fix } = decision
      const results = [because, fix].filter(Boolean).join(' ')
      if (rule.id === 'P6-consent') throw new ProviderError('consentExpired', results)
      if (outcome.notBefore !== undefined) return { status: 'postponed', results, until: outcome.notBefore }
      if (!outcome.queue) {
        const status = outcome.status === 'Failed Provisioning' && !outcome.waits ? 'failed' : 'notApplicable'
        return { status, results, also: [settled(changeLog, decision, clock.now())] }
      }
      const subscription = await service.retrieve(
        Subscription,
        changeLog.work365_licensechangelog_subscription!.id,
        subscriptionColumns,
      )
      const provider = await service.retrieve(Provider, subscription.work365_subscription_provider!.id, providerColumns)
      const connection = await connectionFor(context, connect, provider, changeLog)
      const change = await changeFor(service, changeLog, subscription, await customerIdOf(context, subscription))
      refuseWithoutId(provider, change)
      try {
        return conclude(await deliver(context, connection, changeLog, change), changeLog, subscription, change)
      } catch (error) {
        if (ProviderError.isInstance(error) && error.code === 'consentExpired') {
          await service.update(Provider, provider.work365_providerid, {
            work365_provider_consentstatus: consentStatus.Expired,
          })
        }
        throw error
      } finally {
        context.log('delivered', {
          changeLog: changeLog.work365_licensechangelogid,
          kind: change.kind,
          at: clock.now(),
        })
      }
    },

    async onFailure({ job }, message) {
      if (!job.regarding) return []
      return [update(job.regarding.id, 'Failed Provisioning', message)]
    },
  })
}

/**
 * The earlier change log that this one has to wait for: one that is still to be provisioned, or, if the settings say so,
 * one that has failed.
 */
async function unfinishedBefore(service: OrganizationService, subscriptionId: string, id: string) {
  const { 'Awaiting Provisioning': awaiting, 'Failed Provisioning': failed } = provisioningStatus
  const all = await changeLogsOf(service, subscriptionId)
  const earlier = all.slice(
    0,
    all.findIndex((row) => row.work365_licensechangelogid === id),
  )
  const first = (status: number) => earlier.find((row) => row.work365_licensechangelog_provisioningstatus === status)
  const blocking = first(failed) && (await waitsForFailed(service)) ? first(failed) : first(awaiting)
  if (!blocking) return undefined
  return `The earlier change log '${blocking.work365_licensechangelog_name ?? blocking.work365_licensechangelogid}' is not provisioned yet.`
}

async function waitsForFailed(service: OrganizationService): Promise<boolean> {
  const { values } = await loadSettings(service)
  return values.priorChangeLog === 'Wait'
}

async function expiredConsent(service: OrganizationService, subscriptionId: string) {
  const { rows } = await service.retrieveMultiple(
    select(Provider, ['work365_provider_name'])
      .where('work365_provider_consentstatus', 'eq', consentStatus.Expired)
      .matching({
        kind: 'linked',
        match: 'any',
        link: {
          table: Subscription.logicalName,
          from: 'work365_subscription_provider',
          to: 'work365_providerid',
          filter: { kind: 'compare', column: 'work365_subscriptionid', operator: 'eq', values: [subscriptionId] },
        },
      }),
  )
  const [provider] = rows
  return provider && `The consent of provider '${provider.work365_provider_name}' has expired.`
}

async function decideNow({ service, clock }: JobContext, changeLog: ChangeLogRow, rules: readonly ProvisioningRule[]) {
  const facts = await gatherFacts(
    service,
    { id: changeLog.work365_licensechangelogid, ...changeLogFactsOf(changeLog)! },
    'processing',
    clock.now(),
  )
  return decide(rules, facts)
}

/** A subscription that an automatic provider never got can only be bought there, not paused or resumed. */
function refuseWithoutId({ work365_provider_type: type }: ProviderRow, change: Change): void {
  const automatic = type === providerType.Automatic || type === providerType.Rest
  if (!automatic || change.kind === 'create' || change.subscription.id) return
  const { name = '?' } = change.subscription
  throw new ProviderError(
    'invalid',
    `Subscription '${name}' has no id at its provider, so that there is nothing to ${change.kind}. Enter its Provider Subscription Id, then re-queue the change log.`,
  )
}

async function customerIdOf({ service }: JobContext, subscription: SubscriptionRow): Promise<string> {
  const account = subscription.work365_subscription_provideraccount
  if (!account) return ''
  const row = await service.retrieve(ProviderAccount, account.id, ['work365_provideraccount_providerspecificaccountid'])
  return row.work365_provideraccount_providerspecificaccountid ?? ''
}

async function connectionFor(
  context: JobContext,
  connect: Connect,
  provider: ProviderRow,
  changeLog: ChangeLogRow,
): Promise<Connection> {
  switch (provider.work365_provider_type) {
    case providerType['Do Nothing']:
      return { connector: doNothing }
    case providerType.Manual:
      return { connector: manual }
    case providerType['Linked Subscription']:
      return { connector: createLinkedSubscription({ addQuantity: addQuantityFor(context, changeLog) }) }
  }
  return connectAutomatic(connect, provider)
}

/**
 * Adds a child's change to the subscription that it is linked to (L18). That and the child's Provisioned are one
 * transaction: after a crash the child's status says whether the quantity was added.
 */
function addQuantityFor({ service }: JobContext, changeLog: ChangeLogRow) {
  const add = async ({ subscriptionId, delta }: { readonly subscriptionId: string; readonly delta: number }) => {
    const linked = await service.retrieve(Subscription, subscriptionId, [
      'work365_subscription_quantity',
      'versionnumber',
    ])
    const quantity = Math.round(((linked.work365_subscription_quantity ?? 0) + delta) * 100) / 100
    const Requests: WriteRequest[] = [
      {
        message: 'Update',
        table: LicenseChangeLog,
        key: changeLog.work365_licensechangelogid,
        changes: { work365_licensechangelog_provisioningstatus: provisioningStatus.Provisioned },
        rowVersion: changeLog.versionnumber,
      },
      {
        message: 'Update',
        table: Subscription,
        key: subscriptionId,
        changes: { work365_subscription_quantity: quantity },
        rowVersion: linked.versionnumber,
      },
    ]
    await service.execute('ExecuteTransaction', { Requests })
    return { quantity, changed: true }
  }
  return async (addition: Parameters<typeof add>[0]) => {
    try {
      return await add(addition)
    } catch (error) {
      // To the connector's caller anything but a provider error would be a bug of the connector's.
      throw asProviderError(error)
    }
  }
}

function deliver(
  context: JobContext,
  connection: Connection,
  changeLog: ChangeLogRow,
  change: Change,
): Promise<Outcome> {
  const { connector } = connection
  const asked = connectorContext(context, connection, changeLog.work365_licensechangelogid)
  const { handle } = context.job
  return handle === undefined ? applyChange(connector, asked, change) : resumeChange(connector, asked, handle as Json)
}

function conclude(
  outcome: Outcome,
  changeLog: ChangeLogRow,
  { work365_subscriptionid: subscriptionId, work365_subscription_providersubscriptionid: known }: SubscriptionRow,
  change: Change,
): JobOutcome {
  switch (outcome.status) {
    case 'done': {
      const { subscription, changed } = outcome
      const also = [write(changeLog, { status: 'Provisioned', message: null })]
      if (change.kind === 'create' && subscription.id !== known) {
        const changes = { work365_subscription_providersubscriptionid: subscription.id }
        also.push({ message: 'Update', table: Subscription, key: subscriptionId, changes })
      }
      const was = changed ? 'has' : 'already had'
      return {
        status: 'succeeded',
        results: `The provider ${was} ${subscription.quantity} of subscription ${subscription.id}.`,
        also,
      }
    }
    case 'accepted':
      return {
        status: 'waiting',
        results: 'The provider has accepted the change and works on it.',
        handle: outcome.handle,
        afterMs: outcome.pollAfterMs ?? POLL_MS,
      }
    case 'needsPerson':
      return {
        status: 'notApplicable',
        results: outcome.instructions,
        also: [write(changeLog, { message: outcome.instructions })],
      }
    case 'notApplicable':
      return notApplicable(changeLog, outcome.reason)
  }
}

function notApplicable(changeLog: ChangeLogRow, reason: string): JobOutcome {
  return {
    status: 'notApplicable',
    results: reason,
    also: [write(changeLog, { status: 'Not Applicable', message: reason })],
  }
}

/** What the rules say of the change log now, written on it. */
function settled(changeLog: ChangeLogRow, decision: ProvisioningDecision, now: Date): WriteRequest {
  const waited = {
    decidedBy: changeLog.work365_licensechangelog_decidedby,
    waitingSince: changeLog.work365_licensechangelog_waitingsince,
  }
  return {
    message: 'Update',
    table: LicenseChangeLog,
    key: changeLog.work365_licensechangelogid,
    changes: toChangeLog(settle(decision, now, waited)),
  }
}

function write(
  { work365_licensechangelogid: id }: ChangeLogRow,
  { status, message }: { readonly status?: keyof typeof provisioningStatus; readonly message: string | null },
): WriteRequest {
  return update(id, status, message)
}

function update(id: string, status: keyof typeof provisioningStatus | undefined, message: string | null): WriteRequest {
  const changes: Row = {
    work365_licensechangelog_provisioningmessage: message?.slice(0, 10_000) ?? null,
    ...(status ? { work365_licensechangelog_provisioningstatus: provisioningStatus[status] } : {}),
  }
  return { message: 'Update', table: LicenseChangeLog, key: id, changes }
}
