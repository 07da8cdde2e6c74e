import { enterHours } from '~/certification';
import { inTransaction } from '~/db';
import { addDays, dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Founded } from './found';

const COURSES = [
  { daysAgo: 310, days: 5, title: { zh: '市委党校春季专题班', en: 'Spring course at the city’s party school' } },
  { daysAgo: 205, days: 3, title: { zh: '数字政府建设集中轮训', en: 'Training on digital government' } },
  { daysAgo: 96, days: 2.5, title: { zh: '数据安全与保密专题培训', en: 'Data security and confidentiality' } },
  { daysAgo: 33, days: 4, title: { zh: '基层治理能力提升班', en: 'Governance at the grass roots' } },
];

/** What leaders learned in classrooms in the last year: each of them took part in some of it, one was away too long. */
export async function leadersTraining({ leaders }: Founded, now: Instant): Promise<void> {
  const today = dateAt(now, config().TIME_ZONE);
  for (const [i, { personId }] of leaders.entries()) {
    const attended = COURSES.filter((_, place) => (i + place) % 3 !== 1);
    await inTransaction(async (tx) => {
      for (const [place, { daysAgo, days, title }] of attended.entries()) {
        await enterHours(tx, {
          personId, kind: 'classroom', ref: `demo-${personId}-${place}`, title, occurredOn: addDays(today, -daysAgo), days,
          ...(i % 4 === 2 && place === 0 && { leave: { missed: 1, of: days } }),
        }, { by: 'system:demonstration', cause: 'import' });
      }
    });
  }
}
