import type { Actor } from '~/identity';
import { must, ProblemError } from '~/kernel/result';
import { createIntake, type IntakeRow, type Organisation } from '~/people';
import { anActor } from './actors';

/** The code with which work was refused, null when it was not. */
export const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => null, (error: unknown) => (error instanceof ProblemError ? error.problem.code : error));

let numbers = 0;
export const aNumber = () => `SH2026-${String((numbers += 1)).padStart(4, '0')}`;

export const aRow = (given: Partial<IntakeRow> = {}) =>
  ({ name: '王小明', recruitmentNumber: aNumber(), organisationCode: '', post: '科员', ...given });

/** An HR officer of these units. */
export const hrOf = (...units: Organisation[]): Actor => anActor({ hr: units.map((unit) => unit.path) });

export const anIntake = async (unit: Organisation, rows = [aRow()], name = `批次 ${aNumber()}`) =>
  must(await createIntake(hrOf(unit), { name, organisationId: unit.id, startOfDuty: '2026-07-01', rows }));
