import { days, hours, minutes } from '~/kernel/clock';

/** So long the job has before the sweep asks what became of a dispatch. */
export const CHECK_AFTER = minutes(15);

/** So long the sweep waits before it asks again. */
export const CHECK_EVERY = hours(1);

/** What could not be sent for so long is given up, and shown as such. */
export const GIVEN_UP_AFTER = days(3);

/** A sending that nobody has finished for so long was cut off. */
export const CUT_OFF_AFTER = hours(1);
