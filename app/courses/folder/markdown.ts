import MarkdownIt, { type Token } from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** What a link in a lesson leads to. */
export type Target =
  | { kind: 'lesson'; slug: string; anchor: string }
  | { kind: 'media'; file: string }
  /** Another site, a mail address, or a page of this product. */
  | { kind: 'elsewhere' }
  | { kind: 'unknown' };

interface Link {
  href: string;
  target: Target;
  line: number;
}

export const LESSON_FILE = /^(\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*)\.md$/;
export const MEDIA_FILE = /^[a-z0-9][a-z0-9_-]*\.[a-z0-9]+$/i;

/** Reads a link as it was written; relative ones are lessons or media of the same course. */
export function targetOf(href: string): Target {
  if (/^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i.test(href)) return { kind: 'elsewhere' };
  const [path = '', anchor = ''] = href.split('#', 2);
  const lesson = LESSON_FILE.exec(path.replace(/^(\.\/)?(lessons\/)?/, ''));
  if (lesson?.[1]) return { kind: 'lesson', slug: lesson[1], anchor };
  const media = /^(?:\.\/|\.\.\/)?media\/([^/]+)$/.exec(path);
  return media?.[1] && MEDIA_FILE.test(media[1]) ? { kind: 'media', file: media[1] } : { kind: 'unknown' };
}

/** Where a reader finds the target of a link, in the course with this slug. */
export function addressOf(href: string, course: string): string {
  const target = targetOf(href);
  if (target.kind === 'lesson') return `/courses/${course}/${target.slug}${target.anchor && `#${target.anchor}`}`;
  return target.kind === 'media' ? `/courses/${course}/media/${target.file}` : href;
}

/** Every token in reading order with the line (counted from 0) on which it stands. */
function* walk(tokens: readonly Token[], at = 0): Generator<[Token, number]> {
  let line = at;
  for (const token of tokens) {
    line = token.map?.[0] ?? line;
    yield [token, line];
    if (token.children) yield* walk(token.children, line);
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
  }
}

const addressAttribute = (token: Token): 'href' | 'src' | null =>
  token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : null;

/** The address that a link or picture names, or null for other tokens. */
function written(token: Token): string | null {
  const attribute = addressAttribute(token);
  return attribute && String(token.attrGet(attribute) ?? '');
}

/**
 * Renders a lesson: links of the course become addresses of the product, headings get ids to be linked
 * to, wide tables a frame that scrolls.
 */
export function renderMarkdown(text: string, course: string): string {
  const tokens = markdown.parse(text, {});
  let headings = 0;
  for (const [token] of walk(tokens)) {
    const attribute = addressAttribute(token);
    const href = written(token);
    if (attribute && href !== null) token.attrSet(attribute, addressOf(href, course));
    if (token.type === 'link_open' && /^https?:/i.test(href ?? '')) token.attrSet('rel', 'noopener noreferrer');
    if (token.type === 'image') token.attrSet('loading', 'lazy');
    if (token.type === 'heading_open') token.attrSet('id', `part-${(headings += 1)}`);
  }
  nameRows(tokens);
  return markdown.renderer.render(tokens, markdown.options, {});
}

/** A table with an empty corner has its rows' names in the first column: they become headers, the corner a plain cell. */
function nameRows(tokens: readonly Token[]): void {
  let named = false;
  let first = false;
  tokens.forEach((token, i) => {
    if (token.type === 'table_open') named = false;
    if (token.type === 'tr_open') first = true;
    if (token.type !== 'th_open' && token.type !== 'td_open') return;
    if (first && token.type === 'th_open') named = tokens[i + 1]?.content === '';
    if (first && named) retag(token, tokens[i + 2], token.type === 'th_open' ? 'td' : 'th');
    first = false;
  });
}

function retag(open: Token, close: Token | undefined, tag: 'td' | 'th'): void {
  open.tag = tag;
  if (close) close.tag = tag;
  if (tag === 'th') open.attrSet('scope', 'row');
}

// The frame can be reached with the keyboard, otherwise its hidden part could not be read without a mouse.
markdown.renderer.rules['table_open'] = () => '<div class="table-frame" role="group" tabindex="0"><table>\n';
markdown.renderer.rules['table_close'] = () => '</table></div>\n';

const CHINESE = /^[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF\u2018-\u201D]$/u;

/** A line ended in the file is no space between Chinese characters. */
markdown.renderer.rules['softbreak'] = (tokens, at) => {
  const before = neighbour(tokens, at, -1);
  const after = neighbour(tokens, at, 1);
  return CHINESE.test(before) && CHINESE.test(after) ? '' : '\n';
};

/** The character on one side of a token, through the ends of emphasis and links. */
function neighbour(tokens: readonly Token[], at: number, step: 1 | -1): string {
  for (let i = at + step; tokens[i]; i += step) {
    const { content } = tokens[i] ?? { content: '' };
    if (content) return step === 1 ? [...content][0] ?? '' : [...content].at(-1) ?? '';
  }
  return '';
}

/** What the linter wants to know about a text. */
export interface TextFacts {
  links: Link[];
  /** Lines of pictures that say nothing to those who cannot see them. */
  silentPictures: number[];
  /** Lines of headings of the first level, which is the title's. */
  topHeadings: number[];
  /** Han characters, as a measure of length. */
  hanCharacters: number;
}

/** @param firstLine the line of the file on which `text` begins */
export function textFacts(text: string, firstLine: number): TextFacts {
  const facts: TextFacts = { links: [], silentPictures: [], topHeadings: [], hanCharacters: hanCharacters(text) };
  for (const [token, at] of walk(markdown.parse(text, {}))) {
    const line = firstLine + at;
    const href = written(token);
    if (href !== null) facts.links.push({ href, target: targetOf(href), line });
    if (token.type === 'image' && token.content.trim() === '') facts.silentPictures.push(line);
    if (token.type === 'heading_open' && token.tag === 'h1') facts.topHeadings.push(line);
  }
  return facts;
}

const hanCharacters = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;
