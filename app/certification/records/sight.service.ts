import type { Reader } from '~/db';
import { authorise, can, type Action, type Actor } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { formerServicesOf, pathsOfPerson } from '~/people';

/** How far somebody may look. */
export interface Sight {
  /** Null: at everything. Else a former office, which answers for its time: at what was known by the end of this day. */
  until: PlainDate | null;
  /** Through which ended appointments a former office looks. */
  appointments: ReadonlySet<string>;
}

const WHOLE: Sight = { until: null, appointments: new Set() };

/**
 * How far the actor may look at a person: those where the person serves at everything, whoever they served before at what
 * was until their last day there.
 * @throws ProblemError when at nothing
 */
export async function sightOf(from: Reader, actor: Actor, action: Action, personId: string): Promise<Sight> {
  const organisationPath = await pathsOfPerson(from, personId);
  if (!can(actor, action, { personId, organisationPath })) {
    const former = (await formerServicesOf(from, personId)).filter((one) => can(actor, action, { organisationPath: one.organisationPath }));
    const until = former.map((one) => one.until).sort().at(-1);
    if (until !== undefined) {
      authorise(actor, action, { organisationPath: former.map((one) => one.organisationPath) });
      return { until, appointments: new Set(former.map((one) => one.appointmentId)) };
    }
  }
  authorise(actor, action, { personId, organisationPath });
  return WHOLE;
}
