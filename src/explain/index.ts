import type { Code } from '../core/diagnostic.ts';
import { filePages } from './files.ts';
import { guardPages } from './guards.ts';
import { meaningPages } from './meaning.ts';
import type { Page } from './page.ts';
import { serverPages } from './server.ts';

export type { Example, Page } from './page.ts';

/** A page for every diagnostic there is. A code without one does not compile. */
export const pages: Readonly<Record<Code, Page>> = { ...filePages, ...meaningPages, ...guardPages, ...serverPages };
