/** Text rendered from Markdown by the server (no raw HTML in the source), set for reading. */
export function Prose({ html }: { html: string }) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
