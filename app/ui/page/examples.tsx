import { ButtonLink, Card, Cards, Disclosure, EmptyState, Page, ProgressBar, Section, StatusTag } from '..';
import type { Example, Say } from '../example';

function Landing({ say }: { say: Say }) {
  const courses = [
    [say('居民数字素养', 'Digital skills for residents'), say('手机办事、识别诈骗、保护个人信息。', 'Services on the phone, spotting fraud, guarding your data.'), '5'],
    [say('电子政务基础与网上办公', 'E-government foundations'), say('新录用人员上岗前必修。', 'Required before recruits start.'), '8'],
    [say('领导干部电子政务', 'Leading e-government'), say('规划、绩效、安全责任与数据共享。', 'Planning, appraisal, responsibility and sharing.'), '6'],
  ];
  return (
    <Page
      title={say('先培训，后上岗', 'Training first, then the post')} width="wide"
      lead={say('新录用人员在上岗之前完成电子政务培训并通过考试；人事部门在这里查清谁能上岗、谁还不能、为什么。', 'Recruits train and pass the exam before they start; HR sees here who may start, who may not yet, and why.')}
      actions={<><ButtonLink to="/sign-in" kind="primary">{say('登录', 'Sign in')}</ButtonLink><ButtonLink to="/activate">{say('凭激活码启用账号', 'Activate your account')}</ButtonLink></>}
    >
      <Section title={say('公开课程', 'Open courses')}>
        <Cards>
          {courses.map(([title, summary, lessons]) => (
            <Card key={title} title={title} to="/courses/x" meta={say(`${lessons ?? ''} 课时`, `${lessons ?? ''} lessons`)} actions={<ButtonLink to="/courses/x">{say('开始阅读', 'Start reading')}</ButtonLink>}><p>{summary}</p></Card>
          ))}
        </Cards>
      </Section>
      <Section title={say('核验证书', 'Check a credential')}>
        <p>{say('扫描证书上的二维码，或输入证书编号，查看证书当前是否有效。', 'Scan the QR code on a credential, or type its number, to see whether it is valid now.')}</p>
        <ButtonLink to="/check">{say('核验证书', 'Check a credential')}</ButtonLink>
      </Section>
    </Page>
  );
}

function Reading({ say }: { say: Say }) {
  return (
    <Page title={say('我的课程', 'My courses')} trail={[{ to: '/home', label: say('我的上岗', 'My start') }]}>
      <Card title={say('电子政务基础与网上办公', 'E-government foundations')} to="/courses/foundations" meta={<StatusTag tone="due">{say('10 月 9 日前', 'By 9 October')}</StatusTag>} actions={<ButtonLink to="/courses/foundations/4" kind="primary">{say('继续第 4 课', 'Go on with lesson 4')}</ButtonLink>}>
        <ProgressBar value={3} max={8} label={say('已学课时', 'Lessons read')} />
      </Card>
      <Card title={say('居民数字素养', 'Digital skills for residents')} to="/courses/residents"><p>{say('自愿学习，不影响上岗。', 'Voluntary; has no bearing on your start.')}</p></Card>
      <EmptyState title={say('没有其他课程', 'No other courses')}><p>{say('人事部门指派的课程会出现在这里。', 'Courses that HR assigns appear here.')}</p></EmptyState>
      <div>
        <Disclosure summary={say('学时怎么算？', 'How are hours counted?')}><p>{say('每课时 45 分钟。', '45 minutes each.')}</p></Disclosure>
        <Disclosure summary={say('可以跳着学吗？', 'May I skip?')} open><p>{say('可以，全部读完即完成。', 'Yes; the course is complete when all are read.')}</p></Disclosure>
      </div>
    </Page>
  );
}

export const examples: Example[] = [
  { name: 'landing', View: Landing, visitor: true },
  { name: 'reading', View: Reading },
];
