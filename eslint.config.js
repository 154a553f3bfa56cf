import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** What is imported, exported again or fetched while the code runs: eslint's own rule does not see the last. */
const imports = {
  meta: { schema: { type: 'array' } },
  create(context) {
    const check = ({ source }) => {
      const from = source?.type === 'TemplateLiteral' ? source.quasis[0].value.cooked : source?.value
      const broken = context.options.find(({ regex }) => typeof from === 'string' && new RegExp(regex).test(from))
      if (broken) context.report({ node: source, message: `${from}: ${broken.message}` })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}
const layers = { rules: { imports } }

/** kernel ← kinds ← store, sync, search ← core ← kinds/ui, ui ← routes; the relay sees kernel and the pure part of sync. */
const forbid = (files, patterns, ignores = []) => ({
  files,
  ignores,
  plugins: { layers },
  rules: { 'layers/imports': ['error', ...patterns] },
})
/** Our own imports alone (`#lib/…`, `../…`): a package may be called `@hpke/core`. */
const layer = (names, message) => ({ regex: `^[#.](.*/)?(${names.join('|')})(/|$)`, message })

/** Not svelte.config.js itself: it holds functions, and what eslint remembers it must write down. */
const svelteConfig = { compilerOptions: { runes: true } }
const every = '**/*.{ts,svelte}'
/** What of sync runs on a device alone. */
const onADevice = [
  'device-log',
  'document-judge',
  'engine',
  'inbox',
  'join',
  'keyring',
  'outbox',
  'snapshots',
  'transport',
  'witness',
]
const pureKind = () => [
  layer(['store', 'sync', 'search', 'core', 'routes', 'ui'], 'a kind is a pure description'),
  { regex: '^[#.](.*/)?kinds/', message: 'no kind imports another, nor the registries' },
  { regex: '^svelte|\\.svelte$', message: "a kind's .ts never touches Svelte" },
]

export default tseslint.config(
  { ignores: ['node_modules', 'build', '.svelte-kit', 'bench/node_modules', 'data', 'test-results'] },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node, ...globals.worker } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-undef': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-navigation-without-resolve': 'off' },
  },
  forbid(
    [`src/lib/kernel/${every}`],
    [layer(['kinds', 'store', 'sync', 'search', 'core', 'ui', 'i18n', 'routes'], 'kernel imports nothing of ours')],
  ),
  forbid(
    [`src/lib/i18n/${every}`],
    [layer(['kinds', 'store', 'sync', 'search', 'core', 'ui', 'routes'], 'words know no more than the kernel')],
  ),
  // The registry of views is the one file of the kinds that knows looks.
  forbid([`src/lib/kinds/*.ts`], pureKind(), ['src/lib/kinds/views.ts']),
  forbid(['src/lib/kinds/*/*'], [...pureKind(), { regex: '^\\.\\./(?!\\.\\./)', message: 'no kind imports another' }]),
  forbid(
    [`src/lib/kinds/*/*/${every}`],
    [...pureKind(), { regex: '^\\.\\./\\.\\./(?!\\.\\./)', message: 'no kind imports another' }],
    ['src/lib/kinds/*/ui/**'],
  ),
  forbid(
    [`src/lib/kinds/*/ui/${every}`],
    [layer(['store', 'sync', 'routes'], 'a view shows what the core tells, and calls it')],
  ),
  forbid(
    ['store', 'sync', 'search'].map((layer) => `src/lib/${layer}/${every}`),
    [layer(['core', 'ui', 'routes', 'i18n'], 'store, sync and search stand below the core')],
  ),
  forbid([`src/lib/core/${every}`], [layer(['ui', 'routes'], 'the core knows no looks')]),
  forbid(
    [`src/lib/ui/${every}`],
    [
      layer(['store', 'sync', 'routes'], 'a component shows what the core tells, and calls it'),
      { regex: '^[#.](.*/)?kinds/[^/]+/', message: 'a component knows no kind' },
    ],
  ),
  forbid(
    [`sync-relay/${every}`],
    [
      layer(
        ['kinds', 'store', 'search', 'core', 'ui', 'i18n', 'routes'],
        'the relay sees kernel and the pure part of sync',
      ),
      {
        regex: `/sync/(${onADevice.join('|')})\\.ts$`,
        message: 'the relay sees kernel and the pure part of sync',
      },
    ],
  ),
  {
    files: [`src/lib/${every}`],
    ignores: ['src/lib/kernel/has-heads.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='A'][property.name='hasHeads']",
          message: 'kernel/has-heads.ts asks an index',
        },
      ],
    },
  },
  {
    files: ['src/lib/kernel/**/*.ts', 'src/lib/kinds/**/*.ts'],
    // Calendar arithmetic needs Date as a function of its arguments; it reads no clock there.
    ignores: ['src/lib/kernel/instants.ts', 'src/lib/kinds/board/foreign/todoist-dates.ts', 'src/lib/kinds/*/ui/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'Date',
        'performance',
        'globalThis',
        'self',
        'fetch',
        'indexedDB',
        'crypto',
        'localStorage',
        'setTimeout',
        'document',
        'window',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'randomness comes from outside' },
        { object: 'Date', property: 'now', message: 'time comes in ctx' },
      ],
    },
  },
)
