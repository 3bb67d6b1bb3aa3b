#!/usr/bin/env node
// Starts the compiled command line; kept apart from dist/ so that npm can link it before the first build.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const compiled = new URL('../dist/cli.js', import.meta.url)
if (existsSync(fileURLToPath(compiled))) {
  await import(compiled.href)
} else {
  process.stderr.write('mailscout: not built yet; run "npm run build" first\n')
  process.exitCode = 1
}
