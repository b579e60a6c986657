/** What `emulator` and `emulator exec` take alike. */
export interface EmulatorCommandOptions {
  readonly port: number
  readonly host: string
  readonly tables: string
  readonly seed?: string
  readonly steps: boolean
  readonly now?: string
  readonly drain?: boolean
  readonly auth?: boolean
  readonly https?: boolean
  readonly maxForks: number
  readonly json?: boolean
}
