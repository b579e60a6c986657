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
  readonly duration?: number
  /** The message of the error it ended with. */
  readonly error?: string
  /** Of requests: what they were answered with. */
  readonly status?: number
}

/** What ran in the emulator, in order of beginning. */
export interface Trace {
  /** As of now, the oldest first; the last 2,000. */
  readonly entries: readonly TraceEntry[]
  clear(): void
  /** Records a request from outside that begins; the answer tells that it is answered, and with which status. */
  request(title: string): (status: number) => void
  /** The entries as an indented text, one line each, with times and failures; all, or those to keep. */
  print(keep?: (entry: TraceEntry) => boolean): string
}

/** The oldest entries go when there are more than this, so that a long-running emulator does not grow. */
const LIMIT = 2_000

/**
 * Where an entry is kept. The slots are used again and again, and titles are put together when somebody reads them:
 * entries live just long enough for the garbage collection to copy each of them twice, which takes more time than tracing.
 */
interface Slot {
  /** Which entry is in it; what ends when another has taken its place is not noted any more. */
  number: number
  level: number
  kind: TraceEntry['kind']
  title: string
  /** What the title ends with, of operations. */
  table: string | null
  id: string | null
  at: number
  started: number
  /** `NaN`: runs still, or takes no time. */
  duration: number
  error: string | undefined
  /** 0: none. */
  status: number
}

export class TraceRecorder implements Trace {
  private readonly slots: Slot[] = []
  /** How many entries there have ever been, and how many of them when the trace was cleared. */
  private count = 0
  private cleared = 0

  /** @param time the emulator's clock, in milliseconds since 1970 */
  constructor(private readonly time: () => number) {}

  get entries(): readonly TraceEntry[] {
    const entries: TraceEntry[] = []
    for (let number = Math.max(this.cleared, this.count - LIMIT); number < this.count; number++) {
      entries.push(entryOf(this.slots[number % LIMIT]!))
    }
    return entries
  }

  clear(): void {
    this.cleared = this.count
  }

  text(level: number, title: string): void {
    this.begin(level, 'text', title)
  }

  request(title: string): (status: number) => void {
    const slot = this.begin(0, 'request', title)
    const { number } = slot
    return (status) => {
      if (slot.number !== number) return
      slot.status = status
      slot.duration = performance.now() - slot.started
    }
  }

  /** Records an operation, as `Update account 1f…`. */
  operation<T>(
    level: number,
    message: string,
    table: string | null,
    id: string | null,
    body: () => T | Promise<T>,
  ): Promise<T> {
    const slot = this.begin(level, 'operation', message)
    slot.table = table
    slot.id = id
    return this.run(slot, body)
  }

  record<T>(level: number, kind: 'step' | 'job', title: string, body: () => T | Promise<T>): Promise<T> {
    return this.run(this.begin(level, kind, title), body)
  }

  /** Notes how long `body` takes, and its failure. */
  private async run<T>(slot: Slot, body: () => T | Promise<T>): Promise<T> {
    const { number } = slot
    try {
      const result = body()
      // What is there already is not waited for.
      return result instanceof Promise ? await result : result
    } catch (error) {
      if (slot.number === number) slot.error = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      if (slot.number === number) slot.duration = performance.now() - slot.started
    }
  }

  print(keep: (entry: TraceEntry) => boolean = () => true): string {
    return this.entries.filter(keep).map(printEntry).join('\n')
  }

  private begin(level: number, kind: TraceEntry['kind'], title: string): Slot {
    const number = this.count++
    let slot = this.slots[number % LIMIT]
    if (!slot) {
      const times = { at: NaN, started: NaN, duration: NaN }
      slot = { number, level, kind, title, table: null, id: null, ...times, error: undefined, status: 0 }
      this.slots.push(slot)
    }
    slot.number = number
    slot.level = level
    slot.kind = kind
    slot.title = title
    slot.table = null
    slot.id = null
    slot.at = this.time()
    slot.started = performance.now()
    slot.duration = NaN
    slot.error = undefined
    slot.status = 0
    return slot
  }
}

function entryOf({ level, kind, title, table, id, at, duration, error, status }: Slot): TraceEntry {
  return {
    level,
    kind,
    title: [title, table, id].filter((part) => part !== null).join(' '),
    at: new Date(at),
    ...(Number.isNaN(duration) ? {} : { duration }),
    ...(error === undefined ? {} : { error }),
    ...(status === 0 ? {} : { status }),
  }
}

const marks = { request: '→ ', operation: '', step: '· ', job: '↻ ', text: '  “' } as const

function printEntry({ level, kind, title, duration, error, status }: TraceEntry): string {
  const text = `${'  '.repeat(level)}${marks[kind]}${title}${kind === 'text' ? '”' : ''}`
  const time = duration === undefined ? '' : `  ${duration.toFixed(duration < 10 ? 2 : 0)} ms`
  const answered = status === undefined ? '' : `  ${status}`
  return `${text}${answered}${time}${error === undefined ? '' : `  ✗ ${error}`}`
}
