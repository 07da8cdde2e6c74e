import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { one, reader, rows } from '~/db';
import { actorOfAccount, type Actor } from '~/identity';
import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, resetClock, setClock } from '~/kernel/clock';
import { config, useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import {
  askFreeze, askReport, counting, figuresOf, findAppraisal, findRequest, goOnFreezing, groupPlan, makeReport, prepare, REPORT_KINDS, reportReach, reportRows, ReportQuery, STATES, Tally, type Prepared,
  type ReportKind,
} from '~/reports';
import type { ReportRow } from '~/reports/rows/row';
import { loadContent } from '~/start/content';
import { demoCity } from '~/start/demo';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { appointmentsOn, enrolmentsOn, headsOf, hoursOf, resultsOn, standingsOn, wholeLedger, ZONE, type TheAppointment, type Told } from '../support/ledger-city';
import { cellsOf } from '../support/workbook';

/** A line as this test reckons it from the ledger alone. */
interface Reckoned {
  personId: string;
  organisationId: string;
  kind: string;
  state: string;
  figures: string;
  on: string | null;
  measure: number | null;
}

const told = ({ personId, organisationId, state, figures }: Pick<Reckoned, 'personId' | 'organisationId' | 'state' | 'figures'>): string => `${personId} ${organisationId} ${state} ${figures}`;

/** Of several appointments of somebody the latest: nobody in the city has more than one main one. */
function oneEach(appointments: readonly TheAppointment[]): TheAppointment[] {
  const each = new Map<string, TheAppointment>();
  for (const one of [...appointments].sort((a, b) => (a.startOfDuty < b.startOfDuty ? -1 : 1))) each.set(one.personId, one);
  return [...each.values()];
}

function reckoned(kind: ReportKind, ledger: readonly Told[], on: PlainDate): Reckoned[] {
  const appointments = appointmentsOn(ledger, on);
  const people = oneEach(appointments);
  const about = (id: string) => appointments.filter((one) => one.id === id);
  const of = (personId: string) => people.filter((one) => one.personId === personId);
  switch (kind) {
    case 'clearance': {
      const standings = standingsOn(ledger, on).filter(({ gate }) => gate === 'before-start-of-duty');
      // One programme opens the start of duty here: no worst of several has to be found.
      expect(new Set(standings.map(({ appointmentId }) => appointmentId)).size).toBe(standings.length);
      return standings.flatMap((one) => about(one.appointmentId).map((post) => ({ ...post, state: one.state, figures: one.dueOn, on: one.startOfDuty, measure: null })));
    }
    case 'overdue': return standingsOn(ledger, on).filter(({ state }) => state === 'overdue').flatMap((one) => about(one.appointmentId).map((post) => {
      const days = Math.round((Date.parse(on) - Date.parse(one.dueOn)) / 86_400_000);
      return { ...post, state: days <= 7 ? 'week' : days <= 30 ? 'month' : 'longer', figures: String(days), on: one.dueOn, measure: days };
    }));
    case 'completion': return enrolmentsOn(ledger, on).flatMap((one) => of(one.personId).map((post) => ({
      ...post, state: one.completedOn !== null ? 'completed' : one.lessonsRead > 0 ? 'under-way' : 'not-begun', figures: `${one.lessonsRead} ${one.enrolledOn} ${one.completedOn ?? '-'}`,
      on: one.completedOn ?? one.enrolledOn, measure: null,
    })));
    case 'results': return resultsOn(ledger, on).flatMap((one) => of(one.personId).map((post) => ({
      ...post, state: one.passed ? 'passed' : 'failed', figures: `${one.percent.toFixed(6)} ${one.releasedOn}`, on: one.releasedOn, measure: one.percent,
    })));
    case 'hours': return people.map((post) => {
      const { hundredths, reached } = hoursOf(ledger, post.personId, on, post.kind === 'leader');
      return { ...post, state: reached ? 'reached' : 'below', figures: String(hundredths), on: null, measure: hundredths };
    });
  }
}

function figuresIn(kind: ReportKind, { cells, measure }: ReportRow): string {
  const cell = (code: string): string => { const value = cells[code]; return typeof value === 'string' || typeof value === 'number' ? String(value) : '-'; };
  switch (kind) {
    case 'clearance': return cell('due-on');
    case 'overdue': return cell('days-overdue');
    case 'completion': return `${cell('lessons-read')} ${cell('enrolled-on')} ${cell('completed-on')}`;
    case 'results': return `${(measure ?? 0).toFixed(6)} ${cell('released-on')}`;
    case 'hours': return cell('hours');
  }
}

async function allRows(prepared: Prepared): Promise<ReportRow[]> {
  const all: ReportRow[] = [];
  for await (const { rows: some } of reportRows(reader(), prepared)) all.push(...some);
  return all;
}

const NOW = Date.parse('2026-12-01T10:00:00+08:00');
const TODAY = dateAt(NOW, ZONE);
/** Today by the tables; the days before by what the ledger tells of them. */
const DAYS = [TODAY, addDays(TODAY, -1), addDays(TODAY, -4), addDays(TODAY, -9), addDays(TODAY, -16), addDays(TODAY, -30)];

onEveryDatabase('every figure of the demonstration city', () => {
  let ledger: Told[];
  let hr: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    setClock(NOW);
    await loadContent(config(), () => undefined);
    await demoCity({ people: 60, tell: () => undefined });
    setClock(NOW);
    ledger = await wholeLedger();
    const account = await one(reader(), z.object({ account_id: z.string() }), `SELECT account_id FROM sign_in_names WHERE name = 'renshi'`);
    const actor = await actorOfAccount(reader(), account.account_id, NOW);
    if (!actor) throw new Error('the city has no HR officer');
    hr = actor;
  }, 600_000);
  afterAll(() => resetClock());

  const prepared = async (query: Partial<ReportQuery> & Pick<ReportQuery, 'kind'>): Promise<Prepared> => must(await prepare(reader(), ReportQuery.parse(query), reportReach(hr), clock.now()));

  describe.each(REPORT_KINDS)('in the report of %s', (kind) => {
    it.each(DAYS)('is what the ledger gives on %s', async (on) => {
      const found = await allRows(await prepared({ kind, on }));
      const expected = reckoned(kind, ledger, on);
      expect(found.map((row) => told({ ...row, figures: figuresIn(kind, row) })).sort()).toEqual(expected.map(told).sort());
      if (on === TODAY) expect(expected.length).toBeGreaterThan(5);
    });

    it('adds up by organisation, kind and month', async () => {
      const expected = reckoned(kind, ledger, TODAY);
      const heads = headsOf(ledger);
      const keys = { organisation: (one: Reckoned) => heads.get(one.organisationId) ?? '', kind: (one: Reckoned) => one.kind, month: (one: Reckoned) => one.on?.slice(0, 7) ?? '' } as const;
      for (const groupBy of ['organisation', 'kind', 'month'] as const) {
        const ready = await prepared({ kind, layout: 'groups', groupBy });
        const tally = new Tally(groupPlan(ready.query, ready.units, ready.root));
        for (const row of await allRows(ready)) tally.add(row);
        const summary = tally.summary(false);
        const shown = Object.fromEntries(summary.groups.map((group) => [group.key, group.cells.map((cell) => (cell.kind === 'count' ? cell.value : null))]));
        const wanted: Record<string, number[]> = {};
        for (const line of expected) {
          const row = (wanted[keys[groupBy](line)] ??= STATES[kind].map(() => 0));
          row[(STATES[kind] as readonly string[]).indexOf(line.state)] = (row[(STATES[kind] as readonly string[]).indexOf(line.state)] ?? 0) + 1;
        }
        expect(shown).toEqual(wanted);
        expect(summary.all).toEqual({ kind: 'count', value: expected.length });
        const measured = expected.flatMap(({ measure }) => (measure === null ? [] : [measure]));
        if (measured.length > 0) expect(summary.mean).toBeCloseTo(measured.reduce((a, b) => a + b, 0) / measured.length, 6);
      }
    });

    it('stands in the files, line by line', async () => {
      const expected = reckoned(kind, ledger, TODAY);
      const names = new Map((await rows(reader(), z.object({ id: z.string(), name: z.string() }), 'SELECT id, name FROM persons')).map(({ id, name }) => [id, name]));
      const wanted = expected.map(({ personId }) => names.get(personId) ?? '').sort();
      for (const format of ['csv', 'xlsx'] as const) {
        const id = must(await askReport(hr, { name: kind, query: ReportQuery.parse({ kind }), format, lang: 'zh', keepDays: 1 }));
        await makeReport(id, clock.now());
        const made = await findRequest(reader(), id);
        const file = await readFile(path.join(config().DATA_DIR, 'files', made?.fileKey ?? ''));
        const [, ...lines]: unknown[][] = format === 'csv' ? parse(file, { bom: true }) : cellsOf(file);
        expect(lines.map(([name]) => String(name)).sort()).toEqual(wanted);
        expect(made?.lines).toBe(wanted.length);
      }
    });
  });

  it('frozen for appraisals is what the ledger gives, of everybody and of every unit', async () => {
    const root = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM organisations WHERE parent_id IS NULL');
    for (const on of [TODAY, addDays(TODAY, -9)]) {
      const id = must(await askFreeze(hr, { organisationId: root.id, year: 2026, on }));
      await goOnFreezing(id);
      expect((await findAppraisal(reader(), id))?.state).toBe('frozen');
      const appointments = appointmentsOn(ledger, on);
      const people = oneEach(appointments);
      const standings = standingsOn(ledger, on).filter(({ appointmentId }) => appointments.some((post) => post.id === appointmentId));
      const found = await figuresOf(reader(), id, 'person', people.map(({ personId }) => personId));
      const expected = new Map(people.map((post) => {
        const own = standings.filter(({ personId }) => personId === post.personId);
        const needed = own.filter((one) => one.gate === 'before-start-of-duty' && one.startOfDuty <= on);
        const { hundredths, reached } = hoursOf(ledger, post.personId, on, post.kind === 'leader');
        return [post.personId, { post, hundredths, reached, certified: needed.filter(({ state }) => state === 'may-start').length, needed: needed.length, overdue: own.filter(({ state }) => state === 'overdue').length, assigned: own.length }];
      }));
      const figure = (figures: readonly { code: string; part: number; whole: number | null }[] | undefined, code: string) => { const known = figures?.find((one) => one.code === code); return known ? [known.part, known.whole] : []; };
      for (const [personId, want] of expected) {
        const own = found.get(personId)?.map((one) => ({ code: one.code, ...counting(one) }));
        expect([figure(own, 'hours'), figure(own, 'certified'), figure(own, 'overdue')]).toEqual([[want.hundredths, null], [want.certified, want.needed], [want.overdue, want.assigned]]);
        const [met, targets] = figure(own, 'targets');
        expect(met === targets).toBe(want.reached);
      }
      const heads = headsOf(ledger);
      const units = await figuresOf(reader(), id, 'unit', [...new Set(heads.values())]);
      for (const [unit, figures] of units) {
        const own = [...expected.values()].filter(({ post }) => unit === root.id || heads.get(post.organisationId) === unit);
        const total = (of: (one: (typeof own)[number]) => number) => own.reduce((sum, one) => sum + of(one), 0);
        const shown = figures.map((one) => ({ code: one.code, ...counting(one) }));
        expect(Object.fromEntries(shown.map(({ code, part, whole }) => [code, [part, whole]]))).toEqual({
          'people': [own.length, null], 'hours-reached': [own.filter(({ reached }) => reached).length, own.length], 'hours-mean': [total(({ hundredths }) => hundredths), own.length],
          'certified': [total(({ certified }) => certified), total(({ needed }) => needed)], 'overdue': [own.filter(({ overdue }) => overdue > 0).length, own.filter(({ assigned }) => assigned > 0).length],
        });
      }
    }
  });
});
