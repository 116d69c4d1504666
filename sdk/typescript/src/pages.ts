/** A list in pages, which are fetched as they are needed. Iterate over it to get its items. */
export class Pages<Item, Page> implements AsyncIterable<Item> {
  readonly #fetch: (cursor: object) => Promise<Page>
  readonly #split: (page: Page) => { items: readonly Item[]; next: object | undefined }

  /** `fetch` gets the query of a page; `split` returns its items, and the query of the next one. */
  constructor(
    fetch: (cursor: object) => Promise<Page>,
    split: (page: Page) => { items: readonly Item[]; next: object | undefined },
  ) {
    this.#fetch = fetch
    this.#split = split
  }

  /** Fetches the first page, with its counts and cursors, as the API returns it. */
  first(): Promise<Page> {
    return this.#fetch({})
  }

  /** All pages, one after another, as the API returns them. */
  async *pages(): AsyncGenerator<Page, void, void> {
    let next: object | undefined = {}
    while (next) {
      const page: Page = await this.#fetch(next)
      yield page
      next = this.#split(page).next
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    for await (const page of this.pages()) yield* this.#split(page).items
  }
}
