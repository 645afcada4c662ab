/** A screen that is for others; the server would refuse what it asks for, too. */
export class NotPermitted extends Error {
  override readonly name = 'NotPermitted';
  readonly needed: 'administrator' | 'platform';
  constructor(needed: 'administrator' | 'platform') {
    super(`only for: ${needed}`);
    this.needed = needed;
  }
}
