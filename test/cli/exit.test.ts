import { describe, expect, it } from 'vitest';
import { exitCodeOfApply, exitCodeOfDrift, exitCodeOfPlan } from '../../src/commands/exit.ts';
import type { Address } from '../../src/core/address.ts';
import type { Outcome } from '../../src/core/plan.ts';

const outcomes = (...statuses: Outcome['status'][]): Outcome[] =>
  statuses.map((status, index) => ({ step: `s${index}`, address: 'team/a' as Address, status, request: 'POST /teams' }));
const apply = (verdict: 'ok' | 'error' | 'refused', verified: boolean, ...statuses: Outcome['status'][]) => ({
  verdict,
  confirmed: true,
  verified,
  outcomes: outcomes(...statuses),
});

describe('exit codes', () => {
  it.each([
    ['ok', false, 0],
    ['ok', true, 2],
    ['refused', true, 3],
    ['error', true, 1],
  ] as const)('of a plan: %s, pending %s: %i', (verdict, pending, code) => {
    expect(exitCodeOfPlan(verdict, pending)).toBe(code);
  });

  it.each([
    ['ok', false, false, 0],
    ['ok', false, true, 1],
    ['ok', true, false, 2],
    ['ok', true, true, 2],
    ['refused', true, true, 3],
    ['error', true, true, 1],
  ] as const)('of a drift job: %s, drift %s, unchecked %s: %i', (verdict, drift, unchecked, code) => {
    expect(exitCodeOfDrift(verdict, { drift, unchecked })).toBe(code);
  });

  it.each([
    ['all is well', apply('ok', true, 'applied', 'applied'), undefined, 0],
    ['there is nothing to do', apply('ok', true), undefined, 0],
    ['a rest is left', apply('ok', false, 'applied'), undefined, 5],
    ['a step failed', apply('ok', false, 'applied', 'failed', 'skipped'), undefined, 5],
    ['the only step failed, which may have been half done', apply('ok', false, 'failed'), undefined, 5],
    ['interrupted after a write', apply('ok', false, 'applied', 'skipped'), 130, 5],
    ['interrupted before any write', apply('ok', false, 'skipped'), 130, 130],
    ['terminated while reading', apply('error', false), 143, 143],
    ['a guard refuses', apply('refused', false), undefined, 3],
    ['files are bad', apply('error', false), undefined, 1],
    ['verifying failed after writes', apply('error', false, 'applied'), undefined, 5],
    ['nobody said yes', apply('ok', false), undefined, 1],
  ])('of an apply when %s', (_, result, interrupted, code) => {
    expect(exitCodeOfApply(result, interrupted)).toBe(code);
  });
});
