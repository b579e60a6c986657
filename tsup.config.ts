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
      return [...folders, ...within].includes(folder) ? { path: `../${folder}/index.cjs`, external: true } : undefined
    })
  },
}

// JavaScript only: `scripts/build.mjs` runs this, and the compiler for the types, side by side.
const library: Options = {
  // One entry per public folder. Splitting keeps a class or symbol that two folders share one and the same.
  entry: entries,
  splitting: true,
  target: 'node20',
  // `node:` stays: what runs this from a linked folder may look for `tls` there.
  removeNodeProtocol: false,
  // Optional dependencies would be bundled otherwise.
  external: ['@azure/msal-node'],
}

const esm: Options = { format: ['esm'] }

const cjs: Options = {
  format: ['cjs'],
  // This lets Rollup write CommonJS. What tsup does it with otherwise knows no `?.` and `??`, and writes slow calls for them.
  treeshake: 'safest',
  esbuildOptions(options) {
    // What `createRequire` is given; CommonJS has no `import.meta`.
    options.define = { ...options.define, 'import.meta.url': '__filename' }
  },
}

/** A command that is loaded when it is asked for is loaded as the rest is: `import()` would start the loader of ES modules. */
const ownModulesByRequire: NonNullable<Options['plugins']>[number] = {
  name: 'own-modules-by-require',
  renderChunk: (code) => ({
    code: code.replace(/\bimport\(("\.{1,2}\/[^"]+")\)/g, 'Promise.resolve().then(() => require($1))'),
  }),
}

const command: Options = {
  // CommonJS, because Node 20 takes 20 ms longer to load the same as ES modules. All in one folder, so that
  // `../testing/index.cjs` is right wherever in `src/cli` it is imported. A command is a file of its own there: only the one
  // that is asked for is loaded.
  entry: { 'cli/main': 'src/cli/main.ts' },
  ...cjs,
  splitting: true,
  target: 'node20',
  // Optional, too.
  external: ['selfsigned'],
  esbuildOptions(options, context) {
    cjs.esbuildOptions?.(options, context)
    options.chunkNames = 'cli/[name]-[hash]'
  },
  esbuildPlugins: [builtEntries],
  plugins: [ownModulesByRequire],
}

export default defineConfig([{ ...library, ...esm }, { ...library, ...cjs }, command])
