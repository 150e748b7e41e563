/** A jar on a shelf with its cup: nothing to do, and that is good. */
export function Picture() {
  return (
    <svg width="176" height="136" viewBox="0 0 176 136" fill="none" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <ellipse cx="86" cy="121" rx="66" ry="6" fill="var(--ground-sunken)" />
      <path d="M58 45c-16 7-25 21-25 36 0 20 15 36 33 39h22c18-3 33-19 33-39 0-15-9-29-25-36z" fill="var(--ground-float)" stroke="var(--text-2)" />
      <path d="M36 92c14 9 68 9 82 0-4 14-15 25-30 28H66c-15-3-26-14-30-28z" fill="var(--accent-line)" />
      <path d="M58 45c2-3 2-6 0-9h38c-2 3-2 6 0 9z" fill="var(--ground-float)" stroke="var(--text-2)" />
      <path d="M131 102h26c0 10-5 17-13 18-8-1-13-8-13-18z" fill="var(--ground-float)" stroke="var(--text-2)" />
      <path d="M140 94c-3-5 3-7 0-12M148 94c-3-5 3-7 0-12" stroke="var(--accent)" opacity="0.7" />
    </svg>
  );
}
