import type { FastifyReply } from 'fastify';

/** The few strokes of an Express response that passport's redirect makes, on a Fastify reply. */
export class PassportReply {
  constructor(private readonly reply: FastifyReply) {}

  set statusCode(status: number) {
    this.reply.code(status);
  }

  setHeader(name: string, value: string): void {
    // Fastify counts the body itself.
    if (name.toLowerCase() !== 'content-length') this.reply.header(name, value);
  }

  end(): void {
    this.reply.send();
  }
}
