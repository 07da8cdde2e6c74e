/** Where an organisation stands: `/<root>/…/<own>/`. */
export interface Unit {
  id: string;
  name: string;
  path: string;
}

export interface Held {
  personId: string;
  organisationId: string;
}

/** Somebody with what they answer for: the outermost organisations. */
export interface Answering {
  personId: string;
  units: Unit[];
}

/**
 * Who answers for whom: the leaders of an organisation, and the personnel officers of the nearest organisation above that
 * has any. Only people can be told; pure accounts are left out.
 */
export class Directory {
  private readonly units: Map<string, Unit>;
  private readonly leaders: Map<string, string[]>;
  private readonly hr: Map<string, string[]>;

  constructor({ units, leaders, hr }: { units: readonly Unit[]; leaders: readonly Held[]; hr: readonly Held[] }) {
    this.units = new Map(units.map((unit) => [unit.id, unit]));
    this.leaders = byOrganisation(leaders);
    this.hr = byOrganisation(hr);
  }

  unit(id: string): Unit | undefined {
    return this.units.get(id);
  }

  /** The leaders of the organisation beside the person themself; without any, its personnel officers. */
  managersOf(organisationId: string, personId: string): string[] {
    const leaders = (this.leaders.get(organisationId) ?? []).filter((one) => one !== personId);
    return leaders.length > 0 ? leaders : this.hrOf(organisationId, personId);
  }

  /** The personnel officers of the nearest organisation above that has any beside the person themself. */
  hrOf(organisationId: string, personId: string): string[] {
    const chain = (this.units.get(organisationId)?.path ?? '').split('/').filter(Boolean).reverse();
    for (const id of chain) {
      const officers = (this.hr.get(id) ?? []).filter((one) => one !== personId);
      if (officers.length > 0) return officers;
    }
    return [];
  }

  /** Who is told of somebody overdue: the managers, and HR beside them when it has come that far. */
  recipients(audience: 'manager' | 'hr', organisationId: string, personId: string): string[] {
    const managers = this.managersOf(organisationId, personId);
    return audience === 'manager' ? managers : [...new Set([...managers, ...this.hrOf(organisationId, personId)])];
  }

  /** Everybody who answers for somebody, each with the outermost organisations: a leader for their own and what is beneath. */
  everybody(): Answering[] {
    const held = new Map<string, Set<string>>();
    for (const [organisationId, people] of [...this.leaders, ...this.hr]) {
      for (const personId of people) held.set(personId, (held.get(personId) ?? new Set()).add(organisationId));
    }
    return [...held].map(([personId, ids]) => ({ personId, units: outermost([...ids].flatMap((id) => this.units.get(id) ?? [])) }))
      .sort((a, b) => (a.personId < b.personId ? -1 : 1));
  }
}

function byOrganisation(held: readonly Held[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { personId, organisationId } of held) found.set(organisationId, [...new Set([...(found.get(organisationId) ?? []), personId])].sort());
  return found;
}

const outermost = (units: Unit[]): Unit[] =>
  units.filter((unit) => !units.some((other) => other.id !== unit.id && unit.path.startsWith(other.path))).sort((a, b) => (a.path < b.path ? -1 : 1));
