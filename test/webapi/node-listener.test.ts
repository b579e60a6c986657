import { createServer, request as httpRequest, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { createWebApi, toNodeListener } from '../../src/webapi/index.ts'
import { Customer, tables } from '../emulator/tables.ts'

let dataverse: Emulator
let server: Server
let port: number
beforeEach(async () => {
  dataverse = createEmulator({ tables })
  const api = createWebApi({ service: dataverse, tables: dataverse.tables, maxBodyBytes: 1000 })
  server = createServer(toNodeListener(api.answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

const url = (path: string) => `http://127.0.0.1:${port}/api/data/v9.2${path}`
const type = { 'Content-Type': 'application/json' }

/** What the server sends back for bytes as they are. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

test('answers with the URL by which the caller addressed it, and a length', async () => {
  const created = await fetch(url('/new_customers'), { method: 'POST', headers: type, body: '{"new_title":"Ä"}' })
  expect(created.status).toBe(204)
  expect(created.headers.get('OData-EntityId')).toMatch(`http://127.0.0.1:${port}/api/data/v9.2/new_customers(`)

  const answer = await fetch(url('/new_customers?$select=new_title'))
  const text = await answer.text()
  expect(Number(answer.headers.get('Content-Length'))).toBe(Buffer.byteLength(text))
  expect(JSON.parse(text).value).toMatchObject([{ new_title: 'Ä' }])
})

test('a HEAD has the headers of a GET, the length too, and nothing behind them', async () => {
  await dataverse.create(Customer, { new_title: 'Ä' })
  const got = await fetch(url('/new_customers'))
  const { length } = Buffer.from(await got.arrayBuffer())
  const answer = await raw(
    `HEAD /api/data/v9.2/new_customers HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain(`Content-Length: ${length}\r\n`)
  expect(answer).toMatch(/\r\n\r\n$/)
})

test('reads a body that comes in pieces', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(url('/new_customers'), { method: 'POST', headers: type }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    for (const piece of ['{"new_', 'title":', '"Fabrikam"}']) request.write(piece)
    request.end()
  })

  expect(status).toBe(204)
  expect(await dataverse.list(Customer, ['new_title'])).toEqual([{ new_title: 'Fabrikam' }])
})

test('answers a body that is too long with 413 and closes', async () => {
  const body = JSON.stringify({ new_title: 'x'.repeat(2000) })
  const declared = await raw(
    `POST /api/data/v9.2/new_customers HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  expect(declared).toMatch(/^HTTP\/1\.1 413 /)
  expect(declared).toMatch(/connection: close/i)
  const answer = await fetch(url('/new_customers'), { method: 'POST', headers: type, body })
  expect(answer.status).toBe(413)
  expect(await dataverse.list(Customer)).toEqual([])
})

test('survives clients that go away before they have sent or read all', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'POST /api/data/v9.2/new_customers HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      )
      socket.destroy()
    })
    socket.on('close', () => resolve())
  })

  expect((await fetch(url('/new_customers'))).status).toBe(200)
})

test('takes a path as it is written, dots and all', async () => {
  const answer = await raw('GET /api/data/v9.2/../../secret HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 404 /)
})
