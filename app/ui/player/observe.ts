/**
 * What the page notices during an exam, as far as the author switched it on: that the page was left and for how long,
 * that something was pasted and how long it was (never what), that nothing happened for a while, that answers came
 * faster than one reads. Nothing of it decides anything.
 */
export const NOTICED_KINDS = ['left-page', 'paste', 'idle', 'fast-answers'] as const;
export type NoticedKind = (typeof NOTICED_KINDS)[number];

export interface Noticed {
  kind: NoticedKind;
  /** When it began, by the server's clock. Kind and beginning name it: sent again with more seconds, it has grown. */
  at: number;
  seconds?: number;
  count?: number;
}

export interface ObserverTools {
  /** The server's time. */
  now(): number;
  /** Hands over what was noticed; false: not now, it stays here. Never rejects. */
  send(noticed: Noticed[]): Promise<boolean>;
  /** How many minutes without input the candidate has to be told of; null: there was some. */
  warn(minutes: number | null): void;
}

export interface ObserverRules {
  kinds: readonly string[];
  /** Minutes without input after which the candidate is warned; null: never. */
  idleMinutes: number | null;
}

/** Shorter is a slip: a notification that took the focus, a key pressed by mistake. */
const SHORTEST_LEAVING = 2000;
/** After the warning somebody may still look up and go on. */
const AFTER_WARNING = 60_000;
/** Kept while the network is away; what comes on top grows the newest of its kind. */
export const MOST_KEPT = 100;
/** What one request may carry. */
export const MOST_SENT = 40;

/** Notices, keeps what could not be sent yet, and hands it over. Call `tick` every few seconds. */
export class Observer {
  private readonly unsent = new Map<string, Noticed>();
  private leftAt: number | null = null;
  private touchedAt: number;
  private warned = false;
  private sending = false;

  constructor(private readonly rules: ObserverRules, private readonly tools: ObserverTools) {
    this.touchedAt = tools.now();
  }

  /** The page is out of sight, or another window has the keyboard. */
  left(): void {
    this.leftAt ??= this.tools.now();
  }

  /** The candidate is back. */
  back(): void {
    this.noteLeaving();
    this.leftAt = null;
    this.touched();
  }

  /** The page itself goes, within the exam or with the browser: that is no leaving. */
  gone(): void {
    this.leftAt = null;
  }

  pasted(characters: number): void {
    if (characters > 0) this.note({ kind: 'paste', at: this.tools.now(), count: characters });
  }

  fast({ since, count }: { since: number; count: number }): void {
    this.note({ kind: 'fast-answers', at: since, count });
  }

  /** A key, a touch, a movement: somebody is there. */
  touched(): void {
    this.noteIdle();
    this.touchedAt = this.tools.now();
    if (this.warned) this.tools.warn(null);
    this.warned = false;
  }

  /** Looks how things stand, and hands over what is new. */
  async tick(): Promise<void> {
    this.noteLeaving();
    this.lookIdle();
    await this.flush();
  }

  async flush(): Promise<void> {
    if (this.sending || this.unsent.size === 0) return;
    const batch = [...this.unsent.entries()].slice(0, MOST_SENT);
    this.sending = true;
    const taken = await this.tools.send(batch.map(([, noticed]) => noticed));
    this.sending = false;
    // What has grown meanwhile stays, to be sent once more.
    if (taken) for (const [key, noticed] of batch) if (this.unsent.get(key) === noticed) this.unsent.delete(key);
  }

  private noteLeaving(): void {
    if (this.leftAt === null) return;
    const lasted = this.tools.now() - this.leftAt;
    if (lasted >= SHORTEST_LEAVING) this.note({ kind: 'left-page', at: this.leftAt, seconds: Math.round(lasted / 1000) });
  }

  private lookIdle(): void {
    const { idleMinutes } = this.rules;
    // Whoever is away from the page cannot be warned.
    if (idleMinutes === null || this.leftAt !== null) return;
    const still = this.tools.now() - this.touchedAt;
    if (still < idleMinutes * 60_000) return;
    this.warned = true;
    this.tools.warn(Math.floor(still / 60_000));
    this.noteIdle();
  }

  private noteIdle(): void {
    const { idleMinutes } = this.rules;
    const still = this.tools.now() - this.touchedAt;
    if (idleMinutes === null || !this.warned || still < idleMinutes * 60_000 + AFTER_WARNING) return;
    this.note({ kind: 'idle', at: this.touchedAt, seconds: Math.round(still / 1000) });
  }

  private note(noticed: Noticed): void {
    if (!this.rules.kinds.includes(noticed.kind)) return;
    const key = `${noticed.kind} ${noticed.at}`;
    if (this.unsent.size < MOST_KEPT || this.unsent.has(key)) this.unsent.set(key, noticed);
    else this.grow(noticed);
  }

  private grow({ kind, seconds, count }: Noticed): void {
    const newest = [...this.unsent.entries()].filter(([, one]) => one.kind === kind).pop();
    if (!newest) return;
    const [key, before] = newest;
    this.unsent.set(key, {
      ...before,
      ...(seconds !== undefined && { seconds: (before.seconds ?? 0) + seconds }),
      ...(count !== undefined && { count: (before.count ?? 0) + count }),
    });
  }
}
