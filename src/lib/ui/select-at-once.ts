/** An attachment: a field that appears because somebody wants to write has the focus at once, all of it selected. */
export function selectAtOnce(field: HTMLInputElement | HTMLTextAreaElement): void {
  field.focus()
  field.select()
}
