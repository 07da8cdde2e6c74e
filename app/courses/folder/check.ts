import type { Blueprint, BlueprintLine, ItemCount } from '../blueprint';
import { blueprintPoints, checkBlueprint } from '../blueprint';
import type { WrittenItem } from '../item';
import { duplicates } from './duplicates';
import { textFacts } from './markdown';
import { readCourseFolders, type CourseFolder, type ItemSource, type LessonSource, type TextSource } from './read';
import type { ContentProblem } from './yaml';

/** A lesson shorter than this teaches too little to be examined on. */
const LEAST_HAN_CHARACTERS = 1200;

/**
 * Judges every course folder in `dir`: what keeps it from being served, and what readers or candidates
 * would suffer from.
 * @returns problems sorted by file and line; empty when all is well
 */
export async function checkCourses(dir: string): Promise<ContentProblem[]> {
  const folders = await readCourseFolders(dir);
  const problems = [
    ...folders.flatMap((folder) => folder.problems),
    ...folders.flatMap(linkProblems),
    ...folders.flatMap((folder) => folder.lessons.flatMap(lengthProblems)),
    ...folders.flatMap(blueprintProblems),
    ...sharedIds(folders),
    ...duplicateItems(folders.flatMap((folder) => folder.items)),
  ];
  return problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/** One line a problem, `file:line: message`, as editors and terminals understand it. */
export const formatProblems = (problems: readonly ContentProblem[]): string =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');

function linkProblems(folder: CourseFolder): ContentProblem[] {
  const lessons = new Set(folder.lessonSlugs);
  const media = new Set(folder.media);
  const texts: TextSource[] = [...(folder.course ? [folder.course] : []), ...folder.lessons];
  return texts.flatMap(({ file, body, bodyLine }) => {
    const facts = textFacts(body, bodyLine);
    const dead = facts.links.filter(({ target }) =>
      target.kind === 'unknown' || (target.kind === 'lesson' && !lessons.has(target.slug)) || (target.kind === 'media' && !media.has(target.file)));
    return [
      ...dead.map(({ href, line }) => ({ file, line, message: `dead link: ${href}` })),
      ...facts.silentPictures.map((line) => ({ file, line, message: 'a picture must say what it shows: ![what it shows](media/…)' })),
      ...facts.topHeadings.map((line) => ({ file, line, message: 'headings begin at ##; the title is the only one above' })),
    ];
  });
}

function lengthProblems({ file, body, bodyLine }: LessonSource): ContentProblem[] {
  const { hanCharacters } = textFacts(body, bodyLine);
  if (hanCharacters >= LEAST_HAN_CHARACTERS) return [];
  const message = hanCharacters === 0 ? 'the lesson has no text' : `the lesson has ${hanCharacters} Chinese characters; at least ${LEAST_HAN_CHARACTERS} are needed`;
  return [{ file, line: bodyLine, message }];
}

function blueprintProblems(folder: CourseFolder): ContentProblem[] {
  const blueprint = folder.content?.exam?.blueprint;
  const source = folder.course;
  if (!blueprint || !source) return [];
  const at = (...path: PropertyKey[]) => source.lineOf(['exam', 'blueprint', ...path]);
  const problem = (line: number, message: string): ContentProblem => ({ file: source.file, line, message: `blueprint: ${message}` });
  const lessons = new Set(folder.lessonSlugs);
  const points = blueprintPoints(blueprint);
  return [
    ...(points === 100 ? [] : [problem(at(), `the points add up to ${points}, not 100`)]),
    ...strangeLessons(blueprint, lessons).map(({ line, lesson }) => problem(at(line, 'lessons'), `there is no lesson ${lesson} in this course`)),
    ...checkBlueprint(countsOf(folder.items.map((one) => one.item)), blueprint).map((shortage) =>
      problem(at(shortage.line), shortageText(shortage, blueprint[shortage.line]))),
  ];
}

function shortageText({ asked, available, filled }: { asked: number; available: number; filled: number }, line: BlueprintLine | undefined): string {
  const what = `${asked} ${line?.type ?? ''} from ${line?.lessons.join(', ') ?? ''}`;
  return available < asked ? `asks for ${what}, but there are only ${available}` : `asks for ${what}; other lines need them too and leave ${filled}`;
}

const strangeLessons = (blueprint: Blueprint, lessons: Set<string>): { line: number; lesson: string }[] =>
  blueprint.flatMap((entry, line) => entry.lessons.filter((lesson) => !lessons.has(lesson)).map((lesson) => ({ line, lesson })));

/** How many items there are for each lesson and type. */
function countsOf(items: readonly WrittenItem[]): ItemCount[] {
  const counts = new Map<string, ItemCount>();
  for (const { lesson, body: { type } } of items) {
    const key = `${lesson}/${type}`;
    const count = counts.get(key) ?? { lesson, type, count: 0 };
    count.count += 1;
    counts.set(key, count);
  }
  return [...counts.values()];
}

/** Ids are unique over all courses; within one course the reader has seen to it. */
function sharedIds(folders: CourseFolder[]): ContentProblem[] {
  const first = new Map<string, { folder: CourseFolder; source: ItemSource }>();
  return folders.flatMap((folder) => folder.items.flatMap((source) => {
    const { code } = source.item;
    const other = first.get(code);
    if (!other) first.set(code, { folder, source });
    if (!other || other.folder === folder) return [];
    return [{ file: source.file, line: source.lineOf('id'), message: `${code}: the id is taken by ${other.source.file}:${other.source.lineOf('id')}` }];
  }));
}

const duplicateItems = (items: ItemSource[]): ContentProblem[] =>
  duplicates(items.map((source) => source.item)).flatMap(({ first, second, equal }) => {
    const [before, after] = [items[first], items[second]];
    if (!before || !after) return [];
    const place = `${before.item.code} (${before.file}:${before.lineOf()})`;
    return [{ file: after.file, line: after.lineOf('stem'), message: `${after.item.code}: ${equal ? 'the same stem as' : 'nearly the same as'} ${place}` }];
  });
