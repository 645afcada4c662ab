/** Mantine's links and buttons that lead to a screen of ours: `<RouterButton to="/domains/new">`. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

type LinkProps<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P>;

export const RouterAnchor = createLink((props: LinkProps<AnchorProps>) => <Anchor {...props} />);

export const RouterButton = createLink((props: LinkProps<ButtonProps>) => (
  <Button component="a" {...props} />
));
