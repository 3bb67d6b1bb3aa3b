/** The server process: configuration, parts, listening, and an orderly end on SIGTERM. */
import { serveProcesses } from './processes.js'

const code = await serveProcesses()
// Nothing that is still open, such as a lookup for the cache alone, may hold up the end.
process.exit(code)
