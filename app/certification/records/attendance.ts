/** How somebody attended a classroom event. `expected`: nobody has said yet. */
export const ATTENDANCE = ['expected', 'attended', 'left-early', 'absent'] as const;
export type Attendance = (typeof ATTENDANCE)[number];

/** Leave of at most a seventh of the event does not stand against having attended (regulation of 2023, article 15). */
const LEAVE_AT_MOST = 7;

export interface Attended {
  state: Attendance;
  /** Hours that were missed on leave, or by leaving early, in hundredths. */
  leave: number;
  /** Hours of the whole event, in hundredths. */
  total: number;
}

/** Whether the attendance fulfils what asks for the event. */
export const isAttended = ({ state, leave, total }: Attended): boolean =>
  (state === 'attended' || state === 'left-early') && leave * LEAVE_AT_MOST <= total;

/** Whether somebody was there at all, so that there is something to record. */
export const wasThere = (state: Attendance): boolean => state === 'attended' || state === 'left-early';
