import type { Reader } from '~/db';
import type { Channel } from './channel';
import { gatewayChannel } from './gateway';
import { gatewaysInUse } from './gateways.repository';
import { mailChannel } from './mail';

/** The ways out of the house that are set up, the best first. */
export async function openChannels(from: Reader): Promise<Channel[]> {
  const gateways = await gatewaysInUse(from);
  return [...[mailChannel()].flatMap((channel) => channel ?? []), ...gateways.map(gatewayChannel)];
}
