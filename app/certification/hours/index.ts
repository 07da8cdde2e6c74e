/** The door of learning hours: rules as data, the ledger of entries, targets, closing of years. */
export { enterHours, annulHours, type NewHours } from './enter.service';
export { enterResult } from './sources.service';
export { adjustHours, type Adjustment } from './adjust.service';
export { proveHours } from './proof.service';
export { goOnWithRun } from './runs.service';
export { askToClose, decideToClose } from './years.service';
export { compareRule, discardRule, draftRule, publishRule, syncHourRules } from './rules.service';
export { readRule, type RuleProblem } from './rule-file';
export { CONVERTED_KINDS, HOUR_KINDS, RANK_CLASSES, type ConvertedKind, type HourKind, type HourRule } from './rule';
export { hoursOverview, type HoursOverview, type ShownEntry } from './overview.service';
export { byOrganisation, hourStandings, type Standing, type Standings } from './standings.service';
export type { StandingsQuery } from './standings.repository';
export { hourAdministration, openRule, type RulePage, type ShownYear } from './administration.service';
export type { AlternativeState, TargetState } from './targets';
export type { HourStep } from './convert';
export { hoursOn, type HoursOn } from './standing-on.service';
