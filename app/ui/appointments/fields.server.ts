import { z } from 'zod';
import { isPlainDate } from '~/kernel/calendar';
import { APPOINTMENT_KINDS, NATURES } from '~/people';

const Day = z.string().refine(isPlainDate, 'field.date');
export const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');

/** What HR types of an appointment, whether it is added or corrected. */
export const AppointmentFields = z.object({
  kind: z.enum(APPOINTMENT_KINDS, 'field.choose'), nature: z.enum(NATURES, 'field.choose'), post: z.string().trim().min(1, 'field.required').max(60, 'field.too-long'),
  rank: z.string().trim().max(40, 'field.too-long').default('').transform((rank) => rank || null), startOfDuty: Day, endsOn: Day.optional().transform((day) => day ?? null),
  superior: z.string().trim().max(40, 'field.too-long').default(''), reason: Reason,
});
