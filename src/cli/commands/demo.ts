import { Command } from 'commander'
import colors from 'picocolors'
import { CommandFailure } from '../failure.ts'
import { createLocalEnvironment } from '../local-environment.ts'
import { playStory } from '../story/play.ts'
import { scenes } from '../story/scenes.ts'

export function demoCommand(print: (line: string) => void): Command {
  return new Command('demo')
    .description(
      'Play the story of a portal order in a fresh environment, then exit: non-zero when a step of it fails.',
    )
    .option('--seed <file>', 'rows to begin with, instead of the sample environment')
    .option('--trace', 'print the trace of every operation and step at the end')
    .action(async ({ seed, trace }: { readonly seed?: string; readonly trace?: boolean }) => {
      const environment = await createLocalEnvironment({ seedFile: seed, now: '2026-03-02T09:00:00Z' })
      try {
        const started = performance.now()
        const { played, failed, skipped } = await playStory(environment, scenes, print)
        if (trace) print(`\n${environment.emulator.trace.print()}`)
        const seconds = ((performance.now() - started) / 1000).toFixed(1)
        const counts = [
          `${played} scenes played`,
          `${failed} failed`,
          ...(skipped > 0 ? [`${skipped} not played`] : []),
        ]
        print(`\n${failed === 0 ? colors.green('✓') : colors.red('✗')} ${counts.join(', ')} in ${seconds} s`)
        if (failed > 0) throw new CommandFailure('A scene failed: the lines marked with ✗ say what was expected.')
        if (played === 0) throw new CommandFailure('No scene could be played: the data has no cast for any of them.')
      } finally {
        await environment.close()
      }
    })
}
