import { z } from 'zod';
import { Blueprint } from '../blueprint';
import { itemFaults, MAX_OPTIONS, ORDER_SIZE, type ItemBody, type ItemFaultCode, type ItemKey, type WrittenItem } from '../item';

/** The written form of a course: what `courses/README.md` describes. */

const text = (what: string) => z.string({ error: `${what} is missing` }).trim().min(1, `${what} is empty`);
const whole = (what: string, min: number, max: number) =>
  z.number({ error: `${what} must be a whole number` }).int().min(min, `${what} must be at least ${min}`).max(max, `${what} must be at most ${max}`);
const texts = (what: string, min: number, max: number) =>
  z.array(text('this line'), { error: `${what} are missing` }).min(min, `at least ${min} ${what}`).max(max, `at most ${max} ${what}`);

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const Bilingual = z.strictObject({ zh: text('the Chinese wording'), en: text('the English wording') }, { error: 'needs zh and en' });

export const ExamSection = z.strictObject({
  minutes: whole('minutes', 1, 600),
  cutScore: whole('cutScore', 0, 100),
  attempts: whole('attempts', 1, 20),
  coolingOffHours: whole('coolingOffHours', 0, 24 * 365),
  blueprint: Blueprint,
}, { error: 'must have minutes, cutScore, attempts, coolingOffHours and blueprint' });
export type ExamSection = z.infer<typeof ExamSection>;

export const AUDIENCES = ['recruits', 'leaders', 'residents'] as const;
export const ACCESSES = ['assigned', 'enrol', 'open'] as const;

export const CourseFront = z.strictObject({
  slug: z.string({ error: 'slug is missing' }).regex(SLUG, 'slug may hold small letters, digits and hyphens'),
  title: Bilingual,
  summary: Bilingual,
  audience: z.enum(AUDIENCES, { error: `must be one of ${AUDIENCES.join(', ')}` }),
  access: z.enum(ACCESSES, { error: `must be one of ${ACCESSES.join(', ')}` }),
  minutes: whole('minutes', 1, 60_000),
  exam: ExamSection.optional(),
}, { error: 'front matter must hold the fields of course.md' });

const Check = z.strictObject({
  question: text('the question'),
  options: z.array(text('the option')).min(2, 'a check needs at least two options').max(MAX_OPTIONS),
  answer: whole('answer', 1, MAX_OPTIONS),
  explanation: text('the explanation'),
}).refine((check) => check.answer <= check.options.length, { path: ['answer'], error: 'there is no option with this number' });
export type Check = z.infer<typeof Check>;
export const Checks = z.array(Check);

export const LessonFront = z.strictObject({
  title: Bilingual,
  summary: Bilingual,
  minutes: whole('minutes', 1, 6000),
  aims: texts('aims', 3, 5),
  takeaways: texts('takeaways', 3, 6),
  checks: z.array(Check, { error: 'checks are missing' }).min(3, 'at least 3 checks').max(5, 'at most 5 checks'),
  sources: z.array(text('the source')).default([]),
}, { error: 'front matter must hold the fields of a lesson' });

const Options = z.record(z.string().regex(/^[a-z]$/, 'options are named by small letters'), text('the option'), { error: 'options are missing' });
const Lefts = z.record(z.string().regex(/^\d{1,2}$/, 'what stands left is named by numbers'), text('the text'), { error: 'left is missing' });
const KEY_MISSING = { error: 'key is missing or not of the form that the type needs' };
const Letters = z.array(z.string(), KEY_MISSING);

const common = {
  id: z.string({ error: 'id is missing' }).regex(SLUG, 'id may hold small letters, digits and hyphens'),
  lesson: text('lesson'),
  difficulty: whole('difficulty', 1, 3),
  stem: text('stem'),
  explanation: text('explanation'),
};

const AnyItem = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('single'), options: Options, key: z.string(KEY_MISSING) }),
  z.strictObject({ ...common, type: z.literal('multiple'), options: Options, key: Letters }),
  z.strictObject({ ...common, type: z.literal('true-false'), key: z.boolean(KEY_MISSING) }),
  z.strictObject({ ...common, type: z.literal('order'), options: Options, key: Letters }),
  z.strictObject({ ...common, type: z.literal('match'), left: Lefts, right: Options, key: z.record(z.string(), z.string(), KEY_MISSING) }),
  z.strictObject({ ...common, type: z.literal('short'), accept: z.array(text('the answer'), { error: 'accept is missing' }) }),
], { error: 'type must be one of single, multiple, true-false, order, match, short' });

const FAULTS = {
  'options-too-few': 'at least two options are needed',
  'options-too-many': `at most ${MAX_OPTIONS} options`,
  'options-twice': 'two of them say the same',
  'key-missing': 'the key is missing',
  'key-not-an-option': 'the key names something that is not among the options',
  'key-twice': 'the key names an option twice',
  'multiple-one-right': 'multiple needs at least two right options',
  'multiple-all-right': 'multiple needs at least one wrong option',
  'order-size': `order has ${ORDER_SIZE.min} to ${ORDER_SIZE.max} options`,
  'order-incomplete': 'the key must name every option once',
  'order-given-away': 'the options stand in the right order already',
  'match-too-few': 'at least two to match',
  'match-incomplete': 'the key leaves something on the left without its right',
  'match-too-few-rights': 'there must be as many on the right as on the left',
  'accept-blank': 'an accepted answer is nothing but spaces and punctuation',
} satisfies Record<ItemFaultCode, string>;

/** An item as a file holds it, turned into what the product keeps. */
const FileItem = AnyItem.transform((item, context): WrittenItem => {
  const { body, key } = partsOf(item);
  for (const fault of itemFaults(body, key)) {
    const at = item.type === 'short' && fault.at === 'key' ? 'accept' : fault.at;
    context.addIssue({ code: 'custom', path: [at], message: FAULTS[fault.code] });
  }
  return { code: item.id, lesson: item.lesson, difficulty: item.difficulty, explanation: item.explanation, body, key };
});

function partsOf(item: z.infer<typeof AnyItem>): { body: ItemBody; key: ItemKey } {
  switch (item.type) {
    case 'true-false': return { body: { type: item.type, stem: item.stem }, key: item.key };
    case 'short': return { body: { type: item.type, stem: item.stem }, key: item.accept };
    case 'match': return { body: { type: item.type, stem: item.stem, left: item.left, right: item.right }, key: item.key };
    case 'single': return { body: { type: item.type, stem: item.stem, options: item.options }, key: item.key };
    case 'multiple': return { body: { type: item.type, stem: item.stem, options: item.options }, key: item.key };
    case 'order': return { body: { type: item.type, stem: item.stem, options: item.options }, key: item.key };
  }
}

export const ItemsFile = z.array(FileItem, { error: 'the file must hold a list of items' });
