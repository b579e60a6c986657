import { defineConfig } from 'tsup'

const folders = ['service', 'entities', 'query', 'rules', 'connectors', 'plugins', 'jobs', 'webapi', 'testing']

const entries = Object.fromEntries([
  ['index', 'src/index.ts'],
  ...folders.map((folder) => [`${folder}/index`, `src/${folder}/index.ts`]),
])

export default defineConfig([
  {
    // The library: one entry per public folder. Splitting keeps a class or symbol that two folders share one and the same.
    entry: entries,
    format: ['esm', 'cjs'],
    splitting: true,
    dts: true,
    clean: true,
    target: 'node20',
  },
  {
    // The command: ESM only, and it takes the library from the built entries, not from a second copy.
    entry: { 'cli/main': 'src/cli/main.ts' },
    format: ['esm'],
    splitting: true,
    target: 'node20',
  },
])
