import { expect, test } from 'vitest'
import { DataverseError, reference } from '../../service/index.ts'
import { failureOf, NOWHERE, type Subject } from './suite-context.ts'
import { SuiteCustomer, SuiteProject } from './tables.ts'

const OWN = '11111111-1111-4111-8111-111111111111'

/** Creating, reading, changing and deleting, by id and by alternate key. */
export function rowTests(service: Subject): void {
  test('creating answers the id under which the row is found', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(await service().retrieve(SuiteProject, id, ['suite_projectid', 'suite_name'])).toEqual({
      suite_projectid: id,
      suite_name: 'Bridge',
    })
  })

  test('an id of one’s own is kept, in lower case, and taken once', async () => {
    const row = { suite_projectid: OWN.toUpperCase(), suite_name: 'Bridge' }

    expect(await service().create(SuiteProject, row)).toBe(OWN)
    expect(await failureOf(service().create(SuiteProject, row))).toMatchObject({ name: 'DuplicateRecord', status: 412 })
  })

  test('retrieving gives exactly the columns asked for, null where there is no value', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_seats: 3 })

    expect(await service().retrieve(SuiteProject, id, ['suite_seats', 'suite_due', 'suite_customer'])).toEqual({
      suite_seats: 3,
      suite_due: null,
      suite_customer: null,
    })
    expect(await service().retrieve(SuiteProject, id, [])).toEqual({})
  })

  test('retrieving without columns gives every column of the table', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    const row = await service().retrieve(SuiteProject, id)

    expect(Object.keys(row).sort()).toEqual(Object.keys(SuiteProject.columns).sort())
    expect(Object.values(row)).not.toContain(undefined)
    expect(row).toMatchObject({ suite_projectid: id, suite_name: 'Bridge', suite_seats: null, statecode: 0 })
  })

  test('a table may be given by its bare name', async () => {
    const id = await service().create('suite_project', { suite_name: 'Bridge' })

    expect(await service().retrieve('suite_project', id, ['suite_name'])).toEqual({ suite_name: 'Bridge' })
  })

  test('the platform says who created a row and when, and who owns it', async () => {
    const { UserId } = await service().execute('WhoAmI', {})
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    const row = await service().retrieve(SuiteProject, id, ['createdon', 'modifiedon', 'createdby', 'ownerid'])

    expect(row.createdon).toBeInstanceOf(Date)
    expect(row.modifiedon).toEqual(row.createdon)
    expect(row.createdby).toMatchObject({ logicalName: 'systemuser', id: UserId })
    expect(row.ownerid).toMatchObject({ logicalName: 'systemuser', id: UserId })
  })

  test('updating changes the columns given and leaves the others; null empties, undefined says nothing', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_seats: 3, suite_notes: 'old' })

    await service().update('suite_project', id, { suite_seats: null, suite_notes: undefined, suite_hours: 1.5 })

    expect(
      await service().retrieve(SuiteProject, id, ['suite_name', 'suite_seats', 'suite_notes', 'suite_hours']),
    ).toEqual({ suite_name: 'Bridge', suite_seats: null, suite_notes: 'old', suite_hours: 1.5 })
  })

  test('state and status reason change by an update', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    await service().update(SuiteProject, id, { statecode: 1, statuscode: 2 })

    expect(await service().retrieve(SuiteProject, id, ['statecode', 'statuscode'])).toEqual({
      statecode: 1,
      statuscode: 2,
    })
  })

  test('updating a row that is not there fails, and creates none', async () => {
    const error = await failureOf(service().update(SuiteProject, NOWHERE, { suite_name: 'Bridge' }))

    expect(error).toMatchObject({ name: 'ObjectDoesNotExist', status: 404, hexCode: '0x80040217' })
    expect((await failureOf(service().retrieve(SuiteProject, NOWHERE, []))).name).toBe('ObjectDoesNotExist')
  })

  test('a deleted row is gone, and cannot be deleted again', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    await service().delete(SuiteProject, id)

    expect((await failureOf(service().retrieve(SuiteProject, id, []))).name).toBe('ObjectDoesNotExist')
    expect((await failureOf(service().delete(SuiteProject, id))).status).toBe(404)
  })

  test('a row that others refer to through a restricting relationship cannot be deleted', async () => {
    const customer = await service().create(SuiteCustomer, { suite_name: 'Fabrikam' })
    await service().create(SuiteProject, { suite_name: 'Bridge', suite_customer: reference(SuiteCustomer, customer) })

    const error = await failureOf(service().delete(SuiteCustomer, customer))

    expect(error).toMatchObject({ name: 'CannotDeleteDueToAssociation', status: 405 })
    expect(await service().retrieve(SuiteCustomer, customer, ['suite_name'])).toEqual({ suite_name: 'Fabrikam' })
  })

  test.each(["O'Hare/1 (50%) & co", 'a+b=c?d#e', 'Ünïcödé ☃ 日本', 'semi;colon,comma'])(
    'a row is found, changed and deleted by the alternate key %s',
    async (suite_code) => {
      const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_code })
      const key = { suite_code }

      await service().update(SuiteProject, key, { suite_seats: 5 })
      expect(await service().retrieve(SuiteProject, key, ['suite_projectid', 'suite_seats', 'suite_code'])).toEqual({
        suite_projectid: id,
        suite_seats: 5,
        suite_code,
      })
      await service().delete(SuiteProject, key)
      const error = await failureOf(service().retrieve(SuiteProject, key, []))
      expect(error).toMatchObject({ name: 'RecordNotFoundByEntityKey', status: 404 })
    },
  )

  test('columns that are no alternate key find nothing: the call is refused', async () => {
    expect((await failureOf(service().retrieve(SuiteProject, { suite_seats: 1 }, []))).status).toBe(400)
  })

  test('an alternate key is taken once', async () => {
    await service().create(SuiteProject, { suite_name: 'Bridge', suite_code: 'A' })

    const error = await failureOf(service().create(SuiteProject, { suite_name: 'Tunnel', suite_code: 'a' }))

    expect(error).toMatchObject({ name: 'DuplicateRecordEntityKey', status: 412 })
    expect(error.message).toContain('suite_codekey')
  })

  test('upserting creates the row that is not there, and changes the one that is', async () => {
    expect(await service().upsert(SuiteProject, OWN, { suite_name: 'Bridge' })).toEqual({ id: OWN, created: true })
    expect(await service().upsert(SuiteProject, OWN, { suite_seats: 2 })).toEqual({ id: OWN, created: false })
    expect(await service().retrieve(SuiteProject, OWN, ['suite_name', 'suite_seats'])).toEqual({
      suite_name: 'Bridge',
      suite_seats: 2,
    })
  })

  test('upserting by an alternate key gives the new row the key’s values', async () => {
    const key = { suite_code: 'B-1' }

    const { id, created } = await service().upsert(SuiteProject, key, { suite_name: 'Bridge' })

    expect(created).toBe(true)
    expect(await service().retrieve(SuiteProject, id, ['suite_code'])).toEqual(key)
    expect(await service().upsert(SuiteProject, key, { suite_seats: 1 })).toEqual({ id, created: false })
  })

  test('a write with the current row version goes ahead, one with an old version does not', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })
    const { versionnumber } = await service().retrieve(SuiteProject, id, ['versionnumber'])
    const rowVersion = versionnumber!

    await service().update(SuiteProject, id, { suite_seats: 1 }, { rowVersion })

    const stale = { name: 'ConcurrencyVersionMismatch', status: 412 }
    expect(await failureOf(service().update(SuiteProject, id, { suite_seats: 2 }, { rowVersion }))).toMatchObject(stale)
    expect(await failureOf(service().delete(SuiteProject, id, { rowVersion }))).toMatchObject(stale)
    const now = await service().retrieve(SuiteProject, id, ['suite_seats', 'versionnumber'])
    expect(now.suite_seats).toBe(1)
    expect(now.versionnumber).toBeGreaterThan(rowVersion)
    await service().delete(SuiteProject, id, { rowVersion: now.versionnumber! })
    expect((await failureOf(service().retrieve(SuiteProject, id, []))).status).toBe(404)
  })

  test('of many writes with one row version one goes ahead', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })
    const { versionnumber } = await service().retrieve(SuiteProject, id, ['versionnumber'])

    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        service().update(SuiteProject, id, { suite_seats: at }, { rowVersion: versionnumber! }),
      ),
    )

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('a required column cannot be left out or emptied', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    for (const call of [
      () => service().create('suite_project', { suite_seats: 1 }),
      () => service().update('suite_project', id, { suite_name: null }),
    ]) {
      const error = await failureOf(call())
      expect(error).toMatchObject({ name: 'RequiredFieldMissing', status: 400 })
      expect(error.message).toContain('suite_name')
    }
  })

  test.each([
    ['a text that is too long', { suite_name: 'x'.repeat(41) }, 'StringLengthTooLong'],
    ['a number above the maximum', { suite_seats: 10_001 }, 'ValueOutOfRange'],
    ['an option that the choice does not have', { suite_size: 1 }, 'PicklistValueOutOfRange'],
    ['a column that there is not', { suite_nothing: 1 }, 'UndeclaredProperty'],
    ['a text in place of a number', { suite_seats: 'many' }, 'WrongValueType'],
    ['a number in place of a text', { suite_name: 5 }, 'WrongValueType'],
    ['no number', { suite_hours: Number.NaN }, 'WrongValueType'],
    ['no moment', { suite_started: new Date(Number.NaN) }, 'WrongValueType'],
    ['a day that there is not', { suite_due: '2026-02-30' }, 'WrongValueType'],
    ['an id in place of a reference', { suite_customer: NOWHERE }, 'WrongValueType'],
  ])('%s is refused, and changes nothing', async (_, changes, name) => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    const error = await failureOf(service().update('suite_project', id, { suite_notes: 'new', ...changes }))

    expect(error).toMatchObject({ name, status: 400 })
    expect(error.message).toContain(Object.keys(changes)[0])
    expect(await service().retrieve(SuiteProject, id, ['suite_notes'])).toEqual({ suite_notes: null })
  })

  test('a lookup to a row that is not there is refused', async () => {
    const error = await failureOf(
      service().create(SuiteProject, { suite_name: 'Bridge', suite_customer: reference(SuiteCustomer, NOWHERE) }),
    )

    expect(error).toMatchObject({ name: 'ObjectDoesNotExist', status: 404 })
    expect(error.message).toContain(NOWHERE)
  })

  test.each(['', 'bridge', "x')/suite_name", '../suite_customers'])('%j is no id, and is refused', async (id) => {
    expect((await failureOf(service().retrieve(SuiteProject, id, []))).status).toBe(400)
    expect((await failureOf(service().delete(SuiteProject, id))).status).toBe(400)
  })

  test('a table that there is not is refused', async () => {
    const error = await failureOf(service().create('suite_nothing', { suite_name: 'Bridge' }))

    expect(error.status).toBeGreaterThanOrEqual(400)
    expect(error.message).toContain('suite_nothing')
  })

  test('a column that there is not cannot be read', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })

    const error = await failureOf(service().retrieve('suite_project', id, ['suite_nothing']))

    expect(error.status).toBe(400)
    expect(error.message).toContain('suite_nothing')
  })

  test('an error is a DataverseError with code, name, status and message', async () => {
    const error = await failureOf(service().retrieve(SuiteProject, NOWHERE, []))

    expect(DataverseError.isInstance(error)).toBe(true)
    expect({ ...error, message: error.message }).toMatchObject({
      name: 'ObjectDoesNotExist',
      code: 0x80040217,
      status: 404,
      message: `Entity 'suite_project' With Id = ${NOWHERE} Does Not Exist`,
    })
  })
}
