/** The server process: configuration, parts, listening, and an orderly end on SIGTERM. */
import { serve } from './serve.js'

process.exitCode = await serve()
