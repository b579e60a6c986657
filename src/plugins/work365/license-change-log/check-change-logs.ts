import { changeType, channel, LicenseChangeLog, Subscription } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'
import { callCustomApi, defineCustomApi } from '../../define-custom-api.ts'
import { allRows } from '../all-rows.ts'
import { today } from '../load-settings.ts'

/** A subscription whose change logs do not add up to its quantity. */
export interface MissingChangeLog {
  readonly subscription: string
  readonly name: string | null
  readonly quantity: number
  /** What its change logs add up to. */
  readonly logged: number
  /** What a change log over the rest would say: `quantity` without `logged`. */
  readonly missing: number
  /** The change log that a repair created. */
  readonly created?: string
}

const BATCH = 500

/**
 * L2: finds the active subscriptions whose change logs do not add up to their quantity and, asked to, creates the change log
 * that is missing. One call looks at one batch; `After` continues behind it.
 *
 * @see https://support.work365apps.com/support/solutions/articles/150000165232
 */
export const checkChangeLogsApi = defineCustomApi({
  uniqueName: 'work365_CheckLicenseChangeLogs',
  displayName: 'Check license change logs',
  description: 'Finds, and on request creates, license change logs that are missing.',
  kind: 'action',
  rules: ['L2'],
  parameters: {
    Repair: { type: 'Boolean', optional: true, description: 'Create what is missing. Default: only report it.' },
    After: { type: 'String', optional: true, description: 'Where an earlier call left off.' },
    BatchSize: { type: 'Integer', optional: true, description: 'Subscriptions per call, 1 to 5000. Default 500.' },
  },
  response: {
    Checked: { type: 'Integer', description: 'How many subscriptions were looked at.' },
    Missing: { type: 'String', description: 'What was found, as JSON.' },
    After: { type: 'String', description: 'Pass it to the next call; empty: there is nothing left.' },
  },

  async run({ parameters: { Repair = false, After, BatchSize = BATCH }, service, now }) {
    const { rows, pagingCookie } = await service.retrieveMultiple(
      select(Subscription, [
        'work365_subscriptionid',
        'work365_subscription_subscriptionname',
        'work365_subscription_customer',
        'work365_subscription_quantity',
      ])
        .where('statecode', 'eq', 0)
        .paged(BatchSize, After || undefined),
    )
    const ids = rows.map((row) => row.work365_subscriptionid)
    const logged = await loggedQuantities(service, ids)
    const found: MissingChangeLog[] = []
    for (const row of rows) {
      const id = row.work365_subscriptionid
      const quantity = row.work365_subscription_quantity ?? 0
      const sum = logged.get(id)
      const missing = difference(quantity, sum ?? 0)
      if (missing === 0) continue
      const name = row.work365_subscription_subscriptionname
      const created = Repair
        ? await service.create(LicenseChangeLog, {
            work365_licensechangelog_name: name,
            work365_licensechangelog_subscription: reference(Subscription, id),
            work365_licensechangelog_customer: row.work365_subscription_customer,
            work365_licensechangelog_changetype: sum === undefined ? changeType.Create : changeType.Update,
            work365_licensechangelog_quantity: missing,
            work365_licensechangelog_effectivedate: await today(service, now()),
            work365_licensechangelog_changesource: channel.System,
            work365_licensechangelog_ordersource: channel.System,
          })
        : undefined
      found.push({
        subscription: id,
        name,
        quantity,
        logged: sum ?? 0,
        missing,
        ...(created === undefined ? {} : { created }),
      })
    }
    return { Checked: rows.length, Missing: JSON.stringify(found), After: pagingCookie ?? '' }
  },
})

export interface CheckOptions {
  /** Create what is missing; default: only report it. */
  readonly repair?: boolean
  /** Subscriptions per call; default 500. */
  readonly batchSize?: number
  /** Told after each batch: how many subscriptions were looked at, how many findings there are. */
  onProgress?(checked: number, found: number): void
}

/**
 * Calls {@link checkChangeLogsApi} until all subscriptions have been looked at, and answers what it found.
 *
 * @example for (const { name, missing } of await checkChangeLogs(service)) console.log(`${name}: ${missing}`)
 */
export async function checkChangeLogs(
  service: OrganizationService,
  { repair = false, batchSize = BATCH, onProgress }: CheckOptions = {},
): Promise<readonly MissingChangeLog[]> {
  const found: MissingChangeLog[] = []
  let checked = 0
  let after = ''
  do {
    const answer = await callCustomApi(service, checkChangeLogsApi, {
      Repair: repair,
      BatchSize: batchSize,
      ...(after && { After: after }),
    })
    found.push(...(JSON.parse(answer.Missing) as MissingChangeLog[]))
    checked += answer.Checked
    after = answer.After
    onProgress?.(checked, found.length)
  } while (after)
  return found
}

/** What the change logs of each of the subscriptions add up to; subscriptions without any are left out. */
async function loggedQuantities(
  service: OrganizationService,
  subscriptions: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>()
  if (subscriptions.length === 0) return sums
  const query = select(LicenseChangeLog, [
    'work365_licensechangelog_subscription',
    'work365_licensechangelog_quantity',
  ]).where('work365_licensechangelog_subscription', 'in', ...subscriptions)
  for (const row of await allRows(service, query)) {
    const { id } = row.work365_licensechangelog_subscription!
    sums.set(id, difference(sums.get(id) ?? 0, -(row.work365_licensechangelog_quantity ?? 0)))
  }
  return sums
}

/** Quantities have two decimals; their difference as floats may have more. */
function difference(a: number, b: number): number {
  return Math.round((a - b) * 100) / 100
}
