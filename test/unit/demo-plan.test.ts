import { describe, expect, it } from 'vitest';
import { planCity } from '~/start/demo/plan';

describe('the demonstration city', () => {
  it('is the same for the same seed and day, and another for another seed', () => {
    expect(planCity(40, 'a', '2026-11-23')).toEqual(planCity(40, 'a', '2026-11-23'));
    expect(planCity(40, 'a', '2026-11-23')).not.toEqual(planCity(40, 'b', '2026-11-23'));
  });

  it('has three organisations, forty people and every state of the chain when it is small', () => {
    const city = planCity(40, 'shanggang', '2026-11-23');
    expect(city.organisations).toHaveLength(3);
    expect(city.recruits.length + city.leaders.length + 6).toBe(40);
    expect(new Set(city.recruits.map(({ fate }) => fate)).size).toBe(11);
  });

  it('gives everybody a number of their own, whatever its size', () => {
    const { recruits } = planCity(5000, 'shanggang', '2026-11-23');
    expect(new Set(recruits.map(({ number }) => number)).size).toBe(recruits.length);
  });
});
