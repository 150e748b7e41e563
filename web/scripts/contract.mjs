// Compares api/types with the server's OpenAPI document: every field that the app knows must exist there, and the other way round.
// node scripts/contract.mjs [openapi.json]; without an argument docs/openapi.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const path = process.argv[2] ?? fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
if (!existsSync(path)) {
  console.log(`contract: not compared, there is no ${path} (make it with: sonnim openapi > docs/openapi.json)`);
  process.exit(0);
}
const { schemas } = JSON.parse(readFileSync(path, 'utf8')).components;

// Where the two call one thing differently.
const THERE = {
  ConversationCounts: 'Counts',
  InvitationForm: 'NewInvitation',
  InvitedTo: 'Invited',
  SetUpForm: 'SetUp',
  ConnectionStep: 'TestStep',
  ConnectionTest: 'TestReport',
  ConversationDetail: null,
  StreamItem: null,
  ConnectionHealth: 'ConnectionHealth',
  Page: null,
  List: null,
  Actor: 'EventActor',
};

const resolve = (schema) => (schema?.$ref ? resolve(schemas[schema.$ref.split('/').pop()]) : schema);
const fieldsOf = (schema) => {
  const real = resolve(schema) ?? {};
  const fields = new Set(Object.keys(real.properties ?? {}));
  for (const part of [...(real.allOf ?? []), ...(real.oneOf ?? [])]) for (const field of fieldsOf(part)) fields.add(field);
  return fields;
};

/** What the messenger calls the things under the tag `widget`. */
const WIDGET = {
  Person: 'WidgetPerson',
  Wait: 'WidgetWait',
  TeamNow: 'WidgetTeam',
  FormField: 'WidgetQuestion',
  Settings: 'WidgetConfig',
  Visitor: 'WidgetVisitor',
  Conversation: 'WidgetConversation',
  FileRef: 'WidgetFile',
  Message: 'WidgetMessage',
  Session: 'WidgetSession',
  Condition: 'WidgetCondition',
  Rule: 'WidgetInvitation',
  Invitations: 'WidgetInvitations',
  FirstWords: null,
};

const folder = fileURLToPath(new URL('../api/types/', import.meta.url));
const text = readdirSync(folder)
  .map((name) => readFileSync(folder + name, 'utf8'))
  .join('\n');
const problems = [];
let compared = 0;
function compare(where, text, names) {
  ts.createSourceFile('types.ts', text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.heritageClauses) return;
    const here = node.name.text;
    const there = here in names ? names[here] : here;
    if (there === null || !schemas[there]) {
      if (there !== null) problems.push(`${here}: the document has no such schema`);
      return;
    }
    compared += 1;
    const mine = new Set(node.members.map((member) => member.name?.getText()));
    const theirs = fieldsOf(schemas[there]);
    for (const field of mine) if (!theirs.has(field)) problems.push(`${here}.${field}: the server does not know it`);
    for (const field of theirs) if (!mine.has(field)) problems.push(`${here}.${field}: missing in ${where}`);
  });
}
compare('api/types', text, THERE);
compare('widget/src/frame/types.ts', readFileSync(fileURLToPath(new URL('../widget/src/frame/types.ts', import.meta.url)), 'utf8'), WIDGET);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`contract: ${compared} types agree with the OpenAPI document`);
