import { addDays, addMonths, type PlainDate } from '~/kernel/calendar';

/** Recruits serve so long on probation. */
export const PROBATION_MONTHS = 12;

/** The last day of the probation: of one that began on 1 July, 30 June. */
export const probationEnds = (began: PlainDate): PlainDate => addDays(addMonths(began, PROBATION_MONTHS), -1);
