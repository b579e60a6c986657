import { createTestClock, serveDouble } from 'work365-sdk/testing'
import type { CreateWorld } from 'work365-sdk/testing/conformance'
import { contosoWorld } from './provider.ts'

const clock = createTestClock()
clock.run()
const createWorld: CreateWorld = contosoWorld
const { answer, settings, credentials } = createWorld(clock, 'by hand')
const [port = '8081'] = process.argv.slice(2)
const { url } = await serveDouble(answer, { port: Number(port) })

console.log(`listening on ${url}`)
console.log(JSON.stringify({ settings: settings(url), credentials }))
