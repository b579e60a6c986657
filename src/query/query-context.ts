import type { ChoiceColumn } from '../entities/index.ts'
// Straight from its file: the whole of `entities` would make importing the emulator slow.
import { labelOf } from '../entities/states.ts'
import { dataverseError, type EntityReference } from '../service/index.ts'
import { defaultFiscalSettings, type FiscalSettings } from './calendar/fiscal.ts'

/** Adds to lookups their rows' primary names; given by the store, because only it knows who may be seen. */
export type NameOf = (reference: EntityReference) => string | undefined

/** What a query depends on beside the rows: who asks, when, and in which calendar. */
export interface QueryContext {
  /** The moment from which `today`, `last-x-days`, … are reckoned. */
  readonly now: Date
  readonly userId: string
  readonly businessUnitId: string
  /** The ids of the teams that a user belongs to. */
  teamsOf(userId: string): readonly string[]
  /** The ids of the users below a user, through managers or positions. */
  subordinatesOf(userId: string): readonly string[]
  /** A zone of the IANA database; default `UTC`. */
  readonly timeZone: string
  /** Default 0, Sunday. */
  readonly firstDayOfWeek: number
  /** Default: the calendar year in quarters. */
  readonly fiscal: FiscalSettings
  /** The locale id of the user's language; default 1033, English. */
  readonly language: number
  /** What choices are called, for orders by label; default: as their column says. */
  labelOf(column: ChoiceColumn, value: number): string | undefined
  /**
   * Whether `ne`, `not-in`, `not-like` and the other negatives match rows without a value. Default `true`: Dataverse writes
   * them to SQL as "different, or null".
   */
  readonly negativesMatchNull: boolean
}

/** Fills in what a caller leaves out. Who asks, and when, has no default: an operator that needs to know fails by name. */
export class FilledContext implements QueryContext {
  constructor(private readonly given: Partial<QueryContext>) {}

  get now() {
    return this.given.now ?? missing('now')
  }
  get userId() {
    return this.given.userId ?? missing('userId')
  }
  get businessUnitId() {
    return this.given.businessUnitId ?? missing('businessUnitId')
  }
  get teamsOf() {
    const { given } = this
    return (userId: string) => given.teamsOf?.(userId) ?? []
  }
  get subordinatesOf() {
    const { given } = this
    return (userId: string) => given.subordinatesOf?.(userId) ?? []
  }
  get timeZone() {
    return this.given.timeZone ?? 'UTC'
  }
  get firstDayOfWeek() {
    return this.given.firstDayOfWeek ?? 0
  }
  get fiscal() {
    return this.given.fiscal ?? defaultFiscalSettings
  }
  get language() {
    return this.given.language ?? 1033
  }
  get labelOf() {
    return this.given.labelOf ?? ownLabel
  }
  get negativesMatchNull() {
    return this.given.negativesMatchNull ?? true
  }
}

const ownLabel = ({ options }: ChoiceColumn, value: number) => labelOf(options, value)

function missing(what: string): never {
  throw dataverseError('InvalidQuery', { reason: `Its context does not say '${what}', which an operator asks for.` })
}
