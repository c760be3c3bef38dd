/** Rapport's sign. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="9" fill="var(--accent)" />
    <path
      d="M8 11.5A3.5 3.5 0 0 1 11.5 8h9a3.5 3.5 0 0 1 3.5 3.5v5a3.5 3.5 0 0 1-3.5 3.5H16l-4.6 3.7c-.6.5-1.4.1-1.4-.7v-3.3a3.5 3.5 0 0 1-2-3.2z"
      fill="#fff"
    />
    <circle cx="13" cy="14" r="1.5" fill="var(--accent)" />
    <circle cx="19" cy="14" r="1.5" fill="var(--accent)" />
  </svg>
);
