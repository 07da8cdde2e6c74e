import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  allRecruits, assignFor, issueCredential, mayCheck, recordCompletion, recordResult, recruitCounts, recruitList,
  type RecruitFilter,
} from '~/certification';
import { markLessonRead } from '~/courses';
import { one, reader } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { anOrganisation } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City, revokedByTwo } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('the list of recruits', () => {
  let city: City;
  let filter: RecruitFilter;
  const people: Record<string, { personId: string; appointmentId: string }> = {};

  /** Seven people, each at another point of the way; it is a Tuesday. */
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    const other = { ...city, bureau: await anOrganisation({ name: '云江市财政局' }) };
    const make = async (name: string, startOfDuty: string, from: City = city) => {
      const person = await somebody(from, { name, startOfDuty });
      await assignFor(person.appointmentId);
      people[name] = person;
      return person.personId;
    };
    await make('何未', '2026-06-10');
    await make('林半', '2026-06-22');
    const failed = await make('赵败', '2026-06-17');
    const cleared = await make('钱成', '2026-06-15');
    const revoked = await make('孙撤', '2026-06-16');
    await make('李外', '2026-06-11', other);
    itIs('2026-06-08');
    must(await markLessonRead({ personId: people['林半']?.personId ?? '', courseId: city.course.id, by: 'system:a test' }, '01-first'));
    await recordCompletion(await completeCourse(failed, city.course));
    await recordResult(await aResult(failed, city.exam, { percent: 30 }));
    for (const personId of [cleared, revoked]) {
      await recordCompletion(await completeCourse(personId, city.course));
      await recordResult(await aResult(personId, city.exam, { percent: 80 }));
      const { number } = await credentialOf(personId);
      if (personId === revoked) await revokedByTwo(number, 'misconduct', '冒名顶替。');
    }
    itIs('2026-06-09');
    filter = { paths: [city.bureau.path], today: '2026-06-09' };
  });
  afterAll(resetClock);

  async function credentialOf(personId: string): Promise<{ number: string }> {
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    await issueCredential(id);
    return one(reader(), z.object({ number: z.string() }), 'SELECT number FROM credentials WHERE person_id = $personId', { personId });
  }
  const names = async (given: Partial<RecruitFilter>) => (await recruitList(reader(), { ...filter, ...given, page: 1 }, clock.now())).recruits.map((one) => one.name);

  it('shows first who may not start, in the order of the start of duty, then who may', async () => {
    expect(await names({})).toEqual(['何未', '孙撤', '赵败', '林半', '钱成']);
  });

  it('says of each why', async () => {
    const { recruits } = await recruitList(reader(), { ...filter, page: 1 }, clock.now());
    expect(Object.fromEntries(recruits.map((one) => [one.name, [one.status, one.reason?.code ?? null, one.done]]))).toEqual({
      何未: ['overdue', 'course-not-begun', 0],
      孙撤: ['revoked', 'credential-revoked', 2],
      赵败: ['not-yet', 'exam-failed', 1],
      林半: ['not-yet', 'course-lessons-left', 0],
      钱成: ['may-start', null, 2],
    });
  });

  it('asks a fixed number of queries, however many people are on the page', async () => {
    const query = vi.spyOn(reader().sequelize, 'query');
    const { recruits } = await recruitList(reader(), { ...filter, page: 1 }, clock.now());
    expect(recruits.length).toBeGreaterThan(4);
    expect(query).toHaveBeenCalledTimes(5);
    query.mockRestore();
  });

  it('counts them, and those in scope only', async () => {
    expect(await recruitCounts(reader(), filter)).toEqual({ mayStart: 1, underWaiver: 0, notYet: 4, overdue: 1, expired: 0 });
    expect(await recruitCounts(reader(), { ...filter, paths: [] })).toEqual({ mayStart: 0, underWaiver: 0, notYet: 0, overdue: 0, expired: 0 });
    expect(await names({ paths: [] })).toEqual([]);
  });

  it('filters by status, name and number', async () => {
    expect(await names({ status: 'overdue' })).toEqual(['何未']);
    expect(await names({ status: 'may-start' })).toEqual(['钱成']);
    expect(await names({ status: 'not-yet' })).toEqual(['何未', '孙撤', '赵败', '林半']);
    expect(await names({ search: '半' })).toEqual(['林半']);
    expect(await names({ search: '%' })).toEqual([]);
    const { value } = await one(reader(), z.object({ value: z.string() }), 'SELECT value FROM identifiers WHERE person_id = $id', { id: people['赵败']?.personId ?? '' });
    expect(await names({ search: value.toLowerCase() })).toEqual(['赵败']);
  });

  it('exports what it lists', async () => {
    const exported = [];
    for await (const step of allRecruits(reader(), filter, clock.now())) exported.push(...step.map((one) => one.name));
    expect(exported).toEqual(await names({}));
  });

  it('answers the last page when a later one is asked for', async () => {
    expect(await recruitList(reader(), { ...filter, page: 99 }, clock.now())).toMatchObject({ page: 1, pageCount: 1, total: 5 });
  });

  it('refuses to look up credentials for an address that asks too often', async () => {
    const outcomes = [];
    for (let i = 0; i < 65; i += 1) outcomes.push((await mayCheck('10.9.8.7')).ok);
    expect(outcomes.filter(Boolean)).toHaveLength(60);
    expect((await mayCheck('10.9.8.8')).ok).toBe(true);
  });
});
