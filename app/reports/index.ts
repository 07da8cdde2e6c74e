/** The door of reports: lists and numbers about clearances, completion, results, hours and what is late, as files. */
export { REPORT_KINDS, GROUPINGS, FORMATS, LAYOUTS, PERIODS, ReportQuery, STATES, GOOD_STATE, chosenColumns, statesOf, type Format, type Grouping, type Layout, type ReportKind, type ReportState } from './report';
export { columnsOf, type ReportColumn } from './columns';
export { reportReach, type ReportReach } from './reach';
export { prepare, reportRows, type Prepared } from './rows/rows.service';
export { groupPlan, Tally, type Summary } from './groups';
export { MOST_ON_PAPER, writeReport, type ReportToWrite, type WrittenReport } from './files/write.service';
export { MEDIA_TYPE } from './files/pieces.service';
export { askReport, cancelReport, forgetReports, makeReport, ownRequest, retryReport, sweepReports, takeReport, type Wish } from './requests.service';
export { findRequest, requestsOf, type ReportRequest } from './requests.repository';
