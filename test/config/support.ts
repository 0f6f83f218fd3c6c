import type { Diagnostic } from '../../src/core/diagnostic.ts';

/** A diagnostic as `line:column severity code`. */
export const spot = ({ place, severity, code }: Diagnostic) => `${place?.line}:${place?.column} ${severity} ${code}`;

/** A diagnostic as a person reads it. */
export const said = (diagnostic: Diagnostic) => [spot(diagnostic), diagnostic.summary, diagnostic.hint ?? ''];
