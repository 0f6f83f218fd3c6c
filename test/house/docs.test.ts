import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codes } from '../../src/core/diagnostic.ts';

it('the README lists exactly the diagnostics that there are', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('<!-- codes -->'), readme.indexOf('<!-- /codes -->'));
  expect([...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code)).toEqual(Object.keys(codes));
});
