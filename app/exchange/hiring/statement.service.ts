import { createHash } from 'node:crypto';
import { canonical, MAY_START, newCheckCode, publishedKeys, readCheckCode, signedText, signText, type Signed } from '~/certification';
import { appendEvent, commitIfOk, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config, publicUrl } from '~/kernel/config';
import { putFile, readFile } from '~/kernel/files';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { collected, rendererAside } from '~/pdf';
import { allOrganisations } from '~/people';
import { textFor } from '~/text';
import { wordAnswer } from '~/text/hiring-words';
import { findList, rowsOfList, type HiringList, type HiringRow } from './list.repository';
import { openList } from './list.service';
import { drawStatement } from './paper/draw';
import { statementSheet } from './paper/sheet';
import { readStatementNumber, SignedStatement, STATEMENT_SCHEMA, type HiringStatement } from './statement';
import { insertStatement, keepPdf, nextNumber, statementAsOf, statementByNumber, statementOfPdf, type Statement } from './statement.repository';

const render = rendererAside('hiring-thread.js', drawStatement);

const SIGNED_AS = 'shanggang-hiring-list+json';

/**
 * Signs what was answered about a list, as of the moment when it was judged last: a number, a check code, every row as it
 * stands, and the deployment's signature over all of it. Signed twice for one moment it is the same statement.
 * @returns its number
 */
export async function signList(actor: Actor, listId: string): Promise<Result<string>> {
  const list = await findList(reader(), listId);
  if (!list) return err('not-found');
  authorise(actor, 'make hiring lists', { organisationPath: list.organisationPath });
  // The key is made on its first use, which must not happen inside of a transaction.
  await publishedKeys();
  const issuer = (await allOrganisations(reader())).find((one) => one.parentId === null)?.name ?? '';
  return commitIfOk(async (tx) => {
    const present = await findList(tx, listId);
    if (!present) return err('not-found');
    const before = await statementAsOf(tx, listId, present.judgedAt);
    if (before) return ok(before.number);
    const number = await nextNumber(tx, Number(dateAt(tx.now, config().TIME_ZONE).slice(0, 4)));
    const snapshot = snapshotOf(number, issuer, present, await rowsOfList(tx, listId), tx.now);
    const id = newId();
    const signature = await signText(canonical(snapshot), SIGNED_AS);
    await insertStatement(tx, { id, number, checkCode: newCheckCode(), listId, asOf: present.judgedAt, snapshot, signature, madeBy: actor.by });
    await appendEvent(tx, {
      kind: 'hiring-list.signed', subject: { kind: 'hiring-list', id: listId }, by: actor.by, cause: 'personnel',
      body: { statementId: id, number, asOf: present.judgedAt, people: snapshot.people.length, mayStart: snapshot.mayStart },
    });
    return ok(number);
  });
}

function snapshotOf(number: string, issuer: string, list: HiringList, rows: readonly HiringRow[], now: number): HiringStatement {
  const zone = config().TIME_ZONE;
  const text = textFor('zh', zone);
  return {
    schema: STATEMENT_SCHEMA, number, issuer: { name: issuer, url: publicUrl() }, title: list.title, organisation: list.organisation,
    asOf: new Date(list.judgedAt).toISOString(), madeAt: new Date(now).toISOString(), zone, mayStart: rows.filter(({ status }) => MAY_START.includes(status)).length,
    people: rows.map((row) => ({
      line: row.line, number: row.number, name: row.name, organisation: row.organisation, post: row.post, startOn: row.startOn, status: row.status, until: row.answer.until,
      says: wordAnswer(text, row.answer, { otherName: row.knownName, startedOn: row.startedOn }),
    })),
  };
}

/**
 * The paper of a statement. It is drawn once and kept: its bytes are what is checked later. That it was taken is an event.
 * @throws ProblemError when the actor may not see the list
 */
export async function takeStatementPdf(actor: Actor, typedNumber: string): Promise<{ number: string; content: Buffer } | null> {
  const number = readStatementNumber(typedNumber);
  const found = number && await statementByNumber(reader(), number);
  if (!found) {
    authorise(actor, 'see hiring lists');
    return null;
  }
  authorise(actor, 'see a hiring list', { organisationPath: found.organisationPath });
  const content = found.pdfKey === null ? await drawn(found) : await readFile(found.pdfKey);
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'hiring-list.taken', subject: { kind: 'hiring-list', id: found.listId }, by: actor.by, body: { form: 'pdf', number: found.number, people: found.snapshot.people.length },
  }));
  return { number: found.number, content };
}

async function drawn({ id, number, checkCode, snapshot, signature }: Statement): Promise<Buffer> {
  const content = await collected(render(statementSheet({ list: snapshot, signature }, checkCode)));
  // Two who ask first at once each draw one; the paper is the one that is noted.
  const key = `hiring/${number.slice(2, 6)}/${number}-${newId()}.pdf`;
  await putFile(key, content);
  if (await inTransaction((tx) => keepPdf(tx, id, { key, sha256: createHash('sha256').update(content).digest('hex') })) > 0) return content;
  const kept = await statementByNumber(reader(), number);
  return kept?.pdfKey ? readFile(kept.pdfKey) : content;
}

/** What a stranger learns of a statement: with the check code, or the paper itself, every row of it. */
export type StatementCheck =
  | { found: 'nothing' }
  | { found: 'statement'; number: string; signed: Signed; list: Omit<HiringStatement, 'people'> & { peopleCount: number; people: HiringStatement['people'] | null }; isWrongCode: boolean };

/** Looks a statement up by what is printed on it. */
export async function checkStatement(typedNumber: string, typedCode: string): Promise<StatementCheck> {
  const number = readStatementNumber(typedNumber);
  const found = number && await statementByNumber(reader(), number);
  if (!found) return { found: 'nothing' };
  const code = readCheckCode(typedCode);
  return shownStatement(found, { open: code === found.checkCode, isWrongCode: code !== '' && code !== found.checkCode });
}

async function shownStatement({ number, snapshot, signature }: Statement, { open, isWrongCode }: { open: boolean; isWrongCode: boolean }): Promise<StatementCheck> {
  const signed = await signedText(canonical(snapshot), signature, SIGNED_AS);
  return { found: 'statement', number, signed, list: { ...snapshot, peopleCount: snapshot.people.length, people: open ? snapshot.people : null }, isWrongCode };
}

/**
 * Whether a file is the paper of a statement, byte for byte, or the signed document that is attached to it. Null: neither; it
 * may still be something else that is issued here.
 */
export async function checkStatementFile(content: Buffer): Promise<StatementCheck | null> {
  const paper = await statementOfPdf(reader(), createHash('sha256').update(content).digest('hex'));
  if (paper) return shownStatement(paper, { open: true, isWrongCode: false });
  const document = signedIn(content);
  if (!document) return null;
  const { list, signature } = document;
  const { people, ...rest } = list;
  return { found: 'statement', number: list.number, signed: await signedText(canonical(list), signature, SIGNED_AS), list: { ...rest, peopleCount: people.length, people }, isWrongCode: false };
}

function signedIn(content: Buffer): SignedStatement | null {
  try {
    return SignedStatement.safeParse(JSON.parse(content.toString('utf8').replace(/^\ufeff/, ''))).data ?? null;
  } catch {
    return null;
  }
}

/** The rows of a list for a file, as of its last judgement; that they were taken is an event. @throws ProblemError */
export async function takeRows(actor: Actor, listId: string, filter: Parameters<typeof rowsOfList>[2]): Promise<{ list: HiringList; rows: HiringRow[] } | null> {
  const list = await openList(actor, listId);
  if (!list) return null;
  const rows = await rowsOfList(reader(), listId, filter);
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'hiring-list.taken', subject: { kind: 'hiring-list', id: listId }, by: actor.by, body: { form: 'xlsx', people: rows.length },
  }));
  return { list, rows };
}
