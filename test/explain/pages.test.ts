import { describe, expect, it } from 'vitest';
import { type Code, codes } from '../../src/core/diagnostic.ts';
import { pages } from '../../src/explain/index.ts';
import { played } from './stage.ts';

/** Every plan without a base has this note; only its own page is about it. */
const usual: Code = 'removals-not-seen';

describe.concurrent('every diagnostic', () => {
  it.each(Object.keys(codes) as Code[])('%s: the bad example tells it, and nothing else', async (code) => {
    const ran = await played(pages[code].bad);
    expect(
      ran.codes.filter((told) => told !== usual || code === usual),
      ran.stdout + ran.stderr,
    ).toEqual([code]);
  });

  it.each(Object.keys(codes) as Code[])('%s: the good example ends well and tells nothing', async (code) => {
    const ran = await played(pages[code].good);
    expect([ran.code, ran.codes.filter((told) => told !== usual || code === usual)], ran.stdout + ran.stderr).toEqual([0, []]);
  });
});
