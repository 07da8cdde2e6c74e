/** The door of the database: connection, transactions, queries, ledger and outbox. */
import { connect, disconnect, type Database, type DatabaseChoice } from './connection';
import { setDatabase } from './transaction';

export { withoutWaitingForDisk, type Database, type DatabaseChoice, type Dialect } from './connection';
export { migrate, appliedMigrations, NewerDatabaseError, type Migration } from './migrate';
export { rows, one, maybeOne, containing, Flag, flag, json, type Reader, type Params, type Bindable } from './query';
export { inTransaction, reader, database, commitCount, execute, type Tx } from './transaction';
export { insert } from './insert';
export { among, chunks, inChunks, places } from './lists';
export { commitIfOk } from './commit-if-ok';
export { countTry, countTryOf, takeBackTry, forgetTries, type Budget, type Limit } from './limits';
export { accountOf, appendEvent, appendEvents, openPersonal, erasePersonKey, type By, type Doer, type LedgerEvent } from './ledger';
export {
  addJob, addJobs, waitingJobs, overdueJobs, markSent, markAllWaiting, markWaiting, markDone, markFailed, jobStatus,
  failedJobs, outboxCounts, forgetDone, onOutboxCommitted, type OutboxJob, type OutboxRow, type FailedJob,
} from './outbox';
export { withSnapshot, tableNames, type Snapshot } from './copy';
export { groupCommit } from './group-commit';
export { storageProblem } from './storage-problem';
export { saveSetting, settingsLike } from './settings';

/** Opens the database and makes it the one that this process uses. */
export async function openDatabase(choice: DatabaseChoice): Promise<Database> {
  const db = await connect(choice);
  setDatabase(db);
  return db;
}

export async function closeDatabase(db: Database): Promise<void> {
  setDatabase(null);
  await disconnect(db);
}
