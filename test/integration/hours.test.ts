import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  adjustHours, annulHours, askToClose, compareRule, decideToClose, draftRule, enterHours, enterResult, goOnWithRun, hourAdministration, hoursOverview,
  hourStandings, openRule, proveHours, publishRule, recordCompletion, syncHourRules, type HourKind, type NewHours,
} from '~/certification';
import { enrolTx } from '~/courses';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import type { Actor } from '~/identity';
import { aRootActor } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { HOUR_RULES, shippedText } from '../support/hour-rules';

const BY = { by: 'system:a test', cause: 'import' } as const;

onEveryDatabase('learning hours', () => {
  let city: City;
  let actor: Actor;
  let other: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    city = await aCity();
    actor = await aRootActor();
    other = { ...actor, accountId: 'a-second', by: 'account:a-second' };
    expect(await syncHourRules(HOUR_RULES)).toEqual([]);
  });
  afterAll(resetClock);

  const enter = (hours: Partial<NewHours> & Pick<NewHours, 'personId' | 'kind'>) => inTransaction((tx) => enterHours(tx, {
    ref: newId(), title: { zh: '专题培训', en: 'A course' }, occurredOn: '2026-03-02', ...hours,
  }, BY));
  const ofYear = (personId: string, year = 2026) => hoursOverview(reader(), personId, year, clock.now());
  const Hundredths = z.object({ ref: z.string(), passed: z.number(), facts: z.string().transform((text) => JSON.parse(text) as { hundredths: number; void?: boolean }) });
  const proof = (personId: string) => rows(reader(), Hundredths, `SELECT ref, passed, facts FROM evidence WHERE person_id = $personId AND kind = 'hours' ORDER BY ref`, { personId });
  const events = (kind: string, personId: string) => countOf('ledger_events', 'kind = $kind AND person_id = $personId', { kind, personId });
  const finishRuns = async () => {
    for (const { id } of await rows(reader(), z.object({ id: z.string() }), `SELECT id FROM hour_runs WHERE state = 'running' ORDER BY started_at, id`)) await tenTimes(() => goOnWithRun(id));
  };
  const publish = async (written: string) => {
    const id = must(await draftRule(actor, written));
    must(await compareRule(actor, id));
    await finishRuns();
    return id;
  };

  it('a completed course is entered once, explains itself and becomes evidence once', async () => {
    const { personId } = await somebody(city, { kind: 'leader' });
    await inTransaction((tx) => enrolTx(tx, { personId, courseId: city.leaders.id, source: 'chosen', by: 'system:a test' }));
    const completionId = await completeCourse(personId, city.leaders);
    await tenTimes(() => recordCompletion(completionId));
    await tenTimes(() => proveHours(personId));
    const { entries, hundredths, byMonth } = await ofYear(personId);
    expect(entries).toMatchObject([{ kind: 'online-course', hundredths: 200, minutes: 90, rule: { label: '1' }, steps: [{ code: 'minutes', params: { minutes: 90, per: 45, rule: 'national', hundredths: 200 } }] }]);
    expect([hundredths, byMonth[2]]).toEqual([200, 200]);
    expect(await proof(personId)).toMatchObject([{ ref: entries[0]?.id, passed: 1, facts: { hundredths: 200 } }]);
    expect(await events('hours.entered', personId)).toBe(1);
  });

  it('a passed exam is entered when it is released, and taken back when the attempt is void', async () => {
    const { personId } = await somebody(city);
    const attemptId = await aResult(personId, city.exam, { percent: 80 });
    await tenTimes(() => enterResult(attemptId));
    const failed = await aResult(personId, city.exam, { percent: 10 });
    await enterResult(failed);
    expect((await ofYear(personId)).entries).toMatchObject([{ kind: 'exam-passed', hundredths: 0, steps: [{ code: 'no-rule' }] }]);
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'void' WHERE id = $attemptId`, { attemptId }));
    await tenTimes(() => enterResult(attemptId));
    expect((await ofYear(personId)).entries).toMatchObject([{ status: 'annulled', reason: 'source-gone' }]);
    expect(await events('hours.annulled', personId)).toBe(1);
  });

  it('classroom days, leave and accepted learning from elsewhere count by the rule', async () => {
    const { personId } = await somebody(city, { kind: 'staff' });
    await enter({ personId, kind: 'classroom', days: 5 });
    await enter({ personId, kind: 'classroom', days: 5, leave: { missed: 1, of: 5 } });
    await enter({ personId, kind: 'transfer', statedHours: 12.5 });
    await enter({ personId, kind: 'transfer', statedHours: 12.5, approvedBy: 'account:x' });
    const { hundredths, targets } = await ofYear(personId);
    expect(hundredths).toBe(3750 + 0 + 0 + 1250);
    expect(targets.map((target) => [target.code, target.met, target.alternatives.map((way) => way.done)])).toEqual([
      ['concentrated-year', false, [500, 5000]], ['online-year', false, [0]],
    ]);
  });

  it('entries made at once and in any order come to the same', async () => {
    const { personId } = await somebody(city, { kind: 'staff' });
    await Promise.all(Array.from({ length: 8 }, (_, i) => enter({ personId, kind: 'classroom', days: 1, ref: `at-once-${personId}-${i}` })));
    expect((await ofYear(personId)).hundredths).toBe(6000);
  });

  it('evidence follows an entry that is annulled, and ends when it counts nothing', async () => {
    const { personId } = await somebody(city, { kind: 'staff' });
    const entry = await enter({ personId, kind: 'classroom', days: 2 });
    await proveHours(personId);
    await inTransaction((tx) => annulHours(tx, 'classroom', entry?.ref ?? '', BY));
    await tenTimes(() => proveHours(personId));
    expect(await proof(personId)).toMatchObject([{ passed: 0, facts: { void: true } }]);
  });

  it('what is wrong with a new version is told with its line, and nothing is kept', async () => {
    const refused = await draftRule(actor, shippedText('national').replace('by: day', 'by: week'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'hour-rule.form', params: { field: 'convert.classroom.by' } } });
    expect(await draftRule(actor, shippedText('national'))).toMatchObject({ ok: false, error: { code: 'hour-rule.version-taken' } });
    expect(await countOf('hour_rules', "state = 'draft'")).toBe(0);
  });

  describe('a new version', () => {
    const WRITTEN = shippedText('national').replace("version: '1'", "version: '2'").replace('by: day, hours: 7.5', 'by: day, hours: 6')
      .replace('online-course: { by: minutes, minutes: 45 }', 'online-course: { by: minutes, minutes: 30 }');

    it('cannot be published before its report is there', async () => {
      const id = must(await draftRule(actor, WRITTEN.replace("version: '2'", "version: '1.5'")));
      expect(await publishRule(actor, id)).toMatchObject({ ok: false, error: { code: 'hours.report-first' } });
      await inTransaction((tx) => execute(tx, `UPDATE hour_rules SET state = 'discarded' WHERE id = $id`, { id }));
    });

    it('does exactly what its report says, in open years only; closed years keep every figure', async () => {
      const { personId: gains } = await somebody(city, { kind: 'staff' });
      const { personId: loses } = await somebody(city, { kind: 'staff' });
      await enter({ personId: gains, kind: 'online-course', minutes: 90, occurredOn: '2025-05-05' });
      await enter({ personId: gains, kind: 'online-course', minutes: 90 });
      await enter({ personId: loses, kind: 'classroom', days: 10, occurredOn: '2025-05-05' });
      await enter({ personId: loses, kind: 'classroom', days: 10 });
      must(await askToClose(actor, 2025, '年终'));
      expect(await decideToClose(actor, 2025, 'close')).toMatchObject({ ok: false, error: { code: 'hours.year-own' } });
      must(await decideToClose(other, 2025, 'close'));
      await finishRuns();

      const id = await publish(WRITTEN);
      const before = await allSums();
      const page = must(await openRule(reader(), actor, id, { page: 1 }));
      expect(page.run).toMatchObject({ state: 'done' });
      const told = new Map(page.differences?.rows.map((row) => [`${row.personId} ${row.year}`, row.after]));
      expect(told.get(`${gains} 2026`)).toBe(300);
      expect(told.get(`${loses} 2026`)).toBe(6000);
      expect([...told.keys()].filter((key) => key.endsWith('2025'))).toEqual([]);
      expect(await allSums(), 'a report changes nothing').toEqual(before);

      must(await publishRule(actor, id));
      await finishRuns();
      const after = await allSums();
      const changed = [...after].filter(([key, sum]) => before.get(key) !== sum);
      expect(new Map(changed)).toEqual(told);
      expect(page.sums?.gained).toBe(changed.reduce((sum, [key, now]) => sum + Math.max(0, now - (before.get(key) ?? 0)), 0));
      expect(page.sums?.lost).toBe(changed.reduce((sum, [key, now]) => sum + Math.max(0, (before.get(key) ?? 0) - now), 0));
      expect(await ofYear(loses, 2025)).toMatchObject({ closed: true, hundredths: 7500, entries: [{ rule: { label: '1' } }] });
      expect(await ofYear(loses, 2026)).toMatchObject({ closed: false, hundredths: 6000, entries: [{ rule: { label: '2' } }] });
      expect(await events('hours.recomputed', loses)).toBe(1);
    });

    it('counted anew once more changes nothing', async () => {
      const before = await allSums();
      const recomputed = await countOf('ledger_events', "kind = 'hours.recomputed'");
      const id = await publish(WRITTEN.replace("version: '2'", "version: '3'"));
      expect(must(await openRule(reader(), actor, id, { page: 1 })).differences?.count).toBe(0);
      must(await publishRule(actor, id));
      await finishRuns();
      expect(await allSums()).toEqual(before);
      // The entries name the new version from now on.
      expect(await countOf('ledger_events', "kind = 'hours.recomputed'")).toBeGreaterThan(recomputed);
    });

    async function allSums(): Promise<Map<string, number>> {
      const found = await rows(reader(), z.object({ person_id: z.string(), year: z.number(), n: z.number() }),
        'SELECT person_id, year, CAST(SUM(hundredths) AS INTEGER) AS n FROM hour_entries GROUP BY person_id, year');
      return new Map(found.map((row) => [`${row.person_id} ${row.year}`, row.n]));
    }
  });

  it('a closed year holds what arrives late, and only a visible adjustment with its reason changes it', async () => {
    const { personId } = await somebody(city, { kind: 'staff' });
    const late = await enter({ personId, kind: 'classroom', days: 1, occurredOn: '2025-11-11' });
    expect(late).toMatchObject({ status: 'held', hundredths: 0 });
    expect(await ofYear(personId, 2025)).toMatchObject({ closed: true, hundredths: 0 });
    expect((await hourAdministration(reader(), actor, clock.now())).held).toMatchObject([{ person_id: personId, status: 'held' }]);
    const key = newId();
    const adjustment = { key, personId, countsAs: 'classroom', occurredOn: '2025-11-11', hundredths: 600, reason: '补记一天' } as const;
    await tenTimes(() => adjustHours(actor, adjustment));
    expect(await ofYear(personId, 2025)).toMatchObject({
      hundredths: 600, entries: [{ status: 'held' }, { kind: 'adjustment' satisfies HourKind, hundredths: 600, reason: '补记一天', status: 'counted' }].sort((a, b) => (a.status < b.status ? 1 : -1)),
    });
    expect(await events('hours.adjusted', personId)).toBe(1);
    expect(await adjustHours({ ...actor, personId }, { ...adjustment, key: newId() })).toMatchObject({ ok: false, error: { code: 'hours.own' } });
  });

  it('years are closed in order, by two administrators, once they are over', async () => {
    expect(await askToClose(actor, 2026, '')).toMatchObject({ ok: false, error: { code: 'hours.year-runs' } });
    expect(await askToClose(actor, 2025, '')).toMatchObject({ ok: false, error: { code: 'hours.year-asked' } });
    expect((await one(reader(), z.object({ asked_by: z.string(), decided_by: z.string() }), 'SELECT asked_by, decided_by FROM hour_years WHERE year = 2025')))
      .toEqual({ asked_by: actor.by, decided_by: other.by });
  });

  it('the surplus that a closed year passed on stays, whatever is adjusted afterwards', async () => {
    const { personId } = await somebody(city, { kind: 'staff' });
    await inTransaction((tx) => execute(tx, `UPDATE organisations SET code = '320100' WHERE id = $id`, { id: city.bureau.id }));
    await enter({ personId, kind: 'classroom', days: 16, occurredOn: '2026-02-02' });
    expect((await ofYear(personId)).targets.find((one) => one.code === 'all-year')).toMatchObject({ met: true, surplus: 1200 });
    itIs('2027-01-10');
    must(await askToClose(actor, 2026, ''));
    must(await decideToClose(other, 2026, 'close'));
    await finishRuns();
    must(await adjustHours(actor, { key: newId(), personId, countsAs: 'classroom', occurredOn: '2026-02-02', hundredths: -5000, reason: '误记' }));
    expect((await ofYear(personId, 2027)).targets.find((one) => one.code === 'all-year')?.alternatives[0]).toMatchObject({ carried: 1200, done: 1200 });
    itIs('2026-03-02');
  });

  it('HR sees who is below a target, in its own subtree only', async () => {
    itIs('2027-03-02');
    const { personId: reached } = await somebody(city, { kind: 'staff' });
    await enter({ personId: reached, kind: 'classroom', days: 14, occurredOn: '2027-02-02' });
    const query = { paths: [city.bureau.path], year: 2027, below: true, target: 'all-year' };
    const found = await hourStandings(reader(), query, clock.now());
    expect(found.rows.map((row) => row.id)).not.toContain(reached);
    expect(found.rows.length).toBeGreaterThan(0);
    expect(found.rows.every((row) => row.below && row.organisation === '云江市数据局')).toBe(true);
    expect(found.people).toBe(found.below + 1);
    expect((await hourStandings(reader(), { ...query, paths: [] }, clock.now())).people).toBe(0);
    const [first] = found.rows;
    const own = await hoursOverview(reader(), first?.id ?? '', 2027, clock.now());
    expect(first?.targets).toEqual(own.targets);
  });
});
