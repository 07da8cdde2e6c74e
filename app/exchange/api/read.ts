import { z } from 'zod';
import type { Lang } from '~/text';
import type { Operation } from './operations.service';
import { pointerTo, type FieldProblem } from './problem';

const LOCALES = { zh: z.locales.zhCN().localeError, en: z.locales.en().localeError };

type Wanted = Pick<Operation, 'params' | 'query' | 'body'>;
type Given = Record<'params' | 'query' | 'body', unknown>;

/** What is wrong with a request by the schemas of its operation, each field by itself; nothing: it can be answered. */
export function wrongIn(operation: Wanted, given: Given, lang: Lang): FieldProblem[] {
  const parameters = [...issues(operation.params, given.params, lang), ...issues(operation.query, given.query, lang)].flatMap(({ message, path, keys }) =>
    (keys ?? [path.map(String).join('.')]).map((parameter): FieldProblem => ({ detail: message, parameter })));
  const fields = operation.body === null ? [] : issues(operation.body, given.body, lang).flatMap(({ message, path, keys }) =>
    (keys ?? [null]).map((key): FieldProblem => ({ detail: message, pointer: pointerTo(key === null ? path : [...path, key]) })));
  return [...parameters, ...fields];
}

interface Issue {
  message: string;
  path: PropertyKey[];
  /** Fields that are not known. */
  keys: string[] | null;
}

function issues(schema: z.ZodType, value: unknown, lang: Lang): Issue[] {
  const read = schema.safeParse(value, { error: LOCALES[lang] });
  return read.success ? [] : read.error.issues.map((issue) => ({ message: issue.message, path: issue.path, keys: issue.code === 'unrecognized_keys' ? issue.keys : null }));
}
