/** One thing that happened in the emulator. */
export interface TraceEntry {
  /** How deep it is nested in what set it off, from 0. */
  readonly level: number
  readonly kind: 'request' | 'operation' | 'step' | 'job' | 'text'
  /** What it is, such as `Update account 1f…`, a step's name, or the method and path of a request. */
  readonly title: string
  /** When it began, by the emulator's clock. */
  readonly at: Date
  /** How long it took, in real milliseconds; absent while it runs and for texts. */
  duration?: number
  /** The message of the error it ended with. */
  error?: string
  /** Of requests: what they were answered with. */
  status?: number
}

/** What ran in the emulator, in order of beginning. */
export interface Trace {
  readonly entries: readonly TraceEntry[]
  clear(): void
  /** Records a request from outside that begins; the answer tells that it is answered, and with which status. */
  request(title: string, at: Date): (status: number) => void
  /** The entries as an indented text, one line each, with times and failures; all, or those to keep. */
  print(keep?: (entry: TraceEntry) => boolean): string
}

/** The oldest entries go when there are more than this, so that a long-running emulator does not grow. */
const LIMIT = 2_000

export class TraceRecorder implements Trace {
  private recorded: TraceEntry[] = []

  get entries(): readonly TraceEntry[] {
    return this.recorded
  }

  clear(): void {
    this.recorded = []
  }

  text(level: number, title: string, at: Date): void {
    this.push({ level, kind: 'text', title, at })
  }

  request(title: string, at: Date): (status: number) => void {
    const entry: TraceEntry = { level: 0, kind: 'request', title, at }
    this.push(entry)
    const started = performance.now()
    return (status) => {
      entry.status = status
      entry.duration = performance.now() - started
    }
  }

  /** Records `body` with its duration and its failure. */
  async record<T>(
    level: number,
    kind: TraceEntry['kind'],
    title: string,
    at: Date,
    body: () => T | Promise<T>,
  ): Promise<T> {
    const entry: TraceEntry = { level, kind, title, at }
    this.push(entry)
    const started = performance.now()
    try {
      return await body()
    } catch (error) {
      entry.error = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      entry.duration = performance.now() - started
    }
  }

  print(keep: (entry: TraceEntry) => boolean = () => true): string {
    return this.recorded.filter(keep).map(printEntry).join('\n')
  }

  private push(entry: TraceEntry): void {
    this.recorded.push(entry)
    if (this.recorded.length > LIMIT * 2) this.recorded = this.recorded.slice(-LIMIT)
  }
}

const marks = { request: '→ ', operation: '', step: '· ', job: '↻ ', text: '  “' } as const

function printEntry({ level, kind, title, duration, error, status }: TraceEntry): string {
  const text = `${'  '.repeat(level)}${marks[kind]}${title}${kind === 'text' ? '”' : ''}`
  const time = duration === undefined ? '' : `  ${duration.toFixed(duration < 10 ? 2 : 0)} ms`
  const answered = status === undefined ? '' : `  ${status}`
  return `${text}${answered}${time}${error === undefined ? '' : `  ✗ ${error}`}`
}
