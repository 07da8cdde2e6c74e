/** The door of people: organisations, persons with their numbers and appointments, intakes. */
export { adoptRootOrganisation, createOrganisation, renameOrganisation, organisationTree, isOrganisationCode, type TreeOrganisation } from './organisation.service';
export { findOrganisation, findRoot, type Organisation } from './organisation.repository';
export {
  createPerson, createPersons, appoint, appointAll, personCard, openPersonCard, pathsOfPerson, type NewPerson, type PersonCard,
} from './person.service';
export { findPerson, APPOINTMENT_KINDS, type Appointment, type AppointmentKind, type NewAppointment, type Person, type PersonNumber } from './person.repository';
export { peopleInScope, type ListedPerson, type PeopleQuery } from './list.repository';
export { readNationalNumber, maskNationalNumber, checkCharacter } from './national-number';
export type { NumberKind } from './number';
export { checkIntake, createIntake, type IntakeDraft } from './intake.service';
export { checkRows, isEmptyRow, tidyRow, INTAKE_FIELDS, MAX_INTAKE_ROWS, type CellProblem, type IntakeField, type IntakeRow } from './intake-rows';
export { readIntakeCsv, decodeCsv, csvHeaders, MAX_CSV, type IntakeFile } from './intake-csv';
export { findIntake, intakesInScope, type Intake } from './intake.repository';
export { makeSlips, slipsToMake, type Slip, type UnitSlips } from './slips.service';
export { accountsInScope, type AccountsQuery, type ListedAccount } from './accounts.repository';
export {
  accountSeenBy, mayAdminister, grantRoleTo, endRoleOf, closeAccountOf, reopenAccountOf, newCodeForAccount, newCodeForPerson, createMember, createPureAccount,
  type FreshCode, type NewMember,
} from './accounts.service';
