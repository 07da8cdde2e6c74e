import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A door before a server: shut, its port refuses connections and those that stood are cut. */
export class Gate {
  #port = 0;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  /** @param to the server's URL; what the gate's own URL differs in is host and port. */
  private constructor(private readonly to: URL) {}

  /** A gate with a port of its own, shut. */
  static async before(url: string): Promise<Gate> {
    const gate = new Gate(new URL(url));
    await gate.open();
    await gate.shut();
    return gate;
  }

  get url(): string {
    const url = new URL(this.to);
    url.host = `127.0.0.1:${this.#port}`;
    return url.href;
  }

  async open(): Promise<void> {
    const server = createServer((near) => {
      const far = connect({ host: this.to.hostname, port: Number(this.to.port) });
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) this.#hold(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
