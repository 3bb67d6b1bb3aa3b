// A worker that starts at once: answers with its process identifier, or ends as one whose settings do not fit.
import { createServer } from 'node:http'

if (process.env.UNFIT) process.exit(2)
process.on('SIGHUP', () => undefined)
createServer((_, response) => response.end(String(process.pid))).listen(Number(process.env.PORT), '127.0.0.1')
