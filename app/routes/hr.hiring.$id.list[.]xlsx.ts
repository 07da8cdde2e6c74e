import type { LoaderFunctionArgs } from '@remix-run/node';
import { takeRows, type HiringRow } from '~/exchange';
import { signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import type { SheetCell } from '~/kernel/xlsx';
import { textFor, type Text } from '~/text';
import { wordAnswer } from '~/text/hiring-words';
import { langOf } from '~/text/lang';
import { rowQuery } from '~/ui/hiring/query.server';
import { workbookAnswer } from '~/ui/roster/workbook.server';

const COLUMNS = [
  ['hiring.person', 12], ['statement.number', 20], ['hiring.organisation', 26], ['hiring.post', 18], ['hiring.start-on', 13], ['hiring.status', 16], ['hiring.until', 13],
  ['hiring.started-on', 13], ['hiring.why', 70],
] as const;

/** The list as a workbook, as filtered; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const taken = await takeRows(await signedIn(request), params['id'] ?? '', rowQuery(request.url));
  if (!taken) throw new ProblemError({ code: 'not-found' });
  const text = textFor(langOf(request), config().TIME_ZONE);
  const about = text.t('hiring.as-of-at', { at: text.dateTime(taken.list.judgedAt) });
  const columns = [...COLUMNS.map(([key, width]) => ({ title: text.t(key), width })), { title: about, width: 34 }];
  return workbookAnswer({ name: text.t('hiring.people'), columns, rows: [taken.rows.map((row) => cells(row, text))] }, 'hiring-list.xlsx');
}

const day = (date: string | null): SheetCell => (date === null ? null : { date });

const cells = (row: HiringRow, text: Text): SheetCell[] => [
  row.name, row.number, row.organisation ?? '', row.post ?? '', day(row.startOn), text.t(`hiring.status.${row.status}`), day(row.answer.until), day(row.startedOn),
  wordAnswer(text, row.answer, { otherName: row.knownName, startedOn: row.startedOn }),
];
