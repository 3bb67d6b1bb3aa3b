/** The server process: configuration, parts, listening, and an orderly end on SIGTERM. */
import { serveProcesses } from './processes.js'

process.exitCode = await serveProcesses()
