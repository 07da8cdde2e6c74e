import { seal, toBase64Url } from './seal';
import type { OutgoingChange } from './types';

export interface AnswerFileInput {
  attemptId: string;
  device: string;
  key: Uint8Array;
  /** The server's time, as the page reckons it. */
  now: number;
  changes: OutgoingChange[];
}

/**
 * The file that a candidate hands to the invigilator when the network is gone: the answers of this device and
 * the wish to hand in, readable only by the server.
 */
export function answerFile({ attemptId, device, key, now, changes }: AnswerFileInput): string {
  const { nonce, box } = seal(key, attemptId, { attempt: attemptId, device, madeAt: new Date(now).toISOString(), handIn: true, changes });
  return JSON.stringify({ shanggang: 'answers', version: 1, attempt: attemptId, nonce: toBase64Url(nonce), sealed: toBase64Url(box) });
}

/** `答卷-<ticket or exam>-20261124-1405.json`, without what file systems refuse; `time` as figures are read. */
export const answerFileName = (word: string, label: string, time: string): string =>
  `${[word, label, time].map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')).filter(Boolean).join('_')}.json`;

/** Has the browser store `text` as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  // Firefox 78 reads the address only after the click was handled.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
