import { z } from 'zod';
import { ADDRESSED_BY, GATEWAY_KINDS } from '~/notices';

const Secret = z.string().min(16, 'field.too-short').max(200, 'field.too-long');
/** What is posted for a new gateway and for one that is there. Without a new secret the old one stays; `version` is that of the page. */
export const GatewayFields = z.object({
  name: z.string().trim().min(2, 'field.too-short').max(60, 'field.too-long'), kind: z.enum(GATEWAY_KINDS), url: z.string().trim().min(1, 'field.required').max(500, 'field.too-long'), addressedBy: z.enum(ADDRESSED_BY),
  body: z.string().trim().min(1, 'field.required').max(4000, 'field.too-long'), knowsRepeats: z.boolean().default(false), active: z.boolean().default(false), signingPassword: Secret.optional(), version: z.number().int().optional(),
});
