declare module '@rails/actioncable' {
  interface Subscription {
    perform(action: string): void
  }
  interface Consumer {
    subscriptions: {
      create(params: object, callbacks: { connected(): void; received(message: never): void }): Subscription
    }
    disconnect(): void
  }
  export const adapters: object
  export function createConsumer(url: () => string): Consumer
}
