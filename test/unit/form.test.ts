import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Problem } from '~/kernel/result';
import { parseForm, parseOneOf, type FormResponse } from '~/ui/form.server';

const Person = z.object({
  name: z.string().trim().max(10),
  email: z.email().optional(),
  age: z.number().int().min(18).max(70).optional(),
  kind: z.enum(['recruit', 'leader']),
  startOfDuty: z.iso.date().optional(),
  agreed: z.boolean().default(false),
  posts: z.array(z.string()).max(2).optional(),
  password: z.string().min(8, 'field.too-short').optional(),
});

const VALID = { name: '王小明', kind: 'recruit' };

function posted(fields: Record<string, string | string[]>): Request {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  return new Request('http://localhost/hr/people/new', { method: 'POST', body });
}

async function refusal(fields: Record<string, string | string[]>, schema: z.ZodType = Person) {
  const form = await parseForm(posted(fields), schema);
  if (form.ok) throw new Error('accepted');
  return contents(form.response);
}

async function contents(response: FormResponse) {
  const { form, reply } = await response.json();
  return { status: response.status, form, typed: reply.initialValue, errors: reply.error };
}

describe('a posted form', () => {
  it('becomes the value that the schema describes, numbers and ticks included', async () => {
    const form = await parseForm(posted({ ...VALID, name: ' 王小明 ', email: 'wang@example.gov.cn', age: '23', agreed: 'on', posts: ['a', 'b'], startOfDuty: '2026-07-01' }), Person);
    expect(form).toMatchObject({ ok: true, value: { name: '王小明', email: 'wang@example.gov.cn', age: 23, kind: 'recruit', agreed: true, posts: ['a', 'b'], startOfDuty: '2026-07-01' } });
  });

  it('takes empty fields as absent and an unticked box as false', async () => {
    const form = await parseForm(posted({ ...VALID, email: '', age: '' }), Person);
    expect(form.ok && form.value).toEqual({ name: '王小明', kind: 'recruit', agreed: false });
  });

  it.each([
    { name: 'a missing field', fields: { kind: 'recruit' }, field: 'name', problem: { code: 'field.required' } },
    { name: 'an empty field', fields: { ...VALID, name: '' }, field: 'name', problem: { code: 'field.required' } },
    { name: 'too long a text', fields: { ...VALID, name: '一二三四五六七八九十十一' }, field: 'name', problem: { code: 'field.too-long', params: { max: 10 } } },
    { name: 'a broken address', fields: { ...VALID, email: 'wang at home' }, field: 'email', problem: { code: 'field.email' } },
    { name: 'a word for a number', fields: { ...VALID, age: 'old' }, field: 'age', problem: { code: 'field.number' } },
    { name: 'too low a number', fields: { ...VALID, age: '3' }, field: 'age', problem: { code: 'field.too-low', params: { min: 18 } } },
    { name: 'too high a number', fields: { ...VALID, age: '300' }, field: 'age', problem: { code: 'field.too-high', params: { max: 70 } } },
    { name: 'a choice that was not offered', fields: { ...VALID, kind: 'emperor' }, field: 'kind', problem: { code: 'field.choose' } },
    { name: 'a missing choice', fields: { name: '王小明' }, field: 'kind', problem: { code: 'field.required' } },
    { name: 'a day that does not exist', fields: { ...VALID, startOfDuty: '2026-02-30' }, field: 'startOfDuty', problem: { code: 'field.date' } },
    { name: 'too short a password, by the schema’s own code', fields: { ...VALID, password: 'short' }, field: 'password', problem: { code: 'field.too-short', params: { min: 8 } } },
  ] as { name: string; fields: Record<string, string>; field: string; problem: Problem }[])('refuses $name beside its field', async ({ fields, field, problem }) => {
    const { status, errors } = await refusal(fields);
    expect(status).toBe(422);
    expect(errors).toEqual({ [field]: [problem] });
  });

  it('keeps everything that was typed, right or wrong, except passwords', async () => {
    const { typed } = await refusal({ name: '', kind: 'emperor', email: 'nonsense', age: 'old', agreed: 'on', posts: ['a', 'b', 'c'], password: 'a secret', newPassword: 'another' });
    expect(typed).toEqual({ kind: 'emperor', email: 'nonsense', age: 'old', agreed: 'on', posts: ['a', 'b', 'c'] });
  });

  it('asks for a tick where the schema insists on one', async () => {
    const { errors } = await refusal({}, z.object({ agreed: z.literal(true) }));
    expect(errors).toEqual({ agreed: [{ code: 'field.tick' }] });
  });

  it('carries the code and parameters of a rule across fields', async () => {
    const schema = z.object({ first: z.string(), again: z.string() }).refine((v) => v.first === v.again, { path: ['again'], message: 'field.taken', params: { value: 'x', list: [1] } });
    const { errors } = await refusal({ first: 'a', again: 'b' }, schema);
    expect(errors).toEqual({ again: [{ code: 'field.taken', params: { value: 'x' } }] });
  });

  it('shows a message that is no code as a plain "not in the right form"', async () => {
    const { errors } = await refusal({ first: 'a' }, z.object({ first: z.string().refine(() => false, 'whatever') }));
    expect(errors).toEqual({ first: [{ code: 'field.invalid' }] });
  });
});

describe('a form that the domain refuses', () => {
  it('comes back with the problem beside its field and what was typed', async () => {
    const form = await parseForm(posted({ ...VALID, password: 'long enough' }), Person);
    if (!form.ok) throw new Error('refused');
    expect(await contents(form.refuse({ code: 'field.taken', params: { value: '王小明' }, field: 'name' }))).toEqual({
      status: 409, form: 'form', typed: VALID, errors: { name: [{ code: 'field.taken', params: { value: '王小明' } }] },
    });
  });

  it('comes back with the problem on top when it names no field', async () => {
    const form = await parseForm(posted(VALID), Person);
    if (!form.ok) throw new Error('refused');
    const answer = await contents(form.refuse({ code: 'storage.full' }));
    expect(answer).toMatchObject({ status: 507, typed: VALID, errors: { '': [{ code: 'storage.full' }] } });
  });
});

describe('several forms on a page', () => {
  const forms = { rename: z.object({ name: z.string() }), move: z.object({ to: z.string(), count: z.number() }) };

  it('are told apart by the form’s id', async () => {
    const form = await parseOneOf(posted({ __form: 'move', to: 'b', count: '2' }), forms);
    expect(form).toMatchObject({ ok: true, form: 'move', value: { to: 'b', count: 2 } });
  });

  it('get their answers back under their own id', async () => {
    const form = await parseOneOf(posted({ __form: 'move', to: 'b' }), forms);
    if (form.ok) throw new Error('accepted');
    expect(await contents(form.response)).toEqual({ status: 422, form: 'move', typed: { to: 'b' }, errors: { count: [{ code: 'field.required' }] } });
  });

  it.each(['', 'delete', 'constructor', '__proto__'])('refuse the unknown id "%s"', async (id) => {
    const form = await parseOneOf(posted({ __form: id, name: 'x' }), forms);
    expect(form.ok).toBe(false);
  });
});

describe('what no form of ours sends', () => {
  it.each([
    { name: 'a body of another kind', request: () => new Request('http://localhost/', { method: 'POST', body: '{"name":"x"}', headers: { 'content-type': 'application/json' } }) },
    { name: 'a broken multipart body', request: () => new Request('http://localhost/', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } }) },
    { name: 'no body', request: () => new Request('http://localhost/', { method: 'POST' }) },
    { name: 'a NUL in a value', request: () => posted({ ...VALID, name: 'a\0b' }) },
    { name: 'a NUL in a name', request: () => posted({ ...VALID, 'na\0me': 'a' }) },
    { name: 'an instruction to the form library', request: () => posted({ ...VALID, __intent__: '{"type":"reset","payload":{}}' }) },
    { name: 'a broken instruction to the form library', request: () => posted({ ...VALID, __intent__: '{' }) },
    { name: 'a state of the form library', request: () => posted({ ...VALID, __state__: '{' }) },
  ])('$name is refused as a whole', async ({ request }) => {
    const form = await parseForm(request(), Person);
    if (form.ok) throw new Error('accepted');
    expect(await contents(form.response)).toEqual({ status: 400, form: 'form', typed: {}, errors: { '': [{ code: 'request.invalid' }] } });
  });

  it('names that reach for object prototypes change nothing', async () => {
    for (const name of ['__proto__.polluted', 'constructor.prototype.polluted', 'name.__proto__.polluted', '__proto__[polluted]']) {
      await parseForm(posted({ ...VALID, [name]: 'yes' }), Person);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }
  });

  it('names that clash with one another are refused, not crashed on', async () => {
    const { status } = await refusal({ ...VALID, 'name.first': 'a', 'name[0]': 'b' });
    expect([400, 422]).toContain(status);
  });
});
