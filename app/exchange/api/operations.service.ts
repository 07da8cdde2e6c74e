import { z } from 'zod';
import type { Tx } from '~/db';
import type { ApplicationScope } from '~/identity';
import type { Result } from '~/kernel/result';
import type { Call } from './call';
import { checkClearances } from './check.service';
import { listClearances, openOneClearance, readChanges } from './clearances.service';
import { listOrganisations, listPeople, listProgrammes, listSittings } from './registers.service';
import {
  ById, ChangesAnswer, ChangesQuestion, CheckAnswer, CheckQuestion, ClearanceDetail, ClearanceQuestionOn, ClearancesAnswer, ClearancesQuestion, OrganisationsAnswer, PagedQuestion, PeopleAnswer, PeopleQuestion,
  ProgrammesAnswer, SittingsAnswer, StartAnswer, StartQuestion,
} from './schema';
import { recordOneStart } from './starts.service';

/** What is asked for, as it came; each operation reads it by its own schemas. */
export interface Asked {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** One thing that the service does: the router, the description and the tests are made from the list of them. */
export interface Operation {
  id: string;
  method: 'get' | 'post';
  /** Below `/api/v1`, with `{names}`. */
  path: string;
  scope: ApplicationScope;
  summary: string;
  /** What there is to say beyond. */
  text: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType | null;
  answer: z.ZodType;
  status: 200 | 201;
  /** Whether it changes something; then a key is asked for, so that it is done once. */
  writes: boolean;
  /** `tx` is there where something is changed. What is asked must have been checked by the schemas before. */
  run: (call: Call, asked: Asked, tx: Tx | null) => Promise<Result<unknown>>;
}

const NOTHING = z.strictObject({});

interface Told<Answer extends z.ZodType> {
  id: string;
  path: string;
  scope: ApplicationScope;
  summary: string;
  text: string;
  answer: Answer;
}

const read = <Query extends z.ZodObject, Answer extends z.ZodType>(
  told: Told<Answer> & { query: Query; run: (call: Call, query: z.output<Query>) => Promise<Result<z.input<Answer>>> },
): Operation => ({ ...told, method: 'get', params: NOTHING, body: null, status: 200, writes: false, run: (call, asked) => told.run(call, told.query.parse(asked.query)) });

const readOne = <Query extends z.ZodObject, Answer extends z.ZodType>(
  told: Told<Answer> & { query: Query; run: (call: Call, params: { id: string }, query: z.output<Query>) => Promise<Result<z.input<Answer>>> },
): Operation => ({ ...told, method: 'get', params: ById, body: null, status: 200, writes: false, run: (call, asked) => told.run(call, ById.parse(asked.params), told.query.parse(asked.query)) });

const ask = <Body extends z.ZodType, Answer extends z.ZodType>(
  told: Told<Answer> & { body: Body; run: (call: Call, body: z.output<Body>) => Promise<Result<z.input<Answer>>> },
): Operation => ({ ...told, method: 'post', params: NOTHING, query: NOTHING, status: 200, writes: false, run: (call, asked) => told.run(call, told.body.parse(asked.body)) });

const write = <Body extends z.ZodType, Answer extends z.ZodType>(
  told: Told<Answer> & { body: Body; run: (tx: Tx, call: Call, body: z.output<Body>) => Promise<Result<z.input<Answer>>> },
): Operation => ({
  ...told, method: 'post', params: NOTHING, query: NOTHING, status: 201, writes: true,
  run: (call, asked, tx) => {
    if (!tx) throw new Error(`${told.id} changes something and was run outside of a transaction`);
    return told.run(tx, call, told.body.parse(asked.body));
  },
});

export const OPERATIONS: readonly Operation[] = [
  ask({
    id: 'checkClearances', path: '/clearance/check', scope: 'clearance.check', summary: 'Whether each of up to 1,000 people may start on their own day',
    text: 'Each person is found by a number and the name, within the organisation of the application. The same judgement as on hiring lists, as of now. Nothing is changed, so it may be asked again at any time.',
    body: CheckQuestion, answer: CheckAnswer, run: checkClearances,
  }),
  read({
    id: 'listClearances', path: '/clearances', scope: 'clearances.read', summary: 'How clearances stand, today or on another day',
    text: 'In the order of the people. A page is made of so many people and holds what the filters leave of their clearances, so it may be short or empty while `next` leads on.',
    query: ClearancesQuestion, answer: ClearancesAnswer, run: listClearances,
  }),
  readOne({
    id: 'getClearance', path: '/clearances/{id}', scope: 'clearances.read', summary: 'One clearance with its requirements, their evidence and the reasons',
    text: 'For today, for another day, or with what was known on an earlier day. Reading it is recorded.', query: ClearanceQuestionOn, answer: ClearanceDetail, run: openOneClearance,
  }),
  read({
    id: 'listClearanceChanges', path: '/clearance-changes', scope: 'clearances.read', summary: 'What changed about clearances since the last time',
    text: 'In an order in which nothing is ever put in behind what you have read. Keep `next` once you have stored the items, and ask with it again. Whose it is and where they serve is told as it is now.',
    query: ChangesQuestion, answer: ChangesAnswer, run: readChanges,
  }),
  write({
    id: 'recordStart', path: '/starts', scope: 'starts.write', summary: 'Record that somebody started work',
    text: 'Recorded only when every programme that guards the start permits it on that day; otherwise 409. A day to come is refused. Emergency starts need two people and are recorded on the pages.',
    body: StartQuestion, answer: StartAnswer, run: recordOneStart,
  }),
  read({
    id: 'listPeople', path: '/people', scope: 'people.read', summary: 'Who serves in the organisation of the application', text: 'With the appointments that run there. Identity numbers are not told.',
    query: PeopleQuestion, answer: PeopleAnswer, run: listPeople,
  }),
  read({ id: 'listOrganisations', path: '/organisations', scope: 'people.read', summary: 'The organisations of the subtree', text: 'Also those that are closed.', query: PagedQuestion, answer: OrganisationsAnswer, run: listOrganisations }),
  read({ id: 'listProgrammes', path: '/programmes', scope: 'catalogue.read', summary: 'The programmes that are in force, with what they require', text: 'By slug.', query: PagedQuestion, answer: ProgrammesAnswer, run: listProgrammes }),
  read({ id: 'listSittings', path: '/sittings', scope: 'catalogue.read', summary: 'Sittings that are planned in the subtree', text: 'Those that are not over, with how many places are taken.', query: PagedQuestion, answer: SittingsAnswer, run: listSittings }),
];
