import { changeKinds } from './change.ts'
import type { FieldMap } from './field.ts'
import { isPlainObject } from './json.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const FIELD_TYPES: readonly unknown[] = ['text', 'url', 'secret', 'choice', 'boolean', 'number']

const methods: readonly string[] = [
  'verifyConnectivity',
  'apply',
  'resume',
  'preview',
  'find',
  'subscriptions',
  'baseUrl',
]
const groups: Readonly<Record<string, readonly [required: string, ...optional: string[]]>> = {
  customers: ['list', 'find', 'create', 'validateAddress', 'isDomainAvailable'],
  agreements: ['list', 'accept', 'template', 'isAccepted'],
  catalog: ['products'],
  items: ['buy'],
  billing: ['invoices', 'find', 'lines', 'usage'],
  events: ['verify', 'register'],
}
const data: readonly string[] = [
  'name',
  'title',
  'contract',
  'version',
  'docs',
  'changes',
  'limits',
  'settings',
  'credentials',
]
const known: readonly string[] = [...data, ...methods, ...Object.keys(groups)]

/** Refuses a declaration that could not work, before anything relies on it. */
export function checkDefinition(options: object): void {
  const declared = options as Readonly<Record<string, unknown>>
  const refuse: Refuse = (why) => {
    throw new TypeError(`defineConnector(${JSON.stringify(declared.name) ?? 'without a name'}): ${why}`)
  }

  if (typeof declared.name !== 'string' || !NAME.test(declared.name)) {
    refuse('`name` has to be kebab-case, such as "contoso" or "contoso-cloud".')
  }
  if (typeof declared.title !== 'string' || declared.title.trim() === '') {
    refuse('`title` is missing: write what people call the provider.')
  }
  if (declared.contract !== 1) {
    refuse(`\`contract\` is ${JSON.stringify(declared.contract)}, and this SDK knows contract 1 only.`)
  }
  if (declared.version !== undefined && !(typeof declared.version === 'string' && VERSION.test(declared.version))) {
    refuse(`\`version\` is ${JSON.stringify(declared.version)}, which is not a semantic version such as "1.0.0".`)
  }
  for (const name of ['verifyConnectivity', 'apply']) {
    if (typeof declared[name] !== 'function') refuse(`\`${name}\` is missing: every connector has it.`)
  }
  for (const name of Object.keys(declared)) {
    if (!known.includes(name)) refuse(`\`${name}\` is not part of the contract. It knows: ${known.join(', ')}.`)
  }
  for (const name of methods) {
    if (declared[name] !== undefined && typeof declared[name] !== 'function')
      refuse(`\`${name}\` has to be a function.`)
  }
  for (const [name, operations] of Object.entries(groups)) checkGroup(name, operations, declared[name], refuse)
  checkChanges(declared.changes, refuse)
  checkLimits(declared.limits, refuse)
  checkFields('settings', declared.settings, refuse)
  checkFields('credentials', declared.credentials, refuse)
}

type Refuse = (why: string) => never

function checkGroup(
  name: string,
  [required, ...optional]: readonly [string, ...string[]],
  group: unknown,
  refuse: Refuse,
) {
  if (group === undefined) return
  if (!isPlainObject(group) || typeof group[required] !== 'function') {
    refuse(`\`${name}\` needs the function \`${required}\`.`)
  }
  for (const [operation, value] of Object.entries(group)) {
    if (operation !== required && !optional.includes(operation)) {
      refuse(`\`${name}.${operation}\` is not part of the contract. It knows: ${[required, ...optional].join(', ')}.`)
    }
    if (typeof value !== 'function') refuse(`\`${name}.${operation}\` has to be a function.`)
  }
}

function checkChanges(changes: unknown, refuse: Refuse): void {
  if (changes === undefined) return
  if (!Array.isArray(changes) || changes.length === 0) refuse('`changes` has to list at least one kind of change.')
  for (const kind of changes) {
    if (!(changeKinds as readonly unknown[]).includes(kind)) {
      refuse(`\`changes\` lists ${JSON.stringify(kind)}. Kinds of change are: ${changeKinds.join(', ')}.`)
    }
  }
}

const COUNTS: readonly string[] = ['requestsPerMinute', 'concurrency']

function checkLimits(limits: unknown, refuse: Refuse): void {
  if (limits === undefined) return
  if (!isPlainObject(limits)) refuse('`limits` has to be an object.')
  for (const [name, value] of Object.entries(limits)) {
    const fits = COUNTS.includes(name)
      ? Number.isInteger(value) && (value as number) > 0
      : name === 'per' && (value === 'connection' || value === 'customer')
    if (fits) continue
    refuse(
      `\`limits.${name}\` is ${JSON.stringify(value)}. Limits are whole numbers for ${COUNTS.join(' and ')}, and \`per\`: connection or customer.`,
    )
  }
}

function checkFields(group: 'settings' | 'credentials', fields: unknown, refuse: Refuse): void {
  if (fields === undefined) return
  if (!isPlainObject(fields)) refuse(`\`${group}\` has to be an object of fields.`)
  for (const [name, field] of Object.entries(fields as FieldMap)) {
    const at = `\`${group}.${name}\``
    if (!isPlainObject(field) || !FIELD_TYPES.includes(field.type))
      refuse(`${at} has to be made by a \`field\` builder.`)
    if (typeof field.title !== 'string' || field.title.trim() === '') refuse(`${at} needs a title.`)
    if (field.type === 'choice' && field.of.length === 0) refuse(`${at} needs at least one choice in \`of\`.`)
    if (field.type === 'text' && field.pattern !== undefined && !isPattern(field.pattern)) {
      refuse(`${at}: \`pattern\` is not a regular expression: ${field.pattern}`)
    }
    if (field.type === 'secret') {
      if (field.header !== undefined && !HEADER.test(field.header))
        refuse(`${at}: \`header\` is not the name of a header.`)
      if (field.scheme !== undefined && field.header === undefined) refuse(`${at}: \`scheme\` needs a \`header\`.`)
    }
  }
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}
