import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GatewayRequest {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface GatewayAnswer {
  status: number;
  body?: string;
}

export interface GatewayServer {
  url: string;
  requests: GatewayRequest[];
  close(): Promise<void>;
}

/**
 * A gateway for text messages on a real port.
 * @param answer what it says to a request; null breaks the connection after the request was read
 */
export async function gatewayServer(answer: (request: GatewayRequest, count: number) => GatewayAnswer | null = () => ({ status: 200 })): Promise<GatewayServer> {
  const requests: GatewayRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(received);
      const said = answer(received, requests.length);
      if (said === null) return void request.socket.destroy();
      response.writeHead(said.status, { 'Content-Type': 'application/json' }).end(said.body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/send`, requests,
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
