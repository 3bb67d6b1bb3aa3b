/** Whoever watches over the process must be answered above all when there is too much to do. */
export const UNLIMITED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])
