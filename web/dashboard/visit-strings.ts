/** The texts about visitors. */
export const visitStrings = {
  visitor: (id: number) => `Visitor ${id}`,
  title: 'Visit',
  page: 'Page',
  referrer: 'Came from',
  language: 'Language',
  browser: 'Browser',
  browserOn: (name: string, system: string) => `${name} on ${system}`,
  unknownBrowser: 'Unknown browser',
  seen: 'Last seen',
}
