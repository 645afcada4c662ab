/** A mail server on loopback that takes every mail and keeps it, or refuses all. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

export interface SmtpSink {
  url: string;
  /** As they came over the wire, headers included. */
  mails: { to: string[]; raw: string }[];
  refusing: boolean;
  close(): Promise<void>;
}

const answerTo = (word: string, refusing: boolean): string => {
  if (word === 'MAIL' && refusing) return '451 not now';
  if (word === 'DATA') return '354 go on';
  return word === 'QUIT' ? '221 bye' : '250 fine';
};

export const startSmtpSink = async (): Promise<SmtpSink> => {
  const server = createServer((socket) => {
    let to: string[] = [];
    let data: string | undefined;
    let buffer = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const take = (line: string): void => {
      if (data !== undefined) {
        if (line !== '.') {
          data += `${line}\n`;
          return;
        }
        sink.mails.push({ to, raw: data });
        to = [];
        data = undefined;
        say('250 kept');
        return;
      }
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'RCPT') to.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
      if (word === 'DATA') data = '';
      say(answerTo(word, sink.refusing));
    };
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
        take(buffer.slice(0, end));
        buffer = buffer.slice(end + 2);
      }
    });
    say('220 sink');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails: [],
    refusing: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
  return sink;
};
