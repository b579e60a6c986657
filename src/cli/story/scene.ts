import type { Stage } from './stage.ts'

/** A part of the story: something happens, and what comes of it is checked. */
export interface Scene {
  readonly title: string
  play(stage: Stage): Promise<void>
}

/** Scenes that build on each other, in an environment of their own. */
export interface Chapter {
  /** As `--chapter` calls it. */
  readonly name: string
  readonly title: string
  readonly scenes: readonly Scene[]
}

/** Thrown by a scene that the environment's data has no cast for. */
export class NoCast extends Error {
  override readonly name = 'NoCast'
}
