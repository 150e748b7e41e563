import { expect, test } from 'vitest';
import { deviceOf } from './device';

test('a browser and its system are named', () => {
  expect(deviceOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15')).toEqual({
    browser: 'Safari',
    system: 'macOS',
  });
  expect(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0')).toEqual({
    browser: 'Edge',
    system: 'Windows',
  });
  expect(
    deviceOf('Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36'),
  ).toEqual({ browser: 'Samsung Internet', system: 'Android' });
  expect(deviceOf('curl/8.5')).toEqual({ browser: null, system: null });
});
