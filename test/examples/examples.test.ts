/** The package as others get it, and every example, run as a stranger would: from a packed tarball, against the lab. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { packageVersion } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import type { createMailscout as CreateMailscout } from '../../src/library.js'
import { start } from '../../src/serve.js'
import { startLab } from '../lab/lab.js'

// Compilers of two languages run here, on a machine that may have others at work.
t.setTimeout(240_000)

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const ADVICE = 'imap imap.all.test 993 tls ann@all.test\nsmtp smtp.all.test 465 tls ann@all.test\n'

const lab = await startLab()
t.teardown(() => lab.close())
const running = await start(
  readConfig({
    ...lab.environment,
    PORT: '0',
    LOG_LEVEL: 'silent',
    MAILSCOUT_SELF_CHECK: 'off',
    MAILSCOUT_BUDGET_MS: '20000',
  }),
  { dial: lab.dial, ca: [lab.caPem], builtinProvidersDirectory: lab.providersDirectory },
)
t.teardown(() => running.close())

interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The reason to skip what needs it. */
function without(program: string): string | false {
  return spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`
}

/** The service is in this process, so nothing may block it. */
async function run(command: readonly string[], cwd = root): Promise<Run> {
  const [program = '', ...args] = command
  const environment = { ...process.env, SCOUT_URL: running.url, NO_COLOR: '' }
  // The children are strangers: none of tap's loaders, nothing that counts coverage.
  const child = spawn(program, args, { cwd, env: { ...environment, NODE_OPTIONS: '' } })
  let out = ''
  let err = ''
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()))
  await once(child, 'close')
  return { code: child.exitCode, out, err }
}

async function mustRun(command: readonly string[], cwd = root): Promise<string> {
  const { code, out, err } = await run(command, cwd)
  if (code !== 0) throw new Error(`${command.join(' ')}: ${out}${err}`)
  return out
}

t.test('curl', { skip: without('curl') }, async (t) => {
  const found = await run(['sh', 'examples/discover.sh', 'ann@all.test'])
  t.match(found, { code: 0, out: /^ann@all\.test[^]*IMAP imap\.all\.test/, err: '' })
  t.match(await run(['sh', 'examples/discover.sh', 'ann+x@nothing.test']), {
    code: 22,
    out: /"code":"NOTHING_FOUND"/,
  })
})

/** Fenced blocks of docs/api.md. */
function blocks(language: string): string[] {
  const page = readFileSync(join(root, 'docs/api.md'), 'utf8')
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  )
}

t.test('the commands of docs/api.md', { skip: without('curl') }, async (t) => {
  const commands = blocks('sh').map((command) =>
    command.replaceAll('http://127.0.0.1:8080', running.url).replaceAll('gmail.com', 'all.test'),
  )
  t.ok(commands.length > 4)
  for (const command of commands) {
    const { code, out, err } = await run(['sh', '-c', command])
    t.match({ code, err }, { code: 0, err: '' }, command)
    t.match(out, /imap\.all\.test/, command)
  }
})

t.test('Python', { skip: without('python3') }, async (t) => {
  const found = await run(['python3', 'examples/discover.py', 'ann@all.test'])
  t.strictSame(found, { code: 0, out: ADVICE, err: '' })
  t.match(await run(['python3', 'examples/discover.py', 'ann@nothing.test']), {
    code: 1,
    err: /^NOTHING_FOUND: \S/,
  })
})

t.test('Kotlin', { skip: without('kotlinc'), timeout: 180_000 }, async (t) => {
  const directory = t.testdir()
  const jar = join(directory, 'discover.jar')
  const compiled = await run(['kotlinc', 'examples/Discover.kt', '-include-runtime', '-d', jar])
  t.equal(compiled.code, 0, compiled.err)
  t.strictSame(await run(['java', '-jar', jar, 'ann@all.test']), { code: 0, out: ADVICE, err: '' })
  t.match(await run(['java', '-jar', jar, 'ann@nothing.test']), { code: 1, err: /NOTHING_FOUND/ })
})

t.test('the package', { timeout: 180_000 }, async (t) => {
  const directory = t.testdir({
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        // Checking every declaration of zod costs seven seconds; the errors expected below see whether ours arrive.
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['*.ts'],
    }),
    ...Object.fromEntries(blocks('ts').map((code, at) => [`docs-${at}.ts`, code])),
    'types.ts': `import { createMailscout, type DiscoverAnswer, type DiscoverResult } from 'mailscout'
import type { Settings } from 'mailscout/client'

export const port = (result: DiscoverResult): number | undefined =>
  result.ok ? result.answer.servers.imap[0]?.port : undefined
export const same = (answer: DiscoverAnswer): Settings['query'] => answer.query
// @ts-expect-error: no such field
export const wrong = (answer: DiscoverAnswer, settings: Settings) => answer.servers.impa ?? settings.servers.imap
// @ts-expect-error: no such field
export const wrongToo = (settings: Settings) => settings.servers.impa
// @ts-expect-error: no such choice
void createMailscout().discover('ann@example.com', { devices: 'seven' })
`,
  })
  if (!isBuilt()) await mustRun([process.execPath, tsc, '-p', 'tsconfig.build.json'])
  const packed = await mustRun(['npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', directory])
  const [tarball] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[]
  const paths = tarball?.files.map(({ path }) => path) ?? []
  for (const path of [
    'dist/library.d.ts',
    'dist/client/http-client.js',
    'man/mailscout.1',
    'openapi.yaml',
    'LICENSE',
  ]) {
    t.ok(paths.includes(path), path)
  }
  t.strictSame(
    paths.filter(
      (path) => !/^(bin|data|dist|man|web)\/|^(README\.md|LICENSE|openapi\.yaml|package\.json)$/.test(path),
    ),
    [],
    'nothing else travels along',
  )
  t.strictSame(
    paths.filter((path) => /\.map$|tsbuildinfo/.test(path)),
    [],
  )

  // What npm would install, without asking a registry: the tarball, and its dependencies as this project has them.
  const installed = join(directory, 'node_modules/mailscout')
  mkdirSync(installed, { recursive: true })
  await mustRun([
    'tar',
    '-xzf',
    join(directory, tarball?.filename ?? ''),
    '--strip-components=1',
    '-C',
    installed,
  ])
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    bin: Record<string, string>
  }
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) link(directory, name)
  for (const name of ['library.ts', 'http-client.ts'])
    cpSync(join(root, 'examples', name), join(directory, name))
  await mustRun([process.execPath, tsc, '-p', directory])

  const client = (email: string) => run([process.execPath, 'http-client.js', email], directory)
  t.match(await client('ann@all.test'), { code: 0, out: ADVICE, err: /^autoconfig: found$/m })
  t.match(await client('ann@nothing.test'), { code: 1, out: '', err: /^NOTHING_FOUND: /m })

  // The library as it was installed, in this process because the lab is.
  const url = pathToFileURL(join(installed, 'dist/library.js')).href
  const { createMailscout } = (await import(url)) as { createMailscout: typeof CreateMailscout }
  const scout = createMailscout({
    settings: { ...lab.environment, MAILSCOUT_BUDGET_MS: '20000' },
    ca: [lab.caPem],
    laboratory: { dial: lab.dial, builtinProvidersDirectory: lab.providersDirectory },
  })
  t.match(await scout.discover('ann@all.test'), {
    ok: true,
    answer: { recommendation: { incoming: { hostname: 'imap.all.test' } } },
  })
  await scout.close()

  // In a process of its own it finds its own data; nothing is asked of the network.
  writeFileSync(
    join(directory, 'settings.env'),
    'MAILSCOUT_SOURCES=operator,provider-db\nMAILSCOUT_DNS_SERVERS=127.0.0.1:9\n',
  )
  const alone = [process.execPath, '--env-file=settings.env']
  t.match(await run([...alone, 'library.js', 'ann@gmx.de'], directory), {
    code: 0,
    out: 'imap imap.gmx.net 993 tls ann@gmx.de\nsmtp mail.gmx.net 465 tls ann@gmx.de\n',
  })
  const command = [...alone, join(installed, manifest.bin['mailscout'] ?? '')]
  t.match(await run([...command, '--version'], directory), { code: 0, out: `${packageVersion()}\n` })
  const found = await run([...command, 'discover', 'ann@gmx.de', '--verify', 'never'], directory)
  t.match(found, { code: 0, out: /Recommendation: IMAP/ })
  t.notMatch(found.out + found.err, '\u001b[', 'no colours where there is no terminal')
})

/** Whether dist/ is as new as the sources, as in .ci/run: a compiler that has nothing to do takes seconds to see it. */
function isBuilt(): boolean {
  const built = statSync(join(root, 'dist/.tsbuildinfo'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((path) =>
    join(root, 'src', String(path)),
  )
  return [...sources, join(root, 'tsconfig.build.json')].every((path) => statSync(path).mtimeMs < built)
}

function link(directory: string, name: string): void {
  const place = join(directory, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), place)
}
