import { z } from 'zod';

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** An instant, ISO 8601 in UTC. */
const Time = z.iso.datetime();
const Words = z.object({ zh: z.string(), en: z.string() }).strict();

export const RECORD_SCHEMA = 'urn:shanggang:record:1';

/** Everything about a person's learning and permission to work, as one document; its shape changes only under another schema. */
export const LifeRecord = z.object({
  schema: z.literal(RECORD_SCHEMA),
  issuer: z.object({ name: z.string(), url: z.string() }).strict(),
  madeAt: Time,
  zone: z.string(),
  person: z.object({ id: z.string(), name: z.string(), numbers: z.array(z.object({ kind: z.enum(['recruitment', 'staff', 'national']), value: z.string() }).strict()) }).strict(),
  appointments: z.array(z.object({ organisation: z.string(), kind: z.string(), post: z.string(), rank: z.string().nullable(), from: Day, until: Day.nullable() }).strict()),
  courses: z.array(z.object({
    title: Words, enrolledAt: Time, completedAt: Time.nullable(), lessons: z.array(z.object({ lesson: z.string(), readAt: Time }).strict()),
  }).strict()),
  exams: z.array(z.object({
    title: Words, attempt: z.number(), startedAt: Time.nullable(), state: z.string(),
    result: z.object({ percent: z.number(), cutScore: z.number(), passed: z.boolean(), releasedAt: Time }).strict().nullable(),
  }).strict()),
  credentials: z.array(z.object({
    number: z.string(), programme: Words, state: z.string(), issuedAt: Time, validUntil: Day.nullable(), stateAt: Time, stateReason: z.string().nullable(),
  }).strict()),
  hours: z.array(z.object({ year: z.number(), hundredths: z.number() }).strict()),
  clearances: z.array(z.object({
    programme: Words, gate: z.string(), cycle: z.number(), status: z.string(), dueOn: Day,
    periods: z.array(z.object({ from: Day, until: Day.nullable(), basis: z.string() }).strict()),
  }).strict()),
  waivers: z.array(z.object({ programme: Words, state: z.string(), from: Day, until: Day, reason: z.string(), conditions: z.string(), decidedAt: Time.nullable() }).strict()),
  starts: z.array(z.object({ organisation: z.string(), on: Day, basis: z.string(), state: z.string() }).strict()),
  external: z.array(z.object({ title: z.string(), issuer: z.string(), code: z.string(), issuedOn: Day, validUntil: Day.nullable(), state: z.string() }).strict()),
  declarations: z.array(z.object({ title: Words, textHash: z.string(), signedName: z.string(), signedAt: Time }).strict()),
  events: z.array(z.object({ title: z.string(), place: z.string(), from: Day, until: Day, hundredths: z.number(), leaveHundredths: z.number(), state: z.string() }).strict()),
}).strict();
export type LifeRecord = z.infer<typeof LifeRecord>;

/** The one spelling of a document: keys sorted, no spaces, so that equal documents are equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

/** A record with its signature: readable as it stands, and provable without asking anybody who has the public key. */
export const SignedRecord = z.object({
  record: LifeRecord,
  /** A compact JWS (EdDSA) over the record in its one spelling; `kid` in its head names the key. */
  signature: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
}).strict();
export type SignedRecord = z.infer<typeof SignedRecord>;
