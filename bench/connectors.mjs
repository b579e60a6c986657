// What connectors cost: a request by the SDK's HTTP against the same by bare axios, and the served Rest Provider against a bare
// `node:http` handler that answers the same bytes. Prints one JSON line each.
//
//   node bench/connectors.mjs [seconds of each turn]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import axios from 'axios'
import { createConnectorContext, defineConnector, field } from '../dist/connectors/index.js'
import { generateLoad } from './serving/generate-load.mjs'
import { startServer } from './serving/server-process.mjs'

const seconds = Number(process.argv[2] ?? 1)
const TURNS = 5
const CALLS = 400
const apiKey = 'the secret of a benchmark'
let failed = 0

function report(name, ours, baseline, unit, bound) {
  const ratio = ours / baseline
  const ok = bound(ratio)
  if (!ok) failed++
  console.log(JSON.stringify({ name, ours: round(ours), baseline: round(baseline), ratio: round(ratio), unit, ok }))
}
const round = (value) => Number(value.toPrecision(4))
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** In turns, so that a machine that is busy for a while is so for both. */
async function inTurns(...measures) {
  const results = measures.map(() => [])
  for (let turn = 0; turn < TURNS; turn++)
    for (const [at, measure] of measures.entries()) results[at].push(await measure())
  return results.map(median)
}

const bare = await startServer({
  command: () => [new URL('serving/bare.mjs', import.meta.url).pathname],
  path: '/',
})
async function answerWith(body) {
  await fetch(`${bare.url}/answer`, { method: 'PUT', body, headers: { 'x-status': '200' } })
}

// One request after the other, of an answer as long as that of a subscription.
{
  await answerWith(JSON.stringify({ id: 'sub-1', customer: 'fabrikam', seats: 25, note: 'x'.repeat(400) }))
  const connector = defineConnector({
    name: 'bare',
    title: 'Bare',
    contract: 1,
    settings: { baseUrl: field.url({ title: 'Base URL' }) },
    credentials: { apiKey: field.secret({ title: 'API Key', header: 'x-api-key' }) },
    limits: { requestsPerMinute: 100_000_000 },
    verifyConnectivity: async () => ({ ok: true }),
    apply: async () => ({ status: 'notApplicable', reason: '' }),
  })
  const { http } = createConnectorContext(connector, {
    settings: { baseUrl: bare.url },
    credentials: { apiKey },
    key: 'a benchmark',
    log: () => {},
  })
  const perCall = (call) => async () => {
    const begun = performance.now()
    for (let n = 0; n < CALLS; n++) await call()
    return (performance.now() - begun) / CALLS
  }
  const bySdk = perCall(() => http.get('/subscriptions/sub-1'))
  const byAxios = perCall(() => axios.get(`${bare.url}/subscriptions/sub-1`, { headers: { 'x-api-key': apiKey } }))
  await bySdk()
  await byAxios()
  const [ours, baseline] = await inTurns(bySdk, byAxios)
  report("a request by a connector's http, against bare axios", ours, baseline, 'ms per call', (ratio) => ratio <= 1.5)
}

// Requests as Work 365 sends them, over 16 connections from a process of its own.
{
  const served = fork(new URL('serving/served-connector.mjs', import.meta.url), {
    env: { ...process.env, REST_PROVIDER_API_KEY: apiKey },
  })
  const [{ url }] = await once(served, 'message')
  const headers = { 'work-365-rest-provider-api-key': apiKey }
  for (const [what, path] of [
    ['a customer', '/customers/customer-1'],
    ['ten customers', '/customers'],
  ]) {
    await answerWith(await (await fetch(url + path, { headers })).text())
    const load = (port) => async () => {
      const { perSecond } = await generateLoad({ port, requests: [{ method: 'GET', path, headers }], seconds })
      return perSecond
    }
    const [bySdk, byNode] = [load(Number(new URL(url).port)), load(bare.port)]
    await bySdk()
    const [ours, baseline] = await inTurns(bySdk, byNode)
    const name = `${what} of a served Rest Provider, against bare node:http`
    report(name, ours, baseline, 'requests per second', (ratio) => ratio >= 0.15)
  }
  served.kill()
}

await bare.stop()
process.exitCode = failed === 0 ? 0 : 1
