import { ButtonLink, DataTable, DateText, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager, PostButton, StatusTag, type StatusTone } from '..';
import type { Example, Say } from '../example';

interface Row { id: string; name: string; unit: string; start: string; tone: StatusTone; status: string; why: string; score: string }

const rowsIn = (say: Say): Row[] => [
  { id: '20260312', name: say('王晓梅', 'Wang Xiaomei'), unit: say('市行政审批服务局', 'Approval Bureau'), start: '2026-10-12', tone: 'due', status: say('暂不能上岗', 'Not yet'), why: say('考试未通过，10 月 6 日后可再考', 'Exam not passed; again from 6 October'), score: '52.0' },
  { id: '20260345', name: say('欧阳建国', 'Ouyang Jianguo'), unit: say('市大数据管理局政务数据共享科', 'Data Bureau, Sharing Section'), start: '2026-10-12', tone: 'ok', status: say('可以上岗', 'May start'), why: say('全部要求已满足', 'All requirements met'), score: '87.5' },
  { id: '20260401', name: say('李娜', 'Li Na'), unit: say('东湖街道办事处', 'Donghu Subdistrict'), start: '2026-09-28', tone: 'bad', status: say('已逾期', 'Overdue'), why: say('课程还差 3 课时，未参加考试', 'Three lessons unread, no exam taken'), score: '—' },
  { id: '20260402', name: say('买买提·艾力', 'Maimaiti Aili'), unit: say('东湖街道办事处', 'Donghu Subdistrict'), start: '2026-10-19', tone: 'neutral', status: say('未开始', 'Not started'), why: say('账号未启用', 'Account not activated'), score: '—' },
];

function List({ say }: { say: Say }) {
  return (
    <Page
      title={say('周一谁还不能上岗', 'Who may not start on Monday')} width="wide"
      lead={say('2026 年秋季批次，40 人。11 人还不能上岗，其中 3 人已逾期。', 'Autumn intake 2026, 40 people. 11 may not start yet, 3 of them overdue.')}
      actions={<ButtonLink to="/hr/intakes/new" kind="primary">{say('新建批次', 'New intake')}</ButtonLink>}
    >
      <FilterBar count={4} exportTo="/hr/export.csv">
        <FilterText name="q" label={say('姓名或报考号', 'Name or recruitment number')} />
        <FilterSelect name="status" label={say('上岗资格', 'Clearance')} options={[{ value: 'no', label: say('不能上岗', 'May not start') }, { value: 'yes', label: say('可以上岗', 'May start') }]} />
      </FilterBar>
      <DataTable
        caption={say('新录用人员', 'Recruits')} rows={rowsIn(say)} rowKey={(row) => row.id} empty=""
        columns={[
          { key: 'name', header: say('姓名', 'Name'), cell: (row) => <a href={`/hr/people/${row.id}`}>{row.name}</a> },
          { key: 'number', header: say('报考号', 'Number'), cell: (row) => row.id },
          { key: 'unit', header: say('单位', 'Organisation'), cell: (row) => row.unit },
          { key: 'start', header: say('上岗日期', 'Start of duty'), cell: (row) => <DateText date={row.start} far /> },
          { key: 'status', header: say('上岗资格', 'Clearance'), cell: (row) => <StatusTag tone={row.tone}>{row.status}</StatusTag> },
          { key: 'why', header: say('原因', 'Why'), cell: (row) => row.why },
          { key: 'score', header: say('成绩', 'Score'), cell: (row) => row.score, numeric: true },
          { key: 'do', screenOnly: true, header: say('办理', 'Action'), cell: (row) => <PostButton fields={{ person: row.id }} label={`${say('提醒', 'Remind')} ${row.name}`}>{say('提醒', 'Remind')}</PostButton> },
        ]}
      />
      <Pager page={2} pageCount={5} />
    </Page>
  );
}

function Nothing({ say }: { say: Say }) {
  return (
    <Page title={say('批次', 'Intakes')} width="wide">
      <FilterBar count={0}><FilterText name="q" label={say('名称', 'Name')} /></FilterBar>
      <DataTable
        caption={say('批次', 'Intakes')} rows={[]} rowKey={() => ''} columns={[{ key: 'name', header: say('名称', 'Name'), cell: () => '' }]}
        empty={(
          <EmptyState title={say('还没有批次', 'No intake yet')} action={<ButtonLink to="/hr/intakes/new" kind="primary">{say('新建批次', 'New intake')}</ButtonLink>}>
            <p>{say('把一批新录用人员逐个输入，或用 CSV 文件一次导入。', 'Type a group of recruits one by one, or import them from a CSV file.')}</p>
          </EmptyState>
        )}
      />
      <DataTable caption={say('任务', 'Jobs')} rows={[]} rowKey={() => ''} columns={[{ key: 'name', header: say('名称', 'Name'), cell: () => '' }]} empty={say('没有失败的任务。', 'No job has failed.')} />
    </Page>
  );
}

export const examples: Example[] = [
  { name: 'list', View: List, query: '?status=no' },
  { name: 'nothing', View: Nothing },
];
