/** The sign of Muster: three desks, one table. */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <path d="M11 7v5M11 12l-5 3M11 12l5 3" stroke="var(--ink)" strokeWidth="1.6" fill="none" />
      <circle cx="11" cy="4" r="2.6" fill="var(--accent)" />
      <circle cx="4" cy="16" r="2.6" fill="var(--ink)" />
      <circle cx="18" cy="16" r="2.6" fill="var(--ink)" />
    </svg>
  );
}
