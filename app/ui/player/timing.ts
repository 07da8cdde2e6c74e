/** A change is sent this long after it was made, at the latest. */
export const SAVE_AFTER = 2000;
/** Near the end there is no time for that. */
export const HURRY_BEFORE_END = 30_000;
export const HURRY = 300;
/** A sign of life when there is nothing to save: it brings the time and the state of the attempt. */
export const HEARTBEAT = 30_000;
/** What another tab changed it also sends; this page only makes sure. */
export const AFTER_OTHER_TAB = 5000;
/** A device that does not say by then what it keeps is not waited for. */
export const LOOK_AT_MOST = 3000;
const RETRY_FIRST = 1000;
const RETRY_MOST = 15_000;
export const MAX_CHANGES = 200;
/** So long after a pause began the server still takes what was written before it. */
export const PAUSE_GRACE = 15_000;

/** Milliseconds until the next try after so many failures in a row; `random` in [0, 1) spreads a hall full of browsers. */
export const retryAfter = (failures: number, random: number): number =>
  Math.min(RETRY_MOST, RETRY_FIRST * 2 ** (failures - 1)) * (0.75 + random / 2);
