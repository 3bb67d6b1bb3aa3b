/** The import table of the design, section 2: which folder may import which, and which package lives where. */
const mayImport = {
  domain: [],
  formats: ['domain'],
  providers: ['domain'],
  cache: ['domain'],
  client: [],
  net: ['domain'],
  sources: ['domain', 'formats', 'providers'],
  discovery: ['domain', 'cache'],
  guides: ['domain'],
  i18n: ['domain'],
  web: ['domain', 'i18n'],
  http: ['domain', 'formats', 'discovery', 'guides', 'i18n', 'web'],
}

const packagesOnlyIn = {
  zod: ['domain', 'config.ts', 'config-values.ts', 'http', 'providers'],
  tldts: ['domain'],
  'fast-xml-parser': ['formats'],
  qr: ['formats'],
  pkijs: ['formats'],
  asn1js: ['formats'],
  'lru-cache': ['cache'],
  ioredis: ['cache'],
  undici: ['net'],
  'dns-packet': ['net'],
  'ipaddr.js': ['net', 'http/limits', 'config-values.ts'],
  fastify: ['http'],
  'openapi-fetch': ['client'],
  'prom-client': ['http'],
}

const sockets = '^(node:)?(dns|net|tls|dgram|http|https|http2)(/promises)?$'

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/(main|cli|library)\\.ts$' },
      to: {},
    },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports`,
      comment: `${folder}/ may import ${allowed.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'only-net-opens-sockets',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/net/' },
      to: { path: sockets },
    },
    ...Object.entries(packagesOnlyIn).map(([name, places]) => ({
      name: `package-${name}`,
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: `^src/(${places.map((p) => (p.includes('.') ? `${p}$` : `${p}/`)).join('|')})`,
      },
      to: { path: `^node_modules/${name}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
}
