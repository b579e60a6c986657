import { isDeepStrictEqual } from 'node:util'
import { printConnector } from '../../../../connectors/index.ts'
import { type ConformanceCheck, ensure } from '../check.ts'

const LOOKS_SECRET = /secret|password|token|api.?key|private.?key/i

/** What a connector says about itself. */
export const declaration: readonly ConformanceCheck[] = [
  {
    id: 'C01',
    group: 'declaration',
    title: 'name, version, fields and JSON Schema are whole, and what is secret is marked',
    needs: [],
    async run({ connector }) {
      const { name, version, settings, credentials } = connector
      ensure(version !== '0.0.0', `${name} has no version: a connector that is published needs one.`)
      for (const [field, { type, title }] of Object.entries({ ...settings, ...credentials })) {
        ensure(title.trim() !== '', `The field ${field} has no title.`)
        const isOpen = type === 'text' && LOOKS_SECRET.test(field)
        ensure(!isOpen, `The field ${field} looks like a secret, and is a \`field.text\`.`)
      }
      const schema = connector.jsonSchema()
      const isStable = isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), connector.jsonSchema())
      ensure(isStable, 'The JSON Schema changes from one call to the next, or is not JSON.')
    },
  },
  {
    id: 'C02',
    group: 'declaration',
    title: 'its page has the tables of the declaration as it is',
    needs: ['page'],
    async run({ connector }, page = '') {
      const [, ...tables] = printConnector(connector).trim().split('\n')
      const missing = tables.filter((line) => !page.includes(line))
      ensure(missing.length === 0, `The page does not say: ${missing[0]}`)
    },
  },
]
