// Fails on a colour outside tokens.css, and on words for people outside the message files.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const problems = [];
const COLOUR = /(#[0-9a-f]{3,8}\b(?!['"]?\s*[:)]?\s*\/))|\b(rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(/i;
const SPOKEN = new Set(['aria-label', 'title', 'placeholder', 'label', 'alt']);

function source(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const at = (node) => `${relative(root, path)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const visit = (node) => {
    if (ts.isJsxText(node) && /\p{L}{2,}/u.test(node.text)) problems.push(`${at(node)}: words outside the message files: ${node.text.trim().slice(0, 60)}`);
    if (
      ts.isJsxAttribute(node) &&
      SPOKEN.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      /\p{L}{2,}/u.test(node.initializer.text) &&
      !/^https?:\/\//.test(node.initializer.text)
    )
      problems.push(`${at(node)}: words outside the message files: ${node.initializer.text}`);
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && /^(#[0-9a-f]{3,8}|rgba?\(|hsla?\(|oklch\()/i.test(node.text))
      problems.push(`${at(node)}: colour outside tokens.css: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function walk(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (/\.tsx$/.test(entry.name)) source(path, readFileSync(path, 'utf8'));
    else if (/\.css$/.test(entry.name) && entry.name !== 'tokens.css') {
      const lines = readFileSync(path, 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '))
        .split('\n');
      lines.forEach((line, i) => {
        if (COLOUR.test(line)) problems.push(`${relative(root, path)}:${i + 1}: colour outside tokens.css: ${line.trim().slice(0, 80)}`);
      });
    }
  }
}
walk(join(root, 'app/src'));
walk(join(root, 'ui'));
walk(join(root, 'widget/src'));
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('literals: every colour in tokens.css, every word in the message files');
