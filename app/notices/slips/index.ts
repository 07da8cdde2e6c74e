/** Slips: what is printed for those whom nothing else reaches, and that it was handed over. */
export { slipsOf, unitsWithSlips, type Slip, type UnitWithSlips } from './slips.repository';
export { handOverSlips } from './slips.service';
