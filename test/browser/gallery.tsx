/** Every example of the design system as a whole page of HTML, as the server would send it. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import type { Lang } from '~/text';
import { TextProvider } from '~/text/react';
import { AppShell, QUIET, type NavItem } from '~/ui';
import type { Example } from '~/ui/example';
import { examples as courses } from '~/ui/course/examples';
import { examples as credentials } from '~/ui/credential/examples';
import { examples as forms } from '~/ui/form/examples';
import { examples as items } from '~/ui/item/examples';
import { examples as pages } from '~/ui/page/examples';
import { examples as players } from '~/ui/player/examples';
import { examples as prose } from '~/ui/prose/examples';
import { examples as status } from '~/ui/status/examples';
import { examples as tables } from '~/ui/table/examples';

const EXAMPLES: Example[] = [...pages, ...status, ...tables, ...forms, ...prose, ...credentials, ...players, ...courses, ...items];

const NAV: NavItem[] = [
  { to: '/home', label: 'shell.nav-home' },
  { to: '/courses', label: 'shell.nav-courses' },
  { to: '/hours', label: 'shell.nav-hours' },
  { to: '/hr', label: 'shell.nav-hr' },
  { to: '/hr/people', label: 'shell.nav-people' },
  { to: '/hr/intakes', label: 'shell.nav-intakes' },
  { to: '/check', label: 'shell.nav-check' },
];

export interface GalleryPage {
  name: string;
  html: string;
}

/** All examples in one language. */
export async function gallery(lang: Lang): Promise<GalleryPage[]> {
  const css = await stylesheet('app/ui/styles.css');
  return Promise.all(EXAMPLES.map(async (example) => ({ name: example.name, html: documentOf(lang, css, await bodyOf(example, lang)) })));
}

async function bodyOf(example: Example, lang: Lang): Promise<string> {
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en);
  const page = (
    <TextProvider lang={lang} zone="Asia/Shanghai">
      <AppShell nav={example.visitor ? [] : NAV} account={example.visitor ? null : { name: say('王晓梅', 'Wang Xiaomei') }} unread={3} lang={lang} today="2026-10-02">
        <example.View say={say} />
      </AppShell>
    </TextProvider>
  );
  const handler = createStaticHandler([{ id: 'page', path: '*', element: page, handle: example.quiet ? QUIET : undefined, action: () => null }]);
  const context = await handler.query(new Request(`http://localhost/hr${example.query ?? ''}`));
  if (context instanceof Response) throw new Error('an example redirects');
  const answered = { ...context, actionData: example.answer ? { page: example.answer } : null };
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, answered)} context={answered} hydrate={false} />);
}

const documentOf = (lang: Lang, css: string, body: string): string =>
  `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>上岗 Shanggang</title><style>${css}</style></head><body>${body}</body></html>`;

/** A stylesheet with what it imports, in order. */
export async function stylesheet(path: string): Promise<string> {
  const file = join(fileURLToPath(new URL('../..', import.meta.url)), path);
  const css = await readFile(file, 'utf8');
  const imported = await Promise.all([...css.matchAll(/@import '(.+?)';/g)].map(([, one]) => stylesheet(join(dirname(path), one ?? ''))));
  return [...imported, css.replace(/@import '.+?';/g, '')].join('\n');
}
