import { afterAll, beforeAll, expect, it } from 'vitest';
import { funnelCells, funnelPeople, FUNNEL_STEPS, reachedOf, recordCompletion, recordResult, recordStart, WEEK_STEPS, weekCount, weekPeople, type FunnelFilter } from '~/certification';
import { markLessonRead, openLesson } from '~/courses';
import { reader } from '~/db';
import type { Actor } from '~/identity';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { drainOutbox } from '~jobs/drain';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('the way to the start of duty', () => {
  let city: City;
  let hr: Actor;
  let filter: FunnelFilter;
  const steps = FUNNEL_STEPS.length - 1;
  const namesAt = async (least: number, most = least) => (await funnelPeople(reader(), filter, { least, most }, 1)).people.map(({ name }) => name);

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    city = await aCity();
    hr = { ...anActor({ hr: [city.bureau.path] }), accountId: 'a-hr', by: 'account:a-hr' };
    filter = { paths: [city.bureau.path], today: '2026-03-12' };
    const given = { startOfDuty: '2026-03-12' };
    const [, reading, sitting, passing, , starting] = [
      await somebody(city, { name: '刚任职', ...given }), await somebody(city, { name: '在学习', ...given }), await somebody(city, { name: '没考过', ...given }), await somebody(city, { name: '考过了', ...given }),
      await somebody(city, { name: '领导', kind: 'leader', ...given }), await somebody(city, { name: '已上岗', ...given }),
    ];
    await drainOutbox();
    const [lesson] = city.course.lessons;
    await openLesson({ personId: reading.personId, courseId: city.course.id, by: 'system:a test' }, lesson?.slug ?? '');
    must(await markLessonRead({ personId: reading.personId, courseId: city.course.id, by: 'system:a test' }, lesson?.slug ?? ''));
    await recordCompletion(await completeCourse(sitting.personId, city.course));
    await recordResult(await aResult(sitting.personId, city.exam, { percent: 30 }));
    // Passed by the exam alone: the course is still open.
    await recordResult(await aResult(passing.personId, city.exam, { percent: 88 }));
    itIs('2026-03-11');
    await recordCompletion(await completeCourse(starting.personId, city.course));
    await recordResult(await aResult(starting.personId, city.exam, { percent: 95 }));
    itIs('2026-03-12');
    must(await recordStart(hr, { id: newId(), appointmentId: starting.appointmentId, startedOn: '2026-03-12' }));
    // Appointed only now; nothing is assigned yet.
    await somebody(city, { name: '刚到', ...given });
  });
  afterAll(resetClock);

  it('has everybody at the step that they have come to, and whom nothing is asked of in none', async () => {
    expect(await Promise.all(FUNNEL_STEPS.map((_, step) => namesAt(step)))).toEqual([['刚到'], ['刚任职'], ['在学习'], ['没考过'], ['考过了'], [], ['已上岗']]);
    expect(reachedOf(await funnelCells(reader(), filter))).toEqual([6, 5, 4, 3, 2, 1, 1]);
  });

  it('has behind each number as many people as the number says', async () => {
    const reached = reachedOf(await funnelCells(reader(), filter));
    for (const [step, count] of reached.entries()) {
      const behind = await funnelPeople(reader(), filter, { least: step, most: steps }, 1);
      expect([behind.count, behind.people.length]).toEqual([count, count]);
    }
  });

  it('is narrowed by organisation, intake and start of duty, and never wider than the scope', async () => {
    const of = async (more: Partial<FunnelFilter>) => reachedOf(await funnelCells(reader(), { ...filter, ...more }))[0];
    expect(await of({ organisationId: city.bureau.id, intakeId: '', startFrom: '2026-03-09', startUntil: '2026-03-15' })).toBe(6);
    expect(await of({ startUntil: '2026-03-11' })).toBe(0);
    expect(await of({ intakeId: 'another' })).toBe(0);
    expect(await of({ paths: [(await anOrganisation({ name: '别处' })).path] })).toBe(0);
    expect(await of({ paths: [] })).toBe(0);
  });

  it('says of each week what happened in it, each person once, with the people behind it', async () => {
    const week = async (from: string, until: string) => Promise.all(WEEK_STEPS.map((step) => weekCount(reader(), step, filter.paths, { from, until })));
    expect(await week('2026-03-02', '2026-03-08')).toEqual([5, 5, 1, 2, 1, 0, 0]);
    expect(await week('2026-03-09', '2026-03-15')).toEqual([1, 0, 1, 1, 1, 1, 1]);
    const people = await weekPeople(reader(), 'passed', filter.paths, { from: '2026-03-09', until: '2026-03-15' }, { limit: 10, offset: 0 });
    expect(people.map(({ name, organisation }) => [name, organisation])).toEqual([['已上岗', '云江市数据局']]);
  });
});
