// Does by hand what `docker build` and `docker run` would do with the Dockerfile, for machines without Docker: lints it,
// lays out its stages from the files that .dockerignore lets through, runs the commands of the stage that compiles, then
// starts the image's own command as its user, with everything read only where this is root on Linux, asks it, runs
// its health check and stops it. What needs the base image itself is not seen. Run `npm run check:docker`.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer, get } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { clearTimeout, setTimeout } from 'node:timers'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'

const MEGABYTE = 1_000_000
/** What the issue allows. */
const LIMIT_BYTES = 200 * MEGABYTE
/** What `FROM scratch` gets from the base, rounded up: Alpine with libstdc++ 12 MB, Node 24 before stripping 130 MB. */
const BASE_BYTES = 145 * MEGABYTE
/** Milliseconds for the service to answer at all, and to end after SIGTERM. */
const PATIENCE_MS = 15_000

const context = fileURLToPath(new URL('..', import.meta.url))
const text = readFileSync(join(context, 'Dockerfile'), 'utf8')

function fail(message) {
  throw new Error(message)
}

/** @returns the stages with their instructions, in order */
function readStages() {
  const faults = validate(text)
  for (const { message, range } of faults) console.error(`Dockerfile:${range.start.line + 1}: ${message}`)
  if (faults.length > 0) fail('the linter found faults')
  const dockerfile = DockerfileParser.parse(text)
  const argument = dockerfile.getInitialARGs()[0]?.getArgumentsContent() ?? ''
  if (!/^NODE=node:\d+\.\d+\.\d+-alpine\d+\.\d+$/.test(argument))
    fail(`the base is not pinned: ARG ${argument}`)
  const stages = []
  for (const instruction of dockerfile.getInstructions()) {
    const stage = stages.at(-1)
    if (instruction.getKeyword() === 'FROM') stages.push({ name: instruction.getBuildStage(), steps: [] })
    else if (stage) stage.steps.push(instruction)
  }
  return stages
}

/** .dockerignore as far as this project uses it: `*`, and names at the top that are let through again. */
function readIgnored() {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const odd = lines.slice(1).find((line) => !/^![\w.-]+$/.test(line))
  if (lines[0] !== '*' || odd !== undefined)
    fail(`this check does not know ${odd ?? lines[0]} in .dockerignore`)
  return new Set(lines.slice(1).map((line) => line.slice(1)))
}

const words = (instruction) => instruction.getArguments().map((argument) => argument.getValue())
const flag = (instruction, name) =>
  instruction
    .getFlags()
    .find((candidate) => candidate.getName() === name)
    ?.getValue()

/** Lays a stage out below `root`; its RUN lines are run only where its base does not matter to them. */
function layOut(stage, { root, roots, allowed }) {
  let directory = root
  mkdirSync(root, { recursive: true })
  for (const step of stage.steps) {
    const keyword = step.getKeyword()
    if (keyword === 'WORKDIR') {
      directory = join(root, words(step)[0])
      mkdirSync(directory, { recursive: true })
    } else if (keyword === 'COPY') {
      const [target, ...sources] = words(step).reverse()
      const from = flag(step, 'from')
      if (from !== undefined && !roots.has(from)) continue
      for (const source of sources.reverse()) {
        if (from === undefined && !allowed.has(source)) fail(`.dockerignore keeps ${source} out`)
        const path = from === undefined ? join(context, source) : join(roots.get(from), source)
        const isDirectory = statSync(path).isDirectory()
        cpSync(
          path,
          isDirectory
            ? resolve(directory, target)
            : resolve(directory, target, target.endsWith('/') ? basename(path) : ''),
          { recursive: true },
        )
      }
    } else if (keyword === 'RUN') {
      run('sh', ['-c', step.getRawArgumentsContent().replace(/\\\n/g, ' ')], {
        cwd: directory,
        env: plainEnvironment(),
      })
    }
  }
  return directory
}

/** As an image would have it: nothing of the npm that runs this script. */
function plainEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|TAP|MAILSCOUT_)/i.test(name)),
  )
}

function run(command, args, options) {
  console.log(`$ ${args.at(-1)}`)
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  if (status !== 0) fail(`it ended with ${status}`)
}

function bytesBelow(path) {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0)
}

/** Puts a command into a mount namespace where nothing can be written, as another user. */
function confined([program, ...args], user) {
  const node = program === 'node' ? process.execPath : program
  if (process.getuid?.() !== 0) return [node, ...args]
  const [uid, gid] = user.split(':')
  const script =
    'mount --make-rprivate / && mount -o remount,bind,ro / && ' +
    `exec setpriv --reuid ${uid} --regid ${gid} --clear-groups --no-new-privs --bounding-set=-all -- "$@"`
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', node, ...args]
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

function ask(url) {
  return new Promise((done) => {
    get(url, (answer) => {
      answer.resume()
      done(answer.statusCode)
    }).on('error', () => done(0))
  })
}

/** Each try waits for the one before, so this is no busy loop; the service listens or ends, and time is bounded. */
async function untilAlive(url, child) {
  const end = Date.now() + PATIENCE_MS
  while ((await ask(url)) !== 200) {
    if (child.exitCode !== null) fail(`the service ended with ${child.exitCode}`)
    if (Date.now() > end) fail('the service did not answer')
    await pass(50)
  }
}

async function tryImage(directory, steps) {
  const last = (keyword) => steps.findLast((step) => step.getKeyword() === keyword)
  const list = (keyword) => JSON.parse(last(keyword).getRawArgumentsContent())
  const user = words(last('USER'))[0]
  if (!/^[1-9]\d*:[1-9]\d*$/.test(user)) fail(`USER ${user} is not an unprivileged number`)
  if (words(last('STOPSIGNAL'))[0] !== 'SIGTERM') fail('STOPSIGNAL is not SIGTERM')
  const port = await freePort()
  const environment = Object.fromEntries(
    last('ENV')
      .getProperties()
      .map((property) => [property.getName(), property.getValue()]),
  )
  // Its own address stays inside this machine; a container's is all there is of its network.
  const env = { ...environment, HOST: '127.0.0.1', PORT: String(port) }
  const start = (command, stdio) => {
    const [program, ...args] = confined(command, user)
    return spawn(program, args, { cwd: directory, env: { ...env, PATH: process.env.PATH }, stdio })
  }
  const ended = async (child) => {
    const [code, signal] = await once(child, 'exit')
    return signal ?? code
  }
  if (process.getuid?.() === 0) {
    const write = `require('node:fs').writeFileSync('${join(tmpdir(), 'check-docker')}', '')`
    if ((await ended(start(['node', '-e', write], 'ignore'))) === 0) fail('the file system can be written')
  } else console.log('not root: the file system is not read only here')

  const health = JSON.parse(
    last('HEALTHCHECK')
      .getRawArgumentsContent()
      .replace(/^[\s\S]*?CMD\s/, ''),
  )
  const service = start([...list('ENTRYPOINT'), ...list('CMD')], ['ignore', 'ignore', 'inherit'])
  try {
    const url = `http://127.0.0.1:${port}`
    await untilAlive(`${url}/healthz`, service)
    for (const path of ['/readyz', '/', '/openapi.yaml', '/metrics', '/v1/providers/gmx'])
      if ((await ask(url + path)) !== 200) fail(`${path} is not there`)
    if ((await ended(start(health, 'inherit'))) !== 0) fail('the health check says no to a healthy service')
    service.kill('SIGTERM')
    const cut = setTimeout(() => service.kill('SIGKILL'), PATIENCE_MS)
    const end = await ended(service)
    clearTimeout(cut)
    if (end !== 0) fail(`SIGTERM ended the service with ${end}`)
  } finally {
    if (service.exitCode === null) service.kill('SIGKILL')
  }
  if ((await ended(start(health, 'inherit'))) === 0) fail('the health check says yes to nothing')
  if ((await ended(start([...list('ENTRYPOINT'), 'version'], 'ignore'))) !== 0)
    fail('the image does not run another command')
}

const temporary = mkdtempSync(join(tmpdir(), 'mailscout-image-'))
// The image's user must get there.
chmodSync(temporary, 0o755)
try {
  const stages = readStages()
  const roots = new Map()
  const allowed = readIgnored()
  const build = stages.find(({ name }) => name === 'build')
  roots.set('build', join(temporary, 'build'))
  layOut(build, { root: join(temporary, 'build'), roots, allowed })
  const image = stages.at(-1)
  const directory = layOut(image, { root: join(temporary, 'image'), roots, allowed })
  const { packages } = JSON.parse(readFileSync(join(context, 'package-lock.json'), 'utf8'))
  const needless = Object.keys(packages).filter(
    (path) => packages[path].dev && existsSync(join(directory, path)),
  )
  if (needless.length > 0) fail(`development packages in the image: ${needless.join(', ')}`)
  const bytes = bytesBelow(directory)
  const total = BASE_BYTES + bytes
  console.log(
    `copied files ${Math.round(bytes / MEGABYTE)} MB, with the base about ${Math.round(total / MEGABYTE)} MB`,
  )
  if (total > LIMIT_BYTES) fail('the image is larger than 200 MB')
  await tryImage(directory, image.steps)
  console.log('check:docker: it builds, starts read only, is healthy, and ends on SIGTERM')
} catch (error) {
  console.error(`check:docker: ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
