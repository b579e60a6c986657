import { ProviderError } from '../connectors/index.ts'
import { Job } from '../entities/index.ts'
import { defineJob, type JobDefinition } from './define-job.ts'
import type { SendMail } from './manual-provider-reminder.ts'

/**
 * Sends the mail that a step has left to it: the job's parameters are `{ "to", "subject", "body" }` as JSON, body in plain
 * text. That shape is this package's own; none is documented.
 *
 * @see https://docs.work365apps.com/docs/work-365-jobs
 */
export function sendEmail({ sendMail }: { readonly sendMail: SendMail }): JobDefinition {
  return defineJob({
    type: 'Send Email',
    rules: ['I19', 'I24'],

    async run({ job, service }) {
      const { work365_job_parameters: parameters } = await service.retrieve(Job, job.id, ['work365_job_parameters'])
      const { to, subject, body } = parse(parameters)
      await sendMail({ to, subject, text: body })
      return { status: 'succeeded', results: `Mail sent to ${to}.` }
    },
  })
}

function parse(parameters: string | null): { readonly to: string; readonly subject: string; readonly body: string } {
  try {
    const { to, subject, body } = JSON.parse(parameters ?? '')
    if ([to, subject, body].every((part) => typeof part === 'string') && to !== '') return { to, subject, body }
  } catch {
    // Said below, as for JSON that is something else.
  }
  throw new ProviderError(
    'invalid',
    'The job has no mail: its column work365_job_parameters has to be JSON with the texts to, subject and body.',
  )
}
