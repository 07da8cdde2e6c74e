import type { WaitingKind, WaitingThing } from '~/certification';
import { useText } from '~/text/react';

/** Where one thing that waits is settled. */
export function waitingPath({ kind, link }: Pick<WaitingThing, 'kind' | 'link'>): string {
  switch (kind) {
    case 'exception': return `/hr/exceptions/${link}`;
    case 'waiver': return `/hr/waivers/${link}`;
    case 'start': return `/hr/starts/${link}`;
    case 'credential': return `/hr/credential-acts/${link}`;
    case 'evidence': return `/hr/evidence/${link}`;
    case 'extension': return `/hr/clearance/${link}/extension`;
    case 'excuse': return `/sittings/excuses/${link}`;
    case 'transfer': return `/hr/transfers/${link}`;
    case 'merge': return `/hr/merges/${link}`;
    case 'import': case 'faulty-import': return `/hr/past-imports/${link}`;
  }
}

/** The list of everything of one kind. */
export const waitingListPath = (kind: WaitingKind): string => `/hr/waiting?kind=${kind}`;

/** Why it is asked for: an exception's is a code, everything else was typed. */
export function WaitingReason({ thing: { kind, reason } }: { thing: Pick<WaitingThing, 'kind' | 'reason'> }) {
  const { t, has } = useText();
  const key = `exception.kind.${reason}`;
  return <>{kind === 'exception' && has(key) ? t(key) : reason}</>;
}
