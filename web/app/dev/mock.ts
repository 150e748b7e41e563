// A stand-in for the server while the screen is being drawn: `npx vite --config app/vite.config.ts --mode mock`. Never built.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

const iso = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const people: [string, string, string, string][] = [
  ['Hana Lindqvist', 'hana@example.com', 'Chipped rim on the moon jar', 'Thank you, Mina, that is such a relief! Shall I send the chipped one back?'],
  ['김도윤', 'doyun@example.kr', '배송지를 회사로 바꿀 수 있을까요?', '아직 출고 전이면 주소를 바꾸고 싶어요. 서울 성동구'],
  ['Marcus Bell', 'marcus@example.com', 'Is the linen apron machine washable?', 'Also, does the undyed one shrink in the first wash?'],
  ['이서현', 'seohyun@example.kr', '찻잔 세트 교환 문의드려요', '선물로 받았는데 한 개에 금이 가 있어서요. 영수증은'],
  ['Atelier Nord', 'nord@example.com', 'Spring wholesale order, 240 pieces', 'We would like to see the glaze samples before we'],
  ['Priscilla Owusu', 'pri@example.com', '“Third week, still no kettle”', 'I wrote twice and nobody answered me'],
];
const agents = [
  { id: 'agt_1', name: document_safe('Mina Park') },
  { id: 'agt_2', name: 'Seoyeon Lee' },
  { id: 'agt_3', name: '정우' },
];
function document_safe(s: string) {
  return s;
}
const tags = [
  { id: 'tag_1', name: 'damage', color: 'red' },
  { id: 'tag_2', name: '교환', color: 'teal' },
  { id: 'tag_3', name: 'wholesale', color: 'purple' },
];
const inbox = { id: 'inb_1', name: 'Help', address: 'help@harugoods.example' };
const me = {
  agent: {
    ...agents[0],
    email: 'mina@harugoods.example',
    role: 'owner',
    language: 'en',
    time_zone: 'Asia/Seoul',
    signature_html: null,
    active: true,
    created_at: iso(99999),
    last_seen_at: iso(1),
    preferences: { theme: 'system', density: 'comfortable', undo_seconds: 8 },
  },
  workspace: { id: 'wks_1', name: 'Haru Goods', language: 'en', time_zone: 'Asia/Seoul', public_url: null, created_at: iso(99999) },
  permissions: [
    'conversation.read',
    'conversation.write',
    'conversation.reply',
    'customer.write',
    'inbox.manage',
    'people.manage',
    'workspace.manage',
    'mail.quarantine',
    'audit.read',
    'token.manage',
  ],
  session_id: 'ses_1',
};
// biome-ignore lint/suspicious/noExplicitAny: a mock
type Any = any;
const conversations: Any[] = Array.from({ length: 240 }, (_, i) => {
  const [name, email, subject, preview] = people[i % people.length] as [string, string, string, string];
  return {
    id: `cnv_${i}`,
    number: 4182 - i,
    version: 1,
    subject,
    channel: i % 5 === 4 ? 'api' : 'email',
    status: i % 7 === 3 ? { kind: 'pending' } : { kind: 'open' },
    priority: i % 6 === 5 ? 'high' : 'normal',
    inbox,
    customer: { id: `cus_${i % 6}`, name, email },
    assignee: i % 3 === 0 ? agents[0] : i % 5 === 0 ? agents[1] : null,
    team: i % 4 === 0 ? { id: 'team_1', name: 'Orders and delivery' } : null,
    tags: i % 4 === 0 ? [tags[i % 3]] : [],
    preview,
    message_count: 4,
    unread: i % 3 === 1,
    created_at: iso(i * 37 + 90),
    updated_at: iso(i * 37),
    last_message_at: iso(i * 37),
    last_customer_message_at: iso(i * 37),
    last_reply_at: null,
    waiting_since: iso(i * 37),
    merged_into: null,
    language: 'en',
  };
});
const msg = (id: string, cid: string, kind: string, author: Any, html: string, minutes: number, extra: Any = {}): Any => ({
  id,
  conversation_id: cid,
  kind,
  author,
  subject: null,
  text: html.replace(/<[^>]+>/g, ' '),
  html,
  reply_html: html,
  reply_text: html.replace(/<[^>]+>/g, ' '),
  has_quote: false,
  from: null,
  to: [],
  cc: [],
  bcc: [],
  attachments: [],
  created_at: iso(minutes),
  sent_at: null,
  delivery: null,
  authentication: null,
  forwarded_by: null,
  held: false,
  ...extra,
});
const timelines = new Map<string, Any[]>();
function timeline(id: string): Any[] {
  const known = timelines.get(id);
  if (known) return known;
  const c = conversations.find((one) => one.id === id) as Any;
  const customer = { kind: 'customer', id: c.customer.id, name: c.customer.name, email: c.customer.email };
  const items = [
    {
      type: 'event',
      event: {
        id: `evt_${id}_1`,
        at: iso(200),
        kind: 'conversation.created',
        actor: { kind: 'customer', id: c.customer.id, name: c.customer.name },
        conversation_id: id,
        data: {},
      },
    },
    {
      type: 'message',
      message: msg(
        `msg_${id}_1`,
        id,
        'customer',
        customer,
        '<p>The moon jar arrived this morning, beautifully wrapped, but the rim is chipped in two places. It is for my mother’s seventieth on Saturday. Could another one still make it?</p><p><img data-remote-src="https://example.com/a.png"></p><blockquote>On Monday you wrote: it is on its way</blockquote>',
        190,
        {
          has_quote: true,
          reply_html:
            '<p>The moon jar arrived this morning, beautifully wrapped, but the rim is chipped in two places. It is for my mother’s seventieth on Saturday. Could another one still make it?</p><p><img data-remote-src="https://example.com/a.png"></p>',
          to: [{ name: 'Haru Goods', address: 'help@harugoods.example' }],
          attachments: [
            { id: 'att_1', filename: 'Delivery note.pdf', content_type: 'application/pdf', size: 86000, inline: false, content_id: null, previewable: false },
          ],
        },
      ),
    },
    {
      type: 'message',
      message: msg(
        `msg_${id}_2`,
        id,
        'note',
        { kind: 'agent', ...agents[1], email: null },
        '<p>Two are left in Seongsu. I put one aside until 17:00; today’s courier reaches her on Friday.</p>',
        160,
      ),
    },
    {
      type: 'event',
      event: {
        id: `evt_${id}_2`,
        at: iso(150),
        kind: 'conversation.assigned',
        actor: { kind: 'agent', ...agents[0] },
        conversation_id: id,
        data: { assignee: 'agt_1', team: null },
      },
    },
    {
      type: 'message',
      message: msg(
        `msg_${id}_3`,
        id,
        'reply',
        { kind: 'agent', ...agents[0], email: null },
        '<p>Dear Hana, I am so sorry, and thank you for the photos. A new moon jar leaves our studio today and will be with you on Friday, in time for Saturday.</p>',
        140,
        { sent_at: iso(139), delivery: { state: 'sent', undo_until: null, attempts: 1, next_attempt_at: null, recipients: [] } },
      ),
    },
    { type: 'message', message: msg(`msg_${id}_4`, id, 'customer', customer, `<p>${c.preview}</p>`, 30) },
  ];
  const newestFirst = items.reverse();
  timelines.set(id, newestFirst);
  return newestFirst;
}
const drafts = new Map<string, Any>();
const streams = new Set<ServerResponse>();
const emit = (kind: string, conversation: Any, message: Any, event: Any) => {
  for (const res of streams) res.write(`id: ${Date.now()}\nevent: ${kind}\ndata: ${JSON.stringify({ event, conversation, message })}\n\n`);
};
const body = (req: IncomingMessage) =>
  new Promise<Any>((resolve) => {
    let text = '';
    req.on('data', (chunk) => {
      text += chunk;
    });
    req.on('end', () => {
      try {
        resolve(JSON.parse(text));
      } catch {
        resolve({});
      }
    });
  });

export function mock(): Plugin {
  return {
    name: 'mock',
    configureServer(server) {
      server.middlewares.use('/api/v1', (req, res) => {
        void handle(req, res);
      });
    },
  };
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://x');
  const send = (value: unknown, status = 200) => {
    res.statusCode = status;
    res.setHeader('content-type', status >= 400 ? 'application/problem+json' : 'application/json');
    res.end(value === undefined ? '' : JSON.stringify(value));
  };
  const path = url.pathname;
  const m = (pattern: RegExp) => pattern.exec(path);
  const data = req.method === 'GET' ? {} : path.startsWith('/attachments') ? {} : await body(req);
  const find = (id: string) => conversations.find((c) => c.id === id);
  let hit: RegExpExecArray | null;
  if (path === '/session') return req.method === 'DELETE' ? send(undefined, 204) : send(me);
  if (m(/^\/agents\/agt_1$/)) {
    Object.assign(me.agent, data);
    return send(me.agent);
  }
  if (path === '/agents') return send({ items: agents.map((one) => ({ ...me.agent, ...one })) });
  if (path === '/teams')
    return send({
      items: [
        { id: 'team_1', name: 'Orders and delivery', member_ids: [] },
        { id: 'team_2', name: 'Returns', member_ids: [] },
      ],
    });
  if (path === '/inboxes') return send({ items: [{ ...inbox, archived: false }] });
  if (path === '/tags') return send({ items: tags });
  if (path === '/status') return send({ version: '0', inboxes_failing: 0, quarantined: 0 });
  if (path === '/conversation-counts')
    return send({ all_open: 240, mine: 8, unassigned: 14, snoozed: 5, resolved: 900, inboxes: { inb_1: 240 }, teams: { team_1: 21, team_2: 9 } });
  if (path === '/search') {
    const q = url.searchParams.get('q') ?? '';
    return send({
      items: conversations
        .filter((c) => `${c.subject} ${c.preview}`.toLowerCase().includes(q.toLowerCase()))
        .slice(0, 20)
        .map((c) => ({
          conversation: c,
          message_id: null,
          snippet: c.preview,
          ranges: c.preview.toLowerCase().includes(q.toLowerCase())
            ? [[c.preview.toLowerCase().indexOf(q.toLowerCase()), c.preview.toLowerCase().indexOf(q.toLowerCase()) + q.length]]
            : [],
        })),
    });
  }
  if (path === '/conversations' && req.method === 'GET') {
    const at = Number(url.searchParams.get('cursor') ?? 0);
    const view = url.searchParams.get('view');
    const rows = conversations.filter((c) => {
      if (view === 'resolved') return c.status.kind === 'resolved';
      if (view === 'snoozed') return c.status.kind === 'snoozed';
      if (c.status.kind === 'resolved' || c.status.kind === 'snoozed') return false;
      if (view === 'mine') return c.assignee?.id === 'agt_1';
      if (view === 'unassigned') return !c.assignee;
      return true;
    });
    return send({ items: rows.slice(at, at + 50), next: at + 50 < rows.length ? String(at + 50) : null });
  }
  hit = m(/^\/conversations\/(\w+)$/);
  if (hit) {
    const c = find(hit[1] as string);
    if (!c) return send({ code: 'not_found', status: 404 }, 404);
    if (req.method === 'PATCH') {
      if ('assignee_id' in data) c.assignee = agents.find((one) => one.id === data.assignee_id) ?? null;
      if (data.subject) c.subject = data.subject;
      if (data.priority) c.priority = data.priority;
      c.version += 1;
      return send(c);
    }
    return send({ ...c, participants: [], reply_to_defaults: { to: [{ name: c.customer.name, address: c.customer.email }], cc: [] } });
  }
  hit = m(/^\/conversations\/(\w+)\/status$/);
  if (hit) {
    const c = find(hit[1] as string);
    c.status = data.status;
    c.version += 1;
    return send(c);
  }
  hit = m(/^\/conversations\/(\w+)\/tags$/);
  if (hit) {
    const c = find(hit[1] as string);
    c.tags = tags.filter((tag) => data.tag_ids.includes(tag.id));
    c.version += 1;
    return send(c);
  }
  hit = m(/^\/conversations\/(\w+)\/read$/);
  if (hit) {
    find(hit[1] as string).unread = !data.read;
    return send(undefined, 204);
  }
  hit = m(/^\/conversations\/(\w+)\/timeline$/);
  if (hit) return send({ items: timeline(hit[1] as string), next: null });
  hit = m(/^\/conversations\/(\w+)\/draft$/);
  if (hit) {
    const id = hit[1] as string;
    if (req.method === 'PUT') drafts.set(id, { ...data, attachments: [], updated_at: iso(0), version: (drafts.get(id)?.version ?? 0) + 1 });
    if (req.method === 'DELETE') drafts.delete(id);
    return drafts.has(id) ? send(drafts.get(id)) : send({ code: 'not_found', status: 404 }, req.method === 'DELETE' ? 204 : 404);
  }
  hit = m(/^\/conversations\/(\w+)\/(replies|notes)$/);
  if (hit) {
    const id = hit[1] as string;
    const reply = hit[2] === 'replies';
    const message = msg(`msg_${Date.now()}`, id, reply ? 'reply' : 'note', { kind: 'agent', ...agents[0], email: null }, data.html, 0, {
      delivery: reply
        ? { state: 'undo_window', undo_until: new Date(Date.now() + 8000).toISOString(), attempts: 0, next_attempt_at: null, recipients: [] }
        : null,
    });
    timeline(id).unshift({ type: 'message', message });
    if (reply)
      setTimeout(() => {
        if (message.undone) return;
        message.delivery = { state: 'sent', undo_until: null, attempts: 1, next_attempt_at: null, recipients: [] };
        message.sent_at = iso(0);
        emit('message.delivery_changed', null, message, null);
      }, 8500);
    return send(message, 201);
  }
  hit = m(/^\/messages\/(\w+)\/undo$/);
  if (hit) {
    for (const [id, items] of timelines) {
      const at = items.findIndex((item) => item.type === 'message' && item.message.id === hit?.[1]);
      if (at < 0) continue;
      const [item] = items.splice(at, 1);
      item.message.undone = true;
      const draft = { kind: 'reply', html: item.message.html, to: [], cc: [], bcc: [], attachments: [], updated_at: iso(0), version: 99 };
      drafts.set(id, draft);
      return send({ draft });
    }
    return send({ code: 'too_late', status: 409 }, 409);
  }
  if (path === '/attachments') {
    return req
      .on('data', () => undefined)
      .on('end', () =>
        send(
          {
            id: `att_${Date.now()}`,
            filename: url.searchParams.get('filename'),
            content_type: 'image/png',
            size: 1234,
            inline: false,
            content_id: null,
            previewable: true,
          },
          201,
        ),
      ) as unknown as undefined;
  }
  const customers = people.map(([name, address], i) => ({
    id: `cus_${i}`,
    name,
    emails: [{ address, verified: true, suppressed: null }],
    language: i % 2 ? 'ko' : 'en',
    notes: i === 0 ? 'Text, do not ring.\nCotton bojagi for wrapping.' : '',
    created_at: '2019-03-01T00:00:00.000Z',
    last_seen_at: iso(30),
    conversation_count: 9,
    version: 1,
  }));
  if (path === '/customers') return send({ items: customers, next: null });
  hit = m(/^\/customers\/(\w+)$/);
  if (hit) return send({ ...customers.find((one) => one.id === hit?.[1]), ...data });
  hit = m(/^\/customers\/(\w+)\/conversations$/);
  if (hit) return send({ items: conversations.filter((c) => c.customer.id === hit?.[1]).slice(0, 5), next: null });
  if (path === '/stream') {
    res.setHeader('content-type', 'text/event-stream');
    res.write(`event: hello\ndata: {"cursor":"1"}\n\n`);
    streams.add(res);
    req.on('close', () => streams.delete(res));
    return;
  }
  if (path === '/dev/new') {
    const c = { ...conversations[2], id: `cnv_new${Date.now()}`, unread: true, last_message_at: iso(0), number: 5000 };
    conversations.unshift(c);
    emit('message.received', c, null, {
      id: 'evt_x',
      at: iso(0),
      kind: 'message.received',
      actor: { kind: 'customer', id: 'cus_2', name: 'Marcus' },
      conversation_id: c.id,
      data: {},
    });
    return send({});
  }
  if (path.endsWith('/presence')) return send(undefined, 204);
  send({ code: 'not_found', status: 404 }, 404);
}
