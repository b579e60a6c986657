import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { applyChange, createConnectorContext, ProviderError } from '../../src/connectors/index.ts'
import { serveDouble } from '../../src/testing/index.ts'
import { impatientClock } from './impatient-clock.ts'
import { reachingConnectors, secretsOf } from './reaching-connectors.ts'

const bomb = `<?xml version="1.0"?><!DOCTYPE a [${Array.from(
  { length: 9 },
  (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
).join('')}]><a>&e9;</a>`

/** Answers with which nothing can be done, and what each amounts to. */
const unusable: readonly (readonly [what: string, type: string, body: string, code: string])[] = [
  ['an HTML page', 'text/html', '<!doctype html><title>Sign in</title>', 'transient'],
  ['nothing', 'application/json', '', 'transient'],
  ['words under a wrong type', 'image/png', 'all is well', 'transient'],
  ['XML that would grow without end', 'application/xml', bomb, 'transient'],
  ['more than 10 MB', 'application/json', JSON.stringify('x'.repeat(11_000_000)), 'bug'],
]

describe.each(reachingConnectors)('%s', (_, createConnector, createWorld) => {
  test.each(unusable)(
    'answers %s: a clear failure with the correlation id, without a secret',
    async (_, type, body, code) => {
      const clock = impatientClock()
      const world = createWorld(clock, 'C24')
      const headers = { 'content-type': type, 'x-correlation-id': 'correlation-1' }
      const { url, close } = await serveDouble(async (request) => {
        const isSignIn = world.kindOf?.(request, await request.clone().text()) === 'signIn'
        return isSignIn ? world.answer(request) : new Response(body, { headers })
      })
      const connector = createConnector(url)
      const notes: unknown[] = []
      const settings = world.settings(url)
      const context = createConnectorContext(connector, {
        settings,
        credentials: world.credentials,
        key: 'a change',
        clock,
        log: (...note) => notes.push(note),
      })
      try {
        const error = await applyChange(connector, context, world.samples.change!).catch((thrown: unknown) => thrown)

        expect(ProviderError.isInstance(error) && error.code, inspect(error)).toBe(code)
        expect((error as ProviderError).details.correlationId).toBe('correlation-1')
        const shown = inspect([error, notes], { depth: 20, maxStringLength: null, showHidden: true })
        for (const [name, secret] of secretsOf(connector, world)) expect(shown, name).not.toContain(secret)
      } finally {
        await close()
      }
    },
  )
})
