/** The tree of organisations over time: moves, mergers, closing, and what it was on a day. */
export { CHANGE_KINDS, ROLE_FATES, type ChangeKind, type RoleFate } from './change';
export { carryOutChange, judgeChange, planChange, sweepChanges, withdrawChange, type ChangeGiven } from './changes.service';
export { changesOf, findChange, openChanges, type OrganisationChange } from './changes.repository';
export { reopenOrganisation } from './closing.service';
export { figuresBeneath, figuresOf, rolesReaching, rolesWithin, type HeldRoleRow, type OrganisationFigures } from './figures.repository';
export { openOrganisation } from './open.service';
export { administratorsSeen, openUnit, unitsSeen, type ListedUnit, type OpenUnit } from './unit.service';
export { namesOfOrganisation, organisationsOn, parentsOfOrganisation, PLACED_ON_DAY, type PlacedOrganisation } from './places.repository';
