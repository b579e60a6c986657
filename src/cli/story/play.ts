import colors from 'picocolors'
import type { LocalEnvironment } from '../local-environment.ts'
import { NoCast, type Scene } from './scene.ts'
import { type Audience, createStage } from './stage.ts'

/** How a story ended. */
export interface StoryResult {
  readonly played: number
  readonly failed: number
  /** Scenes that the environment's data has no cast for. */
  readonly skipped: number
}

/**
 * Plays scenes one after the other in one environment and tells what happens and why. A failed check or a throw fails the
 * scene and does not end the story.
 */
export async function playStory(
  environment: LocalEnvironment,
  scenes: readonly Scene[],
  print: (line: string) => void,
): Promise<StoryResult> {
  let failures = 0
  const audience: Audience = {
    say: (text) => print(`   ${text}`),
    why: (text) => print(colors.dim(`     why  ${text}`)),
    sent: (text) => print(colors.dim(`     at   ${text}`)),
    checked(what, value, expected) {
      if (expected === undefined) return print(`   ${colors.green('✓')} ${what}: ${value}`)
      failures++
      print(`   ${colors.red('✗')} ${what}: ${value}, but expected ${expected}`)
    },
  }
  const result = { played: 0, failed: 0, skipped: 0 }
  for (const [at, scene] of scenes.entries()) {
    print('')
    print(colors.bold(`${at + 1}. ${scene.title}`))
    failures = 0
    try {
      // A new stage sees the data as the scenes before left it.
      await scene.play(await createStage(environment, audience))
      result.played++
    } catch (error) {
      if (error instanceof NoCast) {
        result.skipped++
        print(colors.yellow(`   not played: the data has no ${error.message.replace(/^an? /, '')}`))
        continue
      }
      failures++
      print(`   ${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`)
    }
    if (failures > 0) result.failed++
  }
  return result
}
