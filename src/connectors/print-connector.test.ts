import { expect, test } from 'vitest'
import { defineConnector, field, manual, notApplicable, printConnector } from './index.ts'

test('a connector prints as the tables of its page', () => {
  const connector = defineConnector({
    name: 'contoso',
    title: 'Contoso',
    contract: 1,
    limits: { requestsPerMinute: 300, concurrency: 4 },
    settings: {
      region: field.choice({ title: 'Region', of: ['us', 'eu'], help: 'Where | it is.' }),
      page: field.number({ title: 'Page size', optional: true }),
    },
    credentials: { key: field.secret({ title: 'API key' }) },
    verifyConnectivity: async () => ({ ok: true }),
    apply: async () => notApplicable('nothing to do'),
    catalog: { async *products() {} },
  })

  expect(printConnector(connector)).toBe(`### Contoso

| Setting  | Title     | Value      | Required | What it is      |
| -------- | --------- | ---------- | -------- | --------------- |
| \`region\` | Region    | \`us\`, \`eu\` | yes      | Where \\| it is. |
| \`page\`   | Page size | number     | no       |                 |

| Credential | Title   | Value  | Required | What it is |
| ---------- | ------- | ------ | -------- | ---------- |
| \`key\`      | API key | secret | yes      |            |

- Changes: \`setQuantity\`
- Abilities: \`catalog\`
- Limits: 300 requests a minute, 4 at a time, for each connection
`)
})

test('what a connector does not declare is left out', () => {
  expect(printConnector(manual)).toBe(
    '### Manual\n\n- Changes: `create`, `setQuantity`, `pause`, `resume`, `cancel`, `setAutoRenew`, `setRenewal`, `transition`\n',
  )
})

test('limits that limit nothing are left out', () => {
  expect(printConnector({ ...manual, limits: { per: 'customer' } })).toBe(printConnector(manual))
})
