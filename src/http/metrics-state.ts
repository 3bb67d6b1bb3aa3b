/** Gauges of `metrics.ts`: read at the moment somebody asks. */
import { Gauge, type Registry } from 'prom-client'
import type { ProfileSigner } from '../domain/profile-signer.js'

/** One part of the memory of this process. */
export interface LayerState {
  readonly layer: string
  readonly entries: number
  readonly bytes: number
}

/** What is not there is not shown. */
export interface ServiceState {
  readonly version: string
  readonly providerFiles?: () => { readonly status: string }
  readonly signer?: Pick<ProfileSigner, 'state'>
  readonly isCacheThere?: () => boolean
  readonly layers?: () => readonly LayerState[]
  readonly limits?: { readonly gate: { readonly running?: number; readonly waiting?: number } }
}

/** Once per registry. */
export function showState(registry: Registry, state: ServiceState): void {
  const { version, providerFiles, signer, isCacheThere, layers, limits } = state
  const registers = [registry]
  new Gauge({
    name: 'mailscout_info',
    help: 'Always 1; the label says which version runs',
    labelNames: ['version'] as const,
    aggregator: 'first',
    registers,
  }).set({ version }, 1)
  new Gauge({
    name: 'mailscout_provider_files_ok',
    help: "0 while the operator's provider files on disk are refused and the last good ones serve",
    aggregator: 'min',
    registers,
    collect() {
      this.set(providerFiles?.().status === 'stale' ? 0 : 1)
    },
  })
  if (limits) {
    new Gauge({
      name: 'mailscout_lookups_running',
      help: 'Lookups that have a place now, those with background checks included',
      aggregator: 'sum',
      registers,
      collect() {
        this.set(limits.gate.running ?? 0)
      },
    })
    new Gauge({
      name: 'mailscout_lookups_waiting',
      help: 'Lookups that wait for a place now',
      aggregator: 'sum',
      registers,
      collect() {
        this.set(limits.gate.waiting ?? 0)
      },
    })
  }
  if (layers) showLayers(registry, layers)
  if (isCacheThere) {
    new Gauge({
      name: 'mailscout_shared_cache_up',
      help: '0 while Valkey or Redis does not answer in time and each process goes on alone',
      aggregator: 'min',
      registers,
      collect() {
        this.set(isCacheThere() ? 1 : 0)
      },
    })
  }
  if (!signer) return
  new Gauge({
    name: 'mailscout_signing_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that signs profiles ends, or the first of its chain; seconds since 1970 (R46)',
    aggregator: 'min',
    registers,
    collect() {
      this.set(Date.parse(signer.state().expiresAt) / 1000)
    },
  })
}

function showLayers(registry: Registry, layers: () => readonly LayerState[]): void {
  const about = { labelNames: ['layer'] as const, aggregator: 'sum' as const, registers: [registry] }
  new Gauge({
    ...about,
    name: 'mailscout_cache_entries',
    help: 'What is kept in memory, by layer',
    collect() {
      for (const { layer, entries } of layers()) this.set({ layer }, entries)
    },
  })
  new Gauge({
    ...about,
    name: 'mailscout_cache_bytes',
    help: 'Memory that kept things take of MAILSCOUT_CACHE_MB, by layer',
    collect() {
      for (const { layer, bytes } of layers()) this.set({ layer }, bytes)
    },
  })
}
