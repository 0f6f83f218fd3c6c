import { type Alias, Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, type Node, type Pair, Parser } from 'yaml';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { badCharacter, codePoint, placesIn, readText } from './characters.ts';
import type { Entry, List, Mapping, Scalar, Tree } from './tree.ts';

const maxDepth = 100;
const maxTokens = 1_000_000;
const maxAliasNodes = 100_000;
/** The most problems of one sort that are told about one file. */
const maxProblems = 100;

/** A scalar that YAML reads as something else than text; `source` is what the file says, such as `1.10`. */
export interface PlainScalar extends Scalar {
  readonly source?: string;
}

/**
 * Reads YAML 1.2 (or JSON, which is a part of it) into a located tree. Never throws. Without a tree there is an error; with one, names
 * and values may still be wrong.
 */
export function parseConfig(bytes: Uint8Array | string, file: string): { tree?: Mapping; diagnostics: Diagnostic[] } {
  const { text, diagnostics } = readText(bytes, file);
  if (text === undefined) return { diagnostics };
  const place = placesIn(text, file);
  const odd = characterProblems(text, place);
  if (odd.length > 0) return { diagnostics: odd };
  const { document, diagnostics: syntax } = compose(text, place);
  if (!document) return { diagnostics: syntax };
  const reader: Reader = { text, place, diagnostics: [], anchors: new Map(), open: new Set(), aliasNodes: 0 };
  const tree = readRoot(document, reader);
  const firstBroken = syntax.reduce((line, { code, place }) => (code === 'yaml-syntax' ? Math.min(line, place?.line ?? 1) : line), Infinity);
  // Behind a syntax error the structure is guesswork, and so is what could be said about it.
  const found = reader.diagnostics.filter((diagnostic) => (diagnostic.place?.line ?? 1) < firstBroken);
  return { ...(tree && firstBroken === Infinity ? { tree } : {}), diagnostics: [...syntax, ...found] };
}

function characterProblems(text: string, place: (offset: number) => Place): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (let odd = badCharacter(text); odd && found.length < maxProblems; odd = badCharacter(text, odd.offset + 1))
    found.push({
      code: 'yaml-syntax',
      severity: 'error',
      summary: `${odd.what} ${codePoint(text, odd.offset)} stands in the file`,
      hint: 'remove it',
      place: place(odd.offset),
    });
  return found;
}

/** Text to a YAML document, within limits. */
function compose(text: string, place: (offset: number) => Place): { document?: Document.Parsed; diagnostics: Diagnostic[] } {
  const unsupported = (offset: number, summary: string, hint: string): Diagnostic => ({
    code: 'yaml-unsupported',
    severity: 'error',
    summary,
    hint,
    place: place(offset),
  });
  const diagnostics: Diagnostic[] = [];
  const tokens = [];
  const parser = new Parser();
  let count = 0;
  let broken = 0;
  let documents = 0;
  const take = (token: (typeof tokens)[number]) => {
    if (token.type === 'error') broken += 1;
    if (token.type === 'document') documents += 1;
    if (token.type === 'directive')
      diagnostics.push(unsupported(token.offset, 'a YAML directive (`%…`) is not read', 'remove the line'));
    if (token.type === 'document' && documents === 2)
      diagnostics.push(unsupported(token.offset, 'the file holds several documents', 'put each one into its own file'));
    // Only the first document is read, so that a thousand more cost nothing.
    if (token.type !== 'directive' && documents < 2) tokens.push(token);
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    count += 1;
    if (parser.stack.length > maxDepth + 2)
      return { diagnostics: [unsupported(parser.offset, `nested more than ${maxDepth} levels deep`, 'is a bracket or a quote missing?')] };
    if (count > maxTokens)
      return {
        diagnostics: [
          { ...unsupported(parser.offset, `the file holds more than ${maxTokens} words and signs`, 'split it into several files'), code: 'file-too-large' },
        ],
      };
    if (broken > maxProblems) break;
  }
  if (broken <= maxProblems) for (const token of parser.end()) take(token);
  return composed(tokens, text, place, diagnostics);
}
