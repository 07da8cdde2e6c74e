import { Cards, Page, Section } from '..';
import type { Example, Say } from '../example';
import { CourseCard, type CourseCardData } from './course-card';
import { LessonChecks } from './lesson-checks';
import { LessonList } from './lesson-list';

const course = (slug: string, title: string, more: Partial<CourseCardData>): CourseCardData => ({
  slug, title, summary: '服务怎样办，公文怎样走，三张网怎样分，信息怎样公开、保密和保护。', audience: 'recruits', access: 'assigned',
  minutes: 480, lessons: 8, hasExam: true, progress: null, ...more,
});

const Catalogue = ({ say }: { say: Say }) => (
  <Page title={say('课程', 'Courses')} width="wide">
    <Section title={say('我的课程', 'My courses')}>
      <Cards>
        <CourseCard course={course('a', '电子政务基础与网络化办公', { progress: { read: 3, of: 8, completedAt: null } })} />
        <CourseCard course={course('b', '领导干部电子政务', { audience: 'leaders', access: 'enrol', progress: { read: 6, of: 6, completedAt: 1 } })} />
        <CourseCard course={course('c', '居民数字技能', { audience: 'residents', access: 'open', hasExam: false })} />
      </Cards>
    </Section>
  </Page>
);

const lesson = (position: number, title: string, state: 'read' | 'opened' | 'new') =>
  ({ slug: `0${position}`, position, title, summary: '从一个人跑五个窗口说起。', minutes: 50, state });

const Lessons = ({ say }: { say: Say }) => (
  <Page title={say('电子政务基础与网络化办公', 'E-government foundations')}>
    <Section title={say('课时目录', 'Lessons')}>
      <LessonList course="a" linked here="02" lessons={[lesson(1, '电子政务是什么、为什么', 'read'), lesson(2, '部门服务与公众服务、一窗办理', 'opened'), lesson(3, '公文与电子公文交换', 'new')]} />
    </Section>
    <LessonChecks checks={[{ question: '收件时先做什么？', options: ['核对', '登记'] }, { question: '再做什么？', options: ['核对', '登记'] }]}
      answers={[{ chosen: 1, right: 1, explanation: '先核对。' }, { chosen: 1, right: 2, explanation: '核对之后登记。' }]} />
  </Page>
);

export const examples: Example[] = [{ name: 'course-catalogue', View: Catalogue }, { name: 'course-lessons', View: Lessons }];
