/** Live standing of running attempts: streams to candidates and to the console. */
export { liveEndpoints } from './live.http';
export { messageSeen, standingOf } from './standing.service';
export { endStreams, openStreams } from './streams.service';
export { signal } from './live.repository';
export type { Standing } from './standing';
