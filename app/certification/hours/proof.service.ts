import { inTransaction, type By, type Tx } from '~/db';
import type { Evidence } from '../clearance';
import { evidenceOf } from '../evidence.repository';
import { changeEvidenceTo, recordEvidence } from '../record-evidence.service';
import { lockPerson } from '../assignments.repository';
import { entriesOf, type StoredEntry } from './entries.repository';

const BY: By = 'system:learning hours';
const WHY = { by: BY, cause: 'rule' } as const;

/** Makes a person's hours evidence, each entry by itself, as they count now. Does nothing when it is so already. */
export async function proveHours(personId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockPerson(tx, personId);
    const known = new Map((await evidenceOf(tx, personId)).filter((one) => one.kind === 'hours').map((one) => [one.ref, one]));
    for (const entry of await entriesOf(tx, [personId])) await prove(tx, entry, known.get(entry.id) ?? null);
  });
}

async function prove(tx: Tx, { id, personId, at, status, hundredths }: StoredEntry, known: Evidence | null): Promise<void> {
  const counts = status === 'counted' && hundredths !== 0;
  if (!known) {
    if (counts) await recordEvidence(tx, personId, { kind: 'hours', ref: id, targetId: 'all', passed: true, at, facts: { hundredths } }, WHY);
    return;
  }
  const wasVoid = known.facts.void === true;
  if (counts ? !wasVoid && known.facts.hundredths === hundredths : wasVoid) return;
  const revision = (known.facts.revision ?? 0) + 1;
  const facts = counts ? { hundredths, revision } : { hundredths: 0, revision, void: true };
  await changeEvidenceTo(tx, personId, { kind: 'hours', ref: id, targetId: 'all', passed: counts, at, facts }, WHY);
}
