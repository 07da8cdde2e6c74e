import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Call {
  method?: 'GET' | 'POST';
  cookie?: string;
  json?: unknown;
  form?: Record<string, string | string[]>;
}

/** A small HTTP client: load generators measure the server, so the client must cost little. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(private readonly origin: string, connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects only when no answer came at all. */
  call(path: string, { method = 'GET', cookie, json, form }: Call = {}): Promise<Answer> {
    const body = json !== undefined ? JSON.stringify(json) : form ? formBody(form) : undefined;
    const headers: Record<string, string | number> = {
      ...(cookie && { cookie }),
      ...(body !== undefined && {
        'content-type': json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.origin}${path}`, { method, agent: this.agent, headers, timeout: 30_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }));
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function formBody(form: Record<string, string | string[]>): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) body.append(name, one);
  return body.toString();
}
