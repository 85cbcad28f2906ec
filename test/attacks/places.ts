/** The one place that the client and the consumer of the attacker may send people back to. */
export const callback = 'https://app.example/back'
