import { can, type Action, type Actor } from '~/identity';
import type { TextKey } from '~/text';

interface Entry {
  to: string;
  label: TextKey;
  action: Action;
}

/** The main places, in the order of the menu; each is shown to those who may go there. */
const ENTRIES: readonly Entry[] = [
  { to: '/home', label: 'shell.nav-home', action: 'learn' },
  { to: '/courses', label: 'shell.nav-courses', action: 'read open courses' },
  { to: '/hours', label: 'shell.nav-hours', action: 'learn' },
  { to: '/hr', label: 'shell.nav-hr', action: 'see who may start' },
  { to: '/hr/people', label: 'shell.nav-people', action: 'see people' },
  { to: '/hr/hours', label: 'shell.nav-hr-hours', action: 'see hours' },
  { to: '/hr/hiring', label: 'shell.nav-hiring', action: 'see hiring lists' },
  { to: '/hr/reports', label: 'shell.nav-reports', action: 'see reports' },
  { to: '/hr/intakes', label: 'shell.nav-intakes', action: 'see intakes' },
  { to: '/hr/rosters', label: 'shell.nav-rosters', action: 'see rosters' },
  { to: '/hr/units', label: 'shell.nav-units', action: 'see units' },
  { to: '/sittings', label: 'shell.nav-sittings', action: 'see sittings' },
  { to: '/invigilate', label: 'shell.nav-invigilate', action: 'invigilate' },
  { to: '/findings', label: 'shell.nav-findings', action: 'see findings' },
  { to: '/adjudicate', label: 'shell.nav-adjudicate', action: 'adjudicate' },
  { to: '/author', label: 'shell.nav-author', action: 'see items' },
  { to: '/admin', label: 'shell.nav-admin', action: 'see administration' },
  { to: '/check', label: 'shell.nav-check', action: 'check a credential' },
];

/** The menu of this reader. */
export const navigationFor = (actor: Actor | null): { to: string; label: TextKey }[] =>
  ENTRIES.filter((entry) => can(actor, entry.action)).map(({ to, label }) => ({ to, label }));
