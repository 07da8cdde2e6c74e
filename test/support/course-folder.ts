import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Files of a course folder by their path in it; null leaves one out. */
export type CourseFiles = Record<string, string | null>;

const paragraph = '在窗口收件时先核对材料再登记并当场告知办理时限和查询方式。';
/** Enough Chinese text for a lesson. */
export const LONG_TEXT = `## 收件\n\n${paragraph.repeat(50)}\n`;

export const COURSE_MD = `---
slug: small
title: { zh: 小课, en: A small course }
summary: { zh: 用来试的小课。, en: For trying things. }
audience: leaders
access: enrol
minutes: 90
exam:
  minutes: 30
  cutScore: 60
  attempts: 2
  coolingOffHours: 24
  blueprint:
    - { lessons: [01-first], type: single, count: 1, points: 50 }
    - { lessons: [01-first, 02-second], type: short, count: 1, points: 50 }
---

说明见[第一课](01-first.md)。
`;

export const lessonMd = (title: string, body = LONG_TEXT): string => `---
title: { zh: ${title}, en: Lesson ${title} }
summary: { zh: 摘要。, en: Summary. }
minutes: 45
aims: [会收件, 会登记, 会告知]
takeaways: [先核对, 再登记, 当场告知]
checks:
  - { question: 先做什么？, options: [核对, 登记], answer: 1, explanation: 先核对。 }
  - { question: 再做什么？, options: [核对, 登记], answer: 2, explanation: 再登记。 }
  - { question: 最后呢？, options: [告知, 离开, 忘记], answer: 1, explanation: 当场告知。 }
sources: []
---

${body}`;

export const ITEMS_YAML = `- id: small-001
  lesson: 01-first
  type: single
  difficulty: 1
  stem: 收件时最先应当做的是
  options: { a: 核对材料, b: 登记, c: 告知时限 }
  key: a
  explanation: 先核对。
- id: small-002
  lesson: 02-second
  type: short
  difficulty: 2
  stem: 办理时限自何日起算？
  accept: [受理之日]
  explanation: 自受理之日起算。
`;

const SMALL: CourseFiles = {
  'course.md': COURSE_MD,
  'lessons/01-first.md': lessonMd('一'),
  'lessons/02-second.md': lessonMd('二'),
  'items/all.yaml': ITEMS_YAML,
};

/** A fresh folder of courses holding one sound course named `small`, with `changes` made to its files. */
export function courseFolder(changes: CourseFiles = {}): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'shanggang-courses-'));
  addCourse(dir, 'small', changes);
  return dir;
}

/** Adds another folder beside it; the slug in its course.md follows the name. */
export function addCourse(dir: string, name: string, changes: CourseFiles = {}): void {
  for (const [file, text] of Object.entries({ ...SMALL, ...changes })) {
    if (text === null) continue;
    const place = path.join(dir, name, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text.replace('slug: small', `slug: ${name}`));
  }
}
