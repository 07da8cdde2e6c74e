import { z } from 'zod';
import { issueUnprinted, makeTemplate } from '~/certification';
import { database, one, reader, withoutWaitingForDisk } from '~/db';
import { seededRandom, type Random } from '~/itembank';
import { dateAt, daysBetween, startOfDate, addDays, isWorkingDay } from '~/kernel/calendar';
import { clock, hours, minutes, resetClock, setClock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { planNotices } from '~/notices';
import { StartError } from '~/start/boot';
import { drainOutbox } from '~jobs/drain';
import { personnelSystem } from './applications';
import { founded, type Founded } from './found';
import { leadersTraining } from './hours';
import { planCity, type City } from './plan';
import { waitingRoster } from './rosters';
import { announceSittings, pastSitting } from './sittings';
import { storyOfStarts } from './starts';
import { storyOfLeader, storyOfRecruit, type Scene } from './story';

export interface DemoOptions {
  people: number;
  seed?: string;
  tell: (line: string) => void;
}

const SMALLEST = 20;

/**
 * Fills an empty installation with a believable city. Nothing is painted on: the city is lived through by
 * the product's own use cases and jobs, with the clock moved through the last weeks.
 */
export async function demoCity({ people, seed = 'shanggang', tell }: DemoOptions): Promise<void> {
  const known = await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM persons');
  if (known.n > 0) {
    tell('演示数据未写入：这里已经有人员。 The demonstration was not written: there are people here already.');
    return;
  }
  if (people < SMALLEST) throw new StartError(`The demonstration needs at least ${SMALLEST} people.`);
  const now = clock.now();
  try {
    const today = dateAt(now, config().TIME_ZONE);
    const city = planCity(people, seed, today);
    const random = seededRandom(`${seed} lives`);
    const place = await withoutWaitingForDisk(database(), async () => {
      const runJobs = jobsOf(people);
      const founded = await found(city, now, runJobs);
      await live({ city, place: founded, random, now, runJobs });
      return founded;
    });
    tellSignIns(place, tell);
  } finally {
    resetClock();
  }
}

type RunJobs = () => Promise<void>;

/** In a large city credentials are printed when somebody asks for them: 10,000 PDFs take half an hour. */
const PRINTED_UP_TO = 200;
const Cleared = z.object({ assignmentId: z.string() });

const jobsOf = (people: number): RunJobs => (people > PRINTED_UP_TO ? issueOnly : () => drainOutbox());

/** Issues credentials and leaves their printing to others. */
const issueOnly: RunJobs = () => drainOutbox({ 'certification.cleared': (payload) => issueUnprinted(Cleared.parse(payload).assignmentId) });

async function found(city: City, now: Instant, runJobs: RunJobs): Promise<Founded> {
  const first = city.intakes.map((intake) => intake.madeOn).sort()[0];
  if (!first) throw new Error('a city without intakes');
  setClock(Math.min(startOfDate(first, config().TIME_ZONE) + hours(8), now));
  return founded(city, now, runJobs);
}

/** Plays all scenes in the order of time, and each working morning the reminders. */
async function live({ city, place, random, now, runJobs }: { city: City; place: Founded; random: Random; now: Instant; runJobs: RunJobs }): Promise<void> {
  const scenes = [
    ...place.recruits.flatMap((recruit) => storyOfRecruit(recruit, place, random, now)),
    ...place.leaders.flatMap((leader) => storyOfLeader(leader, place, random, now)),
    ...pastSitting(place, now, { runJobs, random }),
    ...storyOfStarts(place, now, { runJobs, issueOnly }),
    ...mornings(city, now),
  ].filter((scene) => scene.at <= now).sort((a, b) => a.at - b.at);
  for (const scene of scenes) {
    setClock(scene.at);
    await runJobs();
    await scene.play();
  }
  setClock(now);
  await announceSittings(place, now);
  await waitingRoster(city, place);
  await leadersTraining(place, now);
  await personnelSystem(place);
  must(await makeTemplate(place.administrator.by, '通用样式', null));
  await runJobs();
}

function mornings(city: City, now: Instant): Scene[] {
  const zone = config().TIME_ZONE;
  const first = city.intakes.map((intake) => intake.madeOn).sort()[0] ?? dateAt(now, zone);
  const days = Array.from({ length: daysBetween(first, dateAt(now, zone)) + 1 }, (_, i) => addDays(first, i));
  return days.filter(isWorkingDay).map((day) => {
    const at = startOfDate(day, zone) + hours(9) + minutes(1);
    return { at, play: () => planNotices(at) };
  });
}

function tellSignIns({ signIns, password }: Founded, tell: (line: string) => void): void {
  tell(`演示城市已就绪，统一密码 Demonstration city is ready; password for all of these: ${password}`);
  for (const { role, name } of signIns) tell(`  ${role}: ${name}`);
}
