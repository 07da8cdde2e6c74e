/** Hiring lists: who of many may start on their own day; what is done about it, and what is signed. */
export {
  judgeListAgain, LARGEST_LIST, listedLists, makeListOfFile, makeListOfIntake, mayActOn, mayStartOf, openList, pageOfRows, ROWS_PER_PAGE,
} from './list.service';
export { countRows, findList, type HiringCounts, type HiringList, type HiringRow, type RowFilter } from './list.repository';
export { judgePeople, type AskedPerson, type JudgedPerson } from './judge.service';
export { typedHeaders } from './typed-rows';
export { checkStatement, checkStatementFile, signList, takeRows, takeStatementPdf, type StatementCheck } from './statement.service';
export { statementsOf } from './statement.repository';
export { readStatementNumber } from './statement';
export { actOnPeople, chosenRows, MOST_AT_ONCE, openAct, type Act } from './acts.service';
export { ACT_KINDS, actsOf, type ActKind, type ListedAct } from './acts.repository';
