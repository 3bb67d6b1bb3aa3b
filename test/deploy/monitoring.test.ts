/** The dashboard and the alert rules ask for metrics and labels that /metrics has, in words Prometheus understands. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.js'
import { Metrics } from '../../src/http/metrics.js'
import { start } from '../../src/serve.js'
import { startLab } from '../lab/lab.js'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

interface Panel {
  readonly title: string
  readonly description?: string
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}
const dashboard = JSON.parse(read('deploy/grafana/mailscout.json')) as { panels: readonly Panel[] }
const alerts = parse(read('deploy/prometheus/alerts.yaml')) as {
  groups: { rules: { alert: string; expr: string; labels: object; annotations: object }[] }[]
}
const rules = alerts.groups.flatMap((group) => group.rules)
const expressions = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...rules.map(({ expr }) => expr),
]

const WORDS = new Set(['by', 'without', 'on', 'ignoring', 'and', 'or', 'unless', 'bool', 'offset'])

/** The metrics of an expression, each with the labels that it is picked or summed by. */
function asked(expression: string): { readonly names: string[]; readonly labels: string[] } {
  const bare = expression.replace(/"[^"]*"/g, '""')
  const labels = [
    ...bare.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g),
    ...bare.matchAll(/\b(?:by|without) \(([^)]*)\)/g),
  ].flatMap(([, list]) => list!.split(/,\s*/))
  const names = bare
    .replace(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without) \([^)]*\)/g, ' ')
    .match(/\b[a-z_][a-z0-9_]*\b(?!\s*\()/gi)
  return { names: (names ?? []).filter((name) => !WORDS.has(name)), labels }
}

/** Of the process that Prometheus asks, not of the metrics it gets. */
const FROM_PROMETHEUS = { names: ['up'], labels: ['job', 'instance', 'le'] }

t.test('every metric and label is there', async (t) => {
  const lab = await startLab()
  const config = readConfig({
    ...lab.environment,
    PORT: '0',
    LOG_LEVEL: 'silent',
    MAILSCOUT_RATE_LIMIT_COLD_MAX: '1',
  })
  const running = await start(config, {
    dial: lab.dial,
    ca: [lab.caPem],
    builtinProvidersDirectory: lab.providersDirectory,
  })
  t.teardown(async () => {
    await running.close()
    await lab.close()
  })
  const fetchText = (path: string) =>
    new Promise<string>((done, failed) => {
      get(running.url + path, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => {
          done(text)
        })
      }).on('error', failed)
    })
  await fetchText('/v1/discover?email=ann@all.test')
  t.match(await fetchText('/v1/discover?email=ann@srv.test'), 'RATE_LIMITED')
  const signing = new Metrics()
  signing.showState({
    version: '0',
    isCacheThere: () => true,
    signer: { state: () => ({ status: 'valid', expiresAt: '2030-01-01T00:00:00Z' }) },
  })
  const text = (await fetchText('/metrics')) + (await signing.text())
  const names = new Set([...text.matchAll(/^([a-z]\w*)[ {]/gim)].map(([, name]) => name!))
  const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label!))
  t.ok(expressions.length > 25)
  for (const expression of expressions) {
    const wanted = asked(expression)
    t.ok(wanted.names.length > 0, expression)
    for (const name of wanted.names)
      t.ok(names.has(name) || FROM_PROMETHEUS.names.includes(name), `metric ${name}`)
    for (const label of wanted.labels)
      t.ok(labels.has(label) || FROM_PROMETHEUS.labels.includes(label), `label ${label}`)
  }
})

t.test('the dashboard: every panel says what it shows, none lies on another', (t) => {
  const taken = new Set<string>()
  for (const { title, description, type, gridPos, targets = [] } of dashboard.panels) {
    t.ok(type === 'row' || (description !== undefined && targets.length > 0), title)
    const { x, y, w, h } = gridPos
    const cells = Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`)
    t.same(
      cells.filter((cell) => taken.has(cell)),
      [],
      `${title} has its place alone`,
    )
    t.ok(x + w <= 24, `${title} is on the page`)
    for (const cell of cells) taken.add(cell)
  }
  t.end()
})

t.test('the alerts: severity, what happens and what to do', (t) => {
  for (const { alert, ...rule } of rules)
    t.match(
      rule,
      { labels: { severity: /^(critical|warning)$/ }, annotations: { summary: /\w/, description: /[.?]$/ } },
      alert,
    )
  t.end()
})

const missing = spawnSync('promtool', ['--version']).error === undefined ? false : 'promtool is not installed'

t.test(
  'promtool: alerts fire when they should, and Prometheus reads every expression',
  { skip: missing },
  (t) => {
    const panels = { groups: [{ name: 'dashboard', rules: [] as object[] }] }
    const variables: Readonly<Record<string, string>> = {
      $__rate_interval: '5m',
      $job: 'mailscout',
      $instance: '.*',
    }
    for (const [index, expression] of expressions.entries()) {
      const expr = expression.replace(/\$\w+/g, (name) => variables[name]!)
      panels.groups[0]!.rules.push({ record: `panel_${index}`, expr })
    }
    const directory = t.testdir({
      'alerts.yaml': read('deploy/prometheus/alerts.yaml'),
      'alerts.test.yaml': read('test/deploy/alerts.test.yaml'),
      'panels.yaml': JSON.stringify(panels),
    })
    for (const args of [
      ['check', 'rules', '--lint-fatal', join(directory, 'alerts.yaml')],
      ['check', 'rules', join(directory, 'panels.yaml')],
      ['test', 'rules', join(directory, 'alerts.test.yaml')],
    ]) {
      const run = spawnSync('promtool', args, { encoding: 'utf8' })
      t.equal(run.status, 0, `${args.join(' ')}\n${run.stdout}${run.stderr}`)
    }
    t.end()
  },
)
