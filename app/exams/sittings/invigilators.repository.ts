import { z } from 'zod';
import { containing, execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';

const RoomOf = z.object({ room_id: z.string().nullable() });

/** The room that an account watches over in a sitting: null is all of it, undefined none. */
export async function roomOfInvigilator(from: Reader, sittingId: string, accountId: string): Promise<string | null | undefined> {
  return (await maybeOne(from, RoomOf, 'SELECT room_id FROM sitting_invigilators WHERE sitting_id = $sittingId AND account_id = $accountId', { sittingId, accountId }))?.room_id;
}

const Path = z.object({ path: z.string() });

/** The path of the organisation that holds a sitting. */
export const organisationPathOf = async (from: Reader, sittingId: string): Promise<string | null> =>
  (await maybeOne(from, Path, 'SELECT o.path FROM sittings s JOIN organisations o ON o.id = s.organisation_id WHERE s.id = $sittingId', { sittingId }))?.path ?? null;

const InvigilatorRow = z.object({
  account_id: z.string(), sign_in_name: z.string(), name: z.string().nullable(), room_id: z.string().nullable(), room: z.string().nullable(),
}).transform((row) => ({ accountId: row.account_id, name: row.name ?? row.sign_in_name, signInName: row.sign_in_name, roomId: row.room_id, room: row.room }));
export type SittingInvigilator = z.infer<typeof InvigilatorRow>;

/** Who invigilates a sitting, whole-sitting ones first. */
export const invigilatorsOf = (from: Reader, sittingId: string): Promise<SittingInvigilator[]> =>
  rows(from, InvigilatorRow, `SELECT i.account_id, c.sign_in_name, p.name, i.room_id, r.name AS room
    FROM sitting_invigilators i JOIN accounts c ON c.id = i.account_id LEFT JOIN persons p ON p.id = c.person_id
    LEFT JOIN exam_rooms r ON r.id = i.room_id
    WHERE i.sitting_id = $sittingId ORDER BY CASE WHEN r.id IS NULL THEN 0 ELSE 1 END, r.position, c.sign_in_name`, { sittingId });

const AccountRow = z.object({ id: z.string(), sign_in_name: z.string(), name: z.string().nullable() })
  .transform((row) => ({ accountId: row.id, signInName: row.sign_in_name, name: row.name ?? row.sign_in_name }));

/** Open accounts that hold the role of invigilator, anywhere; `search` is part of a name. */
export const knownInvigilators = (from: Reader, search: string): Promise<z.infer<typeof AccountRow>[]> =>
  rows(from, AccountRow, `SELECT c.id, c.sign_in_name, p.name FROM accounts c LEFT JOIN persons p ON p.id = c.person_id
    WHERE c.state <> 'closed' AND EXISTS (SELECT 1 FROM roles r WHERE r.account_id = c.id AND r.role = 'invigilator')
      AND (lower(COALESCE(p.name, '')) LIKE $search ESCAPE '!' OR lower(c.sign_in_name) LIKE $search ESCAPE '!')
    ORDER BY c.sign_in_name LIMIT 200`, { search: containing(search) });

export const addInvigilator = (tx: Tx, added: { sittingId: string; accountId: string; roomId: string | null; by: string }): Promise<number> =>
  insert(tx, 'sitting_invigilators', [{ sitting_id: added.sittingId, account_id: added.accountId, room_id: added.roomId, added_at: tx.now, added_by: added.by }],
    'ON CONFLICT (sitting_id, account_id) DO UPDATE SET room_id = excluded.room_id, added_at = excluded.added_at, added_by = excluded.added_by');

export const removeInvigilator = (tx: Tx, sittingId: string, accountId: string): Promise<number> =>
  execute(tx, 'DELETE FROM sitting_invigilators WHERE sitting_id = $sittingId AND account_id = $accountId', { sittingId, accountId });
