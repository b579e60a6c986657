import { defineCustomApi, defineStep } from '../../plugins/index.ts'
import { InvalidPluginExecution, reference } from '../../service/index.ts'
import { SuiteCustomer, SuiteProject } from './tables.ts'

/** Refuses a name, says with which tag, and leaves a trace. */
const refuseForbidden = defineStep({
  name: 'suite: refuse a forbidden name',
  table: SuiteCustomer,
  message: 'Create',
  stage: 'preOperation',
  run({ target, sharedVariables, trace }) {
    if (target.suite_name !== 'forbidden') return
    trace('looked at the name')
    throw new InvalidPluginExecution(`Forbidden (${sharedVariables.tag ?? 'no tag'}).`, {
      operationStatus: 'canceled',
      subErrorCode: 7,
    })
  },
})

/** The steps that the suite needs registered. */
export const suiteSteps = Object.freeze([refuseForbidden])

/** An action with a parameter of every type, which it answers. */
const echo = defineCustomApi({
  uniqueName: 'suite_Echo',
  kind: 'action',
  parameters: {
    Text: { type: 'String' },
    Number: { type: 'Integer', optional: true },
    Amount: { type: 'Decimal', optional: true },
    Flag: { type: 'Boolean', optional: true },
    Moment: { type: 'DateTime', optional: true },
    Id: { type: 'Guid', optional: true },
    Texts: { type: 'StringArray', optional: true },
    Customer: { type: 'EntityReference', table: SuiteCustomer, optional: true },
    Row: { type: 'Entity', table: SuiteCustomer, optional: true },
  },
  response: { Answer: { type: 'String' } },
  run: ({ parameters }) => ({ Answer: describe(parameters) }),
})

/** Values as a text in which their types show. */
function describe(values: Readonly<Record<string, unknown>>): string {
  const show = (value: unknown): unknown => {
    if (value instanceof Date) return `moment ${value.toISOString()}`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(
      Object.entries(value)
        .sort()
        .map(([name, part]) => [name, show(part)]),
    )
  }
  return JSON.stringify(show(values))
}

/** An action on a row, which answers values of many types. */
const start = defineCustomApi({
  uniqueName: 'suite_Start',
  kind: 'action',
  table: SuiteProject,
  parameters: { At: { type: 'DateTime' } },
  response: {
    Started: { type: 'DateTime' },
    Project: { type: 'EntityReference', table: SuiteProject },
    Count: { type: 'Integer' },
  },
  async run({ target, parameters, service }) {
    await service.update(SuiteProject, target.id, { suite_started: parameters.At })
    return { Started: parameters.At, Project: reference(SuiteProject, target.id), Count: 1 }
  },
})

/** A function: it only reads. */
const measure = defineCustomApi({
  uniqueName: 'suite_Measure',
  kind: 'function',
  parameters: { Text: { type: 'String' }, Times: { type: 'Integer' } },
  response: { Length: { type: 'Integer' } },
  run: ({ parameters: { Text, Times } }) => ({ Length: Text.length * Times }),
})

/** An action that writes, and then fails. */
const fail = defineCustomApi({
  uniqueName: 'suite_Fail',
  kind: 'action',
  async run({ service }) {
    await service.create(SuiteCustomer, { suite_name: 'left behind' })
    throw new InvalidPluginExecution('Failed on purpose.')
  },
})

/** The custom APIs that the suite calls. */
export const suiteCustomApis = Object.freeze([echo, start, measure, fail])
