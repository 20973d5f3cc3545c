// The import table of the house (docs/architecture.md): each folder, and what of ours it may import.
const MAY_IMPORT = {
  core: [],
  policies: ['core'],
  fleet: ['core', 'policies'],
  scenario: ['core', 'policies'],
  fake: ['core', 'scenario'],
  sim: ['core', 'fleet', 'scenario', 'fake'],
  live: ['core', 'fleet', 'scenario', 'fake'],
  results: ['core'],
  report: ['core', 'results'],
};

// What of npm and of node it may import: an allow list. Only cli/, live/ and the two files beside the folders have no such list.
const MAY_USE = {
  core: ['zod', 'seedrandom'],
  policies: ['zod'],
  fleet: [],
  scenario: ['zod', 'yaml', 'node:crypto'],
  fake: [],
  sim: [],
  results: [],
  report: ['vega', 'vega-lite', 'node:crypto'],
};
const pathOf = (name) =>
  name.startsWith('node:')
    ? `^(node:)?${name.slice('node:'.length)}$`
    : `(^|/)node_modules/(@types/)?${name}/`;
const uses = Object.entries(MAY_USE).map(([folder, allowed]) => ({
  name: `${folder}-uses`,
  comment: `src/${folder} may use of others': ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { pathNot: ['^src/', ...allowed.map(pathOf)] },
}));

const folders = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import of ours: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
}));
// The library hands the policies out to programs of other people's, so it must name them.
const library = ['core', 'policies', 'fleet', 'scenario', 'live'];
folders.find((rule) => rule.name === 'live-imports').from.pathNot = '^src/live/library(/|\\.ts$)';
folders.push({
  name: 'live-library-imports',
  comment: `src/live/library may import of ours: ${library.join(', ')}`,
  severity: 'error',
  from: { path: '^src/live/library(/|\\.ts$)' },
  to: { path: '^src/', pathNot: library.map((name) => `^src/${name}/`) },
});
// Types alone may cross these borders; and the classes that pass the door on unchanged, as they hold nothing of a fleet.
const results = folders.find((rule) => rule.name === 'results-imports');
results.to.dependencyTypesNot = ['type-only'];
results.to.pathNot.push('^src/fleet/passing\\.ts$');

module.exports = {
  forbidden: [
    ...folders,
    ...uses,
    {
      name: 'results-types-only-from-fleet-scenario-and-policies',
      severity: 'error',
      from: { path: '^src/results/' },
      to: {
        path: '^src/',
        pathNot: '^src/(core|results|fleet|scenario|policies)/',
        dependencyTypes: ['type-only'],
      },
    },
    {
      name: 'run-is-handed-a-world',
      severity: 'error',
      from: { path: '^src/run\\.ts$' },
      to: { path: '^src/(sim|live|report|cli)/' },
    },
    {
      name: 'policy-families-are-strangers',
      severity: 'error',
      from: { path: '^src/policies/([^/]+)/' },
      to: { path: '^src/policies/[^/]+/', pathNot: '^src/policies/$1/' },
    },
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans-of-node',
      severity: 'error',
      from: { path: '^src' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
