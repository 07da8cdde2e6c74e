import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCourses, formatProblems } from '~/courses';
import { readCourseFolders } from '~/courses/folder/read';
import { addCourse, courseFolder, COURSE_MD, ITEMS_YAML, lessonMd, LONG_TEXT, type CourseFiles } from '../support/course-folder';

/** The linter's words about a folder: `file:line: message`, the file as seen from the course's folder. */
async function said(changes: CourseFiles): Promise<string[]> {
  const dir = courseFolder(changes);
  const text = formatProblems(await checkCourses(dir));
  return text.replaceAll(`${path.join(dir, 'small')}/`, '').replaceAll(path.join(dir, 'small'), '').split('\n').filter(Boolean);
}

const item = (lines: string, from = ITEMS_YAML): string => `${from}${lines}`;
const single = (id: string, stem: string, rest = 'options: { a: 甲, b: 乙 }\n  key: a') =>
  `- id: ${id}\n  lesson: 01-first\n  type: single\n  difficulty: 1\n  stem: ${stem}\n  ${rest}\n  explanation: 因为。\n`;

describe('the linter of course folders', () => {
  it('finds nothing in a sound folder', async () => {
    expect(await said({})).toEqual([]);
  });

  const faults: { name: string; changes: CourseFiles; finds: string[] }[] = [
    { name: 'a missing course.md', changes: { 'course.md': null }, finds: ['course.md:1: the file is missing'] },
    { name: 'a file without front matter', changes: { 'course.md': '# 课\n' }, finds: ['course.md:1: front matter is missing'] },
    {
      name: 'front matter that is no YAML', changes: { 'lessons/02-second.md': lessonMd('二').replace('minutes: 45', 'minutes: [45') },
      finds: ['lessons/02-second.md:5: not valid YAML'],
    },
    { name: 'a slug unlike the folder', changes: { 'course.md': COURSE_MD.replace('slug: small', 'slug: other') }, finds: ["course.md:2: slug: must equal the folder's name, small"] },
    { name: 'an unknown audience', changes: { 'course.md': COURSE_MD.replace('leaders', 'everyone') }, finds: ['course.md:5: audience: must be one of recruits, leaders, residents'] },
    { name: 'a field that nobody knows', changes: { 'course.md': COURSE_MD.replace('minutes: 90', 'minutes: 90\nprice: 3') }, finds: ['course.md:8: price: is not a known field'] },
    { name: 'a title without English', changes: { 'lessons/01-first.md': lessonMd('一').replace(', en: Lesson 一', '') }, finds: ['lessons/01-first.md:2: title.en: the English wording is missing'] },
    { name: 'a check whose answer is no option', changes: { 'lessons/01-first.md': lessonMd('一').replace('answer: 2', 'answer: 3') }, finds: ['lessons/01-first.md:9: checks.1.answer: there is no option with this number'] },
    { name: 'too few aims', changes: { 'lessons/01-first.md': lessonMd('一').replace('[会收件, 会登记, 会告知]', '[会收件]') }, finds: ['lessons/01-first.md:5: aims: at least 3 aims'] },
    { name: 'a lesson without text', changes: { 'lessons/01-first.md': lessonMd('一', '') }, finds: ['lessons/01-first.md:13: the lesson has no text'] },
    { name: 'a short lesson', changes: { 'lessons/01-first.md': lessonMd('一', '太短。\n') }, finds: ['lessons/01-first.md:13: the lesson has 2 Chinese characters; at least 1200 are needed'] },
    { name: 'a lesson with another kind of name', changes: { 'lessons/notes.md': '' }, finds: ['lessons/notes.md:1: a lesson is named NN-slug.md'] },
    { name: 'two lessons with one number', changes: { 'lessons/01-zweite.md': lessonMd('又一') }, finds: ['lessons/01-zweite.md:1: the number 01 is taken by 01-first.md'] },
    { name: 'a course without lessons', changes: { 'lessons/01-first.md': null, 'lessons/02-second.md': null, 'items/all.yaml': null, 'course.md': COURSE_MD.replace(/exam:[\s\S]*?---/, '---').replace('[第一课](01-first.md)', '') }, finds: ['lessons:1: the course has no lessons'] },
    { name: 'a dead link to a lesson', changes: { 'lessons/01-first.md': lessonMd('一', `${LONG_TEXT}\n前文。\n参见[第九课](09-nothing.md)。\n`) }, finds: ['lessons/01-first.md:19: dead link: 09-nothing.md'] },
    { name: 'a dead link in a table', changes: { 'lessons/01-first.md': lessonMd('一', `${LONG_TEXT}\n| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |\n| 三 | [四](nowhere.html) |\n`) }, finds: ['lessons/01-first.md:21: dead link: nowhere.html'] },
    { name: 'a picture that is not there', changes: { 'lessons/01-first.md': lessonMd('一', `![图](media/none.svg)\n\n${LONG_TEXT}`) }, finds: ['lessons/01-first.md:14: dead link: media/none.svg'] },
    { name: 'a picture that says nothing', changes: { 'media/one.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'lessons/01-first.md': lessonMd('一', `![](media/one.svg)\n\n${LONG_TEXT}`) }, finds: ['lessons/01-first.md:14: a picture must say what it shows'] },
    { name: 'a heading of the first level', changes: { 'lessons/01-first.md': lessonMd('一', `# 大\n\n${LONG_TEXT}`) }, finds: ['lessons/01-first.md:14: headings begin at ##'] },
    { name: 'a dead link in the description', changes: { 'course.md': COURSE_MD.replace('01-first.md)', '../other/x.md)') }, finds: ['course.md:18: dead link: ../other/x.md'] },
    { name: 'an item without key', changes: { 'items/all.yaml': item(single('small-003', '没有答案', 'options: { a: 甲, b: 乙 }')) }, finds: ['items/all.yaml:16: 2.key: key is missing'] },
    { name: 'a key that is no option', changes: { 'items/all.yaml': item(single('small-003', '答案不在', 'options: { a: 甲, b: 乙 }\n  key: d')) }, finds: ['items/all.yaml:22: 2.key: the key names something that is not among the options'] },
    { name: 'an item of a lesson that is not there', changes: { 'items/all.yaml': ITEMS_YAML.replace('lesson: 02-second', 'lesson: 07-gone') }, finds: ['items/all.yaml:10: small-002: there is no lesson 07-gone'] },
    { name: 'an item without lesson', changes: { 'items/all.yaml': ITEMS_YAML.replace('  lesson: 02-second\n', '') }, finds: ['items/all.yaml:9: 1.lesson: lesson is missing'] },
    { name: 'an unknown type', changes: { 'items/all.yaml': ITEMS_YAML.replace('type: short', 'type: essay') }, finds: ['items/all.yaml:11: 1.type: type must be one of'] },
    { name: 'two items with one id', changes: { 'items/all.yaml': ITEMS_YAML.replace('small-002', 'small-001') }, finds: ['items/all.yaml:9: small-001: the id is taken by items/all.yaml:1'] },
    { name: 'the same stem but for spaces and punctuation', changes: { 'items/all.yaml': item(single('small-003', '收件时， 最先应当做的是？')) }, finds: ['items/all.yaml:20: small-003: the same stem as small-001 (items/all.yaml:1)'] },
    {
      name: 'nearly the same item', finds: ['items/all.yaml:20: small-003: nearly the same as small-001 (items/all.yaml:1)'],
      changes: { 'items/all.yaml': item(single('small-003', '收件时最先要做的是', 'options: { a: 登记, b: 核对材料, c: 告知时限 }\n  key: b')) },
    },
    { name: 'a multiple choice with one right option', changes: { 'items/all.yaml': item(single('small-003', '多选', 'options: { a: 甲, b: 乙 }\n  key: [a]').replace('single', 'multiple')) }, finds: ['items/all.yaml:22: 2.key: multiple needs at least two right options'] },
    { name: 'an order that is given away', changes: { 'items/all.yaml': item(single('small-003', '排序', 'options: { a: 甲, b: 乙, c: 丙 }\n  key: [a, b, c]').replace('single', 'order')) }, finds: ['items/all.yaml:22: 2.key: the options stand in the right order already'] },
    { name: 'an order of two', changes: { 'items/all.yaml': item(single('small-003', '排序', 'options: { a: 甲, b: 乙 }\n  key: [b, a]').replace('single', 'order')) }, finds: ['items/all.yaml:21: 2.options: order has 3 to 6 options'] },
    { name: 'a match that leaves one out', changes: { 'items/all.yaml': item(single('small-003', '配对', 'left: { 1: 甲, 2: 乙 }\n  right: { a: 丙, b: 丁 }\n  key: { 1: b }').replace('single', 'match')) }, finds: ['items/all.yaml:23: 2.key: the key leaves something on the left without its right'] },
    { name: 'a match with too few on the right', changes: { 'items/all.yaml': item(single('small-003', '配对', 'left: { 1: 甲, 2: 乙 }\n  right: { a: 丙 }\n  key: { 1: a, 2: a }').replace('single', 'match')) }, finds: ['items/all.yaml:22: 2.right: there must be as many on the right as on the left'] },
    { name: 'a short answer that folds to nothing', changes: { 'items/all.yaml': ITEMS_YAML.replace('[受理之日]', '["？"]') }, finds: ['items/all.yaml:14: 1.accept: an accepted answer is nothing but spaces'] },
    { name: 'a true-false key that is a word', changes: { 'items/all.yaml': item(single('small-003', '对错', 'key: "yes"').replace('single', 'true-false')) }, finds: ['items/all.yaml:21: 2.key: key is missing or not of the form'] },
    { name: 'points that are not 100', changes: { 'course.md': COURSE_MD.replace('count: 1, points: 50 }\n---', 'count: 1, points: 40 }\n---') }, finds: ['course.md:14: blueprint: the points add up to 90, not 100'] },
    { name: 'a blueprint that asks for too much', changes: { 'course.md': COURSE_MD.replace('count: 1, points: 50 }\n    -', 'count: 2, points: 25 }\n    -') }, finds: ['course.md:14: blueprint: asks for 2 single from 01-first, but there are only 1'] },
    {
      name: 'lines that need the same item', finds: ['course.md:15: blueprint: asks for 1 short from 02-second; other lines need them too and leave 0'],
      changes: { 'course.md': COURSE_MD.replace('lessons: [01-first], type: single', 'lessons: [02-second], type: short').replace('[01-first, 02-second]', '[02-second]') },
    },
    { name: 'a blueprint with an unknown lesson', changes: { 'course.md': COURSE_MD.replace('[01-first, 02-second]', '[02-second, 08-none]') }, finds: ['course.md:15: blueprint: there is no lesson 08-none'] },
    { name: 'an items file that is no list', changes: { 'items/all.yaml': 'id: one\n', 'course.md': COURSE_MD.replace(/exam:[\s\S]*?---/, '---') }, finds: ['items/all.yaml:1: the file must hold a list of items'] },
  ];
  it.each(faults)('finds $name', async ({ changes, finds }) => {
    const found = await said(changes);
    expect(found).toHaveLength(finds.length);
    for (const start of finds) expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${start.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)));
  });

  it('finds an id that two courses share', async () => {
    const dir = courseFolder();
    addCourse(dir, 'other', { 'items/all.yaml': ITEMS_YAML.replaceAll('stem: ', 'stem: 另') });
    const found = (await checkCourses(dir)).filter((problem) => problem.message.includes('the id is taken'));
    expect(found).toMatchObject([{ file: path.join(dir, 'small/items/all.yaml'), line: 1 }, { line: 9 }]);
  });

  it('finds nothing wrong with the courses of the product', async () => {
    expect(formatProblems(await checkCourses('courses'))).toBe('');
  });
});

describe('reading course folders', () => {
  it('reads the sound ones beside a broken one', async () => {
    const dir = courseFolder({ 'course.md': 'nothing' });
    addCourse(dir, 'sound');
    writeFileSync(path.join(dir, 'README.md'), 'not a course');
    const folders = await readCourseFolders(dir);
    expect(folders.map(({ slug, content, problems }) => [slug, content !== null, problems.length])).toEqual([['small', false, 1], ['sound', true, 0]]);
  });

  it('keeps what the folder says', async () => {
    const [folder] = await readCourseFolders(courseFolder());
    expect(folder?.content).toMatchObject({
      slug: 'small', audience: 'leaders', access: 'enrol', minutes: 90, exam: { cutScore: 60 },
      descriptionHtml: '<p>说明见<a href="/courses/small/01-first">第一课</a>。</p>\n',
      lessons: [{ slug: '01-first', position: 1, title: { zh: '一' } }, { slug: '02-second', position: 2 }],
      items: [{ code: 'small-001', body: { type: 'single' }, key: 'a' }, { code: 'small-002', body: { type: 'short' }, key: ['受理之日'] }],
    });
  });

  it('has nothing to read in an empty folder', async () => {
    expect(await readCourseFolders(mkdtempSync(path.join(tmpdir(), 'shanggang-none-')))).toEqual([]);
  });
});
