// The emulator as a server, against a bare `node:http` server that answers fixed bytes of the same size: the same client,
// 16 connections that stay open, in one run, in turns. Prints one JSON line for each kind of request.
//
//   node bench/http.mjs [milliseconds of each turn]
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CONNECTIONS = 16
const TURNS = 3
const main = fileURLToPath(new URL('../dist/cli/main.cjs', import.meta.url))
const API = '/api/data/v9.2'
const idOf = (kind, n) => `00000000-0000-4000-${kind}000-${n.toString(16).padStart(12, '0')}`

const bareServer = `
const { createServer } = require('node:http')
const bodies = new Map()
createServer((incoming, outgoing) => {
  incoming.resume()
  const [, size, status] = incoming.url.split('/')
  let body = bodies.get(size)
  if (!body) bodies.set(size, (body = 'x'.repeat(Number(size))))
  const answer = () => {
    outgoing.writeHead(Number(status), Number(status) === 204 ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length })
    outgoing.end(Number(status) === 204 ? undefined : body)
  }
  if (incoming.method === 'GET') answer()
  else incoming.on('end', answer)
}).listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port) })`

/** Starts a process that prints where it listens. */
function start(parameters, env = process.env) {
  const begun = performance.now()
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'], env })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    child.stdout.once('data', (text) => {
      resolve({ child, begun, url: /http:\/\/\S+/.exec(String(text))[0] })
    })
  })
}

/** Requests per second, over connections that each send the next request when the last one is answered. */
async function load(url, makeRequest, milliseconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const { hostname, port } = new URL(url)
  let [done, bytes, failed] = [0, 0, 0]
  const begun = performance.now()
  const end = begun + milliseconds
  const one = () =>
    new Promise((resolve, reject) => {
      const { method = 'GET', path, body, headers = {}, status } = makeRequest()
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
      const outgoing = request(
        { agent, hostname, port, method, path, headers: { ...headers, ...length } },
        (incoming) => {
          if (incoming.statusCode !== status) failed++
          incoming.on('data', (chunk) => (bytes += chunk.length))
          incoming.on('end', resolve)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        await one()
        done++
      }
    }),
  )
  agent.destroy()
  if (failed > 0) throw new Error(`${failed} of ${done} requests were not answered as expected`)
  return { perSecond: done / ((performance.now() - begun) / 1000), size: Math.round(bytes / done) }
}

const json = { 'Content-Type': 'application/json' }
let [next, created] = [0, 0]
/** Numbers below `count` in an order that no cache profits from. */
const some = (count) => {
  next = (next * 7919 + 1) % count
  return next
}
const anyContact = () => idOf(9, some(10_000))
const batch = () => {
  const parts = Array.from(
    { length: 10 },
    () =>
      `--b\r\nContent-Type: application/http\r\n\r\nGET ${API}/contacts(${anyContact()}) HTTP/1.1\r\nAccept: application/json\r\n\r\n`,
  )
  return `${parts.join('')}\r\n--b--\r\n`
}

/** The rows that DELETE is asked to delete have to be there first. */
async function createdIds(url, count) {
  const ids = Array.from({ length: count }, () => idOf(8, ++created))
  let at = 0
  const body = () => JSON.stringify({ contactid: ids[at++], lastname: 'gone soon' })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (at < ids.length) {
        const content = body()
        await new Promise((resolve, reject) => {
          const headers = { ...json, 'Content-Length': Buffer.byteLength(content) }
          request(`${url}${API}/contacts`, { agent, method: 'POST', headers }, (incoming) =>
            incoming.resume().on('end', resolve),
          )
            .on('error', reject)
            .end(content)
        })
      }
    }),
  )
  agent.destroy()
  return ids
}

const scenarios = {
  'GET by key': { make: () => ({ path: `${API}/contacts(${anyContact()})`, status: 200 }) },
  'GET by key and $select': {
    make: () => ({ path: `${API}/contacts(${anyContact()})?$select=firstname,lastname,emailaddress1`, status: 200 }),
  },
  '$filter eq': {
    make: () => ({
      path: `${API}/contacts?$select=lastname&$filter=_parentcustomerid_value%20eq%20${idOf(7, some(5000))}`,
      status: 200,
    }),
  },
  'range, contains, orderby, top 50': {
    make: () => ({
      path: `${API}/accounts?$select=name&$filter=numberofemployees%20ge%203%20and%20contains(name,'${some(10)}')&$orderby=name%20desc&$top=50`,
      status: 200,
    }),
  },
  '$expand of a collection, top 20': {
    make: () => ({
      path: `${API}/accounts?$select=name&$top=20&$expand=contact_customer_accounts($select=lastname)`,
      status: 200,
    }),
  },
  $count: { make: () => ({ path: `${API}/contacts/$count`, status: 200 }) },
  '$batch of 10 GETs': {
    make: () => ({
      method: 'POST',
      path: `${API}/$batch`,
      headers: { 'Content-Type': 'multipart/mixed; boundary=b' },
      body: batch(),
      status: 200,
    }),
  },
  POST: {
    make: () => ({
      method: 'POST',
      path: `${API}/contacts`,
      headers: json,
      body: JSON.stringify({ firstname: 'Ada', lastname: `Number ${next++}` }),
      status: 204,
    }),
  },
  PATCH: {
    make: () => ({
      method: 'PATCH',
      path: `${API}/contacts(${anyContact()})`,
      headers: json,
      body: JSON.stringify({ lastname: `Number ${next++}` }),
      status: 204,
    }),
  },
  DELETE: {
    prepare: (url, milliseconds) => createdIds(url, milliseconds * 25),
    make: (ids) => ({ method: 'DELETE', path: `${API}/contacts(${ids.pop()})`, status: 204 }),
  },
}

function seedFile() {
  const account = Array.from({ length: 5000 }, (_, n) => ({
    accountid: idOf(7, n),
    name: `Account ${n}`,
    numberofemployees: n % 7,
  }))
  const contact = Array.from({ length: 10_000 }, (_, n) => ({
    contactid: idOf(9, n),
    firstname: 'Ada',
    lastname: `Lovelace ${n}`,
    emailaddress1: `ada${n}@example.com`,
    parentcustomerid: { logicalName: 'account', id: idOf(7, n % 5000) },
  }))
  const file = join(tmpdir(), `work365-bench-${process.pid}.json`)
  writeFileSync(file, JSON.stringify({ account, contact }))
  return file
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const round = (value) => Number(value.toPrecision(4))
const report = (name, ours, baseline, unit, ratio = ours / baseline) =>
  console.log(JSON.stringify({ name, ours: round(ours), baseline: round(baseline), ratio: round(ratio), unit }))

const firstAnswer = (parameters, path) =>
  start(parameters).then(
    ({ child, begun, url }) =>
      new Promise((resolve, reject) => {
        get(url + path, (incoming) => {
          incoming.resume().on('end', () => {
            const milliseconds = performance.now() - begun
            child.removeAllListeners('exit')
            child.kill('SIGKILL')
            resolve(milliseconds)
          })
        }).on('error', reject)
      }),
  )

const milliseconds = Number(process.argv[2] ?? 1500)
const seed = seedFile()

{
  const [ours, bare] = [[], []]
  for (let n = 0; n < 7; n++) {
    bare.push(await firstAnswer(['-e', bareServer], '/2/200'))
    ours.push(await firstAnswer([main, 'emulator', '--port', '0', '--tables', 'standard'], `${API}/accounts?$top=1`))
  }
  report('start to first 200', median(ours), median(bare), 'ms')
}

const ours = await start([main, 'emulator', '--port', '0', '--tables', 'standard', '--seed', seed])
const bare = await start(['-e', bareServer])
rmSync(seed)
for (const [name, { make, prepare }] of Object.entries(scenarios)) {
  // What was written would count as what was read otherwise.
  if (name === 'POST') reportMemory()
  const [mine, theirs] = [[], []]
  for (let turn = 0; turn < TURNS; turn++) {
    const prepared = await prepare?.(ours.url, milliseconds)
    await load(ours.url, () => make(prepared), prepared ? 50 : 200)
    const { perSecond, size } = await load(ours.url, () => make(prepared), milliseconds)
    mine.push(perSecond)
    const like = () => {
      const { status, body, headers, method } = make([...'x'])
      return { status, body, headers, method, path: `/${size}/${status}` }
    }
    await load(bare.url, like, 200)
    theirs.push((await load(bare.url, like, milliseconds)).perSecond)
  }
  report(name, median(mine), median(theirs), 'requests per second')
}
for (const { child } of [ours, bare]) {
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
}

function reportMemory() {
  const [peak, before] = [ours, bare].map(({ child }) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024
    } catch {
      // Only Linux tells it this way.
      return Number.NaN
    }
  })
  if (peak) report('peak memory at 5,000 accounts and 10,000 contacts', peak, before, 'MiB')
}
