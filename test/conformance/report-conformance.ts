import { writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { features, type Proof } from './features/index.ts'
import { printConformance } from './print-conformance.ts'
import { proofsOf, root } from './proofs.ts'

/** Writes the report at the end of a run in which everything that it claims has passed; else says what has not. */
export class ConformanceReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = new Map(modules.map((module) => [pathOf(module), statesOf(module)]))
    const wrong = [...features].flatMap(([id, feature]) => {
      const proofs = proofsOf(id, feature)
      if (proofs.length === 0) return [`${id} has no test.`]
      return proofs.flatMap((proof) => faultOf(proof, states.get(proof.file)).map((fault) => `${id}: ${fault}`))
    })
    if (wrong.length > 0) {
      process.stderr.write(`docs/conformance.md was not written:\n${wrong.map((line) => `  ${line}`).join('\n')}\n`)
      process.exitCode = 1
      return
    }
    writeFileSync(join(root, 'docs/conformance.md'), printConformance())
    process.stdout.write(
      `docs/conformance.md: ${features.size} features, each proven by a test that has just passed.\n`,
    )
  }
}

type States = readonly (readonly [name: string, state: string])[]

function pathOf({ moduleId }: TestModule): string {
  return relative(root, moduleId).split(sep).join('/')
}

function statesOf(module: TestModule): States {
  return [...module.children.allTests()].map((test) => [test.name, test.result().state])
}

function faultOf({ file, test }: Proof, states: States = []): string[] {
  const parts = test.split(/%[sdifjo]|\$[\w.]+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const named = new RegExp(`^${parts.join('[^]*')}$`)
  const found = states.filter(([name]) => named.test(name))
  if (found.length === 0) return [`'${test}' was not run from ${file}.`]
  const failed = found.filter(([, state]) => state !== 'passed')
  return failed.map(([name, state]) => `'${name}' of ${file} has ${state}.`)
}
