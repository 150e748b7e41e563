// A visitor of the widget without its page: the widget's API as any client would use it, and its stream.
export class Visitor {
  static async open(server, key, session = {}) {
    const visitor = new Visitor();
    visitor.base = `${server.url}/api/v1/widget/${key}`;
    const opened = await visitor.call('POST', '/session', { locale: 'en', ...session });
    visitor.token = opened.token;
    visitor.cursor = opened.cursor;
    visitor.me = opened.visitor;
    return visitor;
  }

  async call(method, path, body, headers = {}) {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Begins a chat. */
  async begin(text, form = {}) {
    const { conversation } = await this.call('POST', '/conversations', { text, attachments: [], form }, { 'idempotency-key': crypto.randomUUID() });
    this.id = conversation.id;
    return conversation;
  }

  say(text) {
    return this.call('POST', `/conversations/${this.id}/messages`, { text, attachments: [] }, { 'idempotency-key': crypto.randomUUID() });
  }

  typing(text) {
    return this.call('POST', `/conversations/${this.id}/typing`, { text });
  }

  async messages() {
    return (await this.call('GET', `/conversations/${this.id}/messages`)).items;
  }

  /** Holds the widget open. */
  listen() {
    const stop = new AbortController();
    this.frames = [];
    fetch(`${this.base}/stream?after=${encodeURIComponent(this.cursor)}`, { headers: { authorization: `Bearer ${this.token}` }, signal: stop.signal })
      .then(async (response) => {
        let text = '';
        for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
          text += piece;
          const frames = text.split('\n\n');
          text = frames.pop();
          for (const frame of frames) {
            const data = /^data: ?(.*)$/m.exec(frame)?.[1];
            if (data) this.frames.push({ name: /^event: ?(.*)$/m.exec(frame)?.[1] ?? null, ...JSON.parse(data) });
          }
        }
      })
      .catch(() => undefined);
    this.close = () => stop.abort();
  }
}
