import { json, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError, useRouteLoaderData } from '@remix-run/react';
import { useEffect, type ReactNode } from 'react';
import { actorOf } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { reader } from '~/db';
import { unreadCount } from '~/notices';
import { langOf } from '~/text/lang';
import { TextProvider, useText } from '~/text/react';
import { AppShell, ButtonLink, Page } from '~/ui';
import { useNonce } from '~/ui/nonce';
import { navigationFor } from '~/ui/navigation.server';
import { askSeb } from '~/ui/player/seb';
import { problemPage } from '~/ui/problem-page';
import mark from '~/ui/shell/mark.svg';
import styles from '~/ui/styles.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }, { rel: 'icon', href: mark, type: 'image/svg+xml' }];

export const meta: MetaFunction = () => [{ title: '上岗 Shanggang' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  return json({
    lang: langOf(request),
    zone: config().TIME_ZONE,
    account: actor && { name: actor.signInName },
    nav: navigationFor(actor),
    unread: actor?.personId ? await unreadCount(reader(), actor.personId) : 0,
    today: dateAt(clock.now(), config().TIME_ZONE),
  });
}

/** The document, also around error pages: when the root loader itself failed there is no data to show. */
export function Layout({ children }: { children: ReactNode }) {
  const known = useRouteLoaderData<typeof loader>('root');
  const nonce = useNonce();
  const lang = known?.lang ?? 'zh';
  return (
    <html lang={lang === 'zh' ? 'zh-CN' : 'en'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <TextProvider lang={lang} zone={known?.zone ?? 'Asia/Shanghai'}>
          <AppShell nav={known?.nav ?? []} account={known?.account ?? null} unread={known?.unread ?? 0} lang={lang} today={known?.today}>
            {children}
          </AppShell>
        </TextProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  // In Safe Exam Browser every page proves where it is, so that the next one may be asked for.
  useEffect(() => void askSeb(), []);
  return <Outlet />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const { t, problem } = useText();
  const { page, status } = problemPage(isRouteErrorResponse(error) ? error : null);
  return (
    <Page title={t(status === 404 ? 'shell.error-not-found' : 'shell.error-title')} lead={problem(page.problem)}>
      {page.requestId && <p>{t('shell.error-number', { number: page.requestId })}</p>}
      {page.problem.code === 'access.sign-in'
        ? <ButtonLink to="/sign-in" kind="primary">{t('shell.sign-in')}</ButtonLink>
        : <ButtonLink to="/" kind="secondary">{t('shell.error-home')}</ButtonLink>}
    </Page>
  );
}
