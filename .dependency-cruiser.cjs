/**
 * Dependencies point one way: what a person or program meets → auth → the vault and PagerDuty → the base.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const MAY_IMPORT = {
  common: [],
  database: ['common'],
  pagerduty: ['common'],
  connections: ['pagerduty', 'database', 'common'],
  session: ['connections', 'database', 'common'],
  auth: ['connections', 'pagerduty', 'session', 'common'],
  welcome: ['session', 'connections', 'pagerduty', 'common'],
  operations: ['pagerduty', 'database', 'common'],
  cli: ['connections', 'database', 'common'],
  sandbox: [],
};

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-what-it-may`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'sandbox-is-loaded-on-demand-only',
      comment: 'Production never loads the sandbox.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'no-dev-packages-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'default'] },
  },
};
