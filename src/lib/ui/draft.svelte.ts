/** Words that outlive their field: it may be closed, gone with its screen, or be in two places in turn. */
export class Draft {
  text = $state('')
}
