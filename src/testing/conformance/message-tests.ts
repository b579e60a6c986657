import { expect, test } from 'vitest'
import { reference } from '../../service/index.ts'
import { failureOf, NOWHERE, type Subject } from './suite-context.ts'
import { SuiteCustomer, SuiteProject } from './tables.ts'

/** Other messages, steps, and the optional parameters of requests. */
export function messageTests(service: Subject): void {
  test('WhoAmI tells the caller’s user, business unit and organization', async () => {
    const answer = await service().execute('WhoAmI', {})

    expect(Object.keys(answer).sort()).toEqual(['BusinessUnitId', 'OrganizationId', 'UserId'])
    expect(Object.values(answer).every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true)
  })

  test('an action gets its parameters in their types', async () => {
    const customer = await service().create(SuiteCustomer, { suite_name: 'Fabrikam' })

    const { Answer } = await service().execute('suite_Echo', {
      Text: "it's",
      Number: 5,
      Amount: 1.5,
      Flag: false,
      Moment: new Date('2026-03-01T10:00:00Z'),
      Id: NOWHERE,
      Texts: ['a', 'b,c'],
      Customer: reference(SuiteCustomer, customer),
      Row: { suite_name: 'Contoso', suite_rating: 3 },
    })

    expect(JSON.parse(String(Answer))).toEqual({
      Text: "it's",
      Number: 5,
      Amount: 1.5,
      Flag: false,
      Moment: 'moment 2026-03-01T10:00:00.000Z',
      Id: NOWHERE,
      Texts: ['a', 'b,c'],
      Customer: { logicalName: 'suite_customer', id: customer },
      Row: { suite_name: 'Contoso', suite_rating: 3 },
    })
  })

  test('an action on a row changes it and answers values in their types', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge' })
    const At = new Date('2026-03-01T10:00:00Z')

    const answer = await service().execute('suite_Start', { Target: reference(SuiteProject, id), At })

    expect(answer).toEqual({ Started: At, Project: { logicalName: 'suite_project', id }, Count: 1 })
    expect(await service().retrieve(SuiteProject, id, ['suite_started'])).toEqual({ suite_started: At })
  })

  test('a function gets its parameters, whatever they hold', async () => {
    const Text = "it's 50% & more + (a,b) ☃"

    expect(await service().execute('suite_Measure', { Text, Times: 2 })).toEqual({ Length: Text.length * 2 })
  })

  test('several rows of a table are created, changed and upserted by one message each', async () => {
    const EntityName = 'suite_project'
    const names = async () => {
      const orders = [{ column: 'suite_name' }]
      const query = { table: EntityName, columns: ['suite_name', 'suite_code', 'suite_seats'], orders }
      return (await service().retrieveMultiple(query)).rows.map((row) => Object.values(row))
    }

    const { Ids } = await service().execute('CreateMultiple', {
      EntityName,
      Targets: [
        { suite_name: 'Bridge', suite_code: 'B' },
        { suite_name: 'Tunnel', suite_code: 'T' },
      ],
    })
    const [bridge] = Ids as readonly string[]
    await service().execute('UpdateMultiple', {
      EntityName,
      Targets: [
        { suite_projectid: bridge!, suite_seats: 1 },
        { suite_code: 'T', suite_seats: 2 },
      ],
    })
    expect(await names()).toEqual([
      ['Bridge', 'B', 1],
      ['Tunnel', 'T', 2],
    ])
    await service().execute('UpsertMultiple', {
      EntityName,
      Targets: [
        { suite_code: 'T', suite_seats: 3 },
        { suite_code: 'R', suite_name: 'Road' },
      ],
    })
    expect(await names()).toEqual([
      ['Bridge', 'B', 1],
      ['Road', 'R', null],
      ['Tunnel', 'T', 3],
    ])

    const missing = { EntityName, Targets: [{ suite_projectid: NOWHERE, suite_name: 'nobody' }] }
    expect((await failureOf(service().execute('UpdateMultiple', missing))).status).toBe(404)
  })

  test('an action that fails has changed nothing, and its message is the answer', async () => {
    const error = await failureOf(service().execute('suite_Fail', {}))

    expect(error).toMatchObject({ name: 'IsvAborted', status: 400, message: 'Failed on purpose.' })
    expect((await service().retrieveMultiple({ table: 'suite_customer', columns: [] })).rows).toEqual([])
  })

  test('a parameter that is missing is refused by name', async () => {
    const error = await failureOf(service().execute('suite_Measure', { Times: 2 }))

    expect(error.status).toBe(400)
    expect(error.message).toContain('Text')
  })

  test('a message that there is not is refused by name', async () => {
    const error = await failureOf(service().execute('suite_Nothing', {}))

    expect(error.status).toBe(404)
    expect(error.message).toContain('suite_Nothing')
  })

  test('a rejection by a step says its message, its status and its trace, and leaves no row', async () => {
    const error = await failureOf(service().create(SuiteCustomer, { suite_name: 'forbidden' }))

    expect(error).toMatchObject({ name: 'IsvAborted', status: 400, message: 'Forbidden (no tag).' })
    expect(error.details).toMatchObject({ operationStatus: 1, subErrorCode: 7 })
    expect(error.details.traceText).toContain('looked at the name')
    expect((await service().retrieveMultiple({ table: 'suite_customer', columns: [] })).rows).toEqual([])
  })

  test('a tag reaches the steps', async () => {
    const call = service().create(SuiteCustomer, { suite_name: 'forbidden' }, { tag: 'an & import' })

    expect((await failureOf(call)).message).toBe('Forbidden (an & import).')
  })

  test('custom logic can be bypassed', async () => {
    const options = { bypassBusinessLogic: ['CustomSync'] } as const
    const id = await service().create(SuiteCustomer, { suite_name: 'forbidden' }, options)

    expect(await service().retrieve(SuiteCustomer, id, ['suite_name'])).toEqual({ suite_name: 'forbidden' })
  })
}
