import { readFile } from 'node:fs/promises'
import { tablesFromEntityDefinitions } from '../../entities/import/index.ts'
import { standardTables, systemTables, type TableDefinition } from '../../entities/index.ts'
import { CommandFailure } from '../failure.ts'

/**
 * The tables that a file describes, beside the standard ones, whose place they take where they have their names. The
 * platform's own, such as `systemuser`, stay as the emulator knows them.
 */
export async function readTables(file: string): Promise<readonly TableDefinition[]> {
  const own = new Set(systemTables.map(({ logicalName }) => logicalName))
  const read = (await parse(file, await readFile(file, 'utf8'))).filter(({ logicalName }) => !own.has(logicalName))
  const names = new Set(read.map(({ logicalName }) => logicalName))
  return [...standardTables.filter(({ logicalName }) => !names.has(logicalName)), ...read]
}

async function parse(file: string, text: string): Promise<readonly TableDefinition[]> {
  if (text.trimStart().startsWith('<')) {
    throw new CommandFailure(
      `${file} is XML, which cannot be read yet. Give the JSON of EntityDefinitions?$expand=Attributes,Keys,ManyToOneRelationships,ManyToManyRelationships.`,
    )
  }
  try {
    return tablesFromEntityDefinitions(JSON.parse(text)).tables
  } catch (error) {
    const reason = error instanceof SyntaxError ? `it is not JSON (${error.message})` : (error as Error).message
    throw new CommandFailure(
      `${file}: ${reason} A file with tables is the answer to EntityDefinitions?$expand=Attributes,Keys,ManyToOneRelationships,ManyToManyRelationships.`,
    )
  }
}
