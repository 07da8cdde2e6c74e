import { days, type Instant } from '~/kernel/clock';
import { forgetRequestsBefore } from './requests.repository';

/** So long is kept what applications asked. */
const KEPT = days(30);

export const forgetRequests = (now: Instant): Promise<number> => forgetRequestsBefore(now - KEPT);
