// What programs import: the same functions that the command line calls.
export { Secret } from './client/index.ts';
export type { Address, KindName } from './core/address.ts';
export type { Diagnostic } from './core/diagnostic.ts';
export type { Change, Outcome, Plan, Step } from './core/plan.ts';
export { diagnose, exportOrganization } from './look.ts';
export type { ApplyResult, Inputs, PlanResult, Target, Verdict } from './sync.ts';
export { applyOrganization, planOrganization, validateFiles } from './sync.ts';
