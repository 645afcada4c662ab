import { notifications } from '@mantine/notifications';

/** Says, in passing, that something was done. What went wrong stays where it happened: `ErrorNotice`. */
export const notifyDone = (message: string): void => {
  // It goes by itself; a close button would need a name in the reader's language.
  notifications.show({ message, color: 'teal', withBorder: true, withCloseButton: false, autoClose: 4000 });
};
