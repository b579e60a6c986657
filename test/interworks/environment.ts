import {
  Account,
  BillingContract,
  billingFrequency,
  Configuration,
  deliveryStatus,
  executionMode,
  InterworksCustomerRequest,
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  InterworksProduct,
  InterworksProductType,
  interworksTables,
  Job,
  LicenseChangeLog,
  labelOf,
  orderStatusType,
  Product,
  Provider,
  ProviderAccount,
  providerType,
  provisioningStatus,
  requestExecution,
  requestKind,
  requestStatus,
  Subscription,
  storefrontType,
  work365Tables,
} from '../../src/entities/index.ts'
import {
  acceptCustomerRequest,
  callCustomApi,
  deliverOrderItems,
  executeWholeOrder,
  interworksCustomApis,
  interworksDefaults,
  interworksSteps,
  rejectCustomerRequest,
  type Step,
  submitCustomerRequest,
  submitOrder,
  withdrawCustomerRequest,
  work365Steps,
} from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { type SettingName, settings } from '../../src/rules/index.ts'
import { type Row, reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'

export const START = '2026-03-02T09:00:00Z'
export const TODAY = '2026-03-02'
/** What the storefront sells, with its price. */
export const prices = { mail: 5.1, office: 12.5, backup: 30, migration: 99.99, windows: 250, gadget: 7 } as const
export type ProductName = keyof typeof prices

export interface EnvironmentOptions {
  /** Further steps, after those of Work 365 and interworks.cloud. */
  readonly steps?: readonly Step[]
}

/**
 * A back office with one customer. Mail and Office are automatic services, Backup and Migration are not (of two types),
 * Windows is an asset, and the Gadget is of no type.
 */
export async function createEnvironment({ steps = [] }: EnvironmentOptions = {}) {
  const dataverse = createEmulator({
    tables: [...work365Tables, ...interworksTables],
    steps: [...work365Steps, ...interworksSteps, ...steps],
    customApis: interworksCustomApis,
    seed: interworksDefaults,
    now: START,
  })
  const configure = (name: SettingName, value: string) =>
    dataverse.create(Configuration, {
      work365_configuration_name: settings[name].key,
      work365_configuration_value: value,
    })
  await configure('autoProvisionNewSubscription', 'true')
  const account = await dataverse.seed(Account, { name: 'Fabrikam' })
  const provider = await dataverse.seed(Provider, {
    work365_provider_name: 'Contoso Distribution',
    work365_provider_type: providerType.Automatic,
  })
  await dataverse.seed(ProviderAccount, {
    work365_provideraccount_name: 'fabrikam.example',
    work365_provideraccount_account: reference(Account, account),
    work365_provideraccount_provider: reference(Provider, provider),
    work365_provideraccount_providerspecificaccountid: 'tenant of fabrikam.example',
  })
  const contract = await dataverse.seed(BillingContract, {
    work365_billingcontract_name: 'Fabrikam monthly',
    work365_billingcontract_customer: reference(Account, account),
    work365_billingcontract_startdate: '2026-01-15',
    work365_billingcontract_billingfrequency: billingFrequency.Monthly,
    work365_billingcontract_isdefault: true,
  })
  const type = (name: string, columns: Row = {}) =>
    dataverse.seed(InterworksProductType.logicalName, { iw_name: name, ...columns })
  const types = {
    microsoft: await type('Microsoft 365'),
    managed: await type('Managed Services', { iw_nonautomaticexecution: true }),
    projects: await type('Projects', { iw_nonautomaticexecution: true }),
    perpetual: await type('Perpetual Licenses', { iw_isassettype: true }),
  }
  const product = (name: ProductName) =>
    dataverse.seed(Product, {
      name,
      work365_product_provider: reference(Provider, provider),
      work365_product_providerpartnumber: `part of ${name}`,
      work365_product_monthlyunitsellingprice: prices[name],
    })
  const products = {
    mail: await product('mail'),
    office: await product('office'),
    backup: await product('backup'),
    migration: await product('migration'),
    windows: await product('windows'),
    gadget: await product('gadget'),
  }
  const isOf = (name: ProductName, typeId: string) =>
    dataverse.seed(InterworksProduct, {
      iw_name: name,
      iw_product: reference(Product, products[name]),
      iw_producttype: reference(InterworksProductType, typeId),
    })
  await isOf('mail', types.microsoft)
  await isOf('office', types.microsoft)
  await isOf('backup', types.managed)
  await isOf('migration', types.projects)
  await isOf('windows', types.perpetual)

  const addItem = (order: string, name: ProductName, columns: Row = {}): Promise<string> =>
    dataverse.create(InterworksOrderItem.logicalName, {
      iw_order: reference(InterworksOrder, order),
      iw_product: reference(Product, products[name]),
      iw_quantity: 1,
      ...columns,
    })
  const itemsOf = async (order: string) => {
    const { rows } = await dataverse.retrieveMultiple(
      select(InterworksOrderItem).where('iw_order', 'eq', order).orderBy('createdon'),
    )
    return rows.map((row) => ({
      id: row.iw_orderitemid,
      name: row.iw_name,
      quantity: row.iw_quantity,
      unitPrice: row.iw_unitprice,
      nonAutomatic: row.iw_nonautomatic,
      delivery: labelOf(deliveryStatus, row.iw_deliverystatus ?? -1),
      deliveryOrder: row.iw_deliveryorder?.id ?? null,
      executed: row.iw_executedon !== null,
      subscription: row.iw_subscription?.id ?? null,
      asset: row.iw_asset?.id ?? null,
    }))
  }

  return {
    dataverse,
    account,
    contract,
    provider,
    types,
    products,
    configure,
    addItem,
    itemsOf,

    /** Begins a basket with these products. */
    async basket(...names: readonly ProductName[]): Promise<string> {
      const order = await dataverse.create(InterworksOrder.logicalName, { iw_account: reference(Account, account) })
      for (const name of names) await addItem(order, name)
      return order
    },
    submit: (order: string, parameters: { readonly StartDate?: string } = {}) =>
      callCustomApi(dataverse, submitOrder, parameters, order),
    execute: (order: string, parameters: { readonly StartDate?: string } = {}) =>
      callCustomApi(dataverse, executeWholeOrder, parameters, order),
    deliver: async (order: string, items: readonly string[], parameters: { readonly StartDate?: string } = {}) =>
      (await callCustomApi(dataverse, deliverOrderItems, { Items: items, ...parameters }, order)).SubOrder.id,
    setStatus: (order: string, status: string) =>
      dataverse.update(InterworksOrder, order, { iw_status: reference(InterworksOrderStatus, status) }),

    async orderOf(id: string) {
      const row = await dataverse.retrieve(InterworksOrder, id)
      return {
        code: row.iw_ordercode,
        status: row.iw_status?.name,
        mode: labelOf(executionMode, row.iw_executionmode ?? -1),
        total: row.iw_totalwithouttax,
        startDate: row.iw_startdate,
        executed: row.iw_executedon !== null,
        invoice: row.iw_invoice?.id ?? null,
        parent: row.iw_parentorder?.id ?? null,
      }
    },
    /** Adds an order status that is nobody's duty. */
    addStatus: (
      name: string,
      kind: keyof typeof orderStatusType = 'In Progress',
      storefront: keyof typeof storefrontType = 'Viewable',
      columns: Row = {},
    ): Promise<string> =>
      dataverse.create(InterworksOrderStatus.logicalName, {
        iw_name: name,
        iw_type: orderStatusType[kind],
        iw_storefronttype: storefrontType[storefront],
        ...columns,
      }),
    async statusNamed(name: string): Promise<string> {
      const { rows } = await dataverse.retrieveMultiple(
        select(InterworksOrderStatus, ['iw_orderstatusid']).where('iw_name', 'eq', name),
      )
      return rows[0]!.iw_orderstatusid
    },
    setFlag: (typeId: string, on: boolean) =>
      dataverse.update(InterworksProductType, typeId, { iw_nonautomaticexecution: on }),

    subscriptionOf: (id: string) => dataverse.retrieve(Subscription, id),
    async changeLogs(subscription: string) {
      const { rows } = await dataverse.retrieveMultiple(
        select(LicenseChangeLog)
          .where('work365_licensechangelog_subscription', 'eq', subscription)
          .orderBy('createdon'),
      )
      return rows.map((row) => ({
        quantity: row.work365_licensechangelog_quantity,
        status: labelOf(provisioningStatus, row.work365_licensechangelog_provisioningstatus ?? -1),
      }))
    },
    /** The mails that jobs are to send. */
    async mails() {
      await dataverse.drain()
      const jobs = await dataverse.list(Job, ['work365_job_name', 'work365_job_parameters'])
      return jobs.flatMap(({ work365_job_name: name, work365_job_parameters: parameters }) => {
        const mail = parameters === null ? {} : (JSON.parse(parameters) as { to?: string; subject?: string })
        return mail.to === undefined ? [] : [{ name, to: mail.to, subject: mail.subject }]
      })
    },

    /** Orders and executes one product, and gives its subscription. */
    async subscribed(name: ProductName, quantity = 10, columns: Row = {}): Promise<string> {
      const order = await dataverse.create(InterworksOrder.logicalName, { iw_account: reference(Account, account) })
      await addItem(order, name, { iw_quantity: quantity, ...columns })
      await callCustomApi(dataverse, submitOrder, {}, order)
      await callCustomApi(dataverse, executeWholeOrder, {}, order)
      return (await itemsOf(order))[0]!.subscription!
    },
    request: async (
      subscription: string,
      kind: keyof typeof requestKind,
      {
        execution,
        product: to,
        ...other
      }: {
        readonly execution?: keyof typeof requestExecution
        readonly product?: ProductName
        readonly Quantity?: number
        readonly Instructions?: string
        readonly SendConfirmation?: boolean
      } = {},
    ) =>
      (
        await callCustomApi(
          dataverse,
          submitCustomerRequest,
          {
            Kind: requestKind[kind],
            ...(execution === undefined ? {} : { ExecutionType: requestExecution[execution] }),
            ...(to === undefined ? {} : { Product: reference(Product, products[to]) }),
            ...other,
          },
          subscription,
        )
      ).Request.id,
    accept: (id: string, Answer?: string) => callCustomApi(dataverse, acceptCustomerRequest, { Answer }, id),
    reject: (id: string, Answer?: string) => callCustomApi(dataverse, rejectCustomerRequest, { Answer }, id),
    withdraw: (id: string) => callCustomApi(dataverse, withdrawCustomerRequest, {}, id),
    async requestOf(id: string) {
      const row = await dataverse.retrieve(InterworksCustomerRequest, id)
      return { ...row, status: labelOf(requestStatus, row.statuscode) }
    },
  }
}
export type TestEnvironment = Awaited<ReturnType<typeof createEnvironment>>
