// Named here too: the room's lists are the server's.
export const GATEWAY_KINDS_SHOWN = ['messenger', 'sms'] as const;
export const WAYS_TO_NAME = ['phone', 'staff-number', 'e-mail'] as const;
