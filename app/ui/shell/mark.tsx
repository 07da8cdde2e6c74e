/** The product's mark: a small square seal with 上. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <rect className="mark-ground" x="1" y="1" width="30" height="30" rx="4" />
      <rect className="mark-frame" x="4" y="4" width="24" height="24" rx="2" />
      <path className="mark-sign" d="M15.5 8v15M15.5 14h6.5M8.5 23h15" />
    </svg>
  );
}
