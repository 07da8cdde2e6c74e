import { randomBytes } from 'node:crypto';
import { parse, serialize } from 'cookie';
import { config } from '~/kernel/config';

const NAME = 'device';
const MAX_AGE_SECONDS = 400 * 24 * 3600;

export interface DeviceOfRequest {
  /** Names this browser; it says nothing about the machine. */
  device: string;
  /** To be sent back when the browser had no name yet. */
  headers: Record<string, string>;
}

/**
 * The browser's device id from its cookie, or a new one. Only one device writes an attempt at a time; the
 * id tells them apart. It outlives a sign-in, so that a candidate who signs in again goes on writing.
 */
export function deviceOf(request: Request): DeviceOfRequest {
  const known = parse(request.headers.get('cookie') ?? '')[NAME];
  if (known && /^[\w-]{8,64}$/.test(known)) return { device: known, headers: {} };
  const device = randomBytes(16).toString('hex');
  const secure = config().PUBLIC_URL?.startsWith('https:') ?? false;
  return { device, headers: { 'Set-Cookie': serialize(NAME, device, { path: '/', maxAge: MAX_AGE_SECONDS, sameSite: 'lax', secure }) } };
}
