import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsOf } from '~/audit';
import { alignBeneath, assignFor, placingEffects } from '~/certification';
import { inTransaction, one, reader, rows } from '~/db';
import { accountRoles, type Actor } from '~/identity';
import { useConfig } from '~/kernel/config';
import { clock, resetClock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import {
  appoint, carryOutChange, changesOf, createOrganisation, createPerson, createPureAccount, figuresBeneath, findChange, findOrganisation, grantRoleTo, organisationsOn,
  openChanges, organisationTree, planChange, PLACED_ON_DAY, renameOrganisation, reopenOrganisation, sweepChanges, withdrawChange, type ChangeGiven, type Organisation,
} from '~/people';
import { anActor, anOrganisation, aRootActor, aSignedInAccount } from '../support/actors';
import { aCity, itIs, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aDraft, publish } from '../support/programmes';

const BY = { by: 'system:a test' } as const;
const found = async (one: Organisation): Promise<Organisation> => (await findOrganisation(reader(), one.id)) ?? one;
const pathOf = async (one: Organisation): Promise<string> => (await found(one)).path;

onEveryDatabase('organisations over time', () => {
  let root: Actor;
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    root = await aRootActor();
    city = await aCity();
  });
  beforeEach(() => itIs('2026-03-02'));
  afterAll(resetClock);

  /** Two counties; the first has a bureau with an office beneath it. */
  async function aTree() {
    const [county, other] = [await anOrganisation(), await anOrganisation()];
    const bureau = await anOrganisation({ parent: county });
    const office = await anOrganisation({ parent: bureau });
    return { county, other, bureau, office };
  }

  const move = (unit: Organisation, target: Organisation, effectiveOn = '2026-03-02', more: Partial<ChangeGiven> = {}) =>
    planChange(root, { kind: 'move', organisationId: unit.id, targetId: target.id, effectiveOn, roles: 'keep', reason: '机构改革', ...more });
  const merge = (unit: Organisation, target: Organisation, effectiveOn = '2026-03-02', more: Partial<ChangeGiven> = {}) =>
    move(unit, target, effectiveOn, { kind: 'merge', roles: 'end', ...more });

  const close = (unit: Organisation, effectiveOn = '2026-03-02', actor: Actor = root) =>
    planChange(actor, { kind: 'close', organisationId: unit.id, targetId: '', effectiveOn, roles: 'end', reason: '撤销' });

  const aMember = (unit: Organisation): Promise<{ personId: string; appointmentId: string }> => inTransaction(async (tx) => {
    const personId = must(await createPerson(tx, BY, { name: '何子墨' }));
    return { personId, appointmentId: await appoint(tx, BY, { personId, organisationId: unit.id, kind: 'staff', post: '科员', startOfDuty: '2026-01-05' }) };
  });

  it('stand where they stood until the day of the move, then elsewhere with everything beneath', async () => {
    const { county, other, bureau, office } = await aTree();
    const id = must(await move(bureau, other, '2026-04-01'));
    itIs('2026-03-31', 23);
    await carryOutChange(id);
    await sweepChanges(clock.now());
    expect(await pathOf(office)).toBe(office.path);
    itIs('2026-04-01', 0);
    await sweepChanges(clock.now());
    expect(await pathOf(bureau)).toBe(`${other.path}${bureau.id}/`);
    expect(await pathOf(office)).toBe(`${other.path}${bureau.id}/${office.id}/`);
    expect((await findChange(reader(), id))?.state).toBe('done');
    const placeOn = async (day: string) => (await organisationsOn(reader(), day)).find((one) => one.id === office.id)?.path;
    expect(await placeOn('2026-03-31')).toBe(office.path);
    expect(await placeOn('2026-04-01')).toBe(`${other.path}${bureau.id}/${office.id}/`);
    expect((await organisationTree(reader(), [county.path])).map((one) => one.id)).toEqual([county.id]);
    const [told] = await eventsOf(reader(), { kind: 'organisation', id: bureau.id });
    expect(told).toMatchObject({ kind: 'organisation.moved', by: root.by, body: { fromParentId: county.id, parentId: other.id, on: '2026-04-01' } });
  });

  it('are moved once, however often the job runs', async () => {
    const { other, bureau } = await aTree();
    const id = must(await move(bureau, other, '2026-03-03'));
    itIs('2026-03-03');
    await Promise.all(Array.from({ length: 8 }, () => carryOutChange(id)));
    expect((await eventsOf(reader(), { kind: 'organisation', id: bureau.id })).filter((event) => event.kind === 'organisation.moved')).toHaveLength(1);
  });

  it('cannot go where that makes no sense, each with its own sentence', async () => {
    const { county, other, bureau, office } = await aTree();
    const refusal = async (asked: ReturnType<typeof move>) => {
      const answer = await asked;
      return answer.ok ? 'done' : `${answer.error.code} ${answer.error.field ?? '-'}`;
    };
    expect(await refusal(move(bureau, office))).toBe('organisation.own-subtree targetId');
    expect(await refusal(merge(bureau, bureau))).toBe('organisation.own-subtree targetId');
    expect(await refusal(move(bureau, county))).toBe('organisation.same-parent targetId');
    expect(await refusal(move(bureau, other, '2026-03-01'))).toBe('organisation.date-past effectiveOn');
    expect(await refusal(move(await found({ ...bureau, id: (await organisationTree(reader()))[0]?.id ?? '' }), other))).toBe('organisation.root -');
    must(await move(bureau, other, '2026-05-01'));
    expect(await refusal(move(bureau, other, '2026-06-01'))).toBe('organisation.change-planned -');
    expect(await refusal(merge(other, county, '2026-06-01'))).toBe('organisation.awaits-others -');
    expect(await refusal(close(county))).toBe('organisation.has-units -');
  });

  it('say on the day that a plan has become impossible, and do nothing', async () => {
    const { county, other, bureau } = await aTree();
    const id = must(await move(bureau, other, '2026-05-01'));
    // Meanwhile the target went beneath what was to go under it.
    must(await move(other, bureau));
    itIs('2026-05-01');
    await sweepChanges(clock.now());
    expect(await findChange(reader(), id)).toMatchObject({ state: 'failed', problem: 'organisation.own-subtree' });
    expect(await pathOf(bureau)).toBe(`${county.path}${bureau.id}/`);
  });

  it('stay where they are when a plan is taken back before its day', async () => {
    const { other, bureau } = await aTree();
    const id = must(await move(bureau, other, '2026-04-01'));
    must(await withdrawChange(root, id, '暂缓'));
    itIs('2026-04-02');
    await carryOutChange(id);
    expect(await pathOf(bureau)).toBe(bureau.path);
    expect(await withdrawChange(root, id, '再次')).toMatchObject({ error: { code: 'organisation.change-over' } });
  });

  it('go into another with their people, units and, if so decided, roles; closed, never deleted', async () => {
    const { county, other, bureau, office } = await aTree();
    const { personId, appointmentId } = await aMember(bureau);
    const { accountId } = await aSignedInAccount({ role: 'hr', organisationId: bureau.id });
    itIs('2026-03-10');
    must(await merge(bureau, other, '2026-03-10', { roles: 'carry' }));
    expect(await found(bureau)).toMatchObject({ closedOn: '2026-03-10', parentId: other.id, path: `${other.path}${bureau.id}/` });
    expect(await pathOf(office)).toBe(`${other.path}${office.id}/`);
    const Row = z.object({ organisation_id: z.string() });
    expect(await rows(reader(), Row, 'SELECT organisation_id FROM appointments WHERE id = $appointmentId', { appointmentId })).toEqual([{ organisation_id: other.id }]);
    expect((await accountRoles(reader(), accountId)).map((role) => role.organisation_id)).toEqual([other.id]);
    // A report as of the day before finds the former organisation under its former superior.
    const Placed = z.object({ id: z.string(), path: z.string() });
    const on = (day: string) => one(reader(), Placed, `SELECT o.id, o.path FROM appointments ap ${PLACED_ON_DAY} WHERE ap.person_id = $personId`, { day, personId });
    expect(await on('2026-03-09')).toEqual({ id: bureau.id, path: `${county.path}${bureau.id}/` });
    expect(await on('2026-03-10')).toEqual({ id: other.id, path: other.path });
    expect((await organisationsOn(reader(), '2026-03-10')).some((unit) => unit.id === bureau.id)).toBe(false);
    // Nothing new belongs to it.
    expect(await createOrganisation(root, { parentId: bureau.id, code: 'LATE', name: '迟到' })).toMatchObject({ error: { code: 'organisation.closed' } });
    expect(await reopenOrganisation(root, { id: bureau.id, reason: '误' })).toMatchObject({ error: { code: 'organisation.merged' } });
  });

  it('end the roles over what is merged unless they are carried over', async () => {
    const { other, bureau } = await aTree();
    const { accountId } = await aSignedInAccount({ role: 'administrator', organisationId: bureau.id });
    must(await merge(bureau, other));
    expect(await accountRoles(reader(), accountId)).toEqual([]);
  });

  it('can go into the one above them', async () => {
    const { county, bureau, office } = await aTree();
    const { appointmentId } = await aMember(bureau);
    must(await merge(bureau, county));
    expect(await pathOf(office)).toBe(`${county.path}${office.id}/`);
    expect(await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM appointments WHERE id = '${appointmentId}' AND organisation_id = '${county.id}'`)).toEqual({ n: 1 });
  });

  it('are closed when empty, and opened again when that was a mistake', async () => {
    const { office, bureau } = await aTree();
    await aMember(bureau);
    expect(await close(bureau)).toMatchObject({ error: { code: 'organisation.has-units', params: { units: 1 } } });
    must(await close(office));
    expect(await close(bureau)).toMatchObject({ error: { code: 'organisation.has-people', params: { people: 1 } } });
    must(await reopenOrganisation(root, { id: office.id, reason: '误操作' }));
    expect((await organisationTree(reader(), [bureau.path])).map((one) => one.id)).toContain(office.id);
  });

  it('are closed on the day for which it was decided, if they are empty by then', async () => {
    const { other, bureau, office } = await aTree();
    const { appointmentId } = await aMember(office);
    const [early, late] = [must(await close(office, '2026-04-01')), must(await close(bureau, '2026-04-02'))];
    expect((await openChanges(reader(), [bureau.path])).map((one) => [one.kind, one.effectiveOn])).toEqual([['close', '2026-04-01'], ['close', '2026-04-02']]);
    expect(await merge(other, office, '2026-04-05')).toMatchObject({ error: { code: 'organisation.target-leaves' } });
    itIs('2026-04-01');
    await sweepChanges(clock.now());
    expect(await findChange(reader(), early)).toMatchObject({ state: 'failed', problem: 'organisation.has-people' });
    expect((await found(office)).closedOn).toBeNull();
    await inTransaction(async (tx) => { await rows(tx, z.object({}).loose(), `UPDATE appointments SET ended_on = '2026-04-01' WHERE id = $appointmentId RETURNING id`, { appointmentId }); });
    must(await close(office, '2026-04-01'));
    itIs('2026-04-02');
    await sweepChanges(clock.now());
    expect((await findChange(reader(), late))?.state).toBe('done');
    expect([(await found(office)).closedOn, (await found(bureau)).closedOn]).toEqual(['2026-04-01', '2026-04-02']);
    expect((await eventsOf(reader(), { kind: 'organisation', id: bureau.id }))[0]).toMatchObject({ kind: 'organisation.closed', body: { on: '2026-04-02' } });
  });

  it('get another code, which nobody else has, and say so in the ledger', async () => {
    const { bureau, office } = await aTree();
    expect(await renameOrganisation(root, { ...bureau, code: office.code.toLowerCase() })).toMatchObject({ error: { code: 'field.taken', field: 'code' } });
    expect(await renameOrganisation(root, { ...bureau, code: 'a/b' })).toMatchObject({ error: { code: 'organisation.code-form', field: 'code' } });
    must(await renameOrganisation(root, { ...bureau, code: `n-${bureau.code}` }));
    expect((await found(bureau)).code).toBe(`n-${bureau.code}`);
    expect((await eventsOf(reader(), { kind: 'organisation', id: bureau.id }))[0]).toMatchObject({ kind: 'organisation.recoded', body: { from: bureau.code, to: `n-${bureau.code}` } });
    expect(await renameOrganisation(root, { ...bureau, name: '迟到的名称' })).toMatchObject({ error: { code: 'conflict.changed' } });
  });

  it('keep what they were called on a day', async () => {
    const { bureau } = await aTree();
    itIs('2026-06-01');
    must(await renameOrganisation(root, { id: bureau.id, name: '市大数据局', version: bureau.version }));
    const nameOn = async (day: string) => (await organisationsOn(reader(), day)).find((one) => one.id === bureau.id)?.name;
    expect([await nameOn('2026-05-31'), await nameOn('2026-06-01')]).toEqual([bureau.name, '市大数据局']);
    // A name from an earlier day on leaves none for later, as when a demonstration lives through its past.
    itIs('2026-05-20');
    must(await renameOrganisation(root, { id: bureau.id, name: '市数据局', version: bureau.version + 1 }));
    expect([await nameOn('2026-05-20'), await nameOn('2026-06-01')]).toEqual(['市数据局', '市数据局']);
  });

  it('take the programmes of the subtree along, and only who is touched is asked anew', async () => {
    const { county, other, bureau } = await aTree();
    const rule = (id: string) => ({ kind: 'all' as const, of: [{ kind: 'appointment' as const, kinds: ['staff' as const] }, { kind: 'organisation' as const, ids: [id] }] });
    const [former, later] = [await aDraft(root, city, { appliesTo: rule(county.id), gate: 'none' as const }), await aDraft(root, city, { appliesTo: rule(other.id), gate: 'none' as const })];
    await publish(root, former);
    await publish(root, later);
    const { appointmentId } = await aMember(bureau);
    await assignFor(appointmentId);
    const held = async () => (await rows(reader(), z.object({ v: z.string() }), `SELECT programme_version_id AS v FROM assignments WHERE appointment_id = $appointmentId AND ended_at IS NULL`, { appointmentId })).map(({ v }) => v);
    expect(await held()).toEqual([former]);
    expect(await placingEffects(reader(), { from: bureau.path, to: `${other.path}${bureau.id}/` }, clock.now())).toEqual(expect.arrayContaining([
      expect.objectContaining({ starts: 0, ends: 1 }), expect.objectContaining({ starts: 1, ends: 0 }),
    ]));
    must(await move(bureau, other));
    const asked = () => one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM outbox WHERE name = 'people.appointed' AND status = 'waiting' AND payload LIKE '%${appointmentId}%'`);
    await inTransaction(async (tx) => { await rows(tx, z.object({}).loose(), `UPDATE outbox SET status = 'done' WHERE name = 'people.appointed' RETURNING id`); });
    await alignBeneath(bureau.id);
    await alignBeneath(bureau.id);
    expect(await asked()).toEqual({ n: 1 });
    await assignFor(appointmentId);
    expect(await held()).toEqual([later]);
  });

  it('count what hangs on them before anything is done', async () => {
    const { county, bureau, office } = await aTree();
    await aMember(bureau);
    await aMember(office);
    expect(await figuresBeneath(reader(), county.path)).toMatchObject({ people: 2, appointments: 2, units: 2, roles: 0 });
    expect(await changesOf(reader(), county.id)).toEqual([]);
  });

  it('are administered by a county within its own subtree only', async () => {
    const { county, other, bureau, office } = await aTree();
    const actor = anActor({ administrator: [county.path] });
    must(await createOrganisation(actor, { parentId: bureau.id, code: `C${bureau.code}`, name: '新设科' }));
    await expect(createOrganisation(actor, { parentId: other.id, code: 'X1', name: '别处' })).rejects.toMatchObject({ problem: { code: 'access.denied' } });
    must(await planChange(actor, { kind: 'move', organisationId: office.id, targetId: county.id, effectiveOn: '2026-03-02', roles: 'keep', reason: '调整' }));
    // Not out of the county, not something of another one, and not the county itself.
    const asked = { kind: 'move' as const, effectiveOn: '2026-03-02', roles: 'keep' as const, reason: '调整' };
    expect(await planChange(actor, { ...asked, organisationId: bureau.id, targetId: other.id })).toMatchObject({ error: { code: 'field.choose', field: 'targetId' } });
    await expect(planChange(actor, { ...asked, organisationId: other.id, targetId: county.id })).rejects.toMatchObject({ problem: { code: 'access.denied' } });
    await expect(close(county, '2026-03-02', actor)).rejects.toMatchObject({ problem: { code: 'access.denied' } });
  });

  it('let a county grant what ends with the county, and nothing beyond', async () => {
    const { county, other, bureau } = await aTree();
    const actor = anActor({ administrator: [county.path] });
    const { accountId } = must(await createPureAccount(actor, { signInName: `cu-${county.code}`, role: 'hr', organisationId: bureau.id }));
    await expect(grantRoleTo(actor, { accountId, role: 'hr', organisationId: other.id })).rejects.toMatchObject({ problem: { code: 'access.denied' } });
    expect(await grantRoleTo(actor, { accountId, role: 'author', organisationId: bureau.id })).toMatchObject({ error: { code: 'role.only-root', field: 'role' } });
    expect(await createPureAccount(actor, { signInName: `ca-${county.code}`, role: 'author', organisationId: county.id })).toMatchObject({ error: { code: 'role.only-root' } });
    // Somebody with a role elsewhere is out of reach altogether.
    const { accountId: theirs } = await aSignedInAccount({ role: 'hr', organisationId: other.id });
    expect(await grantRoleTo(actor, { accountId: theirs, role: 'hr', organisationId: bureau.id })).toMatchObject({ error: { code: 'account.has-roles' } });
  });
});
