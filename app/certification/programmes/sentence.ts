import type { Text, TextKey } from '~/text';
import type { DueRule, Gate, Period, Requirement, Tree, Validity } from '../requirement';
import type { AppliesTo, Condition } from './applies-to';
import { membersOf, writtenOut } from './tree';

/** What the things that a programme names are called, in the reader's language. */
export interface Names {
  course: ReadonlyMap<string, string>;
  exam: ReadonlyMap<string, string>;
  programme: ReadonlyMap<string, string>;
  organisation: ReadonlyMap<string, string>;
  intake: ReadonlyMap<string, string>;
}

export interface Told {
  gate: Gate;
  due: DueRule;
  appliesTo: AppliesTo;
  requirements: readonly Requirement[];
  tree: Tree;
  validity: Validity;
}

/** Reads a programme back as a sentence: who must do what by when, what that opens, and for how long. */
export function sentenceOf(told: Told, names: Names, text: Text): string {
  const { t } = text;
  const parts = [
    t('programme.say', { who: whoOf(told.appliesTo, names, text), due: dueText(told.due, text), what: whatOf(told, names, text) }),
    t(`programme.say-gate.${told.gate}`),
    validityText(told.validity, text),
  ];
  return parts.filter(Boolean).join(text.lang === 'zh' ? '' : ' ');
}

export function dueText(due: DueRule, { t, date }: Text): string {
  switch (due.kind) {
    case 'before-start': return due.workingDays === 0 ? t('programme.say-due.on-start') : t('programme.say-due.before-start', { count: due.workingDays });
    case 'after-start': return due.workingDays === 0 ? t('programme.say-due.on-start') : t('programme.say-due.after-start', { count: due.workingDays });
    case 'months-after-start': return t('programme.say-due.months', { count: due.months });
    case 'fixed': return t('programme.say-due.fixed', { date: date(due.on) });
  }
}

export const periodText = ({ count, unit }: Period, { t }: Text): string => t(`programme.period.${unit}`, { count });

export function validityText(validity: Validity, text: Text): string {
  const { t } = text;
  switch (validity.kind) {
    case 'for-ever': return t('programme.say-validity.for-ever');
    case 'fixed-date': return t('programme.say-validity.fixed-date', {
      month: Number(validity.day.slice(0, 2)), day: Number(validity.day.slice(3)), every: periodText({ count: validity.every, unit: 'years' }, text),
      least: periodText(validity.least, text), window: periodText(validity.window, text),
    });
    default: return t(`programme.say-validity.${validity.kind}`, { period: periodText(validity.period, text), window: periodText(validity.window, text) });
  }
}

/** To whom a programme applies: 新录用人员（任职单位属于市财政局）. */
export function whoOf(rule: AppliesTo, names: Names, text: Text): string {
  const { t } = text;
  const parts = rule.kind === 'all' ? rule.of : [rule];
  const noun = parts.find((part): part is Extract<Condition, { kind: 'appointment' }> => part.kind === 'appointment');
  const rest = parts.filter((part) => part !== noun);
  const who = noun ? kindsText(noun.kinds, text) : t('programme.say-everybody');
  if (rest.length === 0) return who;
  return t('programme.say-who', { who, which: joined(rest.map((part) => ruleText(part, names, text, 1)), 'and', text) });
}

const kindsText = (kinds: Extract<Condition, { kind: 'appointment' }>['kinds'], text: Text): string =>
  listed(kinds.map((kind) => text.t(`programme.say-kind.${kind}`)), text);

/** A list of names: 甲、乙或丙. */
function listed(words: string[], { t }: Text): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('programme.say-or', { first: words.slice(0, -1).join(t('programme.say-comma')), last });
}

type Joint = 'and' | 'or';

const joined = (words: string[], joint: Joint, { t }: Text): string => words.join(t(joint === 'and' ? 'programme.say-joint-and' : 'programme.say-joint-or'));

/** A part of the rule in words; `depth` 0 is the top, what lies deeper stands in brackets. */
export function ruleText(rule: AppliesTo, names: Names, text: Text, depth = 0): string {
  const { t } = text;
  switch (rule.kind) {
    case 'all':
    case 'any': {
      if (rule.of.length === 0) return t(rule.kind === 'all' ? 'programme.say-everybody' : 'programme.say-nobody');
      const inner = joined(rule.of.map((part) => ruleText(part, names, text, depth + 1)), rule.kind === 'all' ? 'and' : 'or', text);
      return depth === 0 || rule.of.length === 1 ? inner : t('programme.say-bracket', { inner });
    }
    case 'not': return t('programme.say-not', { inner: ruleText(rule.of, names, text, depth + 1) });
    default: return conditionText(rule, names, text);
  }
}

function conditionText(rule: Condition, names: Names, text: Text): string {
  const { t } = text;
  const called = (map: ReadonlyMap<string, string>, id: string): string => map.get(id) ?? t('programme.say-unknown');
  switch (rule.kind) {
    case 'appointment': return t('programme.say-condition.appointment', { what: kindsText(rule.kinds, text) });
    case 'nature': return t('programme.say-condition.nature', { what: listed(rule.natures.map((nature) => t(`people.nature.${nature}`)), text) });
    case 'rank': return t('programme.say-condition.rank', { what: listed(rule.ranks, text) });
    case 'post': return t('programme.say-condition.post', { what: listed(rule.posts, text) });
    case 'post-contains': return t('programme.say-condition.post-contains', { what: listed(rule.words.map((word) => t('programme.say-quoted', { word })), text) });
    case 'organisation': return t('programme.say-condition.organisation', { what: listed(rule.ids.map((id) => called(names.organisation, id)), text) });
    case 'intake': return t('programme.say-condition.intake', { what: listed(rule.ids.map((id) => called(names.intake, id)), text) });
    case 'start-of-duty': return startText(rule, text);
  }
}

function startText({ from, until }: Extract<Condition, { kind: 'start-of-duty' }>, { t, date }: Text): string {
  if (from !== undefined && until !== undefined) return t('programme.say-condition.start-between', { from: date(from), until: date(until) });
  return from !== undefined ? t('programme.say-condition.start-from', { from: date(from) }) : t('programme.say-condition.start-until', { until: date(until ?? '') });
}

/** What is asked, as it combines: 完成《甲》，并且通过考试《乙》（不低于 60%），或者持有…. */
export function whatOf({ requirements, tree }: Pick<Told, 'requirements' | 'tree'>, names: Names, text: Text): string {
  const byCode = new Map(requirements.map((one) => [one.code, one]));
  const whole = writtenOut(tree, requirements);
  return whole.of.length === 0 ? text.t('programme.say-nothing') : treeText(whole, byCode, names, text, 0);
}

function treeText(tree: Tree, byCode: ReadonlyMap<string, Requirement>, names: Names, text: Text, depth: number): string {
  const { t } = text;
  if (tree.kind === 'requirement') {
    const requirement = byCode.get(tree.code);
    return requirement ? requirementText(requirement, names, text) : t('programme.say-unknown');
  }
  const members = membersOf(tree).map((member) => treeText(member, byCode, names, text, depth + 1));
  if (members.length === 0) return t('programme.say-nothing');
  if (tree.kind === 'some') {
    return t('programme.say-some', { least: tree.least, total: members.length, list: members.join(t('programme.say-item')) });
  }
  // “And” binds closer than “or”, so only a choice among what must all be done needs brackets.
  if (tree.kind === 'all') return members.join(t(depth === 0 ? 'programme.say-joint-and' : 'programme.say-joint-close'));
  const inner = joined(members, 'or', text);
  return depth === 0 || members.length === 1 ? inner : t('programme.say-bracket', { inner });
}

/** One requirement as an act: 通过考试《…》（不低于 60%）. */
export function requirementText({ kind, targetId, params = {} }: Requirement, names: Names, text: Text): string {
  const { t, lang } = text;
  const title = (lang === 'zh' ? params.titleZh : params.titleEn) ?? params.titleZh ?? targetId;
  switch (kind) {
    case 'course': return t('programme.say-do.course', { title: names.course.get(targetId) ?? t('programme.say-unknown') });
    case 'exam': {
      const exam = t('programme.say-do.exam', { title: names.exam.get(targetId) ?? t('programme.say-unknown') });
      return params.cutScore === undefined ? exam : t('programme.say-do.exam-cut', { exam, cut: params.cutScore });
    }
    case 'credential': return t('programme.say-do.credential', { title: names.programme.get(targetId) ?? t('programme.say-unknown') });
    case 'hours': return hoursText(params, text);
    case 'event': return t('programme.say-do.event', { title });
    case 'external': return t('programme.say-do.external', { title });
    case 'declaration': return t('programme.say-do.declaration', { title });
  }
}

function hoursText({ hundredths = 0, window }: NonNullable<Requirement['params']>, { t, date }: Text): string {
  const hours = hundredths / 100;
  if (!window) return t('programme.say-do.hours', { hours });
  switch (window.kind) {
    case 'calendar-year': return t('programme.say-do.hours-year', { hours });
    case 'months': return t('programme.say-do.hours-months', { hours, count: window.months });
    case 'dates': return t('programme.say-do.hours-dates', { hours, from: date(window.from), until: date(window.until) });
  }
}

/** The key of what a kind of requirement is called. */
export const kindKey = (kind: Requirement['kind']): TextKey => `programme.kind.${kind}`;
