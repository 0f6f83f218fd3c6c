export * from './converges.ts';
export * from './data.ts';
export * from './plan-is-apply.ts';
export * from './prefix.ts';
