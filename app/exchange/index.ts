/** The door of exchange: what comes in from other systems and goes out to them. */
export * from './api';
export * from './hiring';
export * from './roster';
export * from './scim';
export * from './webhooks';
