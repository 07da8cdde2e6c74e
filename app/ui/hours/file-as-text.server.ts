const TOO_LONG = 400_000;

/** The same form with the text of a chosen file in a text field, as if it had been pasted there. */
export async function withFileAsText(request: Request, file: string, field: string): Promise<Request> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) return request;
  let body: FormData;
  try {
    body = await request.formData();
  } catch {
    return new Request(request.url, { method: 'POST', body: new URLSearchParams() });
  }
  const chosen = body.get(file);
  if (chosen instanceof Blob && chosen.size > 0) body.set(field, await chosen.slice(0, TOO_LONG).text());
  body.delete(file);
  return new Request(request.url, { method: 'POST', body });
}
