import { Component, type ReactNode } from 'react';

type Props = {
  /** What stands in the place of a part that failed. `retry` draws it afresh. */
  readonly fallback: (retry: () => void) => ReactNode;
  readonly children: ReactNode;
};

/** A bug in one part leaves the others standing. */
export class Boundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (this.state.failed) return this.props.fallback(() => this.setState({ failed: false }));
    return this.props.children;
  }
}
