import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, insert, one, openPersonal, reader } from '~/db';
import {
  accommodationsOf, accommodationsOfPerson, basisFor, deadlineOfBasis, endAccommodation, explainDeadline, findAttempt, giveTime, grantAccommodation, pause, resume,
} from '~/exams';
import { advanceClock, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, ProblemError } from '~/kernel/result';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, aStartedAttempt } from '../support/exams';
import { aMember } from '../support/sittings';
import { aHall, aWriterIn } from '../support/time';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const DAY = '2026-07-01';

const typed = (personId: string, given: Partial<Parameters<typeof grantAccommodation>[1]> = {}) => ({
  personId, examId: null, extraMinutes: 0, factorPercent: 150, reason: '右手骨折', validFrom: DAY, validUntil: null, ...given,
});

onEveryDatabase('an accommodation', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('lengthens the exams that somebody starts while it is valid, and is known before', async () => {
    const organisation = await anOrganisation();
    const [candidate, hr, exam, other] = [await aMember(organisation), anActor({ hr: [organisation.path] }), await anExam(), await anExam()];
    must(await grantAccommodation(hr, typed(candidate.personId, { examId: exam.id, validUntil: DAY })));
    must(await grantAccommodation(hr, typed(candidate.personId, { extraMinutes: 10, factorPercent: 100, validUntil: '2026-07-02' })));
    expect((await accommodationsOf(reader(), candidate.personId, exam.id, DAY)).map(({ factorPercent, extraMinutes }) => [factorPercent, extraMinutes])).toEqual([[150, 0], [100, 10]]);
    const start = { exam, sitting: null, roomId: null, personId: candidate.personId, startedAt: T0 };
    expect(deadlineOfBasis(await basisFor(reader(), start), []).at).toBe(T0 + minutes(100));
    const started = await aStartedAttempt({ exam, candidate });
    expect(started.deadlineAt).toBe(T0 + minutes(100));
    expect(deadlineOfBasis(await basisFor(reader(), { ...start, exam: other }), []).at).toBe(T0 + minutes(70));
    expect(await accommodationsOf(reader(), candidate.personId, exam.id, '2026-06-30')).toEqual([]);
    expect(await accommodationsOf(reader(), candidate.personId, exam.id, '2026-07-02')).toHaveLength(1);
  });

  it('counts by the day in the deployment’s zone, not by that of Greenwich', async () => {
    const organisation = await anOrganisation();
    const [candidate, exam] = [await aMember(organisation), await anExam()];
    must(await grantAccommodation(anActor({ hr: [organisation.path] }), typed(candidate.personId, { validFrom: '2026-07-02' })));
    const start = (startedAt: number) => basisFor(reader(), { exam, sitting: null, roomId: null, personId: candidate.personId, startedAt });
    expect((await start(Date.parse('2026-07-01T15:59:00Z'))).accommodations).toEqual([]);
    expect((await start(Date.parse('2026-07-01T16:00:00Z'))).accommodations).toHaveLength(1);
  });

  it('is not cut by the sitting’s end unless the author says so', async () => {
    const organisation = await anOrganisation();
    const [candidate, exam] = [await aMember(organisation), await anExam()];
    must(await grantAccommodation(anActor({ hr: [organisation.path] }), typed(candidate.personId)));
    const sitting = { id: newId(), endsAt: T0 + minutes(60), lateRule: 'cut' as const };
    const end = async (windowCutsExtra: boolean) => deadlineOfBasis(await basisFor(reader(), {
      exam: { ...exam, windowCutsExtra }, sitting, roomId: null, personId: candidate.personId, startedAt: T0 + minutes(10),
    }), []);
    expect(await end(false)).toMatchObject({ at: T0 + minutes(90), cutBy: 'window' });
    expect(await end(true)).toMatchObject({ at: T0 + minutes(60), cutBy: 'window-extra' });
  });

  it('is granted once by the same form, ended and not deleted, and does not touch who is writing', async () => {
    const organisation = await anOrganisation();
    const [candidate, hr] = [await aMember(organisation), anActor({ hr: [organisation.path] })];
    const id = newId();
    expect(await Promise.all([1, 2].map(() => grantAccommodation(hr, { ...typed(candidate.personId), id })))).toEqual([{ ok: true, value: id }, { ok: true, value: id }]);
    const started = await aStartedAttempt({ candidate });
    advanceClock(minutes(1));
    must(await endAccommodation(hr, id, '已痊愈'));
    expect(await endAccommodation(hr, id, '再')).toMatchObject({ ok: false, error: { code: 'accommodation.ended' } });
    expect((await findAttempt(reader(), started.attemptId))?.deadlineAt).toBe(T0 + minutes(90));
    expect(await accommodationsOf(reader(), candidate.personId, started.exam.id, DAY)).toEqual([]);
    expect(must(await accommodationsOfPerson(hr, candidate.personId)).accommodations).toMatchObject([{ id, endReason: '已痊愈', endedAt: T0 + minutes(1) }]);
    const Event = z.object({ body: z.string(), personal: z.string() });
    const event = await one(reader(), Event, `SELECT body, personal FROM ledger_events WHERE subject_id = $id AND kind = 'accommodation.granted'`, { id });
    expect(event.body).not.toContain('骨折');
    expect(await openPersonal(reader(), candidate.personId, event.personal)).toEqual({ reason: '右手骨折' });
  });

  it('is granted by those who are responsible for the person, and must give something', async () => {
    const [here, there] = [await anOrganisation(), await anOrganisation()];
    const candidate = await aMember(here);
    for (const actor of [anActor({ hr: [there.path] }), anActor({ invigilator: [here.path] }), candidate.actor]) {
      await expect(grantAccommodation(actor, typed(candidate.personId))).rejects.toThrow(ProblemError);
      await expect(accommodationsOfPerson(actor, candidate.personId)).rejects.toThrow(ProblemError);
    }
    const hr = anActor({ hr: [here.path] });
    expect(await grantAccommodation(hr, typed(candidate.personId, { factorPercent: 100 }))).toMatchObject({ error: { code: 'accommodation.nothing' } });
    expect(await grantAccommodation(hr, typed(candidate.personId, { validUntil: '2026-06-30' }))).toMatchObject({ error: { code: 'accommodation.order' } });
    expect(must(await grantAccommodation(anActor({ administrator: [here.path] }), typed(candidate.personId)))).not.toBe('');
  });

  it('is named in the explanation of the deadline, with all else that it is made of', async () => {
    const organisation = await anOrganisation();
    const [candidate, exam] = [await aMember(organisation), await anExam({ closesAt: T0 + minutes(50) })];
    must(await grantAccommodation(anActor({ hr: [organisation.path] }), typed(candidate.personId)));
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam, candidate });
    const actor = await aRootActor();
    setClock(T0 + minutes(10));
    must(await giveTime(actor, { attempts: [started.attemptId] }, 5, '迟到'));
    must(await pause(actor, { attempts: [started.attemptId] }, '演习'));
    setClock(T0 + minutes(20));
    must(await resume(actor, { attempts: [started.attemptId] }, '结束'));
    await inTransaction(async (tx) => {
      await insert(tx, 'incidents', [{
        id: 'i1', sitting_id: hall.sittingId, room_id: null, title: '断电', from_at: T0 + minutes(15), to_at: T0 + minutes(22), basis: 'whole', recovery_minutes: 5,
        state: 'applied', recorded_at: 1, recorded_by: 'system:a test',
      }]);
      await execute(tx, `INSERT INTO attempt_times (id, attempt_id, code, act_id, from_at, to_at, made_at) VALUES ('x', $id, 'incident', 'i1', $from, $to, $to)`,
        { id: started.attemptId, from: T0 + minutes(15), to: T0 + minutes(22) });
    });
    const explained = await explainDeadline(reader(), started.attemptId);
    expect(explained?.parts).toEqual([
      { code: 'exam', ms: minutes(60) }, { code: 'window', ms: minutes(-10) }, { code: 'factor', ms: minutes(30), percent: 150 },
      { code: 'grant', ms: minutes(5), time: '09:10' }, { code: 'pause', ms: minutes(10), from: '09:10', to: '09:20' },
      { code: 'incident', ms: minutes(2), from: '09:15', to: '09:22', title: '断电' },
    ]);
    expect(explained?.deadlineAt).toBe(T0 + minutes(97));
    await inTransaction((tx) => execute(tx, `DELETE FROM attempt_times WHERE id = 'x'`));
    await inTransaction((tx) => execute(tx, `DELETE FROM incidents WHERE id = 'i1'`));
  });
});
