import type { Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { currentVersions, findVersion, requirementsOf, type ProgrammeVersion } from '../programme.repository';
import type { Requirement } from '../requirement';
import type { VersionFacts } from './exception';
import { factsOf } from './facts.service';

/** What a transaction needs to know of programmes, read once however many people it goes through. */
export interface Known {
  /** The versions that are assigned today. */
  current(): Promise<ProgrammeVersion[]>;
  version(id: string): Promise<ProgrammeVersion>;
  requirements(versionId: string): Promise<Requirement[]>;
  facts(versionId: string): Promise<VersionFacts>;
}

export function knowing(tx: Tx): Known {
  const version = once(async (id: string) => {
    const found = await findVersion(tx, id);
    if (!found) throw new Error(`programme version ${id} is gone`);
    return found;
  });
  const requirements = once((id: string) => requirementsOf(tx, id));
  const current = once(() => currentVersions(tx, dateAt(tx.now, config().TIME_ZONE)));
  return {
    version, requirements,
    current: () => current(''),
    facts: once(async (id) => factsOf(tx, await version(id), await requirements(id), tx.now)),
  };
}

function once<T>(read: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const had = new Map<string, T>();
  return async (id) => {
    const known = had.get(id);
    if (known !== undefined) return known;
    const found = await read(id);
    had.set(id, found);
    return found;
  };
}
