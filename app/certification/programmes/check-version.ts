import type { ErrorCode } from '~/kernel/errors';
import type { DueRule, Gate, Requirement, Tree, Validity } from '../requirement';
import { isWindowSound } from '../validity/validity';
import { namedIn, onlyRecruits, type AppliesTo } from './applies-to';
import { codesIn, groupsOf, pathText, writtenOut } from './tree';

/** Why a version cannot be published as it stands. `at` says beside what it belongs: a part of the page, `requirement:<code>` or `group:<path>`. */
export interface Fault {
  code: ErrorCode;
  params?: Record<string, string | number>;
  at: string;
}

/** What there is in the installation that a version may name. */
export interface Surroundings {
  /** The programme that the version belongs to. */
  programmeId: string;
  courses: ReadonlySet<string>;
  /** Real exams: whether papers can be drawn, and whether it is over for good. */
  exams: ReadonlyMap<string, { ready: boolean; closed: boolean }>;
  /** Programmes with a version in force or to come, and the programmes whose credential each asks for. */
  programmes: ReadonlyMap<string, readonly string[]>;
  organisations: ReadonlySet<string>;
  intakes: ReadonlySet<string>;
}

export interface CheckedVersion {
  titleZh: string;
  titleEn: string;
  gate: Gate;
  due: DueRule;
  appliesTo: AppliesTo;
  requirements: readonly Requirement[];
  tree: Tree;
  validity: Validity;
}

/** Everything about a version that cannot work, so that it is said before anybody is assigned it. */
export function faultsOf(version: CheckedVersion, around: Surroundings): Fault[] {
  return [
    ...basicFaults(version), ...ruleFaults(version, around), ...treeFaults(version),
    ...version.requirements.flatMap((one) => requirementFaults(one, version, around).map((fault) => ({ ...fault, at: `requirement:${one.code}` }))),
  ];
}

function basicFaults({ titleZh, titleEn, gate, due, validity }: CheckedVersion): Fault[] {
  const faults: Fault[] = [];
  if (!titleZh.trim() || !titleEn.trim()) faults.push({ code: 'programme.title-missing', at: 'basics' });
  // With a fixed date it depends on the person: those are exceptions.
  if (gate === 'before-start-of-duty' && (due.kind === 'months-after-start' || (due.kind === 'after-start' && due.workingDays > 0))) {
    faults.push({ code: 'programme.due-after-gate', at: 'basics' });
  }
  if (!isWindowSound(validity)) faults.push({ code: 'programme.window-too-long', at: 'validity' });
  return faults;
}

function ruleFaults({ gate, appliesTo }: CheckedVersion, around: Surroundings): Fault[] {
  const faults: Fault[] = [];
  if (hasEmptyChoice(appliesTo)) faults.push({ code: 'programme.rule-empty', at: 'applies' });
  if (gate === 'before-confirmation' && !onlyRecruits(appliesTo)) faults.push({ code: 'programme.confirmation-recruits', at: 'applies' });
  const unknown = namedIn(appliesTo, 'organisation').some((id) => !around.organisations.has(id)) || namedIn(appliesTo, 'intake').some((id) => !around.intakes.has(id));
  if (unknown) faults.push({ code: 'programme.rule-unknown', at: 'applies' });
  return faults;
}

const hasEmptyChoice = (rule: AppliesTo): boolean => {
  if (rule.kind === 'not') return hasEmptyChoice(rule.of);
  if (rule.kind !== 'all' && rule.kind !== 'any') return false;
  return (rule.kind === 'any' && rule.of.length === 0) || rule.of.some(hasEmptyChoice);
};

function treeFaults({ tree, requirements }: CheckedVersion): Fault[] {
  if (requirements.length === 0) return [{ code: 'programme.no-requirements', at: 'requirements' }];
  const whole = writtenOut(tree, requirements);
  const faults: Fault[] = [];
  for (const { path, group } of groupsOf(whole)) {
    const where = `group:${pathText(path)}`;
    if (group.of.length === 0) faults.push({ code: 'programme.group-empty', at: where });
    else if (group.kind === 'some' && group.least > group.of.length) faults.push({ code: 'programme.least-too-high', params: { least: group.least, members: group.of.length }, at: where });
  }
  const named = codesIn(whole);
  const known = new Set(requirements.map(({ code }) => code));
  if (named.some((code) => !known.has(code)) || requirements.some(({ code }) => !named.includes(code))) faults.push({ code: 'programme.tree-torn', at: 'requirements' });
  return faults;
}

type Found = Omit<Fault, 'at'>;

function requirementFaults(one: Requirement, { requirements, tree }: CheckedVersion, around: Surroundings): Found[] {
  const faults: Found[] = [];
  const twin = requirements.find((other) => other.kind === one.kind && other.targetId === one.targetId && sameWindow(one, other));
  const twice = codesIn(writtenOut(tree, requirements)).filter((code) => code === one.code).length > 1;
  if (twice || (twin && twin.code !== one.code && requirements.indexOf(twin) < requirements.indexOf(one))) faults.push({ code: 'programme.requirement-twice' });
  return [...faults, ...targetFaults(one, around)];
}

const sameWindow = (a: Requirement, b: Requirement): boolean =>
  a.kind !== 'hours' || JSON.stringify(a.params?.window ?? null) === JSON.stringify(b.params?.window ?? null);

function targetFaults({ kind, targetId, params = {} }: Requirement, around: Surroundings): Found[] {
  switch (kind) {
    case 'course': return around.courses.has(targetId) ? [] : [{ code: 'programme.target-unknown' }];
    case 'exam': return examFaults(around.exams.get(targetId));
    case 'credential': return credentialFaults(targetId, around);
    case 'hours': {
      if (params.hundredths === undefined || params.window === undefined) return [{ code: 'programme.hours-incomplete' }];
      return params.window.kind === 'dates' && params.window.until < params.window.from ? [{ code: 'programme.hours-order' }] : [];
    }
    case 'declaration': return params.titleZh && params.titleEn && params.textZh && params.textEn ? [] : [{ code: 'programme.declaration-incomplete' }];
    default: return params.titleZh && params.titleEn ? [] : [{ code: 'programme.title-missing' }];
  }
}

function examFaults(exam: { ready: boolean; closed: boolean } | undefined): Found[] {
  if (!exam) return [{ code: 'programme.target-unknown' }];
  if (!exam.ready) return [{ code: 'programme.exam-not-ready' }];
  return exam.closed ? [{ code: 'programme.exam-closed' }] : [];
}

function credentialFaults(targetId: string, { programmeId, programmes }: Surroundings): Found[] {
  if (targetId === programmeId) return [{ code: 'programme.credential-own' }];
  if (!programmes.has(targetId)) return [{ code: 'programme.credential-withdrawn' }];
  return reaches(targetId, programmeId, programmes) ? [{ code: 'programme.credential-circular' }] : [];
}

/** Whether what `from` asks for leads, over other programmes, to `to`. */
export function reaches(from: string, to: string, programmes: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const asked of programmes.get(next) ?? []) {
      if (asked === to) return true;
      if (!seen.has(asked)) {
        seen.add(asked);
        open.push(asked);
      }
    }
  }
  return false;
}
