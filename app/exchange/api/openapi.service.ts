import { z } from 'zod';
import { APPLICATION_LIMITS } from '~/identity';
import { publicUrl } from '~/kernel/config';
import type { Text } from '~/text';
import { EXAMPLES } from './examples';
import { OPERATIONS, type Operation } from './operations.service';
import { NAMED, ProblemAnswer } from './schema';

type Json = Record<string, unknown>;

/** Where the service lies. */
export const BASE = '/api/v1';
/** The largest body that is read: a thousand people need a fifth of it. */
export const MOST_BYTES = 1024 * 1024;

/** Every answer that is a problem, by status; `developers.when.<status>` says when. */
export const PROBLEM_STATUSES = ['400', '401', '403', '404', '405', '409', '413', '415', '422', '429', '500', '503'] as const;
export type ProblemStatus = (typeof PROBLEM_STATUSES)[number];

const problemsOf = ({ writes, method, path }: Operation): ProblemStatus[] => PROBLEM_STATUSES.filter((status) => {
  if (status === '405') return false;
  if (status === '404') return writes || path.includes('{');
  if (['400', '409', '413', '415'].includes(status)) return method === 'post';
  return true;
});

/** The JSON schema of a zod schema; what has a name is referred to by it. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const name = NAMED.get(schema)?.id;
  return name === undefined ? bare(z.toJSONSchema(schema, { io, metadata: NAMED })) : { $ref: `#/components/schemas/${name}` };
};

function bare(schema: object): Json {
  const { $schema: _, $id: __, ...rest } = schema as Json;
  return rest;
}

function components(): Json {
  const { schemas } = z.toJSONSchema(NAMED, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]));
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...rest } = bare(z.toJSONSchema(field as z.ZodType, { io: 'input' }));
    return { name, in: place, required: place === 'path', ...(description !== undefined && { description }), schema: rest };
  });
}

const RATE = { 'RateLimit-Policy': { $ref: '#/components/headers/RateLimit-Policy' }, 'RateLimit': { $ref: '#/components/headers/RateLimit' } };

function operationOf(operation: Operation, { t }: Text): Json {
  const { id, scope, status, answer, body, method, writes } = operation;
  const key = { name: 'Idempotency-Key', in: 'header', required: writes, schema: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[\\x21-\\x7e]+$' }, description: 'Chosen by you, new for each thing to do. The same request under the same key is answered for 24 hours as it was the first time.' };
  return {
    operationId: id, summary: t(`api.op.${id}`), description: `${t(`api.op-text.${id}`)} ${t('developers.scope', { scope })}`, security: [{ token: [] }],
    parameters: [
      ...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query'), ...(method === 'post' ? [key] : []),
      { name: 'Accept-Language', in: 'header', required: false, schema: { type: 'string' }, description: 'en for English, else Chinese.' },
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input'), example: EXAMPLES[id].body } } } }),
    responses: {
      [status]: { description: 'The answer.', headers: RATE, content: { 'application/json': { schema: schemaOf(answer, 'output'), example: EXAMPLES[id].answer } } },
      ...Object.fromEntries(problemsOf(operation).map((one) => [one, { description: t(`developers.when.${one}`), content: { 'application/problem+json': { schema: schemaOf(ProblemAnswer, 'output') } } }])),
    },
  };
}

/** The description of the service by OpenAPI 3.1, made from the schemas that check what comes in. */
export function openApi(text: Text): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation, text) };
  return {
    openapi: '3.1.0',
    info: {
      title: '上岗 Shanggang', version: '1', license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      description: `${text.t('developers.lead')} ${text.t('developers.common-text')}`,
    },
    servers: [{ url: `${publicUrl()}${BASE}` }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: components(),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: text.t('developers.token-text') } },
      headers: {
        'RateLimit-Policy': { description: `How many requests in how many seconds: "application";q=${APPLICATION_LIMITS.requests.tries};w=${APPLICATION_LIMITS.requests.seconds}.`, schema: { type: 'string' } },
        'RateLimit': { description: 'How many are left (r), and in how many seconds all are there again (t).', schema: { type: 'string' } },
      },
    },
  };
}
