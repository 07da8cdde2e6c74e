/** What pages may use of the way from appointment to start of duty: how far people have come, and what a week brought. */
export { FUNNEL_GROUPS, FUNNEL_STEPS, funnelBy, mondayOf, reachedOf, type FunnelCell, type FunnelGroup, type FunnelLine, type FunnelStep } from './funnel';
export { funnelCells, funnelPeople, FUNNEL_PER_PAGE, type FunnelFilter, type FunnelPerson, type FunnelSteps } from './funnel.repository';
export { WEEK_STEPS, weekCount, weekPeople, type Days, type WeekPerson, type WeekStep } from './week.repository';
