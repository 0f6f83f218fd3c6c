export { compareDocuments, type Difference } from './compare.ts';
export { documentOf, pageLimit, readTargetDocument, type TargetDocument } from './document.ts';
export { judge, placed, serves } from './fit.ts';
