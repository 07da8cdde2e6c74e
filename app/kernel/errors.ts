/**
 * Every error code the program can answer with, and its HTTP status. `app/text/errors.ts` must word
 * each of them in both languages (the compiler checks).
 */
export const ERROR_STATUS = {
  'request.invalid': 400,
  'request.cross-site': 403,
  'request.too-large': 413,
  'access.sign-in': 401,
  'access.denied': 403,
  'not-found': 404,
  'conflict.changed': 409,
  'rate.limited': 429,
  'storage.full': 507,
  'storage.unavailable': 503,
  'internal': 500,
  'field.required': 422,
  'field.invalid': 422,
  'field.too-long': 422,
  'field.taken': 409,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const statusOf = (code: ErrorCode): number => ERROR_STATUS[code];
