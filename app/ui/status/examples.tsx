import { Banner, ButtonLink, Counts, DateText, Facts, InstantText, Page, ProgressBar, Section, StatusTag, Steps } from '..';
import type { Example, Say } from '../example';

function Duties({ say }: { say: Say }) {
  return (
    <Page
      title={say('王晓梅，您还不能上岗', 'Wang Xiaomei, you may not start yet')}
      lead={say('还差两项。按现在的进度，10 月 9 日前完成就能按期上岗。', 'Two things are missing. Finish them by 9 October and you start on time.')}
    >
      <Facts items={[
        { term: say('岗位', 'Post'), value: say('市行政审批服务局 · 窗口受理岗', 'City Administrative Approval Bureau, counter clerk') },
        { term: say('上岗日期', 'Start of duty'), value: <DateText date="2026-10-12" far /> },
        { term: say('最迟完成', 'Finish by'), value: <DateText date="2026-10-09" far /> },
        { term: say('上岗资格', 'Clearance'), value: <StatusTag tone="due">{say('暂不能上岗', 'May not start yet')}</StatusTag> },
      ]} />
      <Section title={say('上岗之前要办的事', 'Before you start')}>
        <Steps steps={[
          { title: say('学完“电子政务基础与网上办公”', 'Read “E-government foundations”'), state: 'done', detail: say('9 月 18 日完成，计 12 学时', 'Completed on 18 September, 12 hours') },
          {
            title: say('通过结业考试', 'Pass the final exam'), state: 'current', action: <ButtonLink to="/exams/foundations" kind="primary">{say('进入考试', 'Go to the exam')}</ButtonLink>,
            detail: say('60 分钟，50 题，合格线 60 分。开始以后计时不停，可换电脑继续。', '60 minutes, 50 items, cut score 60. The clock does not stop once started; you may go on at another computer.'),
          },
          { title: say('领取上岗证书', 'Receive your credential'), state: 'todo', detail: say('成绩公布后自动签发', 'Issued by itself when the result is released') },
        ]} />
      </Section>
      <Section title={say('学习进度', 'Progress')}>
        <ProgressBar value={5} max={8} label={say('已学课时', 'Lessons read')} />
      </Section>
    </Page>
  );
}

function Stopped({ say }: { say: Say }) {
  return (
    <Page title={say('上次考试没有通过', 'The last attempt was not passed')} lead={say('得 52 分，合格线 60 分。', '52 points; the cut score is 60.')}>
      <Banner tone="info" title={say('什么时候能再考', 'When you may try again')}>
        <p>{say('冷静期到 ', 'From ')}<InstantText at={1_790_560_800_000} />{say(' 为止，之后可再考一次，试题另抽。', ' on, once more, with another paper.')}</p>
      </Banner>
      <Steps steps={[
        { title: say('第一次考试', 'First attempt'), state: 'stopped', detail: say('52 分', '52 points') },
        { title: say('第二次考试', 'Second attempt'), state: 'todo' },
      ]} />
    </Page>
  );
}

function Parts({ say }: { say: Say }) {
  return (
    <Page title={say('提示与状态', 'Banners and states')} width="wide">
      <Counts items={[
        { label: say('本批次人数', 'In this intake'), value: 40 },
        { label: say('可以上岗', 'May start'), value: 21, tone: 'ok', to: '/hr?status=cleared' },
        { label: say('临近期限', 'Due soon'), value: 12, tone: 'due', to: '/hr?status=due' },
        { label: say('已逾期', 'Overdue'), value: 7, tone: 'bad', to: '/hr?status=overdue' },
      ]} />
      <Banner tone="info" title={say('成绩将于明天公布', 'Results are released tomorrow')} />
      <Banner tone="success" title={say('已交卷', 'Handed in')}>{say('回执编号 7KQ2-94XD，请截图或打印保存。', 'Receipt 7KQ2-94XD. Keep or print it.')}</Banner>
      <Banner tone="warning" title={say('还有 3 天', 'Three days left')}>{say('10 月 9 日之后将通知人事部门。', 'After 9 October HR is told.')}</Banner>
      <Banner tone="danger" title={say('这次没有保存', 'This was not saved')}>{say('服务器存储空间已满，您填写的内容仍在页面上。', 'The server’s disk is full; what you typed is still here.')}</Banner>
      <p>
        <StatusTag tone="ok">{say('可以上岗', 'May start')}</StatusTag> <StatusTag tone="due">{say('临近期限', 'Due soon')}</StatusTag>{' '}
        <StatusTag tone="bad">{say('已逾期', 'Overdue')}</StatusTag> <StatusTag tone="neutral">{say('未开始', 'Not started')}</StatusTag>
      </p>
      <ProgressBar value={0} max={6} label={say('尚未开始', 'Not begun')} />
      <ProgressBar value={6} max={6} label={say('全部完成', 'All done')} />
    </Page>
  );
}

export const examples: Example[] = [
  { name: 'duties', View: Duties },
  { name: 'stopped', View: Stopped },
  { name: 'parts', View: Parts },
];
