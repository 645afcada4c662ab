/**
 * @module Mail to administrators, through the operator's own server (SMTP_URL). The library is loaded with the first mail:
 * most installations never send one.
 */
export interface Mail {
  to: readonly string[];
  subject: string;
  text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export const createMailer =
  ({ smtpUrl, from }: { smtpUrl: string; from: string }): SendMail =>
  async ({ to, subject, text }) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({ url: smtpUrl, ...timeouts });
    try {
      await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } finally {
      transport.close();
    }
  };
