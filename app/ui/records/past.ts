/** How the states of an import of the past, and of its rows, look. */
export const PAST_TONES = { checked: 'neutral', asked: 'due', applying: 'due', applied: 'ok', refused: 'bad', withdrawn: 'neutral', undone: 'neutral' } as const;
export const ROW_TONES = { wrong: 'bad', duplicate: 'neutral', ready: 'ok', applied: 'ok', undone: 'neutral' } as const;
export const TRANSFER_TONES = { proposed: 'due', accepted: 'ok', refused: 'bad', withdrawn: 'neutral' } as const;
