import { days, type Instant } from '~/kernel/clock';
import type { House } from '../rules/house';
import type { Channel } from './channel';
import type { Reachable } from './reach.repository';

export interface Way {
  channel: Channel;
  address: string;
}

/**
 * The ways that lead to somebody, the best first. Who chose some of them gets those; but what is mandatory must arrive,
 * so when none of the chosen ones leads anywhere, any other does.
 */
export function waysTo(person: Reachable, channels: readonly Channel[]): Way[] {
  const open = channels.flatMap((channel) => {
    const address = channel.addressOf(person);
    return address === null || address === '' || person.isBad(channel.id, address) ? [] : [{ channel, address }];
  });
  const chosen = person.channels === null ? open : open.filter(({ channel }) => person.channels?.includes(channel.id));
  return chosen.length > 0 ? chosen : open.slice(0, 1);
}

/** Whether somebody is to be told on paper: nothing leads to them, and they have not used the product lately. */
export const needsPaper = ({ seenAt }: Pick<Reachable, 'seenAt'>, house: Pick<House, 'paper' | 'paperAfterDays'>, now: Instant): boolean =>
  house.paper && (seenAt === null || seenAt < now - days(house.paperAfterDays));
