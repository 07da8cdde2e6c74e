import { openClearance, type ClearancePage, type ClearanceQuery } from '~/certification';
import { periodsChart } from '~/charts/periods';
import { authorise, can, signedIn, type Actor } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { clearanceSentence } from './clearance-sentence';

/** The days that the address asks about; what is no date asks for nothing. */
function lookedAt(url: string): ClearanceQuery {
  const query = new URL(url).searchParams;
  const day = (name: string) => {
    const typed = query.get(name) ?? '';
    return isPlainDate(typed) ? typed : null;
  };
  return { on: day('on'), knownOn: day('known') };
}

/** What the page of a clearance shows, for HR and inspectors, and for the person concerned. */
export async function loadClearance(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  const page = await openClearance(actor, id ?? '', lookedAt(request.url), clock.now());
  if (!page) {
    authorise(actor, 'see who may start');
    throw new ProblemError({ code: 'not-found' });
  }
  // Drawn here: a browser needs no calendar for it.
  const chart = page.view && periodsChart(page.view.periods.map(({ from, until, basis }) => ({ from, until, kind: basis })), page.on);
  return { heading: headingOf(request, page), ...page, chart, may: mayOf(actor, page) };
}

export type LoadedClearance = Awaited<ReturnType<typeof loadClearance>>;

function headingOf(request: Request, { view, gate, on, dueOn, holder: { name } }: ClearancePage): string {
  const text = textFor(langOf(request));
  return view ? clearanceSentence(text, { view, gate, on, dueOn, name }) : text.t('clearance.not-assigned-then');
}

function mayOf(actor: Actor, { holder: { organisationPath }, personId, gate, ended, view, until }: ClearancePage) {
  const other = actor.personId !== personId;
  const live = other && !ended && until === null;
  return {
    askWaiver: live && view?.status !== 'cleared' && can(actor, 'ask for a waiver', { organisationPath }),
    recordStart: live && gate === 'before-start-of-duty' && can(actor, 'record a start', { organisationPath }),
    confirm: live && gate === 'before-confirmation' && can(actor, 'confirm ranks', { organisationPath }),
    seePerson: other && until === null,
    seeStarts: can(actor, 'see a start', { personId, organisationPath }),
    list: other && can(actor, 'see who may start'),
  };
}
