const STATES = ['booked', 'waiting', 'absent', 'ended'] as const;

/** What the address of a sitting asks of its list of candidates. */
export function candidateQuery(sittingId: string, url: string) {
  const asked = new URL(url).searchParams;
  return {
    filtered: ['q', 'room', 'state'].some((name) => asked.get(name)),
    query: { sittingId, search: (asked.get('q') ?? '').slice(0, 100), roomId: asked.get('room') || null, state: STATES.find((state) => state === asked.get('state')) ?? null },
  };
}
