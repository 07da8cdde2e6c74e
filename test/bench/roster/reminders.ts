import { planDay } from '~/notices';
import { giveDuties } from './duties';
import { TODAY } from '../population';

/** A day's planning of reminders, from nothing: whoever a step of the ladder is about, word to superiors and HR, digests. @returns microseconds for each person in the register */
export async function planReminders(people: number): Promise<number> {
  await giveDuties();
  const began = performance.now();
  const made = await planDay(TODAY);
  const took = performance.now() - began;
  if (made.reminders === 0) throw new Error('nobody was reminded');
  process.stderr.write(`  planning of a day: ${Math.round(took)} ms, ${made.reminders} reminders, ${made.escalations} escalations\n`);
  return (took * 1000) / people;
}
