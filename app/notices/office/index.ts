/** What offices ask for and decide, and clearances that end: who hears of it. */
export { announceExtension, announceStart, announceWaiver } from './decisions.service';
export { announceLoss } from './lost.service';
export { planEndings } from './endings.service';
