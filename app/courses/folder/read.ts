import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { CourseContent, LessonContent } from '../content';
import type { WrittenItem } from '../item';
import { CourseFront, ItemsFile, LessonFront } from './format';
import { LESSON_FILE, renderMarkdown } from './markdown';
import { checkWritten, readYaml, splitFrontMatter, type Checked, type ContentProblem, type Written } from './yaml';

/** The text of a Markdown file and where it begins, for the linter. */
export interface TextSource {
  file: string;
  body: string;
  bodyLine: number;
  lineOf: Written['lineOf'];
}

export interface LessonSource extends TextSource {
  slug: string;
}

export interface ItemSource {
  item: WrittenItem;
  file: string;
  /** The line of the item, or of one of its fields. */
  lineOf(field?: string): number;
}

/** A course folder as it was read. */
export interface CourseFolder {
  /** The folder's name. */
  slug: string;
  /** Null when something is broken: then `problems` says what and where. */
  content: CourseContent | null;
  problems: ContentProblem[];
  course: TextSource | null;
  lessons: LessonSource[];
  /** Slugs of all lesson files, also of those that could not be read. */
  lessonSlugs: string[];
  items: ItemSource[];
  /** File names in `media/`. */
  media: string[];
}

/** Reads every course folder in `dir`; a broken one does not keep the others from being read. */
export async function readCourseFolders(dir: string): Promise<CourseFolder[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name).sort();
  return Promise.all(names.map((name) => readCourseFolder(path.join(dir, name))));
}

async function readCourseFolder(folder: string): Promise<CourseFolder> {
  const slug = path.basename(folder);
  const problems: ContentProblem[] = [];
  /** The value, or null after noting what is wrong. */
  const take = <T>(checked: Checked<T>): T | null => {
    if (checked.ok) return checked.value;
    problems.push(...checked.problems);
    return null;
  };
  const course = take(await readMarkdown(path.join(folder, 'course.md'), CourseFront));
  if (course && course.front.slug !== slug) {
    problems.push({ file: course.source.file, line: course.source.lineOf(['slug']), message: `slug: must equal the folder's name, ${slug}` });
  }
  const { lessons, slugs, strays } = await readLessons(path.join(folder, 'lessons'), take);
  problems.push(...strays);
  const items = await readItems(path.join(folder, 'items'), take);
  problems.push(...itemPlaces(items, new Set(slugs)));
  const content = course && problems.length === 0 ? contentOf(course, lessons, items) : null;
  return {
    slug, content, problems, items, lessonSlugs: slugs,
    course: course?.source ?? null,
    lessons: lessons.map((lesson) => lesson.source),
    media: await filesIn(path.join(folder, 'media')),
  };
}

type Take = <T>(checked: Checked<T>) => T | null;
interface Read<F, S extends TextSource = TextSource> { front: F; source: S }
type ReadLesson = Read<z.infer<typeof LessonFront>, LessonSource>;

async function readMarkdown<F>(file: string, schema: z.ZodType<F>): Promise<Checked<Read<F>>> {
  const text = await readText(file);
  if (text === null) return { ok: false, problems: [{ file, line: 1, message: 'the file is missing' }] };
  const parts = splitFrontMatter(file, text);
  if (!parts.ok) return parts;
  const { front, frontLine, body, bodyLine } = parts.value;
  const written = readYaml(file, front, frontLine);
  if (!written.ok) return written;
  const checked = checkWritten(written.value, schema);
  if (!checked.ok) return checked;
  return { ok: true, value: { front: checked.value, source: { file, body, bodyLine, lineOf: written.value.lineOf } } };
}

async function readLessons(folder: string, take: Take): Promise<{ lessons: ReadLesson[]; slugs: string[]; strays: ContentProblem[] }> {
  const lessons: ReadLesson[] = [];
  const strays: ContentProblem[] = [];
  const slugs: string[] = [];
  const taken = new Map<string, string>();
  for (const name of await filesIn(folder)) {
    const file = path.join(folder, name);
    const slug = LESSON_FILE.exec(name)?.[1];
    if (!slug) {
      strays.push({ file, line: 1, message: 'a lesson is named NN-slug.md, in small letters, digits and hyphens' });
      continue;
    }
    const number = slug.slice(0, 2);
    const other = taken.get(number);
    if (other) strays.push({ file, line: 1, message: `the number ${number} is taken by ${other}` });
    taken.set(number, name);
    slugs.push(slug);
    const read = take(await readMarkdown(file, LessonFront));
    if (read) lessons.push({ front: read.front, source: { ...read.source, slug } });
  }
  if (taken.size === 0) strays.push({ file: folder, line: 1, message: 'the course has no lessons' });
  return { lessons, slugs, strays };
}

async function readItems(folder: string, take: Take): Promise<ItemSource[]> {
  const sources: ItemSource[] = [];
  for (const name of await filesIn(folder)) {
    const file = path.join(folder, name);
    const text = await readText(file);
    const written = text === null ? null : take(readYaml(file, text));
    const items = written && take(checkWritten(written, ItemsFile));
    items?.forEach((item, i) => sources.push({
      item, file, lineOf: (field) => written?.lineOf(field === undefined ? [i] : [i, field]) ?? 1,
    }));
  }
  return sources;
}

/** Items must belong to a lesson of the course, and their names must tell them apart. */
function itemPlaces(items: ItemSource[], lessons: Set<string>): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const seen = new Map<string, ItemSource>();
  for (const source of items) {
    const { item, file } = source;
    if (!lessons.has(item.lesson)) {
      problems.push({ file, line: source.lineOf('lesson'), message: `${item.code}: there is no lesson ${item.lesson} in this course` });
    }
    const first = seen.get(item.code);
    if (first) problems.push({ file, line: source.lineOf('id'), message: `${item.code}: the id is taken by ${first.file}:${first.lineOf('id')}` });
    else seen.set(item.code, source);
  }
  return problems;
}

function contentOf(course: Read<z.infer<typeof CourseFront>>, lessons: ReadLesson[], items: ItemSource[]): CourseContent {
  const { slug, exam, ...front } = course.front;
  return {
    slug, ...front,
    exam: exam ?? null,
    descriptionHtml: renderMarkdown(course.source.body, slug),
    lessons: lessons.map(({ front: lesson, source }, i): LessonContent => ({
      slug: source.slug, position: i + 1, html: renderMarkdown(source.body, slug), ...lesson,
    })),
    items: items.map((source) => source.item),
  };
}

const missing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (missing(error)) return null;
    throw error;
  }
}

/** Names of the files in a folder, sorted; none when there is no such folder. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name).sort();
  } catch (error) {
    if (missing(error)) return [];
    throw error;
  }
}
