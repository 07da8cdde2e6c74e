import { z } from 'zod';
import type { Tx } from '~/db';
import type { ApplicationScope } from '~/identity';
import type { Result } from '~/kernel/result';
import type { Call } from './call';
import { checkClearances } from './check.service';
import { listClearances, openOneClearance, readChanges } from './clearances.service';
import type { OperationId } from './examples';
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
  /** Names its words in `app/text` and its example. */
  id: OperationId;
  method: 'get' | 'post';
  /** Below `/api/v1`, with `{names}`. */
  path: string;
  scope: ApplicationScope;
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
  id: OperationId;
  path: string;
  scope: ApplicationScope;
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
    id: 'checkClearances', path: '/clearance/check', scope: 'clearance.check',
    body: CheckQuestion, answer: CheckAnswer, run: checkClearances,
  }),
  read({
    id: 'listClearances', path: '/clearances', scope: 'clearances.read',
    query: ClearancesQuestion, answer: ClearancesAnswer, run: listClearances,
  }),
  readOne({
    id: 'getClearance', path: '/clearances/{id}', scope: 'clearances.read', query: ClearanceQuestionOn, answer: ClearanceDetail, run: openOneClearance,
  }),
  read({
    id: 'listClearanceChanges', path: '/clearance-changes', scope: 'clearances.read',
    query: ChangesQuestion, answer: ChangesAnswer, run: readChanges,
  }),
  write({
    id: 'recordStart', path: '/starts', scope: 'starts.write',
    body: StartQuestion, answer: StartAnswer, run: recordOneStart,
  }),
  read({
    id: 'listPeople', path: '/people', scope: 'people.read',
    query: PeopleQuestion, answer: PeopleAnswer, run: listPeople,
  }),
  read({ id: 'listOrganisations', path: '/organisations', scope: 'people.read', query: PagedQuestion, answer: OrganisationsAnswer, run: listOrganisations }),
  read({ id: 'listProgrammes', path: '/programmes', scope: 'catalogue.read', query: PagedQuestion, answer: ProgrammesAnswer, run: listProgrammes }),
  read({ id: 'listSittings', path: '/sittings', scope: 'catalogue.read', query: PagedQuestion, answer: SittingsAnswer, run: listSittings }),
];
