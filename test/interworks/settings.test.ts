import { describe, expect, test } from 'vitest'
import {
  InterworksOrderStatus,
  InterworksProductType,
  interworksTables,
  orderStatusType,
  storefrontType,
  work365Tables,
} from '../../src/entities/index.ts'
import { interworksDefaults, interworksSteps } from '../../src/plugins/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment } from './environment.ts'

const MANDATORY = ['Draft', 'Submitted', 'Executed', 'Canceled'] as const

describe(rule('I1'), () => {
  test('an environment begins with the four, each of its own combination', async () => {
    const { dataverse } = await createEnvironment()
    const statuses = await dataverse.list(InterworksOrderStatus)
    const { 'In Progress': progress, 'Automatic Execute': execute, Cancelled: cancelled } = orderStatusType
    expect(
      statuses.map((row) => [row.iw_name, row.iw_type, row.iw_storefronttype, row.iw_isactive, row.iw_ismandatory]),
    ).toEqual([
      ['Draft', progress, storefrontType.Draft, true, true],
      ['Submitted', progress, storefrontType.Viewable, true, true],
      ['Executed', execute, storefrontType.Submitted, true, true],
      ['Canceled', cancelled, storefrontType.Viewable, true, true],
    ])
  })

  test.each(MANDATORY)('%s can be neither deleted nor deactivated nor given another type', async (name) => {
    const { dataverse, statusNamed } = await createEnvironment()
    const id = await statusNamed(name)
    const before = await dataverse.retrieve(InterworksOrderStatus, id)
    const update = (changes: object) => dataverse.update(InterworksOrderStatus.logicalName, id, { ...changes })
    const otherType = name === 'Canceled' ? orderStatusType['In Progress'] : orderStatusType.Cancelled
    const otherStorefront = name === 'Draft' ? storefrontType.Viewable : storefrontType.Draft

    await expect(dataverse.delete(InterworksOrderStatus, id)).rejects.toThrow(
      `'${name}' is mandatory and cannot be deleted`,
    )
    await expect(update({ iw_isactive: false })).rejects.toThrow(/cannot be deactivated \(iw_isactive\).*Rule I1/)
    await expect(update({ iw_type: otherType })).rejects.toThrow(/another type \(iw_type\)/)
    await expect(update({ iw_storefronttype: otherStorefront })).rejects.toThrow(/iw_storefronttype/)
    await expect(update({ iw_ismandatory: false })).rejects.toThrow(/iw_ismandatory/)
    expect(await dataverse.retrieve(InterworksOrderStatus, id)).toEqual(before)
  })

  test('their names may change, and other statuses may do what they like', async () => {
    const { dataverse, statusNamed, addStatus } = await createEnvironment()
    await dataverse.update(InterworksOrderStatus, await statusNamed('Submitted'), { iw_name: 'Received' })
    const other = await addStatus('On hold', 'In Progress', 'Submitted')
    await dataverse.update(InterworksOrderStatus, other, { iw_type: orderStatusType.Cancelled, iw_isactive: false })
    await dataverse.delete(InterworksOrderStatus, other)
    expect((await dataverse.list(InterworksOrderStatus, ['iw_name'])).map(({ iw_name }) => iw_name)).toEqual([
      'Draft',
      'Received',
      'Executed',
      'Canceled',
    ])
  })

  test('there is no second mandatory one, and none beside the four', async () => {
    const { addStatus } = await createEnvironment()
    await expect(addStatus('Received', 'In Progress', 'Viewable', { iw_ismandatory: true })).rejects.toThrow(
      "'Submitted' is the mandatory one",
    )
    await expect(addStatus('Lost', 'Cancelled', 'Draft', { iw_ismandatory: true })).rejects.toThrow(
      'only the four that there always are',
    )
  })

  test('an environment without them gets them through its own rules as well', async () => {
    const dataverse = createEmulator({ tables: [...work365Tables, ...interworksTables], steps: interworksSteps })
    for (const row of interworksDefaults[InterworksOrderStatus.logicalName]!) {
      await dataverse.create(InterworksOrderStatus.logicalName, { ...row })
    }
    expect(await dataverse.list(InterworksOrderStatus)).toHaveLength(4)
  })
})

describe(rule('I2'), () => {
  const manual = async (prepare: (environment: Awaited<ReturnType<typeof createEnvironment>>) => Promise<unknown>) => {
    const environment = await createEnvironment()
    await prepare(environment)
    const order = await environment.basket('backup')
    await environment.submit(order)
    return (await environment.orderOf(order)).status
  }

  test('the only one that fits is taken', async () => {
    expect(await manual(async () => {})).toBe('Submitted')
    // Neither an inactive one nor one of another storefront type is a candidate.
    expect(
      await manual(async ({ addStatus }) => {
        await addStatus('Asleep', 'In Progress', 'Viewable', { iw_isactive: false })
        await addStatus('Hidden', 'In Progress', 'Submitted')
      }),
    ).toBe('Submitted')
  })

  test('of several, the default one is taken; setting another default moves it', async () => {
    const { dataverse, statusNamed, addStatus } = await createEnvironment()
    const received = await addStatus('Received', 'In Progress', 'Viewable', { iw_isdefault: true })
    const isDefault = async (id: string) =>
      (await dataverse.retrieve(InterworksOrderStatus, id, ['iw_isdefault'])).iw_isdefault
    const submitted = await statusNamed('Submitted')
    expect([await isDefault(received), await isDefault(submitted)]).toEqual([true, false])

    await dataverse.update(InterworksOrderStatus, submitted, { iw_isdefault: true })
    expect([await isDefault(received), await isDefault(submitted)]).toEqual([false, true])
    // Each type has a default of its own.
    expect(await isDefault(await statusNamed('Executed'))).toBe(true)
  })

  test('a default that comes from another type takes over there', async () => {
    const { dataverse, statusNamed, addStatus } = await createEnvironment()
    const done = await addStatus('Done', 'Automatic Execute', 'Viewable')
    await dataverse.update(InterworksOrderStatus, done, { iw_isdefault: true })
    expect(await dataverse.retrieve(InterworksOrderStatus, await statusNamed('Executed'), ['iw_isdefault'])).toEqual({
      iw_isdefault: false,
    })
  })

  test('several without a default cannot be told apart: the order is refused with their names, and stays a basket', async () => {
    const { dataverse, types, setFlag, statusNamed, addStatus, basket, submit, orderOf } = await createEnvironment()
    for (const type of [types.managed, types.projects]) await setFlag(type, false)
    await addStatus('Received')
    await dataverse.update(InterworksOrderStatus, await statusNamed('Submitted'), { iw_isdefault: false })
    await setFlag(types.managed, true)

    const order = await basket('backup')
    await expect(submit(order)).rejects.toThrow(/'Received', 'Submitted'.*iw_isdefault.*Order Status/)
    expect(await orderOf(order)).toMatchObject({ status: 'Draft', mode: undefined })
  })
})

test(rule('I3'), async () => {
  const { dataverse } = await createEnvironment()
  const id = await dataverse.create(InterworksProductType, { iw_name: 'Telephony' })
  expect(await dataverse.retrieve(InterworksProductType, id, ['iw_nonautomaticexecution'])).toEqual({
    iw_nonautomaticexecution: false,
  })
})

describe(rule('I5'), () => {
  /** Without the mandatory statuses, as a broken environment is. */
  const withoutStatuses = async () => {
    const dataverse = createEmulator({ tables: [...work365Tables, ...interworksTables], steps: interworksSteps })
    return { dataverse, id: await dataverse.create(InterworksProductType, { iw_name: 'Telephony' }) }
  }
  const refusal =
    "'Non automatic execution of new orders' (iw_nonautomaticexecution) of the product type 'Telephony' needs an order status that is Active, of type In Progress and of storefront type Viewable, and there is none. Create or activate one under Setup > Sales > Orders > Order Status, then switch the flag on. (Rule I5.)"

  test('it is refused with the three requirements and the path, and stays off', async () => {
    const { dataverse, id } = await withoutStatuses()
    await expect(dataverse.update(InterworksProductType, id, { iw_nonautomaticexecution: true })).rejects.toMatchObject(
      { name: 'IsvAborted', message: refusal },
    )
    expect(await dataverse.retrieve(InterworksProductType, id, ['iw_nonautomaticexecution'])).toEqual({
      iw_nonautomaticexecution: false,
    })
  })

  test('nor can a new type begin with it', async () => {
    const { dataverse } = await withoutStatuses()
    await expect(
      dataverse.create(InterworksProductType, { iw_name: 'Backup', iw_nonautomaticexecution: true }),
    ).rejects.toThrow("'Backup' needs an order status that is Active")
  })

  test.each([
    ['inactive', { iw_isactive: false }],
    ['of another type', { iw_type: orderStatusType.Cancelled }],
    ['of another storefront type', { iw_storefronttype: storefrontType.Draft }],
  ])('a status that is %s does not do', async (_, wrong) => {
    const { dataverse, id } = await withoutStatuses()
    const right = {
      iw_name: 'Received',
      iw_type: orderStatusType['In Progress'],
      iw_storefronttype: storefrontType.Viewable,
    }
    const status = await dataverse.create(InterworksOrderStatus, { ...right, ...wrong })
    await expect(dataverse.update(InterworksProductType, id, { iw_nonautomaticexecution: true })).rejects.toThrow(
      refusal,
    )
    await dataverse.update(InterworksOrderStatus, status, { ...right, iw_isactive: true })
    await dataverse.update(InterworksProductType, id, { iw_nonautomaticexecution: true })
  })
})

describe(rule('I7'), () => {
  test('turning it on is refused, also for a new type', async () => {
    const { dataverse, types, setFlag } = await createEnvironment()
    await expect(setFlag(types.perpetual, true)).rejects.toThrow(
      /'Perpetual Licenses': it is an asset type \(iw_isassettype\), which has no Customer Request section.*Rule I7/,
    )
    await expect(
      dataverse.create(InterworksProductType, {
        iw_name: 'Reservations',
        iw_isassettype: true,
        iw_nonautomaticexecution: true,
      }),
    ).rejects.toThrow('Rule I7')
  })

  test('a type with the flag does not become an asset type', async () => {
    const { dataverse, types } = await createEnvironment()
    await expect(dataverse.update(InterworksProductType, types.managed, { iw_isassettype: true })).rejects.toThrow(
      'Rule I7',
    )
    await dataverse.update(InterworksProductType, types.managed, {
      iw_isassettype: true,
      iw_nonautomaticexecution: false,
    })
  })
})

describe(rule('I8'), () => {
  test.each([
    [true, false],
    [false, true],
  ])('%s and %s stay', async (cancellation, downgrade) => {
    const { dataverse, types, setFlag } = await createEnvironment()
    const automatic = { iw_automaticcancellation: cancellation, iw_automaticdowngrade: downgrade }
    await dataverse.update(InterworksProductType, types.microsoft, automatic)
    for (const on of [true, false]) {
      await setFlag(types.microsoft, on)
      expect(
        await dataverse.retrieve(InterworksProductType, types.microsoft, [
          'iw_automaticcancellation',
          'iw_automaticdowngrade',
        ]),
      ).toEqual(automatic)
    }
  })
})

describe(rule('I9'), () => {
  const prepared = async () => {
    const environment = await createEnvironment()
    const received = await environment.addStatus('Received', 'In Progress', 'Viewable', { iw_isdefault: true })
    return { ...environment, received }
  }

  test('deactivating, deleting and retyping it are refused with the types that need it', async () => {
    const { dataverse, received } = await prepared()
    const update = (changes: object) => dataverse.update(InterworksOrderStatus.logicalName, received, { ...changes })

    await expect(update({ iw_isactive: false })).rejects.toThrow(
      /'Received'.*'Managed Services', 'Projects'.*deactivated \(iw_isactive\).*Order Status.*Rule I9/,
    )
    await expect(update({ iw_type: orderStatusType.Cancelled })).rejects.toThrow('given the type Cancelled (iw_type)')
    await expect(update({ iw_storefronttype: storefrontType.Draft })).rejects.toThrow('iw_storefronttype')
    await expect(dataverse.delete(InterworksOrderStatus, received)).rejects.toThrow(/cannot be deleted.*Rule I9/)
    expect(await dataverse.retrieve(InterworksOrderStatus, received, ['iw_isactive'])).toEqual({ iw_isactive: true })
  })

  test('taking the default away is refused while several could be meant', async () => {
    const { dataverse, received } = await prepared()
    await expect(dataverse.update(InterworksOrderStatus, received, { iw_isdefault: false })).rejects.toThrow(
      'while several could be meant',
    )
  })

  test('a spare one may go, and the needed one once another is the default', async () => {
    const { dataverse, received, statusNamed, addStatus } = await prepared()
    const spare = await addStatus('Spare')
    await dataverse.update(InterworksOrderStatus, spare, { iw_isactive: false })
    await dataverse.delete(InterworksOrderStatus, spare)

    await dataverse.update(InterworksOrderStatus, await statusNamed('Submitted'), { iw_isdefault: true })
    await dataverse.delete(InterworksOrderStatus, received)
  })

  test('it is free once no type has the flag', async () => {
    const { dataverse, received, types, setFlag } = await prepared()
    await setFlag(types.managed, false)
    await setFlag(types.projects, false)
    await dataverse.update(InterworksOrderStatus, received, { iw_isactive: false })
  })

  test('a default without a candidate of several cannot be moved off to a status that orders cannot get', async () => {
    const { dataverse, statusNamed } = await prepared()
    await expect(
      dataverse.update(InterworksOrderStatus, await statusNamed('Draft'), { iw_isdefault: true }),
    ).rejects.toThrow('Rule I9')
    expect(await dataverse.retrieve(InterworksOrderStatus, await statusNamed('Draft'), ['iw_isdefault'])).toEqual({
      iw_isdefault: false,
    })
  })
})
