/** Lines for a program or a shell. They wrap, so that nothing lies beside the page. */
export function Code({ children }: { children: string }) {
  return <pre className="code-block"><code>{children}</code></pre>;
}
