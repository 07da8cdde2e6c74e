import type { VersionFields } from '~/certification';
import type { VersionStanding } from './version-tag';

/** Where a version stands today; `all` are the versions of its programme. */
export function standingOf(version: VersionFields, all: readonly VersionFields[], today: string): VersionStanding {
  if (version.state !== 'published') return version.state;
  if (version.effectiveOn > today) return 'coming';
  const current = all.filter((one) => one.state === 'published' && one.effectiveOn <= today).sort((a, b) => b.number - a.number)[0];
  return current?.id === version.id ? 'in-force' : 'former';
}
