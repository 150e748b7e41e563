let context: AudioContext | null = null;

/** Two soft notes. Silent where the browser allows no sound yet. */
export function chime(): void {
  try {
    context ??= new AudioContext();
    const { currentTime: begin } = context;
    for (const [tone, after] of [
      [660, 0],
      [880, 0.11],
    ] as const) {
      const note = context.createOscillator();
      const loudness = context.createGain();
      note.frequency.value = tone;
      loudness.gain.setValueAtTime(0.0001, begin + after);
      loudness.gain.exponentialRampToValueAtTime(0.08, begin + after + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.0001, begin + after + 0.3);
      note.connect(loudness).connect(context.destination);
      note.start(begin + after);
      note.stop(begin + after + 0.32);
    }
  } catch {}
}
