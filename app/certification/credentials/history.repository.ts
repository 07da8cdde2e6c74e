import { z } from 'zod';
import { json, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

const KINDS = ['credential.issued', 'credential.suspended', 'credential.reinstated', 'credential.revoked', 'credential.superseded'] as const;

const EventRow = z.object({ kind: z.enum(KINDS), at: z.number(), body: json(z.object({ reason: z.string().optional() })) });

export interface CredentialEvent {
  what: 'issued' | 'suspended' | 'reinstated' | 'revoked' | 'superseded';
  at: Instant;
  reason: string | null;
}

const WORDS = {
  'credential.issued': 'issued', 'credential.suspended': 'suspended', 'credential.reinstated': 'reinstated', 'credential.revoked': 'revoked',
  'credential.superseded': 'superseded',
} as const satisfies Record<(typeof KINDS)[number], CredentialEvent['what']>;

/** What happened to a credential, from the ledger, the latest first. */
export async function eventsOfCredential(from: Reader, { id, personId }: { id: string; personId: string }): Promise<CredentialEvent[]> {
  const kinds = KINDS.map((kind) => `'${kind}'`).join(', ');
  const found = await rows(from, EventRow, `SELECT kind, at, body FROM ledger_events
    WHERE person_id = $personId AND kind IN (${kinds}) AND subject_id = $id ORDER BY at DESC, id DESC`, { id, personId });
  return found.map(({ kind, at, body }) => ({ what: WORDS[kind], at, reason: body.reason ?? null }));
}
