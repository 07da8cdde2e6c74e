/** The law of the house: when people are told, and when not. */
export { AUDIENCES, House, SHIPPED_HOUSE, URGENT_IN_QUIET, type Audience } from './house';
export { changeHouse, HOUSE_SUBJECT, houseRules, versionedHouse } from './house.service';
export { isQuietTime, localMoment, loudHours, mayRemindAt, nextReminding, quietEnds, urgentAt } from './quiet';
