/** Sittings and due dates as a calendar file, and as a feed at a secret address. */
export { calendarAddressOf, openCalendar, renewCalendarAddress, revokeCalendarAddress } from './addresses.service';
export { calendarOf } from './feed.service';
