import { reachOf, type Actor } from '~/identity';

/** Where somebody may see figures, and where also the people behind them. Subtrees by their paths of today. */
export interface ReportReach {
  figures: string[];
  people: string[];
}

/** As the policy table grants it: two lines there decide everything here. */
export const reportReach = (actor: Actor): ReportReach =>
  ({ figures: reachOf(actor, 'see reports').under, people: reachOf(actor, 'see people in reports').under });
