import t from 'tap'
import tls from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createLabCa } from './ca.js'

t.test('the CA issues certificates that a TLS client accepts for their names only', async (t) => {
  const start = performance.now()
  const ca = await createLabCa()
  const good = await ca.issue({ names: ['mail.test', '*.mail.test'] })
  t.comment(`CA and one certificate in ${(performance.now() - start).toFixed(1)} ms`)
  t.equal(await ca.issue({ names: ['mail.test', '*.mail.test'] }), good, 'kept by request')
  const expired = await ca.issue({ names: ['mail.test'], notAfter: new Date(Date.now() - 1000) })
  const own = await ca.issue({ names: ['mail.test'], selfSigned: true })

  async function attempt(certificate: { key: string; cert: string }, servername: string) {
    const server = tls.createServer(certificate).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => undefined)
    server.on('secureConnection', (socket) => socket.on('error', () => undefined))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = tls.connect({ port, host: '127.0.0.1', servername, ca: ca.pem })
    const outcome = await new Promise<string>((resolve) => {
      socket.once('secureConnect', () => {
        resolve('ok')
      })
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(String(error.code))
      })
    })
    socket.destroy()
    server.close()
    return outcome
  }
  t.equal(await attempt(good, 'mail.test'), 'ok')
  t.equal(await attempt(good, 'imap.mail.test'), 'ok')
  t.equal(await attempt(good, 'other.test'), 'ERR_TLS_CERT_ALTNAME_INVALID')
  t.equal(await attempt(expired, 'mail.test'), 'CERT_HAS_EXPIRED')
  t.equal(await attempt(own, 'mail.test'), 'DEPTH_ZERO_SELF_SIGNED_CERT')
})
