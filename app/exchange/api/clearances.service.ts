import type { z } from 'zod';
import { changesAfter, clearanceFor, clearancesOn, lastSequence, numberChanges, sequenceBefore, type ClearanceChange, type ClearanceOn, type ClearancePage } from '~/certification';
import { reader, type Reader } from '~/db';
import { addDays, startOfDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { cursorsOf, cut, USUAL_LIMIT, type Call } from './call';
import { peopleAssigned, peopleByIds, postsOf, programmesByVersion } from './registers.repository';
import type { ChangedClearance, ChangesAnswer, ChangesQuestion, ClearanceDetail, ClearanceQuestionOn, ClearancesAnswer, ClearancesQuestion } from './schema';
import { pathAsked } from './scope.service';
import { instant, told, toldIf } from './words';

type Asked = z.infer<typeof ClearancesQuestion>;
type Listed = z.infer<typeof ClearancesAnswer>['items'][number];

/** How clearances of the subtree stand on a day, by person; a page is so many people, whatever the filters leave of them. */
export async function listClearances(call: Call, asked: Asked): Promise<Result<z.infer<typeof ClearancesAnswer>>> {
  const from = reader();
  const cursors = cursorsOf(call, 'clearances', asked);
  const [after, path] = [cursors.open(asked.cursor), await pathAsked(from, call, asked.organisation)];
  if (!after.ok) return after;
  if (!path.ok) return path;
  const limit = asked.limit ?? USUAL_LIMIT;
  const zone = config().TIME_ZONE;
  const on = asked.on ?? call.today;
  // What is assigned only after a day that is still to come counts for it already.
  const until = on < call.today ? on : call.today;
  const days = { from: startOfDate(until, zone), until: startOfDate(addDays(until, 1), zone) };
  const { items: people, last } = cut(await peopleAssigned(from, path.value, days, { after: after.value, limit: limit + 1 }, asked.personId), limit, (id) => id);
  const found = (await clearancesOn(from, people, on, call.today)).filter(({ gate, status }) => (asked.gate ?? gate) === gate && (asked.status ?? status) === status);
  return ok({ items: await shown(from, call, path.value, found, asked.programme), next: last && cursors.seal(last) });
}

async function shown(from: Reader, { text }: Call, path: string, found: readonly ClearanceOn[], slug: string | undefined): Promise<Listed[]> {
  const ids = [...new Set(found.map(({ personId }) => personId))];
  const [people, programmes] = [await peopleByIds(from, ids), await programmesByVersion(from, [...new Set(found.map(({ programmeVersionId }) => programmeVersionId))])];
  const posts = new Map((await postsOf(from, path, ids)).map((post) => [post.id, post]));
  return found.flatMap((one): Listed[] => {
    const [person, post, programme] = [people.get(one.personId), posts.get(one.appointmentId), programmes.get(one.programmeVersionId)];
    // Where somebody serves elsewhere as well, only what lies in the subtree is told.
    if (!person || !post || !programme || (slug !== undefined && programme.slug !== slug)) return [];
    const { status, state, leads: decides, mayStartOn, until, dueOn, startOfDuty, done, total, gate } = one;
    return [{
      id: one.assignmentId, person, appointmentId: post.id, organisation: post.organisation, post: post.post, programme: { slug: programme.slug, title: programme.title[text.lang] }, gate,
      status, state, decides, mayStartOn, until, dueOn, startOfDuty, done, total, reason: toldIf(text, one.reason),
    }];
  }).sort((a, b) => (a.person.id < b.person.id ? -1 : a.person.id > b.person.id ? 1 : a.id < b.id ? -1 : 1));
}

/** One clearance with its requirements, their evidence and why they stand as they do, for a day, and with what was known on one. */
export async function openOneClearance(call: Call, { id }: { id: string }, asked: z.infer<typeof ClearanceQuestionOn>): Promise<Result<z.infer<typeof ClearanceDetail>>> {
  const { application, now } = call;
  const page = await clearanceFor({ by: application.by, path: application.organisationPath }, id, { on: asked.on ?? null, knownOn: asked.knownOn ?? null }, now);
  return page ? ok(detail(call, page)) : err('not-found');
}

function detail({ text }: Call, page: ClearancePage): z.infer<typeof ClearanceDetail> {
  const { personId, appointmentId, gate, cycle, ended, on, knownOn, dueOn, startOfDuty, view, holder } = page;
  return {
    id: page.assignmentId, personId, name: holder.name, recruitmentNumber: holder.recruitmentNumber, appointmentId, organisation: holder.organisation, post: holder.post, programme: page.programme,
    version: page.versionNumber, cycle, gate, ended, on, knownOn, dueOn, startOfDuty,
    standing: view && {
      status: view.status, mayStartOn: view.mayStartOn, until: view.until, withdrawnOn: view.withdrawnOn, suspendedOn: view.suspendedOn, expiredOn: view.expiredOn, done: view.done, total: view.total,
      periods: view.periods.map(({ from, until, basis }) => ({ from, until, basis })),
      requirements: view.requirements.map(({ code, kind, state, at, reason, title, evidenceRef }) => ({
        code, kind, state, at: at === null ? null : instant(at), reason: told(text, reason), title: title[text.lang], evidence: evidenceRef,
      })),
    },
    waivers: page.waivers.map(({ waiver, shownState }) => ({ requirement: waiver.requirementCode, from: waiver.validFrom, until: waiver.validUntil, state: shownState })),
    credentials: page.credentials.map(({ number, state, issuedAt }) => ({ number, state, issuedAt: instant(issuedAt) })),
    starts: page.starts.map(({ start }) => ({ startedOn: start.startedOn, state: start.state, basis: start.basis })),
  };
}

/** A change as other systems are told of it, by the feed and by messages alike. */
export const toldChange = ({ at, assignmentId: clearanceId, ...change }: ClearanceChange): z.infer<typeof ChangedClearance> => ({ ...change, at: instant(at), clearanceId });

/** Changes after what was read before, in their order; `next` leads on also when there is nothing yet. */
export async function readChanges(call: Call, asked: z.infer<typeof ChangesQuestion>): Promise<Result<z.infer<typeof ChangesAnswer>>> {
  const { since, ...rest } = asked;
  const cursors = cursorsOf(call, 'changes', rest);
  const opened = cursors.open(asked.cursor);
  if (!opened.ok) return opened;
  await numberChanges();
  const from = reader();
  const limit = asked.limit ?? USUAL_LIMIT;
  const after = opened.value !== '' ? Number(opened.value) : since === undefined ? 0 : await sequenceBefore(from, Date.parse(since));
  // Read first: what is numbered between the two readings is told the next time, and not passed over.
  const upTo = await lastSequence(from);
  const { items, last } = cut(await changesAfter(from, { paths: [call.application.organisationPath], after, upTo, limit: limit + 1 }), limit, ({ sequence }) => String(sequence));
  return ok({ items: items.map(toldChange), next: cursors.seal(last ?? String(Math.max(after, upTo))), more: last !== null });
}
