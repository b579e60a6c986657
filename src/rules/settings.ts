/** A row of `work365_configuration`, as far as settings need it. */
export interface ConfigurationRow {
  readonly key: string | null
  readonly value: string | null
  readonly active: boolean
  readonly modifiedOn: Date | null
}

/** A switch among the configuration rows. */
export interface Setting {
  readonly key: string
  readonly title: string
  readonly description: string
  /** `false` for a key that this package proposes because no source prints one. */
  readonly documented: boolean
  readonly source: string
  readonly default: boolean
}

/**
 * The settings by the name that code uses. A switch is on when its row's value is exactly `true`: a space before it,
 * another case or `1` leave it off.
 */
export const settings = Object.freeze({
  autoProvisionNewSubscription: {
    key: 'Work365.Portal.AutoProvisionNewSubscription',
    title: 'Auto-provision new portal subscriptions',
    description: 'Portal orders get their provider details and a change log at once.',
    documented: true,
    source:
      'https://support.work365apps.com/support/solutions/articles/150000215623-enable-provider-auto-assignment-when-customers-order-new-products-from-the-portal',
    default: false,
  },
  enableCreditHold: {
    key: 'Work365.Provisioning.EnableCreditHold',
    title: 'Enable Credit Hold',
    description: 'Accounts on credit hold are not provisioned.',
    documented: false,
    source: 'https://help.work365apps.com/documentation/billing/configuration-page-for-version-3-0-and-above/',
    default: false,
  },
} satisfies Record<string, Setting>)
export type SettingName = keyof typeof settings

/** The settings as they stand, since when, and what is wrong with the rows behind them. */
export interface Settings {
  readonly values: Readonly<Record<SettingName, boolean>>
  /** When the row behind a setting was last changed; `undefined` where there is none. */
  readonly since: Readonly<Record<SettingName, Date | undefined>>
  /** Sentences that name a key and what to do about its rows. */
  readonly diagnostics: readonly string[]
}

/**
 * Reads the settings from configuration rows. Inactive rows do not count; of a key with several active rows nobody can
 * say which one is meant, so it is off and a diagnostic says so.
 */
export function readSettings(rows: readonly ConfigurationRow[]): Settings {
  const values: Partial<Record<SettingName, boolean>> = {}
  const since: Partial<Record<SettingName, Date | undefined>> = {}
  const diagnostics: string[] = []
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    const active = rows.filter((row) => row.active && row.key === setting.key)
    const [row] = active
    since[name] = active.length === 1 ? (row!.modifiedOn ?? undefined) : undefined
    values[name] = active.length === 1 ? row!.value === 'true' : active.length === 0 && setting.default
    if (active.length > 1) {
      diagnostics.push(
        `'${setting.key}' has ${active.length} active configuration rows, so it is off. Deactivate all but one.`,
      )
    } else if (row && row.value !== 'true' && row.value?.trim().toLowerCase() === 'true') {
      diagnostics.push(
        `'${setting.key}' has the value '${row.value}', so it is off. Only exactly 'true' switches it on: remove spaces and capitals.`,
      )
    }
  }
  return { values, since, diagnostics } as Settings
}
