import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** Several YAML texts, each with a part of one tree, as one text. What is written keeps its spelling, so that nothing changes its type. */
export function oneDocument(texts: readonly string[]): string {
  const [first, ...rest] = texts.map((text) => parseDocument(text));
  if (first === undefined) return '';
  for (const document of rest) merge(mapOf(first), mapOf(document));
  return first.toString({ lineWidth: 0, indentSeq: true });
}

function merge(into: YAMLMap | undefined, from: YAMLMap | undefined): void {
  for (const pair of from?.items ?? []) {
    const known = into?.items.find((other) => keyOf(other) === keyOf(pair));
    if (known && isMap(known.value) && isMap(pair.value)) merge(known.value, pair.value);
    else into?.items.push(pair);
  }
}

const mapOf = (document: Document) => (isMap(document.contents) ? document.contents : undefined);
const keyOf = ({ key }: Pair) => (isScalar(key) ? key.value : key);
