let messenger = null;

/** See `index.d.ts`. */
export function load({ url, key, ...rest }) {
  if (messenger) return messenger;
  const site = globalThis;
  const listeners = new Map();
  // Until the loader is there, commands wait in a queue; listeners keep their own off-switch.
  if (!site.Sonnim) {
    const queue = (...command) => {
      queue.q.push(command);
    };
    queue.q = [];
    site.Sonnim = queue;
  }
  const call = (...command) => site.Sonnim(...command);
  messenger = {
    open: () => call('open'),
    close: () => call('close'),
    identify: (token) => call('identify', token),
    setLocale: (locale) => call('setLocale', locale),
    setTheme: (theme) => call('setTheme', theme),
    consent: (given) => call('consent', given),
    track: (name, attributes) => call('track', name, attributes),
    attributes: (attributes) => call('attributes', attributes),
    articles: (source) => call('articles', source),
    shutdown: () => call('shutdown'),
    on(name, listener) {
      let all = listeners.get(name);
      if (!all) {
        all = new Set();
        listeners.set(name, all);
        call('on', name, (value) => {
          for (const one of [...all]) one(value);
        });
      }
      // The same function may listen twice.
      const own = (value) => listener(value);
      all.add(own);
      return () => {
        all.delete(own);
      };
    },
  };
  const script = document.createElement('script');
  script.async = true;
  script.src = `${url.replace(/\/+$/, '')}/widget.js`;
  script.dataset.key = key;
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) script.dataset[name] = value;
  document.head.append(script);
  return messenger;
}
