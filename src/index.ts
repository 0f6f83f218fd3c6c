// What programs import: typed, with events instead of printing, without a terminal, and without a file system where files are texts.
export { Secret } from './client/index.ts';
export type { Address, KindName } from './core/address.ts';
export type { Code, Diagnostic, Place, Severity } from './core/diagnostic.ts';
export type { Event } from './core/event.ts';
export type { Change, Outcome, Plan, Step } from './core/plan.ts';
export type { ApplyResult, FileInputs, Inputs, PlanResult, Target, Verdict } from './inputs.ts';
export type { ApplyOptions, Configuration, LoadOptions, PlanOptions, ServerOptions, Sources } from './library.ts';
export { apply, load, plan } from './library.ts';
export { diagnose, exportOrganization } from './look.ts';
