import { notifications } from '@mantine/notifications';

/** Says, in passing, that something was done. What went wrong stays where it happened: `ErrorNotice`. */
export const notifyDone = (message: string): void => {
  notifications.show({ message, color: 'teal', withBorder: true, autoClose: 4000 });
};
