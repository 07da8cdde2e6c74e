import type { z } from 'zod';
import { programmesInForce } from '~/certification';
import { reader } from '~/db';
import { ok, type Result } from '~/kernel/result';
import { keyedNumber, ownersByKey } from '~/people';
import { cursorsOf, cut, USUAL_LIMIT, type Call } from './call';
import { organisationsWithin, peopleByIds, peopleServing, postsOf, sittingsWithin } from './registers.repository';
import type { OrganisationsAnswer, PagedQuestion, PeopleAnswer, PeopleQuestion, ProgrammesAnswer, SittingsAnswer } from './schema';
import { pathAsked } from './scope.service';
import { instant } from './words';

type Paged = z.infer<typeof PagedQuestion>;

/** Who serves in the subtree, with the appointments that run there. */
export async function listPeople(call: Call, asked: z.infer<typeof PeopleQuestion>): Promise<Result<z.infer<typeof PeopleAnswer>>> {
  const from = reader();
  const cursors = cursorsOf(call, 'people', asked);
  const [after, path] = [cursors.open(asked.cursor), await pathAsked(from, call, asked.organisation)];
  if (!after.ok) return after;
  if (!path.ok) return path;
  const limit = asked.limit ?? USUAL_LIMIT;
  const owners = asked.number === undefined ? null : [...new Set((await ownersByKey(from, keyedNumber(asked.number).keys)).values())];
  const { items: ids, last } = cut(await peopleServing(from, path.value, { after: after.value, limit: limit + 1 }, owners), limit, (id) => id);
  const people = await peopleByIds(from, ids);
  const posts = (await postsOf(from, path.value, ids)).filter(({ endedOn }) => endedOn === null);
  return ok({
    items: ids.flatMap((id) => {
      const person = people.get(id);
      return person ? [{ ...person, appointments: posts.filter(({ personId }) => personId === id).map(({ personId: _, endedOn: __, ...post }) => post) }] : [];
    }),
    next: last && cursors.seal(last),
  });
}

export async function listOrganisations(call: Call, asked: Paged): Promise<Result<z.infer<typeof OrganisationsAnswer>>> {
  const cursors = cursorsOf(call, 'organisations', asked);
  const after = cursors.open(asked.cursor);
  if (!after.ok) return after;
  const limit = asked.limit ?? USUAL_LIMIT;
  const { items, last } = cut(await organisationsWithin(reader(), call.application.organisationPath, { after: after.value, limit: limit + 1 }), limit, ({ id }) => id);
  return ok({ items, next: last && cursors.seal(last) });
}

/** A deployment has a handful of programmes. */
export async function listProgrammes(call: Call, asked: Paged): Promise<Result<z.infer<typeof ProgrammesAnswer>>> {
  const cursors = cursorsOf(call, 'programmes', asked);
  const after = cursors.open(asked.cursor);
  if (!after.ok) return after;
  const { items, last } = cut((await programmesInForce(reader(), call.today)).filter(({ slug }) => slug > after.value), asked.limit ?? USUAL_LIMIT, ({ slug }) => slug);
  return ok({ items, next: last && cursors.seal(last) });
}

export async function listSittings(call: Call, asked: Paged): Promise<Result<z.infer<typeof SittingsAnswer>>> {
  const cursors = cursorsOf(call, 'sittings', asked);
  const after = cursors.open(asked.cursor);
  if (!after.ok) return after;
  const limit = asked.limit ?? USUAL_LIMIT;
  const { items, last } = cut(await sittingsWithin(reader(), call.application.organisationPath, call.now, { after: after.value, limit: limit + 1 }), limit, ({ id }) => id);
  return ok({
    items: items.map((row) => ({
      id: row.id, code: row.code, title: row.title, exam: { slug: row.slug, title: { zh: row.title_zh, en: row.title_en } },
      organisation: { id: row.organisation_id, code: row.organisation_code, name: row.organisation }, startsAt: instant(row.starts_at), endsAt: instant(row.ends_at), bookUntil: instant(row.book_until),
      place: row.place, booking: row.booking, capacity: row.capacity, booked: row.booked,
    })),
    next: last && cursors.seal(last),
  });
}
