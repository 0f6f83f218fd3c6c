import { Composer, type Document, Lexer, Parser, type YAMLError } from 'yaml';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { badCharacter, codePoint, placesIn, readText } from './characters.ts';
import { maxDepth, readDocument } from './nodes.ts';
import type { Mapping } from './tree.ts';

const maxTokens = 1_000_000;
/** The most problems of one sort that are told about one file. */
const maxProblems = 100;
const maxFound = 1000;

type Places = (offset: number) => Place;
type Token = ReturnType<Parser['parse']> extends Generator<infer T> ? T : never;

/**
 * Reads YAML 1.2 (or JSON, which is a part of it) into a located tree. Never throws. No tree means that there is an error; with a tree
 * there can still be errors about keys and values.
 */
export function parseConfig(bytes: Uint8Array | string, file: string): { tree?: Mapping; diagnostics: Diagnostic[] } {
  const { text, diagnostics } = readText(bytes, file);
  if (text === undefined) return { diagnostics };
  const place = placesIn(text, file);
  const odd = characterProblems(text, place);
  if (odd.length > 0) return { diagnostics: odd };
  try {
    return readYaml(text, place);
  } catch (cause) {
    // The YAML reader met something that it does not expect itself; the file is at fault all the same.
    const words = cause instanceof Error ? cause.message : String(cause);
    return { diagnostics: [problem('yaml-syntax', `the file cannot be read as YAML: ${short(words)}`, place(0))] };
  }
}

function readYaml(text: string, place: Places): { tree?: Mapping; diagnostics: Diagnostic[] } {
  const { document, diagnostics } = compose(text, place);
  if (!document) return { diagnostics };
  const { tree, diagnostics: all } = readDocument(document, place);
  const found = all.slice(0, maxFound);
  const broken = diagnostics.flatMap((diagnostic) => (diagnostic.code === 'yaml-syntax' ? [diagnostic.place?.line ?? 1] : []));
  if (broken.length === 0) return { ...(tree ? { tree } : {}), diagnostics: [...diagnostics, ...found] };
  // Behind a syntax error the structure is guesswork, and so is what could be said about it.
  const sure = found.filter((diagnostic) => (diagnostic.place?.line ?? 1) < Math.min(...broken));
  return { diagnostics: [...diagnostics, ...sure] };
}

function problem(code: Diagnostic['code'], summary: string, place: Place, hint?: string): Diagnostic {
  return { code, severity: 'error', summary, place, ...(hint === undefined ? {} : { hint }) };
}

function characterProblems(text: string, place: Places): Diagnostic[] {
  const found: Diagnostic[] = [];
  const once = new Set<string>();
  for (let odd = badCharacter(text); odd && found.length < maxProblems; odd = badCharacter(text, odd.offset + 1)) {
    const point = codePoint(text, odd.offset);
    // Where there is one of these there is one in every line: the whole file is saved in another way.
    if (once.has(point)) continue;
    const hint = { 'U+0000': 'is the file saved as UTF-16? save it as UTF-8', 'U+000D': 'save the file with line feeds' }[point];
    if (hint) once.add(point);
    found.push(problem('yaml-syntax', `${odd.what} ${point} stands in the file`, place(odd.offset), hint ?? 'remove it'));
  }
  return found;
}

/** Text to the first YAML document in it, within limits that hold before anything is built. */
function compose(text: string, place: Places): { document?: Document.Parsed; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const tokens: Token[] = [];
  const seen = { lexemes: 0, errors: 0, documents: 0 };
  const take = (token: Token) => {
    if (token.type === 'error') seen.errors += 1;
    if (token.type === 'document') seen.documents += 1;
    if (token.type === 'directive')
      diagnostics.push(
        problem('yaml-unsupported', 'YAML directives (`%…`) are not read', place(token.offset), 'remove the line'),
      );
    if (token.type === 'document' && seen.documents === 2)
      diagnostics.push(
        problem(
          'yaml-unsupported',
          'the file holds several documents',
          place(token.offset),
          'put each one into a file of its own',
        ),
      );
    if (token.type !== 'directive' && seen.documents < 2) tokens.push(token);
  };
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    const offset = parser.offset;
    for (const token of parser.next(lexeme)) take(token);
    seen.lexemes += 1;
    // The parser keeps the document and the scalar it is at on the same stack.
    if (parser.stack.length > maxDepth + 2) {
      const hint = 'is a bracket or a quote missing, or a `: ` without quotes?';
      return { diagnostics: [problem('yaml-unsupported', `nested more than ${maxDepth} levels deep`, place(offset), hint)] };
    }
    if (seen.lexemes > maxTokens)
      return {
        diagnostics: [problem('file-too-large', `more than ${maxTokens} words and signs`, place(offset), 'split the file')],
      };
    if (seen.errors > maxProblems) break;
  }
  if (seen.errors <= maxProblems) for (const token of parser.end()) take(token);
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, resolveKnownTags: false, logLevel: 'silent' });
  // Forced, there is a document even for an empty file.
  const [document] = composer.compose(tokens, true, text.length) as Iterable<Document.Parsed>;
  if (!document) return { diagnostics };
  return { document, diagnostics: [...diagnostics, ...syntaxProblems(document, text, place)] };
}

/** What the YAML reader found; one problem a line, as one mistake often gives several. */
function syntaxProblems(document: Document.Parsed, text: string, place: Places): Diagnostic[] {
  const lines = new Map<string, Diagnostic>();
  for (const error of [...document.errors, ...document.warnings]) {
    const diagnostic = syntaxProblem(error, text, place);
    const line = `${diagnostic.code} ${diagnostic.place?.line}`;
    if (!lines.has(line)) lines.set(line, diagnostic);
    if (lines.size === maxProblems) break;
  }
  return [...lines.values()];
}

function syntaxProblem(error: YAMLError, text: string, place: Places): Diagnostic {
  const [start, end] = error.pos;
  if (error.code === 'TAG_RESOLVE_FAILED')
    return problem(
      'yaml-unsupported',
      `the tag \`${short(text.slice(start, end))}\` is not read`,
      place(start),
      'write the plain value',
    );
  const summary = summaries[error.code];
  if (summary) return problem('yaml-syntax', summary, place(start), hints[error.code]);
  const words = short(error.message.charAt(0).toLowerCase() + error.message.slice(1));
  return problem('yaml-syntax', words, place(Math.min(start, text.length)), hints[error.code]);
}

const summaries: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab is used as indentation',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping starts in the middle of a line',
  MULTILINE_IMPLICIT_KEY: 'a key and its `:` stand on different lines',
};

const hints: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BLOCK_AS_IMPLICIT_KEY: 'a text that holds `: ` needs quotes; otherwise check the indentation',
  MULTILINE_IMPLICIT_KEY: 'is a `:` missing, or the indentation wrong?',
  BAD_SCALAR_START: 'write the text with quotes',
  BAD_INDENT: 'check the indentation, and that every bracket and quote is closed',
  MISSING_CHAR: 'check that every key has its `:`, and that every bracket and quote is closed',
  UNEXPECTED_TOKEN: 'check the indentation, and that every bracket and quote is closed',
};

const short = (words: string) => {
  const line = words.replaceAll(/\s/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};
