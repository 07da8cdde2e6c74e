import { countsOf, countUnassigned, namesFor, openVersion, versionsOf, type WrittenVersion } from '~/certification';
import { reader } from '~/db';
import { can, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { standingOf } from './standing.server';
import { faultsAt, groupChoices, ruleView, treeView, versionWords, type NodeView } from './version-view.server';

/** All that the page of a version shows. */
export async function versionPage(actor: Actor, id: string, request: Request) {
  const text = textFor(langOf(request));
  const { version, faults } = must(await openVersion(actor, id));
  const names = await namesFor(reader(), text.lang);
  const all = await versionsOf(reader(), version.programmeId);
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const tree = treeView(version, names, faults, text);
  const rule = ruleView(version.appliesTo, names, text);
  const standing = standingOf(version, all, today);
  const former = all.find((one) => one.state === 'published' && one.number < version.number && one.effectiveOn <= today);
  return {
    heading: text.t('programme.version-title', { title: version.title[text.lang], number: version.number }), words: versionWords(version, names, text),
    id: version.id, programmeId: version.programmeId, version: version.version, standing, effectiveOn: version.effectiveOn, note: version.note, tree, rule,
    basics: { titleZh: version.title.zh, titleEn: version.title.en, gate: version.gate, note: version.note, ...dueFields(version.due) }, validity: validityFields(version.validity),
    faults: { basics: faultsAt(faults, 'basics'), applies: faultsAt(faults, 'applies'), requirements: faultsAt(faults, 'requirements'), validity: faultsAt(faults, 'validity'), count: faults.length, parts: PARTS.filter((part) => faults.some(({ at }) => partOf(at) === part)) },
    groups: groupChoices(tree, text), addTo: emptyGroup(tree) ?? 'top', ruleGroups: groupChoices(rule, text),
    counts: await countsOf(reader(), version.id), waiting: standing === 'in-force' ? await countUnassigned(reader(), version) : 0,
    formerNumber: former?.number ?? null, mayPublish: can(actor, 'publish programmes'), done: new URL(request.url).searchParams.get('done'),
  };
}

const PARTS = ['requirements', 'applies', 'basics', 'validity'] as const;

/** The part of the page beside which a fault stands. */
const partOf = (at: string): string => (at.startsWith('requirement:') || at.startsWith('group:') ? 'requirements' : at);

/** A group that waits for its first requirement: the next one most likely goes there. */
const emptyGroup = ({ kind, path, of }: NodeView): string | null =>
  (kind !== 'leaf' && path !== 'top' && of.length === 0 ? path : of.map(emptyGroup).find((found) => found !== null) ?? null);

export type VersionData = Awaited<ReturnType<typeof versionPage>>;

function dueFields(due: WrittenVersion['due']) {
  if (due.kind === 'fixed') return { due: due.kind, dueOn: due.on };
  return { due: due.kind, dueCount: due.kind === 'months-after-start' ? due.months : due.workingDays };
}

function validityFields(validity: WrittenVersion['validity']) {
  if (validity.kind === 'for-ever') return { validity: validity.kind, unit: 'years', windowUnit: 'months' };
  const period = validity.kind === 'fixed-date' ? validity.least : validity.period;
  return {
    validity: validity.kind, period: period.count, unit: period.unit, window: validity.window.count, windowUnit: validity.window.unit,
    ...(validity.kind === 'fixed-date' && { day: validity.day, every: validity.every }),
  };
}
