// Typed lint, and the first rule of the house: no clock, timer or global randomness outside cli/ and live/.
import tseslint from 'typescript-eslint';

const CLOCKS = [
  { name: 'setTimeout', message: 'time is data: use wakeAt(now)' },
  { name: 'setInterval', message: 'time is data: use wakeAt(now)' },
  { name: 'setImmediate', message: 'time is data: use wakeAt(now)' },
  { name: 'performance', message: 'time is data: take `now`' },
  { name: 'process', message: 'only cli/ and live/ touch the process' },
  { name: 'fetch', message: 'only cli/ and live/ touch the network' },
];
const CHANCE = [
  { object: 'Math', property: 'random', message: 'chance is a named stream: see core/rng.ts' },
  { object: 'Date', property: 'now', message: 'time is data: take `now`' },
  {
    object: 'crypto',
    property: 'randomUUID',
    message: 'chance is a named stream: see core/rng.ts',
  },
];
const IO_MODULES = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'child_process',
  'worker_threads',
  'timers',
  'perf_hooks',
  'process',
  'os',
].flatMap((name) => [name, `node:${name}`]);

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'reports'] },
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
    rules: {
      'no-restricted-globals': ['error', ...CLOCKS],
      'no-restricted-properties': ['error', ...CHANCE],
      'no-restricted-imports': [
        'error',
        { paths: IO_MODULES.map((name) => ({ name, message: 'only cli/ and live/ do I/O' })) },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'time is data: take `now`',
        },
      ],
    },
  },
  {
    files: ['src/{core,policies,fleet,fake,sim,results}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'time is data: take `now`',
        },
        { selector: 'AwaitExpression', message: 'this folder is synchronous' },
        { selector: ':function[async=true]', message: 'this folder is synchronous' },
        { selector: ':function[generator=true]', message: 'this folder is synchronous' },
        { selector: "NewExpression[callee.name='Promise']", message: 'this folder is synchronous' },
      ],
    },
  },
  {
    files: ['eslint.config.js', '.dependency-cruiser.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
);
