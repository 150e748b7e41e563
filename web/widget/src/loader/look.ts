// `!important` inside a shadow root wins over every rule of the page, also over `!important` ones.
// Colours stand here because the launcher is drawn before anything of ours is loaded; the frame sends the inbox's own.
export const CSS =
  ':host{all:initial!important;position:fixed!important;z-index:2147483000!important;inset:auto 20px 20px auto!important;--c:#0f554e;--i:#fff}' +
  ':host(.l){inset:auto auto 20px 20px!important}' +
  // The launcher: a speech bubble, a chevron while it is open.
  'button{all:unset;width:56px;height:56px;border-radius:50%;display:grid;place-items:center;cursor:pointer;forced-color-adjust:none;background:var(--c);box-shadow:0 0 0 1px #ffffff3d,0 6px 20px -4px #0007}' +
  'button:focus-visible{outline:3px solid var(--c);outline-offset:3px;box-shadow:0 0 0 3px #fff}' +
  'i{width:24px;height:24px;background:var(--i);clip-path:path("M5 3h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-6l-6 5v-5H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z")}' +
  ':host(.o) i{clip-path:path("m4 7 8 8 8-8 2 2-10 10L2 9z")}' +
  'b{position:absolute;top:-4px;right:-4px;min-width:10px;padding:0 5px;border-radius:10px;background:#b3261e;color:#fff;font:600 12px/20px system-ui;text-align:center;box-shadow:0 0 0 2px #fff}' +
  'b:empty,[hidden]{display:none}' +
  'iframe{all:unset;position:absolute;bottom:72px;right:0;width:384px;height:660px;max-width:calc(100vw - 40px);max-height:calc(100vh - 112px);border-radius:20px;box-shadow:0 0 0 1px #0002,0 24px 56px -12px #0007;transition:.16s}' +
  ':host(.l) iframe{right:auto;left:0}' +
  ':host(:not(.o,.k)) iframe{visibility:hidden;opacity:0}' +
  // An invitation: the same frame, as high as what it says.
  ':host(.k) iframe{width:320px}' +
  '@media(max-width:480px),(max-height:480px){:host(.o){inset:0!important}:host(.o) button{display:none}:host(.o) iframe{position:fixed;inset:0 0 auto!important;width:100%;height:var(--h,100%);max-width:none;max-height:none;border-radius:0}}' +
  '@media(prefers-reduced-motion:reduce){iframe{transition:none}}' +
  '@media print{:host{display:none!important}}';
