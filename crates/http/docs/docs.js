// Draws the OpenAPI document. Text only ever becomes text nodes.
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Text whose `marked` words are code. */
function marked(text) {
  return text.split('`').map((part, n) => (n % 2 ? el('code', {}, part) : part));
}

const anchor = (section) => `section-${section.replaceAll(/[^a-z0-9]+/gi, '-')}`;

function resolve(api, schema) {
  if (!schema || !schema.$ref) return schema ?? {};
  return schema.$ref.split('/').slice(1).reduce((at, key) => at?.[key], api) ?? {};
}

/** A schema as a short, readable type. */
function type(api, schema, depth = 0, seen = []) {
  if (!schema) return 'any';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    if (depth > 2 || seen.includes(name)) return name;
    return type(api, resolve(api, schema), depth, [...seen, name]);
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.map((option) => type(api, option, depth, seen)).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => type(api, part, depth, seen)).join(' & ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const kinds = [].concat(schema.type ?? (schema.properties ? 'object' : 'any'));
  return kinds.map((kind) => one(api, schema, kind, depth, seen)).join(' | ');
}

function one(api, schema, kind, depth, seen) {
  if (kind === 'array') return `[${type(api, schema.items, depth + 1, seen)}]`;
  if (kind !== 'object' || !schema.properties) return schema.format && kind !== 'null' ? `${kind} (${schema.format})` : kind;
  const pad = '  '.repeat(depth + 1);
  const needed = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, value]) => {
    const about = (value.description ?? '').split('\n')[0];
    return `${pad}${name}${needed.has(name) ? '' : '?'}: ${type(api, value, depth + 1, seen)}${about ? `   // ${about}` : ''}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

function body(api, title, content) {
  const [media, value] = Object.entries(content ?? {})[0] ?? [];
  if (!media) return null;
  return el('div', {}, el('h4', {}, `${title} (${media})`), el('pre', { tabindex: '0' }, type(api, value.schema)));
}

function parameters(api, list) {
  if (!list?.length) return null;
  const rows = list.map((p) => el('tr', {}, el('td', {}, el('code', {}, p.name)), el('td', {}, p.in), el('td', {}, el('code', {}, type(api, p.schema))), el('td', {}, p.description ?? '')));
  const head = el('tr', {}, ...['Name', 'In', 'Type', 'Meaning'].map((t) => el('th', { scope: 'col' }, t)));
  return el('div', {}, el('h4', {}, 'Parameters'), el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows)));
}

function fill(api, box, operation) {
  box.append(
    ...[
      operation.description ? el('p', {}, ...marked(operation.description)) : null,
      parameters(api, operation.parameters),
      operation.requestBody ? body(api, 'Body', resolve(api, operation.requestBody).content) : null,
      ...Object.entries(operation.responses ?? {}).map(([status, response]) => {
        const answer = resolve(api, response);
        const problem = Number(status) >= 400;
        return el('div', {}, el('h4', {}, `${status} ${answer.description ?? ''}`), problem ? null : body(api, 'Answer', answer.content));
      }),
    ].filter(Boolean),
  );
}

function draw(api) {
  document.getElementById('about').replaceChildren(...marked(api.info.description ?? ''));
  document.getElementById('version').textContent = `OpenAPI ${api.openapi}, version ${api.info.version}`;
  const sections = new Map();
  const all = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((m) => item[m])) {
      const operation = item[method];
      const section = operation.tags?.[0] ?? 'other';
      const box = el('div', {});
      const what = operation.summary ?? operation.description?.split('\n')[0] ?? '';
      const node = el('details', { id: `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-')}` },
        el('summary', {}, el('span', { class: 'method' }, method.toUpperCase()), el('code', {}, path), el('span', { class: 'what' }, what)), box);
      node.addEventListener('toggle', () => box.childElementCount === 0 && fill(api, box, operation));
      const words = `${method} ${path} ${what} ${operation.description ?? ''} ${section}`.toLowerCase();
      all.push({ node, words, section });
      if (!sections.has(section)) sections.set(section, el('section', { id: anchor(section) }, el('h2', {}, section.replaceAll('_', ' '))));
      sections.get(section).append(node);
    }
  }
  document.getElementById('operations').replaceChildren(...sections.values());
  document.getElementById('contents').replaceChildren(
    el('ul', {}, ...[...sections.keys()].map((s) => el('li', {}, el('a', { href: `#${anchor(s)}` }, s.replaceAll('_', ' '))))));
  const search = document.getElementById('search');
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of all) {
      entry.node.hidden = !words.every((word) => entry.words.includes(word));
      if (!entry.node.hidden) shown += 1;
    }
    for (const [name, section] of sections) section.hidden = all.every((e) => e.section !== name || e.node.hidden);
    document.getElementById('count').textContent = `${shown} of ${all.length} operations`;
  };
  search.addEventListener('input', apply);
  apply();
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted) {
    wanted.open = true;
    wanted.scrollIntoView();
  }
}

fetch('/api/v1/openapi.json')
  .then((response) => response.json())
  .then(draw)
  .catch(() => { document.getElementById('operations').textContent = 'The description could not be loaded. Reload the page to try again.'; });
