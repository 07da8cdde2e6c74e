import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { followTime, type Instant, type TimeSource } from './clock';

/** When the machine's clock shows `real`, ours shows `virtual`; of ours, `factor` milliseconds pass in one of the machine's. */
const Course = z.object({ real: z.number().int(), virtual: z.number().int(), factor: z.number().positive() });
export type ClockCourse = z.infer<typeof Course>;

/** How long a changed file may go unnoticed. */
const LOOK_EVERY_MS = 20;

export const virtualAt = ({ real, virtual, factor }: ClockCourse, now: Instant): Instant =>
  virtual + Math.floor((now - real) * factor);

/**
 * The clock of a simulated installation: all its processes follow one file, so that a jump of the clock is an
 * edit of the file. A file that cannot be read for a moment, because it is just being written, changes nothing.
 */
export class ClockFile implements TimeSource {
  private course: ClockCourse;
  private seen: string;
  private lookedAt = 0;

  /** @throws when there is no such file, or something else in it */
  constructor(private readonly file: string) {
    this.seen = this.version();
    this.course = this.read();
  }

  get factor(): number {
    return this.course.factor;
  }

  at(real: Instant): Instant {
    if (Math.abs(real - this.lookedAt) >= LOOK_EVERY_MS) this.look(real);
    return virtualAt(this.course, real);
  }

  private look(real: Instant): void {
    this.lookedAt = real;
    try {
      const version = this.version();
      if (version === this.seen) return;
      this.course = this.read();
      this.seen = version;
    } catch {
      // Looked at again soon.
    }
  }

  private version(): string {
    const { ino, mtimeMs, size } = statSync(this.file);
    return `${ino} ${mtimeMs} ${size}`;
  }

  private read(): ClockCourse {
    return Course.parse(JSON.parse(readFileSync(this.file, 'utf8')));
  }
}

/**
 * Lets the clock of this process follow the file that `TEST_CLOCK` names, if it names one. Only with
 * `NODE_ENV=test`: a clock that anybody could set would make every deadline worthless.
 * @returns what is wrong, in one sentence, or null
 */
export function followTestClock(env: Record<string, string | undefined>): string | null {
  const file = env['TEST_CLOCK'];
  if (!file) return null;
  if (env['NODE_ENV'] !== 'test') return 'TEST_CLOCK: sets the clock for tests and is refused unless NODE_ENV is "test". Remove it.';
  try {
    followTime(new ClockFile(file));
    return null;
  } catch (error) {
    return `TEST_CLOCK: ${file} is no clock file (${error instanceof Error ? error.message : String(error)}).`;
  }
}
