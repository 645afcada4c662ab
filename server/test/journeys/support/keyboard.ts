/** @module Somebody who has a keyboard and no mouse, and looks for where the focus is. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** How something looks, and what is drawn around it. Runs in the page. */
const look = `((element) => {
  const near = [element, element.parentElement, element.nextElementSibling, element.closest('label')];
  return near.filter(Boolean).map((each) => {
    const { outline, boxShadow, borderColor, backgroundColor, clipPath } = getComputedStyle(each);
    return [outline, boxShadow, borderColor, backgroundColor, clipPath].join(' ');
  }).join();
})`;

export interface Keyboard {
  /** Presses Tab until what is called so has the focus, which has to be seen there. */
  tabTo(role: 'link' | 'button' | 'textbox' | 'tab', name: string | RegExp): Promise<void>;
  /** The same backwards. */
  backTo(role: 'link' | 'button' | 'textbox' | 'tab', name: string | RegExp): Promise<void>;
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** In place of what the field says. */
  overtype(text: string): Promise<void>;
  /** Waits until this has the focus. */
  isAt(role: 'link' | 'button' | 'textbox' | 'tab' | 'heading' | 'menuitem', name: string): Promise<void>;
}

const farEnough = 90;

export const keyboardOf = (page: Page): Keyboard => {
  const focused = () => page.locator(':focus');
  const isFocused = (role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<boolean> => {
    const wanted = page.getByRole(role, { name, exact: typeof name === 'string' });
    return focused()
      .and(wanted)
      .count()
      .then((count) => count === 1);
  };
  const walk = async (
    key: 'Tab' | 'Shift+Tab',
    role: Parameters<Page['getByRole']>[0],
    name: string | RegExp,
  ) => {
    const passed: string[] = [];
    for (let step = 0; step < farEnough; step += 1) {
      await page.keyboard.press(key);
      passed.push(String(await page.evaluate('document.activeElement.outerHTML.slice(0, 120)')));
      if (await isFocused(role, name)) {
        const seen = await page.evaluate(`${look}(globalThis.stop = document.activeElement)`);
        // Left and come back to: without the focus it has to look otherwise.
        await page.keyboard.press(key);
        expect(await page.evaluate(`${look}(globalThis.stop)`), passed.at(-1)).not.toBe(seen);
        await page.keyboard.press(key === 'Tab' ? 'Shift+Tab' : 'Tab');
        expect(await isFocused(role, name)).toBe(true);
        return;
      }
    }
    throw new Error(`${key} does not lead to the ${role} ${name}: ${passed.join('\n')}`);
  };
  return {
    tabTo: (role, name) => walk('Tab', role, name),
    backTo: (role, name) => walk('Shift+Tab', role, name),
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    type: (text) => page.keyboard.type(text),
    async overtype(text) {
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
    isAt: (role, name) => expect.poll(() => isFocused(role, name), { timeout: 10_000 }).toBe(true),
  };
};
