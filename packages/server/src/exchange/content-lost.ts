/** A content that did not arrive whole, or not as what it was said to be. */
export class ContentLost extends Error {
  override name = 'ContentLost'
  readonly how: 'timeout' | 'aborted' | 'too-large' | 'undecodable'
  constructor(how: ContentLost['how'], detail = `the content was lost: ${how}`) {
    super(detail)
    this.how = how
  }
}
