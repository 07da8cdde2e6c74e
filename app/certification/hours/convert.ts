import type { Cap, Conversion, ConvertedKind, HourKind, HourRule } from './rule';

/** What was done, as it was entered. Days, hours and their parts are in hundredths. */
export interface HourInput {
  kind: HourKind;
  minutes: number | null;
  /** The minutes of each lesson, for rules that count lesson by lesson. */
  lessons: number[];
  days: number | null;
  /** Learning hours as a certificate or another region states them; for an adjustment what it adds or takes. */
  stated: number | null;
  /** How much of the whole was missed on leave, both in the same unit. */
  leave: { missed: number; of: number } | null;
  /** Learning from elsewhere that somebody here has accepted. */
  approved: boolean;
}

/** A line of the calculation, worded by `~/text/hours-words`. Names that end in `Hundredths` are hundredths. */
export interface HourStep {
  code:
    | 'steps' | 'lessons' | 'minutes' | 'days' | 'fixed' | 'stated' | 'adjusted' | 'no-rule' | 'no-minutes' | 'no-days' | 'no-stated'
    | 'leave-over' | 'leave-deducted' | 'leave-within' | 'not-approved' | 'cap-entry' | 'cap-day' | 'cap-year' | 'year-closed';
  params: Record<string, string | number>;
}

export interface Converted {
  hundredths: number;
  /** Days that count, in hundredths: none when the entry counts nothing. */
  days: number;
  offTheJob: boolean;
  steps: HourStep[];
}

const NOTHING = { hundredths: 0, days: 0, offTheJob: false };

/**
 * What an entry is worth by a version of a rule set, before caps. Leave beyond what the rule allows makes a course
 * count nothing; learning from elsewhere counts nothing until it is accepted.
 */
export function convert(input: HourInput, rule: HourRule | null): Converted {
  if (input.kind === 'adjustment') {
    const hundredths = input.stated ?? 0;
    return { ...NOTHING, hundredths, days: input.days ?? 0, steps: [{ code: 'adjusted', params: { hundredths } }] };
  }
  const conversion = rule?.convert[input.kind];
  if (!rule || !conversion) return { ...NOTHING, steps: [{ code: 'no-rule', params: { kind: input.kind } }] };
  if (input.kind === 'transfer' && rule.transferIn.approval && !input.approved) return { ...NOTHING, steps: [{ code: 'not-approved', params: {} }] };
  const whole = byConversion(input, input.kind, conversion, rule);
  if (whole.hundredths === null) return { ...NOTHING, steps: [whole.step] };
  const left = afterLeave(input, rule);
  const hundredths = part(whole.hundredths, left);
  return {
    hundredths,
    days: hundredths > 0 ? part(input.days ?? 0, left) : 0,
    offTheJob: rule.offTheJob.includes(input.kind),
    steps: [whole.step, ...(left.step ? [left.step(hundredths)] : [])],
  };
}

function byConversion(input: HourInput, kind: ConvertedKind, conversion: Conversion, { code, version }: HourRule): { hundredths: number | null; step: HourStep } {
  const rule = { rule: code, version, kind };
  switch (conversion.by) {
    case 'fixed':
      return { hundredths: conversion.hours, step: { code: 'fixed', params: { ...rule, hundredths: conversion.hours } } };
    case 'stated':
      if (input.stated === null) return none('no-stated', rule);
      return { hundredths: input.stated, step: { code: 'stated', params: { ...rule, hundredths: input.stated } } };
    case 'day': {
      if (input.days === null) return none('no-days', rule);
      const hundredths = Math.round((input.days * conversion.hours) / 100);
      return { hundredths, step: { code: 'days', params: { ...rule, daysHundredths: input.days, rateHundredths: conversion.hours, hundredths } } };
    }
    case 'minutes': {
      if (input.minutes === null) return none('no-minutes', rule);
      // Never more than was learned: what is less than a hundredth of an hour is left out.
      const hundredths = Math.floor((input.minutes * 100) / conversion.minutes);
      return { hundredths, step: { code: 'minutes', params: { ...rule, minutes: input.minutes, per: conversion.minutes, hundredths } } };
    }
    case 'steps': {
      if (input.minutes === null) return none('no-minutes', rule);
      const units = conversion.unit === 'lesson' && input.lessons.length > 0 ? input.lessons : [input.minutes];
      const hundredths = units.reduce((sum, minutes) => sum + worth(conversion.steps, minutes), 0);
      const params = { ...rule, minutes: units.reduce((sum, minutes) => sum + minutes, 0), hundredths };
      return { hundredths, step: units.length > 1 ? { code: 'lessons', params: { ...params, count: units.length } } : { code: 'steps', params } };
    }
  }
}

const none = (code: HourStep['code'], params: HourStep['params']): { hundredths: null; step: HourStep } => ({ hundredths: null, step: { code, params } });

/** The most that any step gives which the minutes reach. */
const worth = (steps: { atLeast?: number | undefined; moreThan?: number | undefined; hours: number }[], minutes: number): number =>
  Math.max(0, ...steps.filter((step) => (step.atLeast === undefined ? minutes > (step.moreThan ?? 0) : minutes >= step.atLeast)).map((step) => step.hours));

interface Left {
  share: number;
  of: number;
  step: ((hundredths: number) => HourStep) | null;
}

const part = (amount: number, { share, of }: Left): number => (share === of ? amount : Math.floor((amount * share) / of));

/** What is left after leave, by the rule: all, the attended part, or nothing. */
function afterLeave({ leave }: HourInput, { leave: rule }: HourRule): Left {
  if (!leave || !rule || leave.missed <= 0 || leave.of <= 0) return { share: 1, of: 1, step: null };
  const { atMost, within } = rule;
  const said = { missedHundredths: leave.missed, ofHundredths: leave.of, allowed: `${atMost.part}/${atMost.of}` };
  if (leave.missed * atMost.of > leave.of * atMost.part) return { share: 0, of: 1, step: () => ({ code: 'leave-over', params: said }) };
  if (within === 'whole') return { share: 1, of: 1, step: () => ({ code: 'leave-within', params: said }) };
  return { share: leave.of - leave.missed, of: leave.of, step: (hundredths) => ({ code: 'leave-deducted', params: { ...said, hundredths } }) };
}

/** An entry that waits for its place beneath the caps of its rule. */
export interface Capped {
  id: string;
  kind: HourKind;
  occurredOn: string;
  /** Of equal dates: what comes first, by content and not by arrival. */
  ref: string;
  converted: Converted;
  rule: HourRule | null;
}

const inOrder = (a: Capped, b: Capped): number =>
  compare(a.occurredOn, b.occurredOn) || compare(a.kind, b.kind) || compare(a.ref, b.ref);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The entries of one person and one calendar year after the caps of their rules. Who comes first is settled by date
 * and reference, so the sums are the same in whatever order the entries arrived. A course of several days may fill
 * the day's cap once for each of its days.
 */
export function applyCaps(entries: readonly Capped[]): Map<string, Converted> {
  const capped = new Map<string, Converted>();
  const given: { entry: Capped; hundredths: number }[] = [];
  for (const entry of [...entries].sort(inOrder)) {
    const after = underCaps(entry, given);
    capped.set(entry.id, after);
    given.push({ entry, hundredths: after.hundredths });
  }
  return capped;
}

function underCaps(entry: Capped, given: readonly { entry: Capped; hundredths: number }[]): Converted {
  const { rule, converted, kind } = entry;
  if (!rule || converted.hundredths <= 0 || kind === 'adjustment') return converted;
  let left = converted.hundredths;
  const steps = [...converted.steps];
  for (const cap of rule.caps.filter((one) => one.kinds.includes(kind))) {
    const used = given.filter((one) => sharesCap(cap, entry, one.entry)).reduce((sum, one) => sum + one.hundredths, 0);
    const room = Math.max(0, allowance(cap, entry) - used);
    if (room >= left) continue;
    left = room;
    steps.push({ code: `cap-${cap.per}`, params: { capHundredths: cap.hours, usedHundredths: used, hundredths: left } });
  }
  return left === converted.hundredths ? converted : { ...converted, hundredths: left, days: left > 0 ? converted.days : 0, steps };
}

/** Whether what was given for another entry takes room beneath this entry's cap. */
const sharesCap = (cap: Cap, entry: Capped, other: Capped): boolean =>
  cap.per !== 'entry' && other.rule?.code === entry.rule?.code && other.kind !== 'adjustment' && cap.kinds.includes(other.kind)
  && (cap.per === 'year' || other.occurredOn === entry.occurredOn);

const allowance = (cap: Cap, { converted }: Capped): number => (cap.per === 'day' ? cap.hours * Math.max(1, Math.ceil(converted.days / 100)) : cap.hours);
