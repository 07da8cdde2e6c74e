import { foldName } from '~/identity';
import { plainName } from '~/people';
import type { KnownOrganisation, Placed } from './known';

/** Finds the organisation that a line names, by its code or its name. Names are looked for again and again, so all are kept. */
export class Organisations {
  private readonly byCode: ReadonlyMap<string, KnownOrganisation>;
  private readonly byName = new Map<string, KnownOrganisation[]>();
  private readonly byId: ReadonlyMap<string, KnownOrganisation>;

  /** @param home the organisation of lines that name none */
  constructor(all: readonly KnownOrganisation[], private readonly home: KnownOrganisation) {
    this.byCode = new Map(all.map((one) => [foldName(one.code), one]));
    this.byId = new Map(all.map((one) => [one.id, one]));
    for (const one of all) this.byName.set(plainName(one.name), [...(this.byName.get(plainName(one.name)) ?? []), one]);
  }

  get(id: string): KnownOrganisation | undefined {
    return this.byId.get(id);
  }

  place(code: string | null, name: string | null): Placed {
    const coded = code === null ? null : this.byCode.get(foldName(code)) ?? null;
    if (code !== null && !coded) return { fault: 'organisation.unknown', at: 'organisationCode', params: { code } };
    if (name === null) return coded ? { found: coded } : { found: this.home, unsaid: true };
    const named = this.named(name);
    if (coded) {
      // A short or former name beside a known code is no contradiction; the name of another organisation is.
      const contradicts = named.length > 0 && !named.includes(coded);
      return contradicts ? { fault: 'roster.organisation-differs', at: 'organisation', params: { name, code: coded.code } } : { found: coded };
    }
    const [first, ...others] = this.narrowed(named);
    if (!first) return this.byItsCode(name);
    if (others.length === 0) return { found: first };
    return { fault: 'roster.organisation-ambiguous', at: 'organisation', params: { name, codes: [first, ...others].slice(0, 5).map((one) => one.code).join(', ') } };
  }

  /** Some write the code where the name belongs. */
  private byItsCode(name: string): Placed {
    const coded = this.byCode.get(foldName(name));
    return coded ? { found: coded } : { fault: 'organisation.unknown', at: 'organisation', params: { code: name } };
  }

  /** Organisations of that name. `市教育局/办公室` is the office of that bureau. */
  private named(name: string): KnownOrganisation[] {
    const whole = this.byName.get(plainName(name));
    if (whole) return whole;
    const steps = name.split(/\s*[/／\\>＞→|]\s*|\s*[-－—]{1,2}\s*/).filter(Boolean);
    const last = steps.pop();
    if (last === undefined || steps.length === 0) return [];
    return (this.byName.get(plainName(last)) ?? []).filter((one) => steps.every((step) => (this.byName.get(plainName(step)) ?? []).some((above) => above.id !== one.id && one.path.startsWith(above.path))));
  }

  /** Of several of one name the one beneath the roster's own organisation is meant, else the one that may be written to. */
  private narrowed(named: KnownOrganisation[]): KnownOrganisation[] {
    if (named.length < 2) return named;
    for (const fits of [(one: KnownOrganisation) => one.path.startsWith(this.home.path), (one: KnownOrganisation) => one.inScope]) {
      const some = named.filter(fits);
      if (some.length === 1) return some;
    }
    return named;
  }
}
