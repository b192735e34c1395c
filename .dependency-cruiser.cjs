// The floors of the house: every import points down. The table stands in README.md, "Architecture".
const may = {
  model: [],
  documents: ['model'],
  policy: ['model'],
  kernel: [],
  capture: ['model'],
  filter: ['model'],
  edits: ['model', 'policy'],
  compile: ['model', 'policy'],
  report: ['model'],
  page: ['model', 'report'],
  engine: ['model', 'compile'],
  generate: ['model', 'policy', 'capture'],
  replay: ['model', 'policy', 'edits', 'capture', 'filter', 'compile', 'engine'],
  explain: ['model', 'policy', 'edits', 'engine'],
};
// Constants that the host shares with the kernel: its only file that anybody else reads.
const layout = '^src/kernel/layout\\.ts$';

module.exports = {
  forbidden: [
    ...Object.entries(may).map(([folder, below]) => ({
      name: `${folder}-imports-down`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: [`^src/(${[folder, ...below].join('|')})/`, layout] },
    })),
    {
      name: 'kernel-is-closed',
      severity: 'error',
      from: { path: '^src/(?!kernel/)' },
      to: { path: '^src/kernel/', pathNot: layout },
    },
    {
      name: 'layout-is-for-its-users',
      comment: 'the model and the readers of documents know nothing of the kernel',
      severity: 'error',
      from: { path: '^src/(model|documents|policy|report|page|explain|cli)/' },
      to: { path: '^src/kernel/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'ip-address-in-model',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/model/address\\.ts$' },
      to: { path: 'node_modules/ip-address' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^src/kernel/(?!layout)' },
  },
};
