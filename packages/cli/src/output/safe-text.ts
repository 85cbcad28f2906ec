// What others wrote, before it reaches a terminal: a control sequence in it could move the cursor, forge lines, or worse.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** The text with its control characters shown as such; line ends and tabs stay, CR before a line end goes. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(controls, shown)
}

/** The same in one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', '␊').replaceAll('\t', '␉')
}

// Unicode has pictures for the controls of ASCII.
function shown(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `\\u${code.toString(16).padStart(4, '0')}`
}
