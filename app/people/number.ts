import { foldName, foldWidth } from '~/identity';
import { keyedHash } from '~/kernel/secrets';

export const NUMBER_KINDS = ['recruitment', 'staff', 'national'] as const;
/** recruitment number 报考号, staff number 工号, citizen identity number 身份证号. */
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** A recruitment or staff number: letters, digits and `. _ / -` between them. */
export const isPersonNumber = (number: string): boolean => /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])$/.test(foldWidth(number));

/** By which a number is found, however it is typed; for identity numbers also the only searchable form. */
export const numberHash = (kind: NumberKind, number: string): string => keyedHash(`${kind} ${foldName(number)}`);
