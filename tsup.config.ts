import { existsSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

const folders = [
  'service',
  'entities',
  'query',
  'rules',
  'connectors',
  'client',
  'plugins',
  'jobs',
  'portal',
  'webapi',
  'testing',
]

/** Folders within those that have an entry of their own, because they load what the folder itself must not. */
const within = ['entities/import', 'testing/conformance']

const entries = Object.fromEntries(
  [
    ['index', 'src/index.ts'] as const,
    ...[...folders, ...within].map((folder) => [`${folder}/index`, `src/${folder}/index.ts`] as const),
  ]
    // A folder that has no code yet has no entry yet.
    .filter(([, file]) => existsSync(file)),
)

/** Leaves what the command imports from a public folder to that folder's built entry, which is the only copy. */
const builtEntries: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'built-entries',
  setup(build) {
    build.onResolve({ filter: /^(\.\.\/)+[a-z/]+\/index\.ts$/ }, ({ path }) => {
      const folder = path.replace(/^(\.\.\/)+|\/index\.ts$/g, '')
      return [...folders, ...within].includes(folder) ? { path: `../${folder}/index.js`, external: true } : undefined
    })
  },
}

// JavaScript only: `scripts/build.mjs` runs this, and the compiler for the types, side by side.
const library: Options = {
  // One entry per public folder. Splitting keeps a class or symbol that two folders share one and the same.
  entry: entries,
  format: ['esm', 'cjs'],
  splitting: true,
  target: 'node20',
  // Optional dependencies would be bundled otherwise.
  external: ['@azure/msal-node'],
  esbuildOptions(options, { format }) {
    // What `createRequire` is given; CommonJS has no `import.meta`.
    if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': '__filename' }
  },
}

const command: Options = {
  // ESM, and all in one folder, so that `../testing/index.js` is right wherever in `src/cli` it is imported. A command is
  // a file of its own there: only the one that is asked for is loaded.
  entry: { 'cli/main': 'src/cli/main.ts' },
  format: ['esm'],
  splitting: true,
  target: 'node20',
  // Optional, too.
  external: ['selfsigned'],
  esbuildOptions(options) {
    options.chunkNames = 'cli/[name]-[hash]'
  },
  esbuildPlugins: [builtEntries],
}

export default defineConfig(existsSync('src/cli/main.ts') ? [library, command] : [library])
