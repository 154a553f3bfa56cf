declare global {
  namespace App {
    interface PageState {
      /** Which step of the start page is open. */
      step?: 'home' | 'create' | 'invited' | 'recover' | 'link'
    }
  }
}

export {}
