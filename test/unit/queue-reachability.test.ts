import { describe, expect, it, vi } from 'vitest';
import { QueueUnreachable } from '~jobs/queue';
import { messageOf } from '~jobs/queue/contract';
import { withSearchPath } from '~jobs/queue/postgres';
import { Reachability } from '~jobs/queue/reachability';
import { WORKER_TIMES } from '~jobs/queue/store';

function reachability() {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const clock = { now: 0 };
  const onBack = vi.fn();
  return { log, clock, onBack, reach: new Reachability('Redis, cache/0', { log, now: () => clock.now }, onBack) };
}

describe('whether the queue is reachable', () => {
  it('is logged once for each change, not for each attempt', () => {
    const { reach, log, onBack } = reachability();
    [1, 2, 3].forEach(() => reach.down(new Error('refused')));
    expect(log.error).toHaveBeenCalledOnce();
    expect(log.error).toHaveBeenCalledWith(
      { queue: 'Redis, cache/0', reason: 'refused' },
      expect.stringContaining('cannot be reached'),
    );
    [1, 2, 3].forEach(() => reach.up());
    expect(log.info).toHaveBeenCalledOnce();
    expect(onBack).toHaveBeenCalledOnce();
    reach.down(new Error('refused'));
    expect(log.error).toHaveBeenCalledTimes(2);
    expect(reach.reason).toEqual(new Error('refused'));
  });

  it('is an opening, not a return, when it was never away', () => {
    const { reach, log, onBack } = reachability();
    reach.up();
    expect(log.info).toHaveBeenCalledWith({ queue: 'Redis, cache/0' }, 'The job queue is open');
    expect(onBack).not.toHaveBeenCalled();
    expect(reach.reason).toBeNull();
  });

  it('lets the same trouble be logged once a minute', () => {
    const { reach, log, clock } = reachability();
    for (const at of [0, 1_000, 59_999, 60_000, 61_000]) {
      clock.now = at;
      reach.trouble(new Error('could not renew lock'));
    }
    reach.trouble(new Error('something else'));
    expect(log.warn).toHaveBeenCalledTimes(3);
  });

  it('names all addresses that were tried when an error has no words of its own', () => {
    const tried = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], '');
    expect(messageOf(tried)).toBe('::1 refused; 127.0.0.1 refused');
    expect(new QueueUnreachable(tried).message).toBe('The job queue cannot be reached: ::1 refused; 127.0.0.1 refused');
    expect(messageOf('just text')).toBe('just text');
  });
});

describe('the address of PostgreSQL', () => {
  it.each([
    { name: 'gets the search path', url: 'postgres://a@h/b', to: 'postgres://a@h/b', options: '-c search_path=bullmq' },
    {
      name: 'keeps its own options before it',
      url: 'postgres://a@h/b?options=-c%20statement_timeout%3D5s&sslmode=require',
      to: 'postgres://a@h/b?sslmode=require',
      options: '-c statement_timeout=5s -c search_path=bullmq',
    },
    {
      name: 'may be a socket',
      url: '/var/run/postgresql b',
      to: '/var/run/postgresql b',
      options: '-c search_path=bullmq',
    },
  ])('$name', ({ url, to, options }) => {
    expect(withSearchPath(url)).toEqual({ connectionString: to, options });
  });
});

describe("the workers' times", () => {
  it('take up the jobs of a killed process within a minute', () => {
    expect(WORKER_TIMES.lockDuration + 2 * WORKER_TIMES.stalledInterval).toBeLessThanOrEqual(60_000);
  });
});
