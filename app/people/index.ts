/** The door of people: organisations, persons with their numbers and appointments, intakes. */
export { adoptRootOrganisation, createOrganisation, renameOrganisation, organisationTree, wholeTree, type TreeOrganisation } from './organisation.service';
export { findOrganisation, organisationsByCode, within, type Organisation } from './organisation.repository';
export { reaching } from './reaching.repository';
export { addNumber, createPerson, appoint, personCard, openPersonCard, pathsOfPerson, type PersonCard } from './person.service';
export { findPerson, personsByNumber, APPOINTMENT_KINDS, type AppointmentKind } from './person.repository';
export { peopleInScope, type PeopleQuery } from './list.repository';
export { readSought, type Sought } from './search';
export { peopleBeginning, peopleContaining, type FoundPerson } from './search.repository';
export { readNationalNumber, maskNationalNumber, checkCharacter } from './national-number';
export { checkIntake, createIntake } from './intake.service';
export { checkRows, isEmptyRow, tidyRow, INTAKE_FIELDS, type CellProblem, type IntakeField, type IntakeRow } from './intake-rows';
export { readIntakeCsv, csvHeaders, MAX_CSV } from './intake-csv';
export { csvRecords } from './sheet/delimited';
export { decodeText } from './sheet/text';
export { openSheets, type Sheet, type SheetLimits } from './sheet/open';
export { findHeader, foldHeader, headerReader, isBlank } from './sheet/header';
export { readDay } from './sheet/day';
export { birthDateIn, bornHash, nameInitials, nameKey, plainName } from './likeness';
export { noteLikenesses } from './likeness.service';
export { bornAlike, saveLikeness, servingAlike } from './likeness.repository';
export { isPersonNumber, numberHash, type NumberKind } from './number';
export type { Line } from './sheet/line';
export { lockPersons } from './lock.repository';
export { findIntake, intakesInScope } from './intake.repository';
export { codesOnSlips, makeSlips, slipsToMake, type SlipFor, type UnitSlips } from './slips.service';
export { accountsInScope, type AccountsQuery } from './accounts.repository';
export {
  accountSeenBy, mayAdminister, grantRoleTo, grantRoleToNamed, endRoleOf, closeAccountOf, reopenAccountOf, newCodeForAccount, newCodeForPerson, createMember, createPureAccount,
} from './accounts.service';
export { acceptTransfer, endTransferred, openTransfer, proposeTransfer, refuseTransfer, withdrawTransfer } from './transfer.service';
export { transfersInScope, type Transfer } from './transfer.repository';
export { engage, engagementsOf, release, type Engagement } from './engagement.repository';
export { formerServicesOf, type FormerService } from './services.repository';
export { allOrganisations } from './organisation.repository';
export { keyedNumber, ownersByKey, type KeyedNumber } from './number-keys.repository';
export { correctPerson, correctPersonTx, correctStaffNumberTx, openCorrection, type PersonFacts } from './correction.service';
export * from './organisations';
export * from './appointments';
