import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { commitCount, outboxCounts, reader } from '~/db';

export const metrics = new Registry();
collectDefaultMetrics({ register: metrics });

export const httpDuration = new Histogram({
  name: 'shanggang_http_seconds',
  help: 'Time to answer a request, by kind of route and status',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
});

export const jobDuration = new Histogram({
  name: 'shanggang_job_seconds',
  help: 'Time that a job ran',
  labelNames: ['job'] as const,
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  registers: [metrics],
});

export const jobFailures = new Counter({
  name: 'shanggang_job_failures_total',
  help: 'Runs of a job that failed, retried or not',
  labelNames: ['job'] as const,
  registers: [metrics],
});

new Gauge({
  name: 'shanggang_outbox',
  help: 'Jobs in the outbox by status',
  labelNames: ['status'] as const,
  registers: [metrics],
  async collect() {
    for (const [status, count] of Object.entries(await outboxCounts(reader()))) this.set({ status }, count);
  },
});

let counted = 0;

new Counter({
  name: 'shanggang_commits_total',
  help: 'Transactions committed by this process',
  registers: [metrics],
  collect() {
    const now = commitCount();
    this.inc(now - counted);
    counted = now;
  },
});
