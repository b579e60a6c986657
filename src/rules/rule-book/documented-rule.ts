import type { SettingName } from '../settings.ts'

/** One documented behaviour: what holds, when, and where it is written. */
export interface DocumentedRule {
  /** Under which it is known: a letter for the chapter, a number. */
  readonly id: string
  /** The behaviour in one sentence; the test that proves it carries this title. */
  readonly title: string
  /** The situation. */
  readonly when: string
  /** What follows. */
  readonly then: string
  readonly source: string
  /**
   * `documented`: the source says it. `inferred`: it follows from what the source says. `open`: the source is silent, and
   * this package chose; a setting may change it.
   */
  readonly basis: 'documented' | 'inferred' | 'open'
  /** The settings that switch or change it. */
  readonly settings?: readonly SettingName[]
}

/** A chapter of the rule book. */
export interface Chapter {
  readonly title: string
  readonly rules: readonly DocumentedRule[]
}
