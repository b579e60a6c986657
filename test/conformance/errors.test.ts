import { beforeEach, describe, expect, test } from 'vitest'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { annotated, BASE, type Client, environment, error, nowhere, sample } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})
const contoso = `/accounts(${sample.contoso})`
const details = '@Microsoft.PowerApps.CDS.ErrorDetails'

describe('errors', () => {
  test(feature('error.shape'), async () => {
    const { body, headers } = await client.get(`/accounts(${nowhere})`)
    expect(Object.keys(body)).toEqual(['error'])
    expect(Object.keys(body.error)).toEqual(['code', 'message'])
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  test(feature('error.annotations'), async () => {
    const { body } = await client.get(`/accounts(${nowhere})`, annotated)
    expect(body.error['@Microsoft.PowerApps.CDS.HelpLink']).toMatch(
      /^http:\/\/go\.microsoft\.com\/fwlink\/\?LinkID=398563&error=.*80040217/,
    )
    const rejected = (await forbidden(annotated)).body.error
    expect(Object.keys(rejected).sort()).toEqual([
      `${details}.OperationStatus`,
      `${details}.SubErrorCode`,
      '@Microsoft.PowerApps.CDS.HelpLink',
      '@Microsoft.PowerApps.CDS.InnerError.Message',
      '@Microsoft.PowerApps.CDS.TraceText',
      'code',
      'message',
    ])
  })

  const forbidden = (headers = {}) => client.post('/accounts', { name: 'forbidden' }, headers)

  test(feature('error.no-annotations'), async () => {
    expect(Object.keys((await forbidden()).body.error)).toEqual(['code', 'message'])
  })

  test(feature('error.trace'), async () => {
    const { body } = await forbidden({ Prefer: 'odata.include-annotations="Microsoft.PowerApps.CDS.TraceText"' })
    expect(body.error['@Microsoft.PowerApps.CDS.TraceText']).toContain('looked at the name')
    expect(body.error).not.toHaveProperty([`${details}.OperationStatus`])
  })

  test(feature('error.operation-status'), async () => {
    const { body } = await forbidden({ Prefer: 'odata.include-annotations="Microsoft.PowerApps.CDS.ErrorDetails*"' })
    expect(body.error).toMatchObject({ [`${details}.OperationStatus`]: '1', [`${details}.SubErrorCode`]: '12345' })
  })

  test(feature('error.isv-aborted'), async () => {
    expect(await forbidden()).toMatchObject(error(400, '0x80040265', 'The name is forbidden.'))
    expect(await dataverse.list('account')).toHaveLength(3)
  })

  test(feature('error.isv-unexpected'), async () => {
    const { status, body } = await client.post('/accounts', { name: 'broken' })
    expect([status, body.error.code]).toEqual([500, '0x80040224'])
  })

  test(feature('error.0x80040217'), async () => {
    expect(await client.get(`/accounts(${nowhere})`)).toMatchObject(error(404, '0x80040217'))
  })
  test(feature('error.0x80040227'), async () => {
    await dataverse.seed('pricelevel', { pricelevelid: nowhere, name: 'Retail' })
    await client.patch(`/opportunities(${sample.sale})`, { 'pricelevelid@odata.bind': `pricelevels(${nowhere})` })
    expect(await client.remove(`/pricelevels(${nowhere})`)).toMatchObject(error(405, '0x80040227'))
  })
  test(feature('error.0x80040237'), async () => {
    expect(await client.post('/accounts', { accountid: sample.contoso })).toMatchObject(error(412, '0x80040237'))
  })
  test(feature('error.0x80040333'), async () => {
    const twin = { lastname: 'x', emailaddress1: 'yvonne@contoso.example' }
    expect(await client.post('/contacts', twin, { 'MSCRM.SuppressDuplicateDetection': 'false' })).toMatchObject(
      error(
        412,
        '0x80040333',
        'A record was not created or updated because a duplicate of the current record already exists.',
      ),
    )
  })
  test(feature('error.0x8004431a'), async () => {
    expect(await client.patch(contoso, { industrycode: 99 })).toMatchObject(
      error(
        400,
        '0x8004431a',
        /^A validation error occurred\. +The value .*99.* of 'industrycode' on record of type 'account' is outside the valid range\. Accepted Values: /,
      ),
    )
  })
  test(feature('error.0x80044331'), async () => {
    expect(await client.patch(contoso, { name: 'x'.repeat(161) })).toMatchObject(
      error(
        400,
        '0x80044331',
        "A validation error occurred.  The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'.",
      ),
    )
  })
  test(feature('error.0x80048408'), async () => {
    expect(await client.patch(`/opportunities(${sample.sale})`, { statecode: 0, statuscode: 3 })).toMatchObject(
      error(400, '0x80048408', /^3 is not a valid status code for state code .* on opportunity with Id/),
    )
  })
  test(feature('error.0x80048d19'), async () => {
    expect(await client.patch(contoso, { nothing: 1 })).toMatchObject(
      error(400, '0x80048d19', /^Error identified in Payload provided by the user for Entity :'accounts',/),
    )
  })
  test(feature('error.0x80060882'), async () => {
    expect(await client.patch(contoso, { name: 'x' }, { 'If-Match': 'W/"1"' })).toMatchObject(error(412, '0x80060882'))
  })
  test(feature('error.0x80060888'), async () => {
    expect(await client.get('/accounts?$select=nothing')).toMatchObject(
      error(400, '0x80060888', "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'."),
    )
  })
  test(feature('error.0x80060891'), async () => {
    expect(await client.get("/new_things(new_code='x')")).toMatchObject(
      error(404, '0x80060891', 'A record with the specified key values does not exist in new_thing entity'),
    )
  })
  test(feature('error.0x80060892'), async () => {
    await client.post('/new_things', { new_code: 'A' })
    expect((await client.post('/new_things', { new_code: 'A' })).body.error.code).toBe('0x80060892')
  })
  test(feature('error.0x80072491'), async () => {
    expect(await client.get('/tasks?$select=subject', { Prefer: 'odata.track-changes' })).toMatchObject(
      error(400, '0x80072491', /task/),
    )
  })
  test(feature('error.0x80072560'), async () => {
    expect(await client.get('/accounts', { CallerObjectId: nowhere })).toMatchObject(error(403, '0x80072560'))
  })
})

describe('alternate keys', () => {
  const byCode = "/new_things(new_code='A')"

  test(feature('key.upsert-creates'), async () => {
    const { status } = await client.patch(byCode, { new_name: 'Hammer' })
    expect(status).toBe(204)
    expect((await client.get(byCode)).body).toMatchObject({ new_code: 'A', new_name: 'Hammer' })
  })

  test(feature('key.upsert-updates'), async () => {
    await client.patch(byCode, { new_name: 'Hammer' })
    expect((await client.patch(byCode, { new_number: 3 }, { Prefer: 'return=representation' })).status).toBe(200)
    expect((await client.get(byCode)).body).toMatchObject({ new_name: 'Hammer', new_number: 3 })
  })

  test(feature('key.upsert-body-wins'), async () => {
    expect((await client.patch(byCode, { new_code: 'B' })).status).toBe(204)
    expect((await client.get("/new_things(new_code='B')")).status).toBe(200)
    expect((await client.get(byCode)).status).toBe(404)
  })

  test(feature('key.upsert-key-kept'), async () => {
    await client.patch(byCode, { new_name: 'Hammer' })
    await client.patch(byCode, { new_code: 'B', new_name: 'Axe' })
    expect((await client.get(byCode)).body.new_name).toBe('Axe')
  })

  test(feature('key.undeclared'), async () => {
    expect((await client.get("/new_things(new_name='x')")).body.error.message).toMatch(
      /^The key in the request URI is not valid for resource 'Microsoft\.Dynamics\.CRM\.new_thing'\. Ensure that the names and number of key properties match the declared or alternate key properties for the resource/,
    )
  })

  test(feature('key.composite'), async () => {
    const path = `/new_things(_new_account_value=${sample.contoso},new_number=3)`
    expect((await client.patch(path, { new_name: 'Hammer' })).status).toBe(204)
    expect((await client.get(path)).body).toMatchObject({ _new_account_value: sample.contoso, new_number: 3 })
    expect((await client.get('/new_things(new_number=3)')).status).toBe(400)
  })

  test(feature('key.unique'), async () => {
    await client.post('/new_things', { new_code: 'A' })
    expect(await client.post('/new_things', { new_code: 'A' })).toMatchObject(
      error(
        412,
        '0x80060892',
        /^Entity Key .+ violated\. A record with the same value for .+ already exists\. A duplicate record cannot be created\. Select one or more unique values and try again\.$/,
      ),
    )
  })

  test(feature('key.case'), async () => {
    await client.post('/new_things', { new_code: 'abc' })
    expect((await client.post('/new_things', { new_code: 'ABC' })).status).toBe(412)
  })

  test(feature('key.null'), async () => {
    for (const new_name of ['a', 'b']) expect((await client.post('/new_things', { new_name })).status).toBe(204)
  })
})

describe('changes', () => {
  const tracked = { Prefer: 'odata.track-changes' }
  const begin = async () => (await client.get('/accounts?$select=name', tracked)).body['@odata.deltaLink'] as string

  test(feature('changes.delta-link'), async () => {
    const { body, headers } = await client.get('/accounts?$select=name', tracked)
    expect(headers.get('preference-applied')).toBe('odata.track-changes')
    expect(body.value).toHaveLength(3)
    expect(body['@odata.deltaLink']).toContain(`${BASE}/accounts?$select=name&$deltatoken=`)
  })

  test(feature('changes.token-form'), async () => {
    const token = (await begin()).split('$deltatoken=')[1]!
    expect(token).toMatch(/^\d+%2103%2f18%2f2026%2014%3a30%3a00$/)
  })

  test(feature('changes.follow'), async () => {
    const link = await begin()
    await client.remove(`/accounts(${sample.adventure})`)
    await client.patch(contoso, { name: 'Contoso Ltd' })
    await client.post('/accounts', { name: 'Adatum' })
    const { body } = await client.get(link)
    expect(body['@odata.context']).toBe(`${BASE}/$metadata#accounts(name)/$delta`)
    expect(body.value).toMatchObject([{ name: 'Contoso Ltd' }, { name: 'Adatum' }, { reason: 'deleted' }])
    expect((await client.get(body['@odata.deltaLink'])).body.value).toEqual([])
  })

  test(feature('changes.deleted-form'), async () => {
    const link = await begin()
    await client.remove(`/accounts(${sample.adventure})`)
    expect((await client.get(link)).body.value).toEqual([
      { '@odata.context': `${BASE}/$metadata#accounts/$deletedEntity`, id: sample.adventure, reason: 'deleted' },
    ])
  })

  test(feature('changes.none'), async () => {
    const { body } = await client.get(await begin())
    expect(body.value).toEqual([])
    expect(body['@odata.deltaLink']).toContain('$deltatoken=')
  })

  test(feature('changes.created-and-deleted'), async () => {
    const link = await begin()
    await client.post('/accounts', { accountid: nowhere, name: 'Adatum' })
    await client.remove(`/accounts(${nowhere})`)
    expect((await client.get(link)).body.value).toMatchObject([{ id: nowhere, reason: 'deleted' }])
  })

  test(feature('changes.count'), async () => {
    const token = (await begin()).split('?')[1]!.split('&').at(-1)
    await client.patch(contoso, { name: 'x' })
    expect((await client.get(`/accounts/$count?${token}`)).text).toBe('\uFEFF1')
  })

  test(feature('changes.options'), async () => {
    for (const [option, value] of [
      ['$filter', "name eq 'x'"],
      ['$orderby', 'name'],
      ['$expand', 'primarycontactid'],
      ['$top', '1'],
    ] as const) {
      const { status, body } = await client.get(`/accounts?${option}=${value}`, tracked)
      expect([status, body.error.message]).toEqual([
        400,
        `The "${option}" query parameter isn't supported when Change Tracking is enabled.`,
      ])
    }
  })

  test(feature('changes.expired'), async () => {
    const link = await begin()
    await dataverse.clock.advance(7 * 24 * 3600 * 1000 + 1000)
    expect((await client.get(link)).status).toBe(400)
  })

  test(feature('changes.not-enabled'), async () => {
    expect((await client.get('/tasks', tracked)).status).toBe(400)
  })
})

describe('files', () => {
  let column: string
  beforeEach(async () => {
    await client.patch(`/new_things(${nowhere})`, { new_name: 'Hammer' })
    column = `/new_things(${nowhere})/new_file`
  })
  const send = async (path: string, bytes: Uint8Array, headers: Record<string, string>, method = 'PATCH') => {
    const url = path.startsWith('http') ? path : `${BASE}${path}`
    return client.api(
      new Request(url, {
        method,
        body: new Blob([Uint8Array.from(bytes)]),
        headers: { 'Content-Type': 'application/octet-stream', ...headers },
      }),
    )
  }
  const named = { 'x-ms-file-name': 'plan.txt' }
  const text = (value: string) => new TextEncoder().encode(value)

  test(feature('file.column-value'), async () => {
    await send(column, text('hello'), named)
    const { body } = await client.get(`/new_things(${nowhere})?$select=new_file,new_file_name`)
    expect(body).toMatchObject({ new_file: expect.stringMatching(/^[0-9a-f-]{36}$/), new_file_name: 'plan.txt' })
  })

  test(feature('file.not-in-body'), async () => {
    await client.patch(`/new_things(${nowhere})`, { new_file: nowhere })
    expect((await client.get(`/new_things(${nowhere})`)).body.new_file).toBeNull()
  })

  test(feature('file.upload'), async () => {
    expect((await send(column, text('hello'), named)).status).toBe(204)
  })

  test(feature('file.upload-name-in-query'), async () => {
    await send(`${column}?x-ms-file-name=query.txt`, text('hello'), {})
    const name = async () => (await client.get(`/new_things(${nowhere})`)).body.new_file_name
    expect(await name()).toBe('query.txt')
    await send(`${column}?x-ms-file-name=query.txt`, text('hello'), { 'x-ms-file-name': 'header.txt' })
    expect(await name()).toBe('header.txt')
  })

  const begin = () => send(`${column}?x-ms-file-name=plan.txt`, new Uint8Array(), { 'x-ms-transfer-mode': 'chunked' })

  test(feature('file.upload-chunked'), async () => {
    const begun = await begin()
    expect(begun.status).toBe(200)
    const location = begun.headers.get('location')!
    expect((await send(location, text('hel'), { 'Content-Range': 'bytes 0-2/5' })).status).toBe(206)
    expect((await send(location, text('lo'), { 'Content-Range': 'bytes 3-4/5' })).status).toBe(204)
    expect((await client.get(`${column}/$value`)).text).toBe('hello')
  })

  test(feature('file.upload-begin-headers'), async () => {
    const { headers } = await begin()
    expect(headers.get('location')).toMatch(
      new RegExp(`^${BASE.replaceAll('.', '\\.')}/new_things\\(.*/new_file\\?sessiontoken=`),
    )
    expect(headers.get('x-ms-chunk-size')).toBe('4194304')
    expect(headers.get('accept-ranges')).toBe('bytes')
    expect(headers.get('access-control-expose-headers')).toBe('x-ms-chunk-size')
  })

  test(feature('file.download'), async () => {
    await send(column, Uint8Array.of(0, 255, 10), named)
    const response = await client.api(new Request(`${BASE}${column}/$value`))
    expect([response.status, [...new Uint8Array(await response.arrayBuffer())]]).toEqual([200, [0, 255, 10]])
  })

  test(feature('file.download-range'), async () => {
    await send(column, text('hello'), named)
    const { status, text: body, headers } = await client.get(`${column}/$value`, { Range: 'bytes=1-3' })
    expect([status, body]).toEqual([206, 'ell'])
    expect([headers.get('x-ms-file-name'), headers.get('x-ms-file-size')]).toEqual(['plan.txt', '5'])
  })

  test(feature('file.download-json'), async () => {
    await send(column, text('hello'), named)
    const { status, body, headers } = await client.get(column, { Range: 'bytes=0-1' })
    expect([status, body.value]).toEqual([206, btoa('he')])
    expect(headers.get('content-disposition')).toContain('plan.txt')
  })

  test(feature('file.delete'), async () => {
    await send(column, text('hello'), named)
    expect((await client.remove(column)).status).toBe(204)
    expect((await client.get(`/new_things(${nowhere})`)).body).toMatchObject({ new_file: null, new_file_name: null })
  })

  test(feature('file.too-large'), async () => {
    const response = await send(column, new Uint8Array(10_240 * 1024 + 1), named)
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      '0x80044a02',
    ])
  })

  test(feature('file.image'), async () => {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    expect((await client.patch(contoso, { entityimage: png })).status).toBe(204)
    expect((await client.get(contoso)).body).toMatchObject({
      entityimage: png,
      entityimageid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      entityimage_timestamp: expect.anything(),
      entityimage_url: expect.stringContaining('/Image/download.aspx'),
    })
  })
})
