import { describe, expect, it } from 'vitest';
import { crossSite } from '~/start/cross-site';

const own = ['http://oa.city.example', undefined];

describe('a request that changes something', () => {
  it.each([
    { name: 'is let through from a page of this site', headers: { 'sec-fetch-site': 'same-origin' }, refused: false },
    { name: 'is let through when typed or bookmarked', headers: { 'sec-fetch-site': 'none' }, refused: false },
    { name: 'is refused from another site', headers: { 'sec-fetch-site': 'cross-site' }, refused: true },
    { name: 'is refused from a sister host', headers: { 'sec-fetch-site': 'same-site' }, refused: true },
    { name: 'is let through from our origin when the browser is old', headers: { origin: 'http://oa.city.example' }, refused: false },
    { name: 'is refused from another origin when the browser is old', headers: { origin: 'http://evil.example' }, refused: true },
    { name: 'is refused from a page without origin', headers: { origin: 'null' }, refused: true },
    { name: 'is let through when no browser sent it', headers: {}, refused: false },
  ])('$name', ({ headers, refused }) => {
    expect(crossSite('POST', headers, own)).toBe(refused);
  });

  it('is not what a GET is', () => {
    expect(crossSite('GET', { 'sec-fetch-site': 'cross-site' }, own)).toBe(false);
  });
});
