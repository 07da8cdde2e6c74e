/** Incidents: time that people lost through no fault of theirs, given back from evidence. */
export { EFFECTS, type Effect } from './credit';
export type { CreditLine, Incident } from './incident.repository';
export { incidentsOf } from './incident.repository';
export { applyIncident, MOST_RECOVERY, recordIncident, undoIncident, type TypedIncident } from './incident.service';
export { sittingIncidents, viewIncident, type IncidentLine, type IncidentView, type SittingIncidents } from './preview.service';
export { closeOpenCredit } from './return.service';
export { windowOf } from './window.repository';
