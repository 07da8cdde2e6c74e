import { z } from 'zod';
import { publicUrl } from '~/kernel/config';
import { EXAMPLES, type OperationId } from './examples';
import { BASE } from './openapi.service';
import { OPERATIONS } from './operations.service';

/** An operation as the guide for developers shows it. */
export interface GuideOperation {
  id: OperationId;
  method: string;
  path: string;
  scope: string;
  parameters: { name: string; type: string; required: boolean }[];
  curl: string;
  answer: string;
}

const Described = z.looseObject({ type: z.string().optional(), format: z.string().optional(), enum: z.array(z.string()).optional() });

function typeOf(field: z.ZodType): string {
  const { type, format, enum: values } = Described.parse(z.toJSONSchema(field, { io: 'input' }));
  return values?.join(' | ') ?? [type, format].filter((part) => part !== undefined).join(', ');
}

/** Every operation with its parameters, a request by curl and an answer. */
export const guideOf = (): GuideOperation[] => OPERATIONS.map(({ id, method, path, scope, params, query, writes }) => ({
  id, method: method.toUpperCase(), path: `${BASE}${path}`, scope,
  parameters: [params, query].flatMap((part) => Object.entries(part.shape).map(([name, field]) => ({ name, type: typeOf(field as z.ZodType), required: part === params }))),
  curl: curlOf(id, path, writes), answer: JSON.stringify(EXAMPLES[id].answer, null, 2),
}));

function curlOf(id: OperationId, path: string, writes: boolean): string {
  const { query, body } = EXAMPLES[id];
  const address = `${publicUrl()}${BASE}${path.replace('{id}', '0198b2c4-7a10-7c3e-8f00-000000000004')}${query}`;
  return [
    `curl '${address}'`, '-H "Authorization: Bearer $TOKEN"',
    ...(writes ? [`-H "Idempotency-Key: $(uuidgen)"`] : []), ...(body === null ? [] : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body)}'`]),
  ].join(' \\\n  ');
}
