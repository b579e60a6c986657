import { readFile } from 'node:fs/promises'
import type { Connector, Field, FieldMap } from '../../connectors/index.ts'
import { CommandFailure } from '../failure.ts'

/** What an administrator would enter in the provider's form. */
export interface EnteredConnection {
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, unknown>>
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Settings and credentials from a file, and from variables of the process, which win: secrets need not stand in a file.
 *
 * @param file JSON: `{ "settings": { … }, "credentials": { … } }`
 */
export async function readConnection(
  { settings, credentials }: Connector,
  file: string | undefined,
  variables: Variables = process.env,
): Promise<EnteredConnection> {
  const entered = file === undefined ? {} : await readEntered(file)
  return {
    settings: { ...entered.settings, ...fromVariables(settings, variables) },
    credentials: { ...entered.credentials, ...fromVariables(credentials, variables) },
  }
}

/** The variable that a field is read from: `CONNECTOR_API_KEY` of `apiKey`. */
export function variableOf(field: string): string {
  return `CONNECTOR_${field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`
}

async function readEntered(file: string): Promise<Partial<EnteredConnection>> {
  const text = await readFile(file, 'utf8')
  try {
    const entered = JSON.parse(text)
    if (typeof entered === 'object' && entered !== null && !Array.isArray(entered)) return entered
  } catch {
    // What V8 says of it would show a part of the file, where secrets stand.
  }
  throw new CommandFailure(`${file} is not what it should be: { "settings": { … }, "credentials": { … } } as JSON.`)
}

function fromVariables(fields: FieldMap, variables: Variables): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const text = variables[variableOf(name)]
      return text === undefined ? [] : [[name, readValue(field, text)]]
    }),
  )
}

/** What is no value of the field's type is left as it is, for the connector's own check to refuse. */
function readValue({ type }: Field, text: string): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return text
}
