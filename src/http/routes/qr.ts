/** `GET /v1/qr.svg` and `/v1/qr.png`: the address of an Apple profile, for the camera of a phone (R47). */
import type { FastifyInstance } from 'fastify'
import { writeQrPng, writeQrSvg } from '../../formats/qr.js'
import { chooseLanguage, translator } from '../../i18n/translate.js'
import type { AppParts } from '../app-parts.js'
import { clientSignal } from '../client-signal.js'
import { readEmail, readOptions } from '../discover-options.js'
import { LOOKUP_PROBLEMS, parameters, type Paths, problems, textAnswer } from '../openapi-parts.js'
import { Problem } from '../problem.js'
import { makeProfile, mobileconfigOptionsSchema } from './mobileconfig.js'

const KINDS = [
  { path: '/v1/qr.svg', mediaType: 'image/svg+xml', write: writeQrSvg },
  { path: '/v1/qr.png', mediaType: 'image/png', write: writeQrPng },
] as const

export function qrRoutes(app: FastifyInstance, parts: AppParts): void {
  for (const { path, mediaType, write } of KINDS) {
    app.get(path, async (request, reply) => {
      const options = readOptions(mobileconfigOptionsSchema, request.query)
      const email = readEmail(options.email)
      const { publicUrl } = parts
      if (publicUrl === undefined) throw new Problem('NOT_FOUND', { detail: 'detail-NO_PUBLIC_URL' })
      const text = translator(chooseLanguage(options.lang, request.headers['accept-language']))
      // A code that leads to an error would be found out only on the phone.
      const { protocol } = await makeProfile(
        { ...options, email },
        { parts, text, signal: clientSignal(reply) },
      )
      const query = new URLSearchParams({ email: email.address, protocol, lang: text.language })
      const image = write(`${publicUrl}/v1/mobileconfig?${query.toString()}`, publicUrl)
      // Only an address of hundreds of escaped octets is too long for a code.
      if (image === null) throw new Problem('PROFILE_UNSUPPORTED', { detail: 'detail-qr-too-long' })
      return reply.header('cache-control', 'no-store').type(mediaType).send(image)
    })
  }
}

function qrPath(operationId: string, mediaType: string): Paths[string] {
  return {
    get: {
      operationId,
      summary: 'QR code of the profile’s address; needs MAILSCOUT_PUBLIC_URL',
      tags: ['formats'],
      parameters: parameters(mobileconfigOptionsSchema, 'query'),
      responses: {
        '200': textAnswer('The image', mediaType),
        ...problems('EMAIL_INVALID', 'QUERY_INVALID', 'PROFILE_UNSUPPORTED', ...LOOKUP_PROBLEMS, 'NOT_FOUND'),
      },
    },
  }
}

export const qrPaths: Paths = {
  '/v1/qr.svg': qrPath('qrSvg', 'image/svg+xml'),
  '/v1/qr.png': qrPath('qrPng', 'image/png'),
}
