// Measures the Web API of `work365 emulator` beside SAP CAP (sqlite in memory, without and with an index on the foreign key),
// SAP fe-mockserver and a bare HTTP server that answers as many fixed bytes, by the same load, in one run. Prints one JSON line
// per scenario, in requests per second. Words behind the command choose scenarios: `npm run bench:compare -- lambda DELETE`.
import { deepStrictEqual } from 'node:assert'
import { cpus, loadavg } from 'node:os'
import { generateLoad } from '../serving/generate-load.mjs'
import { rowsOf } from '../serving/rows.mjs'
import { startServer } from '../serving/server-process.mjs'
import { scenarios } from './scenarios.mjs'
import { emptyEmulator, servers } from './servers.mjs'

const ROUNDS = 2
const SECONDS = Number(process.env.SECONDS ?? 1.5)
const STARTS = 5
const MOST_START_MS = 150
const MOST_MEMORY_MIB = 200

const words = process.argv.slice(2)
const chosen =
  words.length === 0 ? scenarios : scenarios.filter(({ name }) => words.some((word) => name.includes(word)))

let failed = 0
/** How many rows POST has created on each server. */
const created = {}
console.log(
  JSON.stringify({
    machine: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    load: loadavg().map((load) => Number(load.toFixed(2))),
    date: new Date().toISOString(),
  }),
)

if (words.length === 0) await measureStarts()
const running = {}
for (const [name, server] of Object.entries(servers)) running[name] = await startServer(server)
try {
  for (const scenario of chosen) await measureScenario(scenario)
  if (words.length === 0) reportMemory()
} finally {
  await Promise.all(Object.values(running).map((server) => server.stop()))
}
process.exitCode = failed === 0 ? 0 : 1

/** From starting the process to its first answer: the median of some. */
async function measureStarts() {
  const all = { ...servers, empty: emptyEmulator }
  const times = Object.fromEntries(Object.keys(all).map((name) => [name, []]))
  for (let start = 0; start < STARTS; start++) {
    for (const [name, server] of Object.entries(all)) {
      const started = await startServer(server)
      times[name].push(started.milliseconds)
      await started.stop()
    }
  }
  const { empty, ours, ...others } = Object.fromEntries(
    Object.entries(times).map(([name, some]) => [name, Math.round(some.sort((a, b) => a - b)[STARTS >> 1])]),
  )
  report({ name: 'process start to first 200', ours: empty, ...others, unit: 'ms', ok: empty <= MOST_START_MS })
  report({ name: 'the same with its rows', ours, ...others, unit: 'ms' })
}

async function measureScenario(scenario) {
  const { name, client, once, target } = scenario
  await checkAnswers(scenario)
  const best = Object.fromEntries(Object.keys(servers).map((server) => [server, 0]))
  const load = (server, seconds) =>
    generateLoad({ port: running[server].port, requests: requestsFor(scenario, server), seconds, client, once })
  // Rows can be created and deleted once only.
  for (let round = 0; round < (once ? 1 : ROUNDS); round++) {
    for (const server of Object.keys(servers)) {
      if (!once) await load(server, SECONDS / 3)
      const { perSecond, answered } = await load(server, SECONDS)
      if (name === 'POST') created[server] = answered
      best[server] = Math.max(best[server], perSecond)
    }
  }
  const { ours, ...others } = Object.fromEntries(Object.entries(best).map(([server, n]) => [server, Math.round(n)]))
  const ratios = Object.fromEntries(Object.entries(others).map(([server, n]) => [server, round(ours / n)]))
  const missed = Object.entries(target).filter(([server, times]) => ratios[server] < times)
  report({ name, ours, ...others, ratios, target, unit: 'requests/s', ok: missed.length === 0 })
}

function requestsFor({ name, requests }, server) {
  const all = requests(server === 'ours' ? 'ours' : 'others')
  return name === 'DELETE' && server !== 'bare' ? all.slice(0, created[server] ?? 0) : all
}

/** Every server has to say the same, as far as its rows go. The bare one is given what to say. */
async function checkAnswers(scenario) {
  const { requests, read, expected, once } = scenario
  if (once) return tellBare({ status: 204, body: '' })
  for (const [server, { rows }] of Object.entries(servers)) {
    if (server === 'bare') continue
    const { method, path, headers, body } = requests(server === 'ours' ? 'ours' : 'others')[0]
    const answer = await fetch(running[server].url + path, { method, headers, body })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${scenario.name}: ${server} answers ${answer.status} ${text.slice(0, 500)}`)
    if (server === 'ours') await tellBare({ status: answer.status, body: text })
    if (!read) continue
    const isJson = text.startsWith('{') || /^\ufeff?\d+$/.test(text)
    const said = read(isJson ? JSON.parse(text.replace(/^\ufeff/, '')) : text)
    deepStrictEqual(said, expected(rowsOf(rows.accounts, rows.contacts)), `${scenario.name}: what ${server} answers`)
  }
}

async function tellBare({ status, body }) {
  await fetch(`${running.bare.url}/answer`, { method: 'PUT', headers: { 'x-status': String(status) }, body })
}

function reportMemory() {
  const { ours, ...others } = Object.fromEntries(
    Object.entries(running).map(([server, { peakMemory }]) => [server, Math.round(peakMemory())]),
  )
  report({ name: 'peak resident memory', ours, ...others, unit: 'MiB', ok: ours < MOST_MEMORY_MIB })
}

function report(line) {
  if (line.ok === false) failed++
  console.log(JSON.stringify(line))
}

function round(ratio) {
  return ratio < 10 ? Number(ratio.toFixed(2)) : Math.round(ratio)
}
