import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { builtInConnectors, type Connector } from '../../connectors/index.ts'
import { CommandFailure } from '../failure.ts'

/** What the connectors of this package are called. */
export const ownConnectors: readonly string[] = Object.keys(builtInConnectors)

/**
 * The connector that a command is about: one of this package by its name, or what a module of the user's exports.
 *
 * @param which a name, or the path of a JavaScript module
 * @param name which of its exports; left out: the default one, or the only one that is a connector
 * @throws CommandFailure with what there is instead
 */
export async function loadConnector(which: string, name?: string): Promise<Connector> {
  if (Object.hasOwn(builtInConnectors, which)) return builtInConnectors[which]!()
  const file = resolve(which)
  if (!existsSync(file)) {
    throw new CommandFailure(
      `'${which}' is neither a file nor a connector of this package, which are ${ownConnectors.join(', ')}.`,
    )
  }
  const exported = await importModule(file, which)
  const connectors = new Map(Object.entries(exported).filter(([, value]) => isConnector(value)))
  const found =
    name === undefined ? (connectors.get('default') ?? only([...connectors.values()])) : connectors.get(name)
  if (found) return found as Connector
  const names = [...connectors.keys()].join(', ')
  throw new CommandFailure(
    name === undefined && connectors.size > 1
      ? `${which} exports several connectors: choose with --export one of ${names}.`
      : `${which} exports no connector${name === undefined ? '' : ` '${name}'`}. Connectors there: ${names || 'none: export what defineConnector answers'}.`,
  )
}

async function importModule(file: string, which: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
    throw new CommandFailure(`This version of Node does not read ${which}: build it, and name the JavaScript.`)
  }
}

/** By what it is, and not by its class: the module may bring another copy of this package. */
function isConnector(value: unknown): boolean {
  const { contract, apply, verifyConnectivity, capabilities } = (value ?? {}) as Partial<Connector>
  return (
    typeof contract === 'number' &&
    typeof apply === 'function' &&
    typeof verifyConnectivity === 'function' &&
    Array.isArray(capabilities)
  )
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined
}
