/** What can be observed during an attempt. `note` is written by an invigilator; the others are noticed by the program. */
export const OBSERVATION_KINDS = ['left-page', 'paste', 'second-device', 'address-changed', 'idle', 'fast-answers'] as const;
export type ObservationKind = (typeof OBSERVATION_KINDS)[number];
