import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { virtualAt, type ClockCourse } from '~/kernel/clock-file';

/** The clock that all processes of a simulated installation follow. */
export class SittingClock {
  readonly file: string;
  /** How often it has jumped. */
  jumps = 0;
  private course: ClockCourse;

  constructor(folder: string, readonly factor: number) {
    this.file = path.join(folder, 'clock.json');
    this.course = { real: Date.now(), virtual: Date.now(), factor };
    this.write();
  }

  /** What the processes' clock shows now. */
  now(): number {
    return virtualAt(this.course, Date.now());
  }

  /** Real milliseconds for virtual ones. */
  real(ms: number): number {
    return ms / this.factor;
  }

  jump(ms: number): void {
    const now = Date.now();
    this.course = { ...this.course, real: now, virtual: virtualAt(this.course, now) + ms };
    this.jumps += 1;
    this.write();
  }

  /** Put in place at once, so that nobody reads half of it. */
  private write(): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(this.course));
    renameSync(`${this.file}.new`, this.file);
  }
}
