// What Prometheus reads at /metrics.
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = {
  text: () => Promise<string>
  contentType: string
  /** A number asked for at each reading; when it cannot be had the line is left out. */
  gauge: (name: string, help: string, read: () => number | Promise<number>) => void
  /** As a gauge, one number per label. */
  gauges: (name: string, help: string, label: string, read: () => Promise<Record<string, number>>) => void
  /** Counts and times every request by its route, never by its address. */
  observe: (app: FastifyInstance) => void
  /** A POST that was answered before the framework, by its path. */
  timed: (path: string, status: number, elapsedSeconds: number) => void
}

export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 5, 30],
    registers: [registry],
  })
  const gauges: Metrics['gauges'] = (name, help, label, read) => {
    new Gauge({
      name,
      help,
      labelNames: label ? [label] : [],
      registers: [registry],
      async collect() {
        this.reset()
        const found = await read().catch(() => ({}))
        for (const [value, number] of Object.entries(found)) this.set(label ? { [label]: value } : {}, number)
      },
    })
  }
  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    gauges,
    gauge: (name, help, read) => gauges(name, help, '', async () => ({ '': await read() })),
    timed: (route, status, elapsedSeconds) => seconds.observe({ method: 'POST', route, status }, elapsedSeconds),
    observe: (app) => {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'none'
        seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
        done()
      })
    },
  }
}

/** How long the oldest job that may start has been waiting, by queue; parked ones by number. */
export function observeJobs(metrics: Metrics, pool: pg.Pool) {
  const ask = async (sql: string) =>
    Object.fromEntries((await pool.query(sql)).rows.map(({ name, value }) => [name, Number(value)]))
  metrics.gauges('queue_age_seconds', 'Waiting time of the oldest job that may start, by queue', 'queue', () =>
    ask(
      `select name, coalesce(extract(epoch from now() - min(start_after) filter (where state in ('created', 'retry') and start_after <= now())), 0) as value
       from pgboss.job group by name`,
    ),
  )
  metrics.gauges('queue_failed', 'Jobs that were given up, by queue', 'queue', () =>
    ask(`select name, count(*) as value from pgboss.job where state = 'failed' group by name`),
  )
}
