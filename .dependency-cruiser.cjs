/** Which place may import which: the table of the design, without exceptions. */
const rooms = ['identity', 'people', 'audit', 'courses', 'itembank', 'exams', 'marking', 'certification', 'notices', 'reports', 'exchange'];
const level = { identity: 0, people: 0, audit: 0, courses: 1, itembank: 1, exams: 2, marking: 3, certification: 4, notices: 5, reports: 5, exchange: 5 };
const anyRoom = `^app/(${rooms.join('|')})/`;

const upwards = rooms.map((room) => ({
  name: `${room}-imports-only-lower-rooms`,
  severity: 'error',
  from: { path: `^app/${room}/` },
  to: { path: `^app/(${rooms.filter((other) => other !== room && level[other] > level[room]).join('|') || 'none'})/` },
}));

module.exports = {
  forbidden: [
    ...upwards,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'rooms-have-one-door',
      comment: 'Other places see a room through its index.ts only.',
      severity: 'error',
      from: { path: '^(app|jobs)/', pathNot: anyRoom },
      to: { path: anyRoom, pathNot: `^app/[^/]+/index\\.ts$` },
    },
    ...rooms.map((room) => ({
      name: `${room}-is-entered-by-its-door`,
      severity: 'error',
      from: { path: anyRoom, pathNot: `^app/${room}/` },
      to: { path: `^app/${room}/`, pathNot: `^app/${room}/index\\.ts$` },
    })),
    { name: 'kernel-imports-nothing-of-ours', severity: 'error', from: { path: '^app/kernel/' }, to: { path: '^(app|jobs)/', pathNot: '^app/kernel/' } },
    { name: 'db-imports-kernel-only', severity: 'error', from: { path: '^app/db/' }, to: { path: '^(app|jobs)/', pathNot: '^app/(kernel|db)/' } },
    { name: 'db-has-one-door', severity: 'error', from: { pathNot: '^(app/db|test)/' }, to: { path: '^app/db/', pathNot: '^app/db/index\\.ts$' } },
    { name: 'text-and-charts-import-kernel-only', severity: 'error', from: { path: '^app/(text|charts)/' }, to: { path: '^(app|jobs)/', pathNot: '^app/(kernel|text|charts)/' } },
    { name: 'pdf-imports-kernel-and-text-only', severity: 'error', from: { path: '^app/pdf/' }, to: { path: '^(app|jobs)/', pathNot: '^app/(kernel|text|pdf)/' } },
    { name: 'pdf-has-one-door', severity: 'error', from: { pathNot: '^(app/pdf|test)/' }, to: { path: '^app/pdf/', pathNot: '^app/pdf/index\\.ts$' } },
    {
      name: 'ui-stays-in-the-browser',
      comment: 'Types may come from anywhere; the server half of forms and navigation is named *.server.ts.',
      severity: 'error',
      from: { path: '^app/ui/', pathNot: '\\.server\\.tsx?$' },
      to: { path: '^(app|jobs)/', pathNot: '^app/(kernel|text|charts|ui)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'rooms-know-no-pages', severity: 'error', from: { path: `${anyRoom}|^jobs/` }, to: { path: '^app/(ui|routes)/' } },
    { name: 'queue-stands-alone', severity: 'error', from: { path: '^jobs/queue/' }, to: { path: '^(app|jobs)/', pathNot: '^jobs/queue/' } },
    {
      name: 'pure-files-do-no-io',
      comment: 'In a room only repositories, services, the http side and the door meet the database or the disk.',
      severity: 'error',
      from: { path: anyRoom, pathNot: '(\\.(repository|service|http)\\.tsx?|/index\\.ts)$' },
      to: { path: '^app/db/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^(app|jobs)/' }, to: { path: '^test/' } },
    { name: 'no-dev-dependencies-in-the-product', severity: 'error', from: { path: '^(app|jobs)/', pathNot: '^app/build\\.mjs$' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(build|data)/' },
  },
};
