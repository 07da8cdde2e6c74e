import { z } from 'zod';
import { Condition, CONDITION_KINDS, GATES, REQUIREMENT_KINDS, type DueRule, type Requirement, type RequirementKind, type Tree, type Validity } from '~/certification';
import { isPlainDate } from '~/kernel/calendar';
import { Id } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { NATURES } from '~/people';

const Day = z.string().refine(isPlainDate, 'field.date');
const Title = z.string().trim().min(2, 'field.too-short').max(80, 'field.too-long');
const Seen = z.number().int();
const Path = z.string().max(40);

export const NewProgramme = z.object({ titleZh: Title, titleEn: Title, gate: z.enum(GATES), slug: z.string().trim().max(40, 'field.too-long') });

const DUE_KINDS = ['before-start', 'after-start', 'months-after-start', 'fixed'] as const;
const UNITS = ['months', 'years', 'working-days'] as const;
const VALIDITY_KINDS = ['for-ever', 'from-completion', 'from-last-expiry', 'fixed-date'] as const;
const Amount = z.number().int().min(1, 'field.too-low').max(1000, 'field.too-high');

export const Basics = z.object({
  version: Seen, titleZh: Title, titleEn: Title, gate: z.enum(GATES), due: z.enum(DUE_KINDS), dueCount: z.number().int().min(0, 'field.too-low').optional(), dueOn: Day.optional(),
  note: z.string().trim().max(1000, 'field.too-long').default(''),
});

/** The due rule that was typed. */
export function dueOf({ due, dueCount, dueOn }: z.infer<typeof Basics>): Result<DueRule> {
  if (due === 'fixed') return dueOn === undefined ? err('field.required', undefined, 'dueOn') : ok({ kind: 'fixed', on: dueOn });
  if (dueCount === undefined || (due === 'months-after-start' && dueCount === 0)) return err('programme.due-count', undefined, 'dueCount');
  const most = { 'before-start': 250, 'after-start': 500, 'months-after-start': 60 }[due];
  if (dueCount > most) return err('programme.due-too-high', undefined, 'dueCount');
  return ok(due === 'months-after-start' ? { kind: due, months: dueCount } : { kind: due, workingDays: dueCount });
}

export const ValidityForm = z.object({
  version: Seen, validity: z.enum(VALIDITY_KINDS), period: Amount.optional(), unit: z.enum(UNITS).optional(), window: Amount.optional(), windowUnit: z.enum(UNITS).optional(),
  day: z.string().trim().optional(), every: z.number().int().min(1, 'field.too-low').max(10, 'field.too-high').optional(),
});

/** The validity that was typed; a fixed day uses the period as the least that must be left. */
export function validityOf({ validity, period, unit, window, windowUnit, day, every = 1 }: z.infer<typeof ValidityForm>): Result<Validity> {
  if (validity === 'for-ever') return ok({ kind: validity });
  if (period === undefined || unit === undefined) return err('field.required', undefined, 'period');
  if (window === undefined || windowUnit === undefined) return err('field.required', undefined, 'window');
  const lengths = { period: { count: period, unit }, window: { count: window, unit: windowUnit } };
  if (validity !== 'fixed-date') return ok({ kind: validity, ...lengths });
  // 2024 has a 29 February.
  if (day === undefined || !/^\d{2}-\d{2}$/.test(day) || !isPlainDate(`2024-${day}`)) return err('programme.day-form', undefined, 'day');
  return ok({ kind: 'fixed-date', day, every, least: lengths.period, window: lengths.window });
}

export const TreeAct = z.object({ version: Seen, act: z.enum(['up', 'down', 'remove']), path: Path });
const How = z.object({ how: z.enum(['all', 'any', 'some']), least: z.number().int().min(1, 'field.too-low').max(40, 'field.too-high').default(1) });
export const Combine = How.extend({ version: Seen, path: Path });
export const AddGroup = How.extend({ version: Seen, to: Path });
export const howOf = ({ how, least }: z.infer<typeof How>): { kind: 'all' | 'any' } | { kind: 'some'; least: number } => (how === 'some' ? { kind: how, least } : { kind: how });
export const groupOf = (form: z.infer<typeof How>): Tree => ({ ...howOf(form), of: [] });

export const RuleAct = z.object({ version: Seen, act: z.enum(['remove', 'not', 'all', 'any']), path: Path });
export const AddRuleGroup = z.object({ version: Seen, to: Path, how: z.enum(['all', 'any']) });
export const Discard = z.object({ version: Seen });
export const Withdraw = z.object({ version: Seen, reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });

const Name = z.string().trim().max(80, 'field.too-long').optional();
const Text = z.string().trim().max(4000, 'field.too-long').optional();

/** Every field of every kind of requirement; a kind reads its own. */
export const RequirementForm = z.object({
  version: Seen, to: Path.default('top'), course: Id.optional(), exam: Id.optional(), programme: Id.optional(),
  cut: z.number().min(0, 'field.too-low').max(100, 'field.too-high').optional(), hours: z.number().optional(),
  window: z.enum(['calendar-year', 'months', 'dates']).optional(), windowMonths: z.number().int().min(1, 'field.too-low').max(120, 'field.too-high').optional(),
  windowFrom: Day.optional(), windowUntil: Day.optional(), code: z.string().trim().optional(), titleZh: Name, titleEn: Name, textZh: Text, textEn: Text,
});
type Typed = z.infer<typeof RequirementForm>;

const CODE = /^[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,59})$/u;

/** What was typed about a requirement of `kind`, without its code in the version. */
export function requirementOf(kind: RequirementKind, form: Typed): Result<Omit<Requirement, 'code'>> {
  switch (kind) {
    case 'course': return form.course === undefined ? err('field.choose', undefined, 'course') : ok({ kind, targetId: form.course });
    case 'exam': return form.exam === undefined ? err('field.choose', undefined, 'exam') : ok({ kind, targetId: form.exam, ...(form.cut !== undefined && { params: { cutScore: form.cut } }) });
    case 'credential': return form.programme === undefined ? err('field.choose', undefined, 'programme') : ok({ kind, targetId: form.programme });
    case 'hours': return hoursOf(form);
    default: return namedOf(kind, form);
  }
}

function hoursOf({ hours, window, windowMonths, windowFrom, windowUntil }: Typed): Result<Omit<Requirement, 'code'>> {
  const hundredths = Math.round((hours ?? 0) * 100);
  if (hours === undefined) return err('field.required', undefined, 'hours');
  if (hundredths < 1 || Math.abs(hundredths - hours * 100) > 1e-6 || hours > 100_000) return err('programme.hours-form', undefined, 'hours');
  const told = (of: NonNullable<NonNullable<Requirement['params']>['window']>) => ok({ kind: 'hours' as const, targetId: 'all', params: { hundredths, window: of } });
  switch (window) {
    case undefined: return err('field.choose', undefined, 'window');
    case 'calendar-year': return told({ kind: window });
    case 'months': return windowMonths === undefined ? err('field.required', undefined, 'windowMonths') : told({ kind: window, months: windowMonths });
    case 'dates':
      if (windowFrom === undefined) return err('field.required', undefined, 'windowFrom');
      if (windowUntil === undefined) return err('field.required', undefined, 'windowUntil');
      return windowUntil < windowFrom ? err('programme.hours-order', undefined, 'windowUntil') : told({ kind: window, from: windowFrom, until: windowUntil });
  }
}

function namedOf(kind: RequirementKind, { code, titleZh, titleEn, textZh, textEn }: Typed): Result<Omit<Requirement, 'code'>> {
  if (code === undefined) return err('field.required', undefined, 'code');
  if (!CODE.test(code)) return err('programme.code-form', undefined, 'code');
  if (titleZh === undefined) return err('field.required', undefined, 'titleZh');
  if (titleEn === undefined) return err('field.required', undefined, 'titleEn');
  if (kind !== 'declaration') return ok({ kind, targetId: code, params: { titleZh, titleEn } });
  if (textZh === undefined) return err('field.required', undefined, 'textZh');
  return textEn === undefined ? err('field.required', undefined, 'textEn') : ok({ kind, targetId: code, params: { titleZh, titleEn, textZh, textEn } });
}

/** A requirement as its form shows it. */
export function typedOf({ kind, targetId, params = {} }: Requirement) {
  const window = params.window;
  return {
    ...(kind === 'course' && { course: targetId }), ...(kind === 'exam' && { exam: targetId, ...(params.cutScore !== undefined && { cut: params.cutScore }) }),
    ...(kind === 'credential' && { programme: targetId }),
    ...(kind === 'hours' && {
      hours: (params.hundredths ?? 0) / 100, window: window?.kind, ...(window?.kind === 'months' && { windowMonths: window.months }),
      ...(window?.kind === 'dates' && { windowFrom: window.from, windowUntil: window.until }),
    }),
    ...((kind === 'event' || kind === 'external' || kind === 'declaration') && { code: targetId, titleZh: params.titleZh, titleEn: params.titleEn, textZh: params.textZh, textEn: params.textEn }),
  };
}

export const isRequirementKind = (text: string | null): text is RequirementKind => REQUIREMENT_KINDS.some((kind) => kind === text);
export type ConditionKind = Condition['kind'];
export const isConditionKind = (text: string | null): text is ConditionKind => CONDITION_KINDS.some((kind) => kind === text);

export const ConditionForm = z.object({
  version: Seen, to: Path.default('top'), kinds: z.array(z.enum(['recruit', 'staff', 'leader'])).default([]), natures: z.array(z.enum(NATURES)).default([]), words: z.string().max(4000, 'field.too-long').optional(),
  ids: z.array(Id).default([]), from: Day.optional(), until: Day.optional(),
});

/** The condition that was typed. */
export function conditionOf(kind: ConditionKind, { kinds, natures, words = '', ids, from, until }: z.infer<typeof ConditionForm>): Result<Condition> {
  const listed = [...new Set(words.split(/\r?\n/).map((line) => line.trim()).filter(Boolean))];
  const [value, field] = ((): [unknown, string] => {
    switch (kind) {
      case 'appointment': return [{ kind, kinds }, 'kinds'];
      case 'nature': return [{ kind, natures }, 'natures'];
      case 'rank': return [{ kind, ranks: listed }, 'words'];
      case 'post': return [{ kind, posts: listed }, 'words'];
      case 'post-contains': return [{ kind, words: listed }, 'words'];
      case 'organisation':
      case 'intake': return [{ kind, ids }, 'ids'];
      case 'start-of-duty': return [{ kind, from, until }, 'from'];
    }
  })();
  if (kind === 'start-of-duty' && from !== undefined && until !== undefined && until < from) return err('calendar.order', undefined, 'until');
  const read = Condition.safeParse(value);
  return read.success ? ok(read.data) : err('field.required', undefined, field);
}
