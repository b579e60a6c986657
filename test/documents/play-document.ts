import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Block, fileOf } from './blocks.ts'

/** A block, and what was printed when it ran; nothing for a file, which only is written. */
export interface PlayedBlock {
  readonly block: Block
  readonly printed: string
}

export interface Played {
  readonly blocks: readonly PlayedBlock[]
  /** Why it ended before its end, with what was printed last. */
  readonly failure: string | undefined
}

/**
 * Does what a document says, from its first block to its last, in one shell: `ts` blocks are files that are written, `sh` blocks run. What a
 * block leaves running is waited for until it listens, and ends with the document. A command that fails ends it.
 *
 * @param folder - an empty one, where it begins
 * @param root - this package, which has what `npm install` would bring
 */
export async function playDocument(blocks: readonly Block[], folder: string, root: string): Promise<Played> {
  const played = join(folder, '.played')
  mkdirSync(played)
  installInto(folder, root)
  writeFileSync(
    join(played, 'script'),
    ['set -e -o pipefail', ...blocks.flatMap((block) => stepsOf(block, played))].join('\n'),
  )

  const shell = spawn('bash', [join(played, 'script')], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, VITEST: undefined, NO_COLOR: '1', PATH: `${join(played, 'bin')}:${process.env.PATH}` },
  })
  let complaint = ''
  shell.stderr.on('data', (text) => {
    complaint += text
  })
  const code = await new Promise<number | null>((resolve) => shell.once('exit', resolve))
  // The shell leads a group of its own, to which everything belongs that it has left running.
  try {
    process.kill(-shell.pid!)
  } catch {
    // Nothing was.
  }
  const ran = blocks.filter(isRun).map((block) => ({ block, printed: printedBy(block, played) }))
  const last = ran.findLast(({ printed }) => printed !== '')
  const failure =
    code === 0 ? undefined : `It ended at line ${last?.block.line} with ${code}:\n${last?.printed}${complaint}`
  return { blocks: ran, failure }
}

const isRun = ({ language }: Block) => language === 'sh'
const outputOf = ({ line }: Block, played: string) => join(played, `${line}.txt`)

function printedBy(block: Block, played: string): string {
  try {
    return readFileSync(outputOf(block, played), 'utf8')
  } catch {
    return ''
  }
}

function stepsOf(block: Block, played: string): readonly string[] {
  if (block.language === 'ts') return [`cat > ${fileOf(block)} <<'END OF FILE'\n${block.code}END OF FILE`]
  if (!isRun(block)) return []
  const output = outputOf(block, played)
  const runsOn = /&$/m.test(block.code)
  return [
    `{\n${block.code}} > ${output} 2>&1`,
    ...(runsOn ? [`for try in $(seq 300); do grep -q 'listening on' ${output} && break; sleep 0.1; done`] : []),
  ]
}

/** Makes `npm install` link to what this package has installed, and lets the first `npx work365` find the command. */
function installInto(folder: string, root: string): void {
  const bin = join(folder, '.played', 'bin')
  mkdirSync(bin)
  const install = [
    'mkdir -p node_modules',
    `ln -s ${root}/node_modules/* node_modules/`,
    `ln -s ${root} node_modules/work365-sdk`,
    `mkdir node_modules/.bin`,
    `ln -s ${root}/node_modules/.bin/* ${join(folder, 'node_modules/.bin/work365')} node_modules/.bin/`,
  ]
  const npm = `#!/bin/sh\nif [ "$1" != install ]; then PATH="\${PATH#*:}" exec npm "$@"; fi\nset -e\n${install.join('\n')}\n`
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 })
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
  const command = `#!/bin/sh\nexec node ${join(root, 'dist/cli/main.cjs')} "$@"\n`
  writeFileSync(join(folder, 'node_modules', '.bin', 'work365'), command, { mode: 0o755 })
  symlinkSync(root, join(folder, 'node_modules', 'work365-sdk'))
}
