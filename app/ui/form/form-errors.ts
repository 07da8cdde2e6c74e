import type { $ZodErrorMap, $ZodIssue } from 'zod/v4/core';
import { ERROR_STATUS, type ErrorCode } from '~/kernel/errors';
import { hasOwn } from '~/kernel/own';
import type { Problem } from '~/kernel/result';

const isCode = (text: string): text is ErrorCode => hasOwn(ERROR_STATUS, text);

const FORMATS: Partial<Record<string, ErrorCode>> = { email: 'field.email', date: 'field.date' };
const TYPES: Partial<Record<string, ErrorCode>> = { number: 'field.number', int: 'field.number', date: 'field.date' };

type RawIssue = Parameters<$ZodErrorMap>[0];

/**
 * Names the error code of an issue that the schema itself gave no message. A schema may say more:
 * `z.string().min(8, 'field.too-short')` or `.refine(…, { message: '<code>', params })`.
 */
export const nameIssue: $ZodErrorMap = (issue) => ({ message: codeOf(issue) });

function codeOf(issue: RawIssue): ErrorCode {
  if (issue.code === 'invalid_value' && issue.values.includes(true)) return 'field.tick';
  if (issue.input === undefined || issue.input === '') return 'field.required';
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? 'field.invalid';
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'field.invalid';
    case 'too_small':
      return issue.origin === 'string' ? 'field.too-short' : issue.origin === 'array' ? 'field.required' : 'field.too-low';
    case 'too_big':
      return issue.origin === 'string' ? 'field.too-long' : 'field.too-high';
    case 'invalid_value':
    case 'invalid_union':
      return 'field.choose';
    default:
      return 'field.invalid';
  }
}

/** Zod's issues of one field as problems that `app/text` can word. */
export const problemsOf = (issues: $ZodIssue[]): Problem[] =>
  issues.map((issue) => {
    const params = paramsOf(issue);
    return { code: isCode(issue.message) ? issue.message : 'field.invalid', ...(params && { params }) };
  });

function paramsOf(issue: $ZodIssue): Problem['params'] {
  if (issue.code === 'too_small') return { min: Number(issue.minimum) };
  if (issue.code === 'too_big') return { max: Number(issue.maximum) };
  if (issue.code !== 'custom' || !issue.params) return undefined;
  const plain: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(issue.params)) {
    if (typeof value === 'string' || typeof value === 'number') plain[key] = value;
  }
  return plain;
}
