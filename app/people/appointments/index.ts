/** Appointments: several at once, from a day to a day, and what can be changed of them. */
export { NATURES, overlap, natureBeside, type Nature, type Term } from './nature';
export {
  addAppointment, addAppointmentTx, correctAppointment, correctAppointmentTx, endAppointment, endAppointmentTx, endDueAppointment, moveAppointment, moveAppointmentTx, openAppointment, superiorNamed,
  sweepAppointmentEnds, type AppointmentForm, type FreshAppointment, type OpenAppointment,
} from './appointment.service';
export { leadingFirst, servesIn } from './leading.repository';
export { findHeld, heldBy, type AppointmentFields, type HeldAppointment } from './appointment.repository';
