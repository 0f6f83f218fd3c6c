import type { Diagnostic, Place } from '../core/diagnostic.ts';

/** The largest configuration file that is read, in bytes. */
export const maxBytes = 5 * 1024 * 1024;

/** What is said about a file of more than `maxBytes` bytes. */
export function tooLarge(file: string, bytes: number): Diagnostic {
  return {
    code: 'file-too-large',
    severity: 'error',
    summary: `the file has ${(bytes / 1048576).toFixed(1)} MiB; ${maxBytes / 1048576} MiB are the limit`,
    hint: 'split it into several files',
    place: { file, line: 1, column: 1 },
  };
}

/** The function that tells line and column of an offset in a text. */
export function placesIn(text: string, file: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** The text of a file without its byte order mark, or why it is none. Never throws. */
export function readText(input: Uint8Array | string, file: string): { text?: string; diagnostics: Diagnostic[] } {
  if (input.length > maxBytes) return { diagnostics: [tooLarge(file, input.length)] };
  if (typeof input !== 'string') return decode(input, file);
  const lone = input.search(/\p{Surrogate}/u);
  if (lone >= 0)
    return {
      diagnostics: [
        {
          code: 'file-encoding',
          severity: 'error',
          summary: `half a character (${codePoint(input, lone)}) stands alone`,
          place: placesIn(input, file)(lone),
        },
      ],
    };
  return { text: input.startsWith('\ufeff') ? input.slice(1) : input, diagnostics: [] };
}

function decode(bytes: Uint8Array, file: string): { text?: string; diagnostics: Diagnostic[] } {
  const wrong = (summary: string, place: Place): { diagnostics: Diagnostic[] } => ({
    diagnostics: [{ code: 'file-encoding', severity: 'error', summary, hint: 'save the file as UTF-8', place }],
  });
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return wrong('the file is UTF-16, not UTF-8', { file, line: 1, column: 1 });
  const content = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content), diagnostics: [] };
  } catch {
    const valid = validLength(content);
    const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.subarray(0, valid));
    const byte = (content[valid] ?? 0).toString(16).padStart(2, '0').toUpperCase();
    const offset = valid + bytes.length - content.length;
    return wrong(`byte ${offset} of the file (0x${byte}) is not valid UTF-8`, placesIn(before, file)(before.length));
  }
}

/** How many bytes at the start are valid UTF-8 (RFC 3629, section 4). */
function validLength(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) === 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const outside = (lead === 0xed && second > 0x9f) || (lead === 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

/** The character at an offset as people look it up: `U+0430`. */
export function codePoint(text: string, offset: number): string {
  return `U+${(text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The first character from an offset on that a configuration text cannot hold, and what it is; line breaks and tabs are fine. */
export function badCharacter(text: string, from = 0): { readonly offset: number; readonly what: string } | undefined {
  for (let offset = from; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset);
    if (code < 0x20 && code !== 0x0a && code !== 0x09) {
      if (code === 0x0d && text.charCodeAt(offset + 1) === 0x0a) continue;
      return { offset, what: code === 0x0d ? 'a carriage return without a line feed' : 'the control character' };
    }
    if (code >= 0x7f && code <= 0x9f && code !== 0x85) return { offset, what: 'the control character' };
    // A reviewer would see another text than the one that is applied.
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
      return { offset, what: 'the text direction character' };
    if (code === 0xfffe || code === 0xffff) return { offset, what: 'the non-character' };
  }
  return undefined;
}
