import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useId, useState } from 'react';
import { useWords } from '#lib/words.ts';
import { formWords } from './words.ts';

/** A password, whose failure and description a screen reader finds at the input itself. */
export const PasswordField = ({ error, description, ...rest }: PasswordInputProps) => {
  const { password: words } = useWords(formWords);
  const id = useId();
  const [visible, setVisible] = useState(false);
  const described = [error !== undefined && `${id}-error`, description !== undefined && `${id}-description`];
  return (
    <PasswordInput
      {...rest}
      id={id}
      error={error}
      description={description}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{ 'aria-label': visible ? words.hide : words.show }}
      // Mantine marks only the frame around this input.
      aria-invalid={error !== undefined || undefined}
      aria-describedby={described.filter(Boolean).join(' ') || undefined}
    />
  );
};
