import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { CommandFailure } from '../failure.ts'
import { connectorTemplate, version } from '../package-files.ts'

/** npm leaves out, or reads for itself, what is called so within another package. */
const renamed: Readonly<Record<string, string>> = {
  'package.template.json': 'package.json',
  'gitignore.template': '.gitignore',
  'dockerignore.template': '.dockerignore',
}

/**
 * Writes a package with a connector, its conformance test and what serving it takes.
 *
 * @param name of the connector, in kebab-case
 * @param folder where to; must not be there, or be empty
 * @returns the files that were written
 * @throws CommandFailure for a name that is none, and a folder that has something in it
 */
export async function newConnector(name: string, folder: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new CommandFailure(
      `'${name}' is no name of a connector: it is lower-case words with hyphens, such as contoso-cloud.`,
    )
  }
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) {
    throw new CommandFailure(`${folder} has something in it already. Name another with --folder.`)
  }
  await cp(connectorTemplate(), folder, { recursive: true })
  const names = await filesIn(folder)
  return Promise.all(
    names.map(async (file) => {
      const path = join(folder, file)
      await writeFile(path, called(name, await readFile(path, 'utf8')))
      const own = renamed[file]
      if (own === undefined) return file
      await rename(path, join(folder, own))
      return own
    }),
  )
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort()
}

/** The text with the connector's own name: `contoso` in data, `Contoso` for people, and both in the names of code. */
function called(name: string, text: string): string {
  const words = name.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1))
  const [first = '', ...others] = words
  const inCode = first.toLowerCase() + others.join('')
  return text
    .replaceAll('contosoWorld', `${inCode}World`)
    .replaceAll('Contoso', words.join(' '))
    .replaceAll('contoso', name)
    .replaceAll('SDK_VERSION', `^${version()}`)
}
