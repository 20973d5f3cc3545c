// Typed lint, and the first rule of the house: no clock, timer, global randomness or I/O outside cli/ and live/. It is an
// allow list: what is not named here as pure is refused, whatever it is called. Packages and builtins have theirs in
// .dependency-cruiser.cjs; test/house/rules.test.ts tries to get round both.
import tseslint from 'typescript-eslint';

/** Globals that give the same answer at any time, on any machine. */
const PURE = [
  ...['undefined', 'NaN', 'Infinity', 'isNaN', 'isFinite', 'parseInt', 'parseFloat'],
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'BigInt', 'Symbol', 'RegExp'],
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'Math', 'JSON'],
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError'],
  ...['ArrayBuffer', 'DataView', 'Float64Array', 'Float32Array'],
  ...['Int8Array', 'Int16Array', 'Int32Array', 'BigInt64Array'],
  ...['Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'BigUint64Array'],
];

/** Like core's no-restricted-globals, but by what is allowed. Names used as types alone do nothing and are free. */
const onlyGlobals = {
  meta: {
    type: 'problem',
    schema: [{ type: 'array', items: { type: 'string' } }],
    messages: {
      foreign: '`{{name}}` is not among the pure globals of this folder: see eslint.config.js',
    },
  },
  create(context) {
    const allowed = new Set(context.options[0]);
    return {
      'Program:exit'(program) {
        const scope = context.sourceCode.getScope(program);
        const given = scope.variables.filter((variable) => variable.defs.length === 0);
        const free = [...scope.through, ...given.flatMap((variable) => variable.references)];
        for (const { identifier, isTypeReference } of free) {
          const { name } = identifier;
          if (isTypeReference || allowed.has(name)) continue;
          context.report({ node: identifier, messageId: 'foreign', data: { name } });
        }
      },
    };
  },
};

const SEEDED =
  ':matches(ImportDefaultSpecifier > *, CallExpression[arguments.length>0] > MemberExpression.callee[computed=false][property.name="alea"] > *.object)';
const DYNAMIC = { selector: 'ImportExpression', message: 'say at the top what you import' };
/** Ways round the allow lists. */
const LOOPHOLES = [
  {
    selector: 'Identifier[name="Math"]:not(MemberExpression > *.object)',
    message: 'Math by its members only: chance is a named stream',
  },
  {
    selector: 'MemberExpression[object.name="Math"][computed=true]',
    message: 'Math by its members only: chance is a named stream',
  },
  {
    selector: 'MemberExpression[property.name="constructor"]',
    message: 'the constructor of a function compiles text',
  },
  {
    selector: 'MemberExpression[property.value="constructor"]',
    message: 'the constructor of a function compiles text',
  },
  { selector: '[declare=true]', message: 'a declared global is a global' },
  {
    selector: 'MetaProperty[meta.name="import"]',
    message: 'only cli/ and live/ know where we are',
  },
  {
    selector: 'TSImportEqualsDeclaration',
    message: 'say at the top what you import, as a module does',
  },
  {
    selector: `Identifier[name="seedrandom"]:not(${SEEDED})`,
    message: 'only seedrandom.alea(seed): the others seed themselves',
  },
  {
    selector:
      'ImportDeclaration[source.value="seedrandom"] > :not(Literal, ImportDefaultSpecifier[local.name="seedrandom"])',
    message: 'import seedrandom by its own name',
  },
];
const SYNCHRONOUS = [
  'AwaitExpression',
  'ForOfStatement[await=true]',
  ':function[async=true]',
  ':function[generator=true]',
  'Identifier[name="Promise"]',
  'MemberExpression[property.name="then"]',
  'MemberExpression[property.value="then"]',
  'MemberExpression[property.name="fromAsync"]',
].map((selector) => ({ selector, message: 'this folder is synchronous' }));

const restricted = (...lists) => ['error', ...lists.flat()];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'reports', '.cache'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/live/**'],
    plugins: { house: { rules: { 'only-globals': onlyGlobals } } },
    linterOptions: { noInlineConfig: true },
    rules: {
      'house/only-globals': ['error', PURE],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'chance is a named stream: core/rng.ts' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['crypto', 'node:crypto'].map((name) => ({
            name,
            allowImportNames: ['createHash'],
            message: 'digests only: chance is a named stream, see core/rng.ts',
          })),
        },
      ],
      'no-restricted-syntax': restricted(LOOPHOLES, DYNAMIC),
    },
  },
  {
    files: ['src/{core,policies,fleet,fake,sim,results}/**/*.ts', 'src/run.ts'],
    rules: { 'no-restricted-syntax': restricted(LOOPHOLES, DYNAMIC, SYNCHRONOUS) },
  },
  {
    files: ['src/scenario/**/*.ts'],
    rules: { 'house/only-globals': ['error', [...PURE, 'URL']] },
  },
  {
    // The charts' library is large and loaded when first drawn with: by its name, so that the layers are checked.
    files: ['src/report/**/*.ts'],
    rules: {
      'house/only-globals': ['error', [...PURE, 'Promise', 'Buffer']],
      'no-restricted-syntax': restricted(LOOPHOLES, {
        selector: 'ImportExpression:not([source.type="Literal"])',
        message: 'import() of a literal name only',
      }),
    },
  },
  {
    files: ['eslint.config.js', '.dependency-cruiser.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
