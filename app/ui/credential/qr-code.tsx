import type { QrPath } from '~/certification';

/** A QR code, dark on white in every colour scheme: readers need it so. */
export function QrCode({ qr: { size, d }, label }: { qr: QrPath; label: string }) {
  return (
    <svg className="credential-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={d} />
    </svg>
  );
}
