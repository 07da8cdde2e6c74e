import type { By, Tx } from '~/db';
import { startOfDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { enterHours, annulHours } from '../../hours';
import type { Evidence } from '../../evidence';
import { annul, count } from '../counting.service';
import { markLine, type ImportLine, type PastImport } from './past.repository';
import { pastEntry } from './rows';

/** Takes one row over: evidence from its day on, with source and approver; hours beside it when they are stated. */
export async function applyLine(tx: Tx, one: PastImport, line: ImportLine): Promise<void> {
  if (line.personId === null || await markLine(tx, line.id, 'ready', 'applied') === 0) return;
  const entry = pastEntry(line.cells);
  const how = { by: (one.decidedBy ?? 'system:certification') as By, cause: 'import' };
  const evidence: Evidence = {
    kind: entry.kind === 'event' ? 'event-attendance' : 'external', ref: line.id, targetId: entry.code, passed: true, at: startOfDate(entry.on, config().TIME_ZONE),
    validUntil: entry.validUntil, facts: { importId: one.id, line: line.line },
  };
  await count(tx, line.personId, evidence, how);
  if (entry.hundredths === null) return;
  await enterHours(tx, {
    personId: line.personId, kind: 'classroom', ref: line.id, title: { zh: entry.title, en: entry.title }, occurredOn: entry.on, statedHours: entry.hundredths / 100,
    ...(one.decidedBy !== null && { approvedBy: one.decidedBy }),
  }, how);
}

/** Takes one row back: what it proved counts for nothing from now on. */
export async function annulLine(tx: Tx, line: ImportLine, by: By): Promise<void> {
  if (line.personId === null || await markLine(tx, line.id, 'applied', 'undone') === 0) return;
  const how = { by, cause: 'import' };
  await annul(tx, line.personId, pastEntry(line.cells).kind === 'event' ? 'event-attendance' : 'external', line.id, how);
  await annulHours(tx, 'classroom', line.id, how);
}
