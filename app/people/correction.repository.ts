import { z } from 'zod';
import { execute, maybeOne, type Reader, type Tx } from '~/db';
import { foldWidth } from '~/identity';
import { numberHash, type NumberKind } from './number';
import type { Person } from './person.repository';

const Row = z.object({ id: z.string(), name: z.string(), email: z.string().nullable(), phone: z.string().nullable(), version: z.number() });

/** A person as they are corrected, with the version that is corrected. */
export const findToCorrect = (from: Reader, id: string): Promise<z.infer<typeof Row> | null> =>
  maybeOne(from, Row, 'SELECT id, name, email, phone, version FROM persons WHERE id = $id', { id });

/** @returns 0 when somebody changed it after `version` */
export const savePerson = (tx: Tx, { id, name, email, phone }: Person, version: number): Promise<number> =>
  execute(tx, 'UPDATE persons SET name = $name, email = $email, phone = $phone, version = version + 1 WHERE id = $id AND version = $version', { id, name, email, phone, version });

const NumberRow = z.object({ id: z.string(), value: z.string() });

/** A person's readable number of this kind; null: none. */
export const readableNumber = (from: Reader, personId: string, kind: NumberKind): Promise<z.infer<typeof NumberRow> | null> =>
  maybeOne(from, NumberRow, 'SELECT id, value FROM identifiers WHERE person_id = $personId AND kind = $kind AND value IS NOT NULL ORDER BY id LIMIT 1', { personId, kind });

export const saveNumber = (tx: Tx, id: string, kind: NumberKind, value: string): Promise<number> =>
  execute(tx, 'UPDATE identifiers SET value = $value, value_hash = $hash WHERE id = $id', { id, value: foldWidth(value), hash: numberHash(kind, value) });
