import { Link, useLocation, useMatches } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { PlainDate } from '~/kernel/calendar';
import type { Lang, TextKey } from '~/text';
import { useText } from '~/text/react';
import { PostButton } from '../button/button';
import { TodayProvider } from '../time/time';
import { Mark } from './mark';

export interface NavItem {
  to: string;
  label: TextKey;
}

export interface AppShellProps {
  /** What this person may open, the most needed first. */
  nav: NavItem[];
  account: { name: string } | null;
  unread: number;
  lang: Lang;
  /** The date in the deployment's zone, for "in 3 days". */
  today?: PlainDate;
  children: ReactNode;
}

/** `export const handle = QUIET` in a route: the page stands alone, nothing leads away (an exam). */
export const QUIET = { quiet: true };

const isQuiet = (handle: unknown): boolean => typeof handle === 'object' && handle !== null && 'quiet' in handle;

/** What is around every page. */
export function AppShell(props: AppShellProps) {
  const { t } = useText();
  const quiet = useMatches().some((match) => isQuiet(match.handle));
  return (
    <TodayProvider today={props.today ?? null}>
      <a className="skip" href="#main">{t('ui.skip')}</a>
      {!quiet && <ShellHead {...props} />}
      <main id="main" className={quiet ? 'main main--quiet' : 'main'} tabIndex={-1}>{props.children}</main>
      {!quiet && <ShellFoot lang={props.lang} />}
    </TodayProvider>
  );
}

function ShellHead({ nav, account, unread, lang }: AppShellProps) {
  const { t } = useText();
  return (
    <header className="shell-head">
      <div className="shell-bar">
        <Link to="/" className="shell-name"><Mark /><span>{t('ui.product')}</span></Link>
        <div className="shell-account">
          <AccountLinks account={account} unread={unread} />
          <LanguageSwitch lang={lang} />
        </div>
      </div>
      {nav.length > 0 && <Navigation nav={nav} />}
    </header>
  );
}

function AccountLinks({ account, unread }: { account: { name: string } | null; unread: number }) {
  const { t } = useText();
  if (!account) return <Link to="/sign-in" className="shell-link">{t('ui.sign-in')}</Link>;
  return (
    <>
      <Link to="/notices" className="shell-link">
        {t('ui.notices')}
        {unread > 0 && <span className="shell-unread figures"><span className="visually-hidden">{t('ui.unread')}</span>{unread > 99 ? '99+' : unread}</span>}
      </Link>
      <Link to="/account" className="shell-link shell-person">{account.name}</Link>
      <PostButton to="/sign-out" kind="quiet" document>{t('ui.sign-out')}</PostButton>
    </>
  );
}

/** A row where there is room; behind "Menu" on a phone. Both work without JavaScript. */
function Navigation({ nav }: { nav: NavItem[] }) {
  const { t } = useText();
  const { pathname } = useLocation();
  const here = currentOf(nav, pathname);
  const links = <ul className="shell-links">{nav.map((item) => <li key={item.to}><Link to={item.to} aria-current={item === here ? 'page' : undefined}>{t(item.label)}</Link></li>)}</ul>;
  return (
    <nav className="shell-nav" aria-label={t('ui.navigation')}>
      <div className="shell-nav-wide">{links}</div>
      {/* A new page has its menu closed again. */}
      <details key={pathname} className="shell-nav-narrow">
        <summary>{t('ui.menu')}{here && <span className="shell-here">{t(here.label)}</span>}</summary>
        {links}
      </details>
    </nav>
  );
}

/** The entry that the page at `pathname` belongs to: the longest address that it lies under. */
export function currentOf(nav: NavItem[], pathname: string): NavItem | undefined {
  const above = nav.filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return above.sort((a, b) => b.to.length - a.to.length)[0];
}

function ShellFoot({ lang }: { lang: Lang }) {
  const { t } = useText();
  return (
    <footer className="shell-foot">
      <p>{t('ui.product')} · {t('ui.product-line')}</p>
      <LanguageSwitch lang={lang} />
    </footer>
  );
}

/** In the head where there is room, in the foot on a phone. */
function LanguageSwitch({ lang }: { lang: Lang }) {
  const { pathname, search } = useLocation();
  const other = lang === 'zh' ? 'en' : 'zh';
  return (
    <div className="shell-lang">
      <PostButton to="/language" fields={{ lang: other, back: `${pathname}${search}` }} kind="quiet" document>
        <span lang={other === 'zh' ? 'zh-CN' : 'en'}>{other === 'zh' ? '中文' : 'English'}</span>
      </PostButton>
    </div>
  );
}
