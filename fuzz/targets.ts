/** All targets, from the cheapest to the dearest. */
import type { FuzzTarget } from './target.js'
import {
  autoconfigTarget,
  autodiscoverRequestTarget,
  autodiscoverTarget,
  jsonTarget,
  paccTarget,
  xmlTarget,
} from './targets/documents.js'
import {
  addressTarget,
  configTarget,
  loginsTarget,
  providerFileTarget,
  qrTarget,
  queryTarget,
  requestHeadersTarget,
} from './targets/input.js'
import { bodyTarget, dnsTarget, headersTarget, mailTarget } from './targets/network.js'
import { pageTarget, requestTarget } from './targets/service.js'

export const TARGETS: readonly FuzzTarget[] = [
  xmlTarget,
  jsonTarget,
  autoconfigTarget,
  autodiscoverTarget,
  autodiscoverRequestTarget,
  paccTarget,
  dnsTarget,
  mailTarget,
  headersTarget,
  bodyTarget,
  addressTarget,
  requestHeadersTarget,
  queryTarget,
  configTarget,
  providerFileTarget,
  loginsTarget,
  qrTarget,
  pageTarget,
  requestTarget,
]
