import { Command, Option } from 'commander'
import colors from 'picocolors'
import { CommandFailure } from '../failure.ts'
import { createLocalEnvironment } from '../local-environment.ts'
import { chapters } from '../story/chapters/index.ts'
import { playStory } from '../story/play.ts'
import type { Chapter } from '../story/scene.ts'

interface DemoOptions {
  readonly seed?: string
  readonly trace?: boolean
  readonly chapter?: string
}

export function demoCommand(print: (line: string) => void): Command {
  return new Command('demo')
    .description(
      'Play the stories of Work 365, each in a fresh environment, then exit: non-zero when a part of one fails.',
    )
    .addOption(new Option('--chapter <name>', 'play one chapter only').choices(chapters.map(({ name }) => name)))
    .option('--seed <file>', 'rows to begin with, instead of the sample environment')
    .option('--trace', 'print the trace of every operation and step at the end of each chapter')
    .addHelpText(
      'after',
      `\nChapters:\n${chapters.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}`,
    )
    .action(async ({ seed, trace = false, chapter }: DemoOptions) => {
      const started = performance.now()
      const total = { played: 0, failed: 0, skipped: 0 }
      for (const one of chapters.filter(({ name }) => chapter === undefined || name === chapter)) {
        const result = await playChapter(one, { seed, trace }, print)
        total.played += result.played
        total.failed += result.failed
        total.skipped += result.skipped
      }
      const { played, failed, skipped } = total
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      const counts = [`${played} scenes played`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} not played`] : [])]
      print(`\n${failed === 0 ? colors.green('✓') : colors.red('✗')} ${counts.join(', ')} in ${seconds} s`)
      if (failed > 0) throw new CommandFailure('A scene failed: the lines marked with ✗ say what was expected.')
      if (played === 0) throw new CommandFailure('No scene could be played: the data has no cast for any of them.')
    })
}

/** Plays a chapter in an environment of its own, so that it goes the same way alone and among others. */
async function playChapter(
  { name, title, scenes }: Chapter,
  { seed, trace }: { readonly seed: string | undefined; readonly trace: boolean },
  print: (line: string) => void,
) {
  print(`\n${colors.bold(colors.underline(title))} ${colors.dim(`(${name})`)}`)
  const environment = await createLocalEnvironment({ seedFile: seed, now: '2026-03-02T09:00:00Z' })
  try {
    return await playStory(environment, scenes, print)
  } finally {
    if (trace) print(`\n${environment.emulator.trace.print()}`)
    await environment.close()
  }
}
